"""`-> { result: T }` is a record with a field, `-> T` a value, from the text to the events of a run."""

from __future__ import annotations

import json
from pathlib import Path

from tests.end_to_end.wf_process import Wf

MAIN = """wf 1.0

operator value(n: int) -> int { python: "results:value" }
operator fields(n: int) -> { result: int } { python: "results:fields" }

workflow inner {
  input n: int
  output result: int = n
}

workflow main {
  step a = value(n: 1)
  step b = fields(n: 2)
  step c = inner(n: 3)
  output sum: int = a + b.result + c.result
}
"""

RESULTS = """
def value(n):
    return n


def fields(n):
    return {"result": n}
"""


def test_a_record_of_the_one_field_result_is_a_record(tmp_path: Path) -> None:
    (tmp_path / "main.wf").write_text(MAIN)
    (tmp_path / "results.py").write_text(RESULTS)
    wf = Wf(tmp_path)
    assert wf.json("run", "main.wf:main") == {"sum": 6}
    events = [json.loads(line) for line in wf("events", "last").stdout.splitlines()]
    outputs = {event["node"]: event["output"] for event in events if event["type"] == "node_completed"}
    assert (outputs["a"], outputs["b"], outputs["c"]) == (1, {"result": 2}, {"result": 3})
