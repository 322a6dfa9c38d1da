"""Laws of compiling: what changes nothing in a graph, and what every graph keeps."""

from __future__ import annotations

import random
from collections import defaultdict, deque

from hypothesis import given
from hypothesis import strategies as st
from tests.cases.closed import expressions
from tests.compiler.wf_texts import joined, workflow_texts

from symphony_compiler.workspace import Workspace
from symphony_dsl.expressions.program import program
from symphony_model.artifact import Artifact
from symphony_model.artifact_codec import artifact_from_text, artifact_to_text
from symphony_model.ids import NodeId
from symphony_model.json_form.workflow import workflow_hash
from symphony_model.nodes import OperatorNode, OperatorType
from symphony_model.validating.validation import COMPILED
from symphony_model.workflow import Workflow


def compiled(text: str, path: str = "main.wf") -> Artifact:
    workspace = Workspace()
    workspace.update(path, text)
    workspace.update_module("m", None)
    errors = [each for each in workspace.diagnostics(path) if each.severity == "error"]
    assert errors == [], text
    artifact = workspace.artifact(path, "main")
    assert artifact is not None
    return artifact


@given(workflow_texts())
def test_what_is_right_gives_a_sound_graph(declarations: list[str]) -> None:
    artifact = compiled(joined(declarations))
    for workflow in (artifact.workflow, *artifact.callees.values()):
        assert workflow.validate(COMPILED).errors == ()
        for expression, names in expressions(workflow):
            program(expression.source, names, expression.type)


@given(workflow_texts())
def test_an_artifact_comes_back_from_its_text(declarations: list[str]) -> None:
    artifact = compiled(joined(declarations))
    assert artifact_from_text(artifact_to_text(artifact)) == artifact
    assert artifact.content_hash == workflow_hash(artifact.workflow)


@given(workflow_texts(), st.randoms(use_true_random=False))
def test_the_order_of_declarations_changes_nothing(declarations: list[str], chance: random.Random) -> None:
    shuffled = list(declarations)
    chance.shuffle(shuffled)
    assert compiled(joined(shuffled)).content_hash == compiled(joined(declarations)).content_hash


@given(workflow_texts(), st.randoms(use_true_random=False))
def test_blank_lines_and_comments_change_nothing(declarations: list[str], chance: random.Random) -> None:
    text = joined(declarations)
    lines = [line for each in text.splitlines() for line in (each, *_nothing(chance))]
    one, other = compiled(text), compiled("\n".join(lines) + "\n", "elsewhere/other.wf")
    assert other.content_hash == one.content_hash
    assert list(other.callees) == list(one.callees)


def _nothing(chance: random.Random) -> list[str]:
    return chance.sample(["", "    ", "// a comment", "\t// another: step x = {"], k=chance.choice([0, 0, 1, 2]))


@given(workflow_texts())
def test_every_node_knows_its_line(declarations: list[str]) -> None:
    text = joined(declarations)
    artifact = compiled(text)
    places = artifact.sources[artifact.content_hash]
    assert set(places) == {node.base.path for node in artifact.workflow.nodes.values()}
    lines = text.splitlines()
    for path, (file, line) in places.items():
        assert file == "main.wf"
        name = path.split("/")[-1].split(".")[0]
        if name.startswith("s") and name[1:].isdigit():
            assert f"step {name} " in lines[line - 1]


@given(workflow_texts())
def test_effects_stand_in_line(declarations: list[str]) -> None:
    """What has no name waits for all above it in its body, and all below it in its body wait for it."""
    workflow = compiled(joined(declarations)).workflow
    for region in {node.base.region for node in workflow.nodes.values()}:
        ids = [
            key
            for key, node in workflow.nodes.items()
            if node.base.region == region and node.kind not in ("input", "output")
        ]
        for at, node in enumerate(ids):
            if _stands_in_line(workflow, node):
                before = _reached(workflow, node, backwards=True)
                behind = _reached(workflow, node, backwards=False)
                own = workflow.nodes[node].base.path
                above = {each for each in ids[:at] if not workflow.nodes[each].base.path.startswith(own)}
                below = {each for each in ids[at + 1 :] if not workflow.nodes[each].base.path.startswith(own)}
                assert above <= before, own
                assert below <= behind, own


def _stands_in_line(workflow: Workflow, node: NodeId) -> bool:
    found = workflow.nodes[node]
    last = found.base.path.split("/")[-1]
    unnamed = last.startswith("step.") and last.count(".") == 1
    return unnamed or (isinstance(found, OperatorNode) and found.operator_type is OperatorType.REQUIRE)


def _reached(workflow: Workflow, start: NodeId, *, backwards: bool) -> set[NodeId]:
    following: dict[NodeId, list[NodeId]] = defaultdict(list)
    for edge in workflow.edges:
        ends = (edge.target_node, edge.source_node) if backwards else (edge.source_node, edge.target_node)
        following[ends[0]].append(ends[1])
    seen, rest = {start}, deque([start])
    while rest:
        for each in following[rest.popleft()]:
            if each not in seen:
                seen.add(each)
                rest.append(each)
    return seen
