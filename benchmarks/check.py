"""`python -m benchmarks.check`: a cold `wf check` beside peers on equal content, all as whole processes; and a warm one in this process.

Whole processes include what it takes to start Python, which the rows for 100 steps are made of. `ast.parse` only reads its text,
YAML with a schema tells shapes only; miniwdl checks names and types, as we do. A warm check is that of a workspace which has seen
the file, after one step of it has changed.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from benchmarks.measure import PEER_LIMIT, Row, child_cpu, own_cpu, paired, show
from benchmarks.workloads import MODULE, SHAPES, YAML_SCHEMA, python_text, wdl_text, workflow_text, yaml_text
from symphony_compiler.workspace import Workspace
from symphony_dsl.syntax.parser import parse_file

SIZES = (100, 1_000, 10_000)
PARSE = "import ast, sys; ast.parse(open(sys.argv[1], encoding='utf-8').read())"
YAML = """
import json, sys, yaml, jsonschema
data = yaml.load(open(sys.argv[1], encoding="utf-8"), Loader=yaml.CSafeLoader)
jsonschema.Draft202012Validator(json.load(open(sys.argv[2]))).validate(data)
"""
OURS = [sys.executable, "-m", "symphony.command.main"]


class Inputs:
    """A workflow with its module, and texts of equal content."""

    def __init__(self, folder: Path, shape: str, count: int) -> None:
        home = folder / f"{shape}-{count}"
        home.mkdir()
        self.text = workflow_text(shape, count)
        self.workflow = _written(home / "scale.wf", self.text)
        _written(home / "sums.py", MODULE)
        self.python = _written(home / "scale_as_python.py", python_text(shape, count))
        self.wdl = _written(home / "scale.wdl", wdl_text(shape, count))
        self.yaml = _written(home / "scale.yaml", yaml_text(shape, count))
        self.schema = _written(home / "schema.json", json.dumps(YAML_SCHEMA))


def _written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def cold(inputs: Inputs, peers: Path | None) -> Iterator[tuple[str, Sequence[str], str]]:
    """Name, command and bar of each peer."""
    yield "ast.parse", [sys.executable, "-c", PARSE, str(inputs.python)], ""
    if peers:
        yield "YAML + jsonschema", [str(peers), "-c", YAML, str(inputs.yaml), str(inputs.schema)], "10,000: 1.0"
        miniwdl = str(peers.parent / "miniwdl")
        yield "miniwdl check", [miniwdl, "check", str(inputs.wdl)], "1,000: 0.125"


def warm(inputs: Inputs, turns: int) -> list[Row]:
    """What a whole check costs without a process around it, and what one changed step costs then."""
    texts = [inputs.text, inputs.text.replace("the 7th of its kind", "the seventh of its kind")]
    space = Workspace()
    space.update_module("sums", MODULE)
    number = 0

    def edited() -> object:
        nonlocal number
        number += 1
        space.update("scale.wf", texts[number % 2])
        return space.diagnostics("scale.wf")

    def whole() -> object:
        fresh = Workspace()
        fresh.update_module("sums", MODULE)
        fresh.update("scale.wf", texts[0])
        return fresh.diagnostics("scale.wf")

    python = inputs.python.read_text(encoding="utf-8")

    def parsed() -> object:
        import ast

        return ast.parse(python)

    lines = f"{inputs.text.count('step s'):,} steps"
    ours = partial(own_cpu, lambda: parse_file("scale.wf", inputs.text))
    return [
        paired(f"text to tree, {lines}", ours, "ast.parse", partial(own_cpu, parsed), "10,000: 2.2", turns),
        paired(f"whole check, {lines}", partial(own_cpu, whole), "ast.parse", partial(own_cpu, parsed), "", turns),
        paired(
            f"one step edited, {lines}", partial(own_cpu, edited), "whole check", partial(own_cpu, whole), "", turns
        ),
    ]


def growth(rows: Sequence[Row], what: str) -> None:
    times = [row.ours for row in rows if row.what.startswith(what)]
    steps = math.log10(SIZES[-1] / SIZES[-2])
    print(
        f"growth of {what!r} from {SIZES[-2]:,} to {SIZES[-1]:,} steps: exponent {math.log10(times[-1] / times[-2]) / steps:.2f}"
    )


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--shape", choices=SHAPES, default="layers")
    arguments.add_argument("--turns", type=int, default=5)
    arguments.add_argument(
        "--peers", type=Path, help="the Python of an environment with miniwdl, pyyaml and jsonschema"
    )
    arguments.add_argument("--out", type=Path, help="write the table as JSON, too")
    chosen = arguments.parse_args()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        bare = partial(child_cpu, [sys.executable, "-c", "pass"])
        rows.append(
            paired("wf --version", partial(child_cpu, [*OURS, "--version"]), "bare Python", bare, turns=chosen.turns)
        )
        for count in SIZES:
            inputs = Inputs(Path(folder), chosen.shape, count)
            ours = partial(child_cpu, [*OURS, "check", str(inputs.workflow)])
            for name, command, bar in cold(inputs, chosen.peers):
                what = f"cold check, {chosen.shape}, {count:,} steps"
                rows.append(paired(what, ours, name, partial(child_cpu, command, PEER_LIMIT), bar, chosen.turns))
            rows += warm(inputs, chosen.turns)
    show("wf check", rows, chosen.out)
    print()
    for what in ("cold check", "text to tree", "whole check", "one step edited"):
        growth([row for row in rows if row.peer_name in ("ast.parse", "whole check")], what)


if __name__ == "__main__":
    main()
