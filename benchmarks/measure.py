"""Measuring in turns: A B A B …, the ratio pair by pair, medians."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

PEER_LIMIT = 60.0
"""Seconds after which a peer is stopped."""


@dataclass(frozen=True)
class Row:
    """One line of a table: `ours` and `peer` in milliseconds, `ratio` ours to peer, pair by pair, the median.

    The peer's name is `-` where there is none.
    """

    what: str
    ours: float
    peer_name: str
    peer: float | None
    ratio: float | None
    bar: str

    def cells(self) -> list[str]:
        missing = "-" if self.peer_name == "-" else "stopped"
        peer = missing if self.peer is None else f"{self.peer:.1f}"
        ratio = "-" if self.ratio is None else f"{self.ratio:.2f}"
        return [self.what, f"{self.ours:.1f}", self.peer_name, peer, ratio, self.bar]


def child_cpu(command: Sequence[str], limit: float | None = None) -> float | None:
    """Milliseconds of CPU that a whole process takes; None when it had to be stopped.

    Raises CalledProcessError when it fails.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=limit)
    except subprocess.TimeoutExpired:
        return None
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def own_cpu(work: Callable[[], object]) -> float:
    """Milliseconds of CPU that a call takes in this process, all threads together."""
    before = time.process_time()
    work()
    return 1000 * (time.process_time() - before)


Measure = Callable[[], float | None]


def paired(what: str, ours: Measure, peer_name: str, peer: Measure, bar: str = "", turns: int = 5) -> Row:
    """Measures both in turns after one turn that does not count. A peer that was stopped once is not run again."""
    ours(), peer()
    pairs: list[tuple[float, float | None]] = []
    for _ in range(turns):
        mine = ours()
        assert mine is not None, "only peers have a limit"
        stopped = bool(pairs) and pairs[-1][1] is None
        pairs.append((mine, None if stopped else peer()))
    theirs = [theirs for _, theirs in pairs if theirs is not None]
    if len(theirs) < len(pairs):
        return Row(what, median(mine for mine, _ in pairs), peer_name, None, None, bar)
    ratio = median(mine / other for mine, other in pairs if other)
    return Row(what, median(mine for mine, _ in pairs), peer_name, median(theirs), ratio, bar)


HEAD = ["what", "ours ms", "beside", "beside ms", "ratio", "bar"]


def show(title: str, rows: Sequence[Row], out: Path | None = None) -> None:
    """Prints the table, and writes it as JSON where a path is given."""
    table = [HEAD, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in table) for column in range(len(HEAD))]
    print(f"\n{title} (Python {sys.version.split()[0]}, {os.cpu_count()} cores)\n")
    for line in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
    if out is not None:
        out.write_text(json.dumps({"title": title, "rows": [asdict(row) for row in rows]}, indent=2) + "\n")
