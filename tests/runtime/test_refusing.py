"""What a graph may say and this version cannot run is refused before anything is made, all of it at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from symphony_dsl.base.errors import UserError
from symphony_dsl.base.types import INT
from symphony_model.artifact import seal
from symphony_model.building.builder import WorkflowBuilder
from symphony_model.json_form.workflow import workflow_hash
from symphony_model.nodes import OperatorType
from symphony_model.workflow import Workflow
from symphony_runtime.plans.refusing import NODES, check_runs


def step(b: WorkflowBuilder) -> WorkflowBuilder:
    return (
        b.operator("a", OperatorType.PYTHON)
        .ports({"x": INT}, {"result": INT})
        .config(python="m:f")
        .connect_to("a", "x")
    )


REFUSED: list[tuple[str, Callable[[WorkflowBuilder], Any]]] = [
    ("an input or an output that is disabled", lambda b: b.input("a", INT).disabled()),
]  # fmt: skip


def made(how: Callable[[WorkflowBuilder], Any]) -> Workflow:
    b = WorkflowBuilder("main").input("x", INT)
    how(b)
    return b.build(validate=False)


@pytest.mark.parametrize(("what", "how"), REFUSED, ids=[row[0] for row in REFUSED])
def test_what_cannot_be_run_is_refused_with_its_path_and_place(
    what: str, how: Callable[[WorkflowBuilder], Any]
) -> None:
    workflow = made(how)
    sources = {workflow_hash(workflow): dict.fromkeys(("a", "a.for", "input.a"), ("main.wf", 7))}
    with pytest.raises(UserError) as caught:
        check_runs(seal(workflow, {}, sources))
    assert caught.value.message.startswith("WF0901: ")
    assert what in caught.value.message
    assert "main.wf:7: `" in caught.value.message


def test_every_row_is_tried() -> None:
    assert {what for what, _ in NODES} <= {what for what, _ in REFUSED}


def test_everything_is_told_at_once_of_called_workflows_too() -> None:
    main = made(lambda b: step(b).input("a", INT).disabled())
    callee = made(lambda b: step(b).output("z", INT).disabled())
    with pytest.raises(UserError) as caught:
        check_runs(seal(main, {workflow_hash(callee): callee}, {}))
    assert all(f"`{path}` needs an input or an output" in caught.value.message for path in ("input.a", "output.z"))


def test_what_can_be_run_is_let_through() -> None:
    check_runs(seal(made(step), {}, {}))
