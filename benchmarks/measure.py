"""Measuring in turns: A B A B …, the ratio pair by pair, medians."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

PEER_LIMIT = 60.0
"""Seconds after which a peer is stopped."""


@dataclass(frozen=True)
class Row:
    """One line of a table: `ours` and `peer` in one unit, `ratio` ours to peer, pair by pair, the median.

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

    Modules are compiled by the first turn, as those of an installed program are. Raises CalledProcessError when it fails.
    """
    surroundings = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        subprocess.run(
            command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=limit, env=surroundings
        )
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
    return in_turns(what, ours, {peer_name: peer}, {peer_name: bar}, turns)[0]


def in_turns(
    what: str, ours: Measure, peers: Mapping[str, Measure], bars: Mapping[str, str], turns: int = 5
) -> list[Row]:
    """Measures all in turns after one turn that does not count. A peer that was stopped once is not run again."""
    running = dict(peers)
    mine: list[float] = []
    theirs: dict[str, list[float]] = {name: [] for name in peers}
    for turn in range(turns + 1):
        spent = ours()
        assert spent is not None, "only peers have a limit"
        mine.append(spent)
        for name, peer in list(running.items()):
            other = peer()
            if other is None:
                del running[name]
            else:
                theirs[name].append(other)
        if not turn:
            mine.clear()
            for each in theirs.values():
                each.clear()
    if not peers:
        return [Row(what, median(mine), "-", None, None, bars.get("-", ""))]
    return [_row(what, mine, name, theirs[name] if name in running else [], bars.get(name, "")) for name in peers]


def _row(what: str, mine: list[float], peer_name: str, theirs: list[float], bar: str) -> Row:
    if not theirs:
        return Row(what, median(mine), peer_name, None, None, bar)
    ratio = median(one / other for one, other in zip(mine, theirs, strict=True) if other)
    return Row(what, median(mine), peer_name, median(theirs), ratio, bar)


def show(title: str, rows: Sequence[Row], out: Path | None = None, unit: str = "ms") -> None:
    """Prints the table, and writes it as JSON where a path is given."""
    head = ["what", f"ours {unit}", "beside", f"beside {unit}", "ratio", "bar"]
    table = [head, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in table) for column in range(len(head))]
    print(f"\n{title} (Python {sys.version.split()[0]}, {os.cpu_count()} cores)\n")
    for line in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
    if out is not None:
        out.write_text(json.dumps({"title": title, "rows": [asdict(row) for row in rows]}, indent=2) + "\n")
