"""`python -m benchmarks.graph`: what a graph is asked, beside networkx, rustworkx and graphlib, at 1,000 to 100,000 nodes.

Nodes and edges are made beforehand, ours as objects of the model, the peers' as their users would have them; to make the graph
of them is a row, and part of the sum. Each question but those by the thousand is put to a graph that was not asked before.
The growth of a row is the exponent of its time: 1 where ten times the nodes take ten times as long.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from functools import partial
from math import log
from pathlib import Path
from statistics import linear_regression

from benchmarks.graph_cases import SHAPES, Case
from benchmarks.graph_models import FEW, MADE, construction, memory, validation
from benchmarks.graph_topics import OF_CYCLES, PEERS, TOPICS, Topic
from benchmarks.measure import Row, in_turns, show
from benchmarks.peer_process import Peers

SIZES = (1_000, 10_000, 100_000)
MIDDLE = 10_000
"""The size of the rows that are measured at one size."""


class Beside:
    """The peers that are installed, and the file of the graph that they are asked about."""

    def __init__(self, python: Path, folder: Path) -> None:
        self.path = folder / "graph.json"
        self.process = Peers(python, "graph_peers.py")
        self.installed = [each for each in PEERS if self.process.answer({"peer": each, "ask": "installed"}) is not None]

    def given(self, case: Case) -> None:
        """Everyone works on this graph from now on."""
        self.process.restart()
        case.write(self.path)

    def asked(self, peer: str, ask: str) -> float | None:
        return self.process.answer({"peer": peer, "ask": ask, "graph": str(self.path)})


def topic_rows(case: Case, topics: Iterable[Topic], beside: Beside, turns: int) -> list[Row]:
    beside.given(case)
    gc.collect()
    gc.freeze()  # what was made before is no work of the collector, here as there
    rows: list[Row] = []
    for topic in topics:
        what = f"{case.count:,} {case.shape}: {topic.name}"
        peers = {name: partial(beside.asked, name, topic.ask) for name in topic.peers if name in beside.installed}
        rows += in_turns(what, partial(topic.ours, case), peers, topic.bars, turns)
    gc.unfreeze()
    return rows


def rows_of(shape: str, size: int, beside: Beside, turns: int) -> list[Row]:
    case = Case.of(shape, size)
    mixed = case.mixed()
    rows = topic_rows(case, TOPICS, beside, turns)
    if shape == "layers":
        rows += topic_rows(mixed, TOPICS, beside, turns)
    return rows + topic_rows(mixed, OF_CYCLES, beside, turns) + validation(case, turns)


def memory_rows(case: Case, beside: Beside) -> list[Row]:
    names = {what: f"{case.count:,} {case.shape}: {what}" for what in MADE}
    rows = [Row(name, memory(case, what), "-", None, None, "") for what, name in names.items()]
    for peer in beside.installed:
        beside.given(case)
        theirs = (beside.asked(peer, "memory") or 0.0) / case.count
        rows.append(Row(rows[0].what, rows[0].ours, peer, theirs, rows[0].ours / theirs if theirs else None, ""))
    return rows


def growth(rows: Sequence[Row]) -> dict[str, tuple[float, dict[str, float]]]:
    """The exponents of each row that was measured at several sizes: ours, and those of the peers."""
    ours: dict[str, dict[int, float]] = {}
    theirs: dict[str, dict[str, dict[int, float]]] = {}
    for row in rows:
        size, _, name = row.what.partition(" ")
        count = int(size.replace(",", ""))
        ours.setdefault(name, {})[count] = row.ours
        theirs.setdefault(name, {}).setdefault(row.peer_name, {})
        if row.peer:
            theirs[name][row.peer_name][count] = row.peer
    return {
        name: (exponent(points), {peer: exponent(each) for peer, each in theirs[name].items() if len(each) > 1})
        for name, points in ours.items()
        if len(points) > 1
    }


def exponent(points: dict[int, float]) -> float:
    logarithms = [log(size) for size in points], [log(spent) for spent in points.values()]
    return round(linear_regression(*logarithms).slope, 2)


def show_growth(found: dict[str, tuple[float, dict[str, float]]]) -> None:
    print("\ngrowth, 1 is linear\n")
    for name, (ours, theirs) in found.items():
        print(f"{name.ljust(72)} {ours:.2f}", *(f"{peer} {slope:.2f}" for peer, slope in theirs.items()), sep="  ")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--peers", type=Path, metavar="PYTHON", help="the interpreter of the peers' environment")
    arguments.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    arguments.add_argument("--shapes", nargs="+", choices=SHAPES, default=SHAPES)
    arguments.add_argument("--turns", type=int, default=5)
    arguments.add_argument("--out", type=Path, help="write the tables as JSON, too")
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        beside = Beside(chosen.peers or Path(sys.executable), Path(folder))
        try:
            rows = [
                row
                for shape in chosen.shapes
                for size in chosen.sizes
                for row in rows_of(shape, size, beside, chosen.turns)
            ]
            few = validation(Case.of("layers", FEW), chosen.turns)
            made = construction(MIDDLE, chosen.turns)
            kept = memory_rows(Case.of("layers", MIDDLE), beside)
        finally:
            beside.process.close()
    show("graphs", [*rows, *few, *made])
    show("memory a node", kept, unit="bytes")
    found = growth(rows)
    show_growth(found)
    if chosen.out:
        tables = {"rows": [*rows, *few, *made], "memory": kept}
        data = {name: [asdict(row) for row in table] for name, table in tables.items()}
        chosen.out.write_text(json.dumps({**data, "growth": found}, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
