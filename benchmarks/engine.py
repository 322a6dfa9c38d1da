"""`python -m benchmarks.engine [--peers PYTHON]`: what the engine costs a no-op step, beside bare asyncio and other engines.

Three kinds of run: unkept (deciding, events, the loop), durability `process` (survives `kill -9`), durability `power` (each commit
reaches the disk; measured in time that passes, all else in CPU time). Then what a run takes in memory and on the disk, how long a
command takes until it is judged, and how long a run of many finished steps takes to be taken up again.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.engine_cases import Case, Kept, bare, bare_with_rows, compiled, grouped_rows, wall
from benchmarks.engine_whole import command_rows, resume_rows, size_rows
from benchmarks.measure import Row, in_turns, own_cpu, paired, show
from benchmarks.peer_process import Peers
from benchmarks.workloads import SHAPES

SIZES = (1, 1_000, 10_000)
OTHERS = ("LangGraph + SQLite", "DBOS + SQLite", "Prefect")


def unkept(kept: Kept, sizes: Sequence[int], turns: int) -> list[Row]:
    return [
        paired(
            f"unkept, {case.name}",
            lambda case=case: own_cpu(kept.unkept(case)),
            "bare asyncio",
            lambda case=case: own_cpu(lambda: bare(case)),
            "<= 6" if case.steps > 1 else "",
            turns,
        )
        for case in cases(sizes)
    ]


def process(kept: Kept, sizes: Sequence[int], turns: int) -> list[Row]:
    path = kept.folder / "peer.db"
    return [
        paired(
            f"process, {case.name}",
            lambda case=case: own_cpu(kept.run(case, "process")),
            "asyncio + one row",
            lambda case=case: own_cpu(lambda: bare_with_rows(case, path)),
            "<= 3" if case.steps > 1 else "",
            turns,
        )
        for case in cases(sizes)
    ]


def power(kept: Kept, sizes: Sequence[int], turns: int) -> list[Row]:
    """A chain has to wait for the disk at each step, whoever keeps it; else commits can be gathered."""
    path = kept.folder / "peer.db"
    peers: dict[str, tuple[str, Callable[[Case], None]]] = {
        "chain": ("asyncio + one row", lambda case: bare_with_rows(case, path, "FULL")),
    }
    gathered = ("rows in groups", lambda case: grouped_rows(case, path))
    rows = []
    for case in cases(sizes):
        name, peer = peers.get(case.shape, gathered)
        bar = "<= 3.3" if case.shape == "fan" and case.steps > 1 else ""
        ours = lambda case=case: wall(kept.run(case, "power"))  # noqa: E731
        rows.append(
            paired(f"power, {case.name}", ours, name, lambda case=case, peer=peer: wall(lambda: peer(case)), bar, turns)
        )
    return rows


def others(kept: Kept, python: Path, turns: int) -> list[Row]:
    peers = Peers(python, "engine_peers.py")
    try:
        return [
            row
            for case in (Case("chain", 100), Case("chain", 1_000), Case("fan", 1_000))
            for row in _beside(kept, case, peers, turns)
        ]
    finally:
        peers.close()


def _beside(kept: Kept, case: Case, peers: Peers, turns: int) -> list[Row]:
    def asked(name: str) -> Callable[[], float | None]:
        return lambda: peers.answer({"peer": name, "shape": case.shape, "steps": case.steps})

    bars = {"LangGraph + SQLite": "<= 0.05", "DBOS + SQLite": "<= 0.025"}
    return in_turns(
        f"process, {case.name}",
        lambda: own_cpu(kept.run(case, "process")),
        {name: asked(name) for name in OTHERS},
        bars,
        turns,
    )


def cases(sizes: Sequence[int]) -> list[Case]:
    made = [Case(shape, size) for shape in SHAPES for size in sizes]
    for case in made:
        compiled(case)
    return made


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--turns", type=int, default=5)
    arguments.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    arguments.add_argument("--peers", type=Path, help="the interpreter of an environment that has other engines")
    arguments.add_argument("--out", type=Path, help="a folder in which the tables are written as JSON, too")
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as name:
        kept = Kept.in_folder(Path(name))
        tables = {
            "steps": unkept(kept, chosen.sizes, chosen.turns)
            + process(kept, chosen.sizes, chosen.turns)
            + power(kept, chosen.sizes, chosen.turns),
            "resume": resume_rows(kept, chosen.turns),
        }
        if chosen.peers:
            tables["others"] = others(kept, chosen.peers, chosen.turns)
        for title, rows in tables.items():
            show(f"engine: {title}", rows, chosen.out and chosen.out / f"{title}.json")
        show("engine: size", size_rows(kept), chosen.out and chosen.out / "size.json", unit="bytes a step")
        show("engine: commands", command_rows(kept), chosen.out and chosen.out / "commands.json", unit="ms")


if __name__ == "__main__":
    main()
