"""What holds of every problem that is told of a graph."""

from __future__ import annotations

from symphony_dsl.base.codes import CODES
from symphony_model.problem import Problem
from symphony_model.validating.validation import ValidationResult
from symphony_model.workflow import Workflow


def sound(workflow: Workflow, found: ValidationResult) -> None:
    assert found.is_valid == (not found.errors)
    for each in (*found.errors, *found.warnings):
        told(workflow, each)
    assert all(CODES[each.code].severity == "error" for each in found.errors)
    assert all(CODES[each.code].severity == "warning" for each in found.warnings)


def told(workflow: Workflow, problem: Problem) -> None:
    """A problem is a sentence, and is about something of the workflow."""
    assert problem.code in CODES
    assert problem.message
    assert not problem.message.endswith(".")
    assert "None" not in problem.message
    assert problem.place in places(workflow)
    reason = getattr(problem, "reason", None)
    assert reason is None or reason in problem.message
    if problem.kind == "invalid_edge":
        assert reason
    for name in ("node_id", "id"):
        if hasattr(problem, name):
            assert getattr(problem, name) in {node.base.id for node in workflow.nodes.values()}
    if hasattr(problem, "edge_id") and (problem.kind != "invalid_expression" or problem.edge_id):
        assert problem.edge_id in {edge.id for edge in workflow.edges}


def places(workflow: Workflow) -> set[str]:
    """What a problem may be about."""
    nodes = (node.base.path for node in workflow.nodes.values())
    return {workflow.name, *nodes, *(region.path for region in workflow.regions)}
