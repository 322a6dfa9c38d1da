"""A diff says what changed, of what, and nothing else; it is empty exactly where two workflows are equal."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.model.generators.plain import arrow, graph, step
from tests.model.graphs import workflows
from tests.model.samples import ID, Sample, control, data, nid, port, python

from symphony_dsl.base.types import INT
from symphony_model.codec import workflow_from_json
from symphony_model.diff import WorkflowDiff
from symphony_model.edges import DataTransform, TransformType
from symphony_model.ids import edge_id, node_id, workflow_id
from symphony_model.json_form.workflow import workflow_to_json
from symphony_model.metadata import WorkflowMetadata
from symphony_model.nodes import Effect, InstrumentNode, OperatorNode
from symphony_model.ports import Constant, Expression, PortDefinition
from symphony_model.sameness import MISSING, Difference, differences, same
from symphony_model.settings import Retry, Settings
from symphony_model.version import Version
from symphony_model.workflow import Workflow


def told(how: Callable[[Workflow], object]) -> list[str]:
    """What the diff says of a change of the sample."""
    before, after = Sample().workflow(), Sample().workflow()
    how(after)
    found = before.diff(after)
    assert bool(found) == bool(str(found))
    return str(found).splitlines()


def kind(workflow: Workflow) -> InstrumentNode:
    node = workflow.at("kind")
    assert isinstance(node, InstrumentNode)
    return node


def configured(workflow: Workflow, **changes: Any) -> None:
    node = kind(workflow)
    workflow.replace_node(replace(node, config=replace(node.config, **changes)))


def with_inputs(workflow: Workflow, *inputs: PortDefinition) -> None:
    workflow.replace_node(replace(kind(workflow), inputs=inputs))


def other_kind(workflow: Workflow) -> None:
    node = kind(workflow)
    made = python("kind", *node.inputs)
    workflow.replace_node(OperatorNode(node.base, made.operator_type, made.config, node.inputs, node.outputs))


def transformed(workflow: Workflow) -> None:
    edge = data("input.text!output", "kind!text")
    workflow.remove_edge(edge.id)
    transform = DataTransform(TransformType.CUSTOM, Expression('it + "?"', port("x").data_type))
    workflow.add_edge(replace(edge, transform=transform))


def last_edge(workflow: Workflow, **changes: Any) -> None:
    """Change the edge from `sizes` to its output."""
    (edge,) = workflow.outgoing(nid("sizes"))
    workflow.remove_edge(edge.id)
    workflow.put_edge(replace(edge, **changes))


def last_region(workflow: Workflow, **changes: Any) -> None:
    workflow.regions = (*workflow.regions[:-1], replace(workflow.regions[-1], **changes))


LAST, OTHER = Sample().edges[-1].id, edge_id(ID, "data", "another", "one")

CHANGES: list[tuple[Callable[[Workflow], object], list[str]]] = [
    (lambda w: None, []),
    (lambda w: w.update(version=Version(1, 2, 0), description="new"),
     ["version: 0.0.0 → 1.2.0", 'description: none → "new"']),
    (lambda w: w.update(metadata=WorkflowMetadata().with_tag("a").with_custom("team", 3)),
     ['metadata.tags: [] → ["a"]', "+ metadata.custom.team: 3"]),
    (lambda w: w.update(updated_at=datetime(2026, 1, 31, 8, tzinfo=UTC)),
     ["updated_at: none → 2026-01-31 08:00:00+00:00"]),
    (lambda w: w.add_node(python("more")), ["+ operator `more`"]),
    (lambda w: w.remove_edge(control("reply", "sizes.for", 2).id), ["- edge `reply` → `sizes.for`"]),
    (lambda w: w.remove_node(nid("sizes/yield")),
     ["- operator `sizes/yield`", "- edge `sizes.for.item` → `sizes/yield.line`",
      "- edge `sizes/yield.result` → `sizes.value`"]),
    (lambda w: w.rename(nid("kind"), "sort of", "sort"),
     ["~ instrument `kind`", '    path: "kind" → "sort"', '    name: "kind" → "sort of"']),
    (lambda w: configured(w, prompt=Expression("text", port("x").data_type)),
     ["~ instrument `kind`", "    config.prompt: none → `text`"]),
    (lambda w: configured(w, settings=Settings(retry=Retry(3))),
     ["~ instrument `kind`",
      "    config.settings.retry: none → Retry(attempts=3, delay=1000000000, factor=2.0, jitter=0.1, on=())"]),
    (lambda w: with_inputs(w, port("text", INT), port("more")),
     ["~ instrument `kind`", "    inputs.text.data_type: string → int", "    + inputs.more: string"]),
    (lambda w: configured(w, arguments={"text": Constant("x" * 99)}),
     ["~ instrument `kind`", f'    + config.arguments.text: "{"x" * 78}…']),
    (with_inputs, ["~ instrument `kind`", "    - inputs.text: string"]),
    (lambda w: configured(w, arguments={"text": Constant(float("nan"))}),
     ["~ instrument `kind`", "    + config.arguments.text: nan"]),
    (lambda w: configured(w, effect=Effect.ONCE), ["~ instrument `kind`", "    config.effect: repeatable → once"]),
    (other_kind, ["~ instrument `kind`", "    instrument → operator"]),
    (transformed, ["~ edge `input.text.output` → `kind.text`", '    transform: none → custom `it + "?"`',
                   "~ the order of edges"]),
    (lambda w: last_edge(w, id=OTHER),
     ["~ edge `sizes.result` → `output.sizes.input`", f'    id: "{LAST}" → "{OTHER}"']),
    (lambda w: w.add_node(python("more")) and last_edge(w, source_node=nid("more")),
     ["+ operator `more`", "~ edge `sizes.result` → `output.sizes.input`",
      f'    source_node: "{nid("sizes")}" → "{nid("more")}"']),
    (lambda w: w.add_node(python("more")) and last_edge(w, target_node=nid("more")),
     ["+ operator `more`", "~ edge `sizes.result` → `output.sizes.input`",
      f'    target_node: "{nid("output.sizes")}" → "{nid("more")}"']),
    (lambda w: last_region(w, order=3), ["~ region `sizes`", "    order: 0 → 3"]),
    (lambda w: w.add_node(python("more")) and last_region(w, closer=nid("more")),
     ["+ operator `more`", "~ region `sizes`", f'    closer: "{nid("sizes")}" → "{nid("more")}"']),
    (lambda w: w.add_node(python("more")) and last_region(w, opener=nid("more")),
     ["+ operator `more`", "- region `sizes`", "+ region `sizes`"]),
    (lambda w: setattr(w, "regions", (w.regions[1], replace(w.regions[0], order=4))),
     ["- region `sizes`", "~ region `reply:then`", "    order: 0 → 4", "~ the order of regions"]),
]  # fmt: skip


@pytest.mark.parametrize(("how", "lines"), CHANGES, ids=[" ".join(lines[:2]) for _, lines in CHANGES])
def test_what_a_diff_says(how: Callable[[Workflow], object], lines: list[str]) -> None:
    assert told(how) == lines


def test_the_way_back_says_the_opposite() -> None:
    before, after = Sample().workflow(), Sample().workflow()
    after.remove_node(nid("kind"))
    forth, back = before.diff(after), after.diff(before)
    assert (forth.nodes.removed, forth.edges.removed) == (back.nodes.added, back.edges.added)
    assert [node.base.path for node in back.nodes.added] == ["kind"]


def test_ports_in_another_order_are_told_as_a_whole() -> None:
    before, after = Sample().workflow(), Sample().workflow()
    with_inputs(before, port("a"), port("b"))
    with_inputs(after, port("b"), port("a"))
    change = before.diff(after).nodes.changed[0]
    assert [each.path for each in change.differences] == ["inputs"]


def named(name: str) -> Workflow:
    """The sample as it were if it had another name, and with that other ids."""
    text = json.dumps(workflow_to_json(Sample().workflow()))
    for node in Sample().nodes:
        text = text.replace(str(node.base.id), str(node_id(workflow_id(name), node.base.path)))
    for edge in Sample().edges:
        text = text.replace(str(edge.id), str(edge_id(workflow_id(name), edge.kind, str(edge.id), "")))
    made = workflow_from_json(json.loads(text))
    made.update(name=name)
    return made


def test_what_has_other_ids_is_known_by_its_path_and_its_ends() -> None:
    found = Sample().workflow().diff(named("bureau"))
    assert [each.path for each in found.about] == ["name"]
    assert len(found.nodes.changed) == 13
    assert {each.path for change in found.nodes.changed for each in change.differences} == {"base.id"}
    assert not found.edges
    assert not found.regions
    assert found.reordered == ()


def test_of_what_changed_both_sides_are_told() -> None:
    before, after = Sample().workflow(), Sample().workflow()
    configured(after, effect=Effect.ONCE)
    (change,) = before.diff(after).nodes.changed
    assert (change.before, change.after) == (before.at("kind"), after.at("kind"))


def test_order_of_declaration_is_part_of_a_workflow() -> None:
    one, other = Workflow("plain"), Workflow("plain")
    for at in (0, 1):
        one.add_node(step(at))
        other.add_node(step(1 - at))
    assert one != other
    assert one.content_hash() != other.content_hash()
    assert str(one.diff(other)) == "~ the order of nodes"


def test_edges_that_join_the_same_nodes_are_told_apart() -> None:
    before, after = graph(2, [(0, 1), (0, 1)]), graph(2, [(0, 1)])
    assert before.diff(after).edges.removed == (arrow(0, 1, 1),)


def test_times_are_no_part_of_the_content() -> None:
    one, other = Sample().workflow(), Sample().workflow()
    other.update(created_at=datetime(2026, 1, 31, tzinfo=UTC))
    assert one != other
    assert one.content_hash() == other.content_hash()


EDITS = st.sampled_from(["rename", "remove", "argument", "edge", "again", "about", "turn"])


def edited(workflow: Workflow, edit: str, at: int) -> Workflow:
    made = workflow.copy()
    node = list(made.nodes.values())[at % made.node_count]
    match edit:
        case "rename":
            made.rename(node.base.id, f"{node.base.name}'", f"{node.base.path}x")
        case "remove":
            made.remove_node(node.base.id)
        case "argument" if isinstance(node, (InstrumentNode, OperatorNode)):
            arguments = {name: Constant(True) for name in node.config.arguments} | {
                "x": Constant([1, True, 1.0][at % 3])
            }
            made.replace_node(replace(node, config=replace(node.config, arguments=arguments)))  # type: ignore[arg-type]
        case "edge":
            made.remove_edge(made.edges[at % made.edge_count].id)
        case "again":
            made = workflow_from_json(json.loads(json.dumps(workflow_to_json(made))))
        case "about":
            made.update(description="other" if at % 2 else made.description)
        case "turn":
            made = Workflow.of(made.name, nodes=reversed(made.nodes.values()), edges=made.edges)
    return made


@given(workflows(), st.lists(st.tuples(EDITS, st.integers(0, 30)), max_size=3), st.integers(0, 2))
def test_equal_is_what_has_no_difference_and_one_hash(
    workflow: Workflow, edits: list[tuple[str, int]], seed: int
) -> None:
    one = workflow
    other = edited(one, "argument", seed)
    for edit, at in edits:
        if other.edges:
            other = edited(other, edit, at)
    for before, after in ((one, other), (other, one), (other, other.copy())):
        found = before.diff(after)
        assert bool(found) == (before != after)
        assert bool(str(found)) == bool(found)
        if (before.created_at, before.updated_at) == (after.created_at, after.updated_at):
            assert (before == after) == (before.content_hash() == after.content_hash())


def test_a_diff_of_nothing_is_empty() -> None:
    found = Workflow("a").diff(Workflow("a"))
    assert isinstance(found, WorkflowDiff)
    assert not found
    assert str(found) == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [(1, 1.0), (1, True), (0.0, -0.0), ((1,), [1]), ({"a": 1}, {"a": True}), (None, 0), ([1], [1, 2]), ({"a": 1}, {})],
    ids=str,
)
def test_what_python_takes_for_equal_and_json_does_not(one: object, other: object) -> None:
    assert not same(one, other)
    assert same(one, one)


def test_what_is_the_same() -> None:
    assert same({"a": [1, {"b": 2.5}], "c": None}, {"c": None, "a": [1, {"b": 2.5}]})
    assert same(float("nan"), float("nan"))


def test_what_only_one_has_is_missing_in_the_other() -> None:
    assert list(differences({"a": 1}, {"b": 1})) == [Difference("a", 1, MISSING), Difference("b", MISSING, 1)]


def test_equality_is_of_workflows_only() -> None:
    assert Workflow("a") != "a"
    with pytest.raises(TypeError, match="unhashable"):
        hash(Workflow("a"))
