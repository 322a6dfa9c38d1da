"""Every expression of a graph is read where it stands; a mistake has the code that it has in text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.model.samples import Sample, base, control, data, nid, port, python

from symphony_compiler.workspace import Workspace
from symphony_dsl.base.types import BOOL, INT, STRING, Constraint, EnumType, ListType, OptionalType
from symphony_model.edges import ConditionalEdge, DataTransform, TransformType
from symphony_model.nodes import OperatorConfig, OperatorNode, OperatorType, OutputNode
from symphony_model.ports import Expression
from symphony_model.problem import InvalidExpression
from symphony_model.validating.validation import LOADED, ValidationConfig
from symphony_model.workflow import Workflow


def spoil(how: Callable[[Sample], object]) -> Workflow:
    sample = Sample()
    how(sample)
    return sample.workflow()


def told(workflow: Workflow) -> list[InvalidExpression]:
    return [each for each in workflow.validate().errors if isinstance(each, InvalidExpression)]


def transform(sample: Sample, source: str) -> None:
    given = DataTransform(TransformType.CUSTOM, Expression(source, STRING))
    at = next(at for at, edge in enumerate(sample.edges) if edge.target_node == nid("kind"))
    sample.edges[at] = replace(sample.edges[at], transform=given)  # type: ignore[call-arg]


def shell(sample: Sample, source: str) -> None:
    config = OperatorConfig(callee="run", shell=(Expression(source, STRING),))
    sample.nodes.append(OperatorNode(base("run"), OperatorType.SHELL, config, (port("name"),)))
    sample.edges.append(data("kind!label", "run!name"))


def condition(sample: Sample, source: str) -> None:
    sample.relink("reply:then/yield.note", condition=Expression(source, BOOL))


def output(sample: Sample, source: str) -> None:
    sample.nodes.append(OutputNode(base("output.fixed"), port("input"), Expression(source, STRING)))
    sample.edges.append(control("kind", "output.fixed"))


def check(sample: Sample, source: str) -> None:
    limit = Constraint("check", source)
    sample.change("input.text", lambda node: replace(node, port=port("output", constraints=(limit,))))


PLACES: list[tuple[str, str, Callable[[Sample, str], object]]] = [
    ("the expression of `reply:then/yield.note`", "reply:then/yield.note", lambda s, e: s.config("reply:then/yield.note", expression=Expression(e, STRING))),
    ("the failure of `sizes/yield`", "sizes/yield", lambda s, e: s.config("sizes/yield", failure=Expression(e, STRING))),
    ("the prompt of `kind`", "kind", lambda s, e: s.config("kind", prompt=Expression(e, STRING))),
    ("the system text of `kind`", "kind", lambda s, e: s.config("kind", system=Expression(e, STRING))),
    ("the messages of `kind`", "kind", lambda s, e: s.config("kind", messages=Expression(e, STRING))),
    ("the limit of `sizes.for`", "sizes.for", lambda s, e: s.config("sizes.for", limit=Expression(e, INT))),
    ("the condition of `sizes.for`", "sizes.for", lambda s, e: s.change("sizes.for", lambda n: replace(n, condition=Expression(e, BOOL)))),
    ("the argument `times` of `sizes/yield`", "sizes/yield", lambda s, e: s.config("sizes/yield", arguments={"times": Expression(e, INT)})),
    ("the command of `run`", "run", shell),
    ("the value of `output.fixed`", "output.fixed", output),
    ("the transform from `input.text.output` to `kind.text`", "kind", transform),
    ("the condition `then` of `reply.if`", "reply.if", condition),
    ("the check of `input.text.output`", "input.text", check),
]  # fmt: skip


@pytest.mark.parametrize(("what", "path", "how"), PLACES, ids=[row[0] for row in PLACES])
def test_an_expression_is_read_wherever_it_stands(what: str, path: str, how: Callable[[Sample, str], object]) -> None:
    (found,) = told(spoil(lambda s: how(s, "nowhere + 1")))
    assert (found.code, found.place, found.node_id, found.source) == ("WF0201", path, nid(path), "nowhere + 1")
    assert found.message == f"{what} cannot be used: `nowhere` is not defined here"
    (found,) = told(spoil(lambda s: how(s, "1 +")))
    assert (found.code, found.message) == ("WF0101", f"{what} cannot be used: a value is missing behind `+`")


def test_an_edge_is_named_where_its_expression_is_wrong() -> None:
    workflow = spoil(lambda s: condition(s, "kind.labl == 'x'"))
    (found,) = told(workflow)
    assert found.code == "WF0302"
    edge = workflow.get_edge(found.edge_id) if found.edge_id else None
    assert isinstance(edge, ConditionalEdge)
    assert edge.label == "then"
    workflow = spoil(lambda s: transform(s, "nowhere"))
    (found,) = told(workflow)
    assert found.edge_id in {edge.id for edge in workflow.incoming(nid("kind"))}


def test_a_check_knows_nothing_of_the_run() -> None:
    (found,) = told(spoil(lambda s: check(s, "it != run.id")))
    assert found.message == "the check of `input.text.output` cannot be used: `run` is not defined here"


def test_a_transform_of_what_is_not_there_is_read_all_the_same() -> None:
    def how(sample: Sample) -> None:
        transform(sample, "nowhere")
        sample.change("input.text", lambda node: replace(node, port=port("other")))

    (found,) = told(spoil(how))
    assert found.message.endswith("`nowhere` is not defined here")


RIGHT = [
    lambda s: condition(s, "kind.label == 'complaint'"),
    lambda s: transform(s, "it + '!'"),
    lambda s: shell(s, "name"),
    lambda s: check(s, "it != 'x'"),
]


@pytest.mark.parametrize("how", RIGHT)
def test_what_is_right_is_not_told(how: Callable[[Sample], object]) -> None:
    assert spoil(how).validate().errors == ()


def test_enums_are_strings_here_as_in_graphs_of_texts() -> None:
    mood = EnumType("Mood", (("calm", "calm"), ("angry", "angry")))
    sample = Sample()
    sample.change("kind", lambda node: replace(node, outputs=(port("label", mood),)))
    sample.change("reply.if", lambda node: replace(node, inputs=(port("kind.label", mood),)))
    condition(sample, 'kind.label == "angry"')
    assert sample.workflow().validate().errors == ()


SAME = [
    ("a string is no number", "text.size() + 'x'", "WF0304"),
    ("no such name", "txt", "WF0201"),
    ("no such function", "text.shout()", "WF0303"),
    ("no value", "text +", "WF0101"),
    ("what may be absent", "maybe", "WF0305"),
    ("another type", "text.size()", "WF0301"),
]


@pytest.mark.parametrize(("source", "code"), [row[1:] for row in SAME], ids=[row[0] for row in SAME])
def test_a_mistake_has_one_code_in_text_and_in_a_graph(source: str, code: str) -> None:
    workspace = Workspace()
    text = f"wf 1.0\n\nworkflow w {{\n  input text: string\n  input maybe: string?\n  step s: string = {source}\n  output o: string = s\n}}\n"
    workspace.update("main.wf", text)
    written = {each.code.code for each in workspace.diagnostics("main.wf") if each.severity == "error"}
    sample = Sample()
    config = OperatorConfig(expression=Expression(source, STRING))
    ports = (port("text"), port("maybe", OptionalType(STRING)))
    sample.nodes.append(OperatorNode(base("s"), OperatorType.EXPRESSION, config, ports, (port("result"),)))
    sample.edges.append(data("kind!label", "s!text"))
    assert {each.code for each in told(sample.workflow())} == written == {code}


def test_expressions_are_left_alone_where_that_is_asked() -> None:
    workflow = spoil(lambda s: condition(s, "nowhere"))
    assert workflow.validate(LOADED).is_valid
    assert workflow.validate(ValidationConfig(check_expressions=False)).is_valid
    assert workflow.validate(ValidationConfig(check_types=False)).is_valid


def test_of_many_ports_an_expression_sees_those_that_it_mentions() -> None:
    sample = Sample()
    names = [f"p{at}" for at in range(100)]
    config = OperatorConfig(expression=Expression("p7 + p99.x + nowhere", STRING))
    ports = tuple(port(name if name != "p99" else "p99.x", required=False) for name in names)
    sample.nodes.append(OperatorNode(base("wide"), OperatorType.EXPRESSION, config, ports, (port("result"),)))
    sample.edges.append(control("kind", "wide"))
    (found,) = told(sample.workflow())
    assert found.message == "the expression of `wide` cannot be used: `nowhere` is not defined here"
    sample.config("wide", expression=Expression("p7 +", STRING))
    (found,) = told(sample.workflow())
    assert found.message == "the expression of `wide` cannot be used: a value is missing behind `+`"


def test_lists_flow_into_expressions_as_they_are() -> None:
    sample = Sample()
    sample.nodes.append(replace(python("many", port("lines", ListType(STRING)))))
    sample.edges.append(data("input.lines!output", "many!lines"))
    assert sample.workflow().validate().errors == ()
