"""`python -m benchmarks.check`: a cold `wf check` beside `ast.parse` on equal text, both as whole processes.

Whole processes include what it takes to start Python, which the rows for 100 steps are made of.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
from functools import partial
from pathlib import Path

from benchmarks.measure import PEER_LIMIT, child_cpu, paired, show
from benchmarks.workloads import MODULE, SHAPES, python_text, workflow_text

SIZES = (100, 1_000, 10_000)
PARSE = "import ast, sys; ast.parse(open(sys.argv[1], encoding='utf-8').read())"


def write_inputs(folder: Path, shape: str, count: int) -> tuple[Path, Path]:
    """A workflow with its module, and Python text of equal content."""
    home = folder / f"{shape}-{count}"
    home.mkdir()
    (home / "sums.py").write_text(MODULE)
    workflow, peer = home / "scale.wf", home / "scale_as_python.py"
    workflow.write_text(workflow_text(shape, count))
    peer.write_text(python_text(shape, count))
    return workflow, peer


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--shape", choices=SHAPES, default="layers")
    arguments.add_argument("--turns", type=int, default=5)
    arguments.add_argument("--out", type=Path, help="write the table as JSON, too")
    chosen = arguments.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for count in SIZES:
            workflow, peer = write_inputs(Path(folder), chosen.shape, count)
            ours = partial(child_cpu, [sys.executable, "-m", "symphony.command.main", "check", str(workflow)])
            theirs = partial(child_cpu, [sys.executable, "-c", PARSE, str(peer)], PEER_LIMIT)
            what = f"cold check, {chosen.shape}, {count:,} steps"
            rows.append(paired(what, ours, "ast.parse", theirs, turns=chosen.turns))
    show("wf check", rows, chosen.out)
    growth = math.log10(rows[-1].ours / rows[-2].ours)
    print(f"\ngrowth from {SIZES[-2]:,} to {SIZES[-1]:,} steps: exponent {growth:.2f}")


if __name__ == "__main__":
    main()
