"""`python -m benchmarks.artifacts`: size and time of each format at 20, 1,000 and 10,000 nodes, beside pydantic, msgspec and orjson.

The workflow is `workloads.py`'s in layers, compiled: operators with documentation, ports, arguments and retries, two edges each. The peers
read and write the same JSON; pydantic and msgspec have classes made of the schema, and check what it says. What ours does more is to
hold the workflow to its hash and its edges to their nodes. Two rows put a format's packer beside msgpack's, which is written in C, on the
same JSON data. A workflow of 20 nodes takes less than a millisecond where a node takes less than 50 µs.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import msgpack

from benchmarks.measure import Row, in_turns, own_cpu, show
from benchmarks.peer_process import Peers
from benchmarks.workloads import MODULE, workflow_text
from symphony_compiler.workspace import Workspace
from symphony_model.binary.bincode import to_bincode
from symphony_model.binary.compression import Compression
from symphony_model.binary.message_pack import to_msgpack
from symphony_model.formats import envelope
from symphony_model.workflow import Workflow

SIZES = (20, 1_000, 10_000)
AROUND = 3
"""Nodes that a workflow has besides its steps: its input, its output, and what makes the output."""
WORK = 10_000
"""Nodes that are read or written for one measurement, a small workflow as often as it takes."""
SCHEMA = Path(__file__).parents[1] / "schemas" / "symphony_schemas" / "workflow-1.2.0.schema.json"
PEERS = ("pydantic", "msgspec", "orjson", "json")
BARS = {("load", "json", 10_000): {"pydantic": "0.33"}}
Bytes = bytes | str

WRITERS: dict[str, Callable[[Workflow], Bytes]] = {
    "json": Workflow.to_json,
    "msgpack": Workflow.to_msgpack,
    "msgpack, lz4": lambda workflow: workflow.to_compressed(Compression.LZ4),
    "msgpack, zstd": lambda workflow: workflow.to_compressed(Compression.ZSTD),
    "bincode": Workflow.to_bincode,
}
READERS: dict[str, Callable[..., Workflow]] = {
    "json": Workflow.from_json,
    "msgpack": Workflow.from_msgpack,
    "msgpack, lz4": Workflow.from_compressed,
    "msgpack, zstd": Workflow.from_compressed,
    "bincode": Workflow.from_bincode,
}


def workflow_of(nodes: int) -> Workflow:
    workspace = Workspace()
    workspace.update("scale.wf", workflow_text("layers", nodes - AROUND))
    workspace.update_module("sums", MODULE)
    artifact = workspace.artifact("scale.wf", "scale")
    assert artifact is not None, workspace.diagnostics("scale.wf")[:1]
    return artifact.workflow


@dataclass(frozen=True)
class Measuring:
    """Measures in microseconds a node."""

    nodes: int
    beside: Peers
    task: dict[str, Any]

    @property
    def times(self) -> int:
        return max(1, WORK // self.nodes)

    def ours(self, work: Callable[[], object]) -> float:
        def repeated() -> None:
            for _ in range(self.times):
                work()

        gc.collect()
        return 1000 * own_cpu(repeated) / self.times / self.nodes

    def theirs(self, peer: str, ask: str) -> float | None:
        spent = self.beside.answer({**self.task, "peer": peer, "ask": ask, "times": self.times})
        return None if spent is None else 1000 * spent / self.nodes


def sizes(written: dict[str, Bytes], count: int) -> list[Row]:
    whole = len(written["json"])
    made = {name: len(data) for name, data in written.items()}
    bars = {"msgpack": "0.5", "msgpack, lz4": "0.35", "msgpack, zstd": "0.35"}
    return [
        Row(f"{count:,} {name}", size / 1000, "json", whole / 1000, size / whole, bars.get(name, ""))
        for name, size in made.items()
    ]


def rows_of(nodes: int, beside: Peers, folder: Path, turns: int) -> tuple[list[Row], list[Row]]:
    workflow = workflow_of(nodes)
    written = {name: write(workflow) for name, write in WRITERS.items()}
    path = folder / f"{nodes}.json"
    path.write_text(str(written["json"]), encoding="utf-8")
    measuring = Measuring(nodes, beside, {"schema": str(SCHEMA), "data": str(path)})
    installed = [name for name in PEERS if measuring.theirs(name, "load") is not None]
    gc.collect()
    gc.freeze()  # what was made before is no work of the collector, here as there
    rows: list[Row] = []
    for ask, formats in (("load", READERS), ("dump", WRITERS)):
        for name, work in formats.items():
            peers = {peer: partial(measuring.theirs, peer, ask) for peer in installed if name == "json"}
            given = workflow if ask == "dump" else written[name]
            ours = partial(measuring.ours, partial(work, given))
            rows += in_turns(f"{nodes:,} {ask} {name}", ours, peers, BARS.get((ask, name, nodes), {}), turns)
    rows += packers(workflow, measuring, turns)
    gc.unfreeze()
    return sizes(written, nodes), rows


def packers(workflow: Workflow, measuring: Measuring, turns: int) -> list[Row]:
    """From JSON data to bytes, beside the same data as MessagePack by the packer in C."""
    data = envelope(workflow)
    peer = {"msgpack in C": partial(measuring.ours, partial(msgpack.packb, data))}
    rows: list[Row] = []
    for name, pack in (("bincode", to_bincode), ("msgpack", to_msgpack)):
        bars = {"msgpack in C": "6"} if name == "bincode" else {}
        rows += in_turns(
            f"{measuring.nodes:,} data to {name}", partial(measuring.ours, partial(pack, data)), peer, bars, turns
        )
    return rows


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--peers", type=Path, metavar="PYTHON", help="the interpreter of the peers' environment")
    arguments.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    arguments.add_argument("--turns", type=int, default=5)
    arguments.add_argument("--out", type=Path, help="write the tables as JSON, too")
    chosen = arguments.parse_args()
    small: list[Row] = []
    fast: list[Row] = []
    beside = Peers(chosen.peers or Path(sys.executable), "artifact_peers.py")
    try:
        with tempfile.TemporaryDirectory() as folder:
            for nodes in chosen.sizes:
                of_size, of_time = rows_of(nodes, beside, Path(folder), chosen.turns)
                small += of_size
                fast += of_time
    finally:
        beside.close()
    show("sizes of artifacts", small, unit="kB")
    show("artifacts, a node", fast, unit="µs")
    if chosen.out:
        tables = {"sizes": small, "times": fast}
        data = {name: [asdict(row) for row in table] for name, table in tables.items()}
        chosen.out.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
