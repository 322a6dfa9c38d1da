"""Every way to spoil a graph is found, and told in a sentence about the right node."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import get_args

import pytest
from tests.model.blocks import nest
from tests.model.generators.plain import graph
from tests.model.problems import sound
from tests.model.samples import ID, NAME, Sample, arm, base, control, data, nid, port, python

from symphony_dsl.base.codes import CODES, GRAPHS
from symphony_dsl.base.types import BOOL, FLOAT, INT, SECRET, STRING, Field, ListType, RecordType
from symphony_model.edges import DataEdge
from symphony_model.ids import edge_id
from symphony_model.nodes import (
    ControlConfig,
    ControlNode,
    ControlType,
    InputNode,
    OperatorConfig,
    OperatorNode,
    OperatorType,
)
from symphony_model.ports import Constant, Expression
from symphony_model.problem import (
    CycleDetected,
    DisconnectedInput,
    InvalidEdge,
    MissingRequiredInput,
    OrphanNode,
    OverfedInput,
    TypeMismatch,
    ValidationError,
)
from symphony_model.validating.validation import COMPILED, ValidationConfig, ValidationResult
from symphony_model.validating.warnings import DEEP
from symphony_model.workflow import Workflow


def spoil(how: Callable[[Sample], object]) -> Sample:
    sample = Sample()
    how(sample)
    return sample


def rename(sample: Sample, path: str, region: str) -> None:
    sample.change(path, lambda node: replace(node, base=replace(node.base, region=region)))


def output_type(sample: Sample, path: str) -> None:
    sample.change(path, lambda node: replace(node, outputs=(port("result", FLOAT),)))


def add(sample: Sample, node: object, *edges: object) -> None:
    sample.nodes.append(node)  # type: ignore[arg-type]
    sample.edges.extend(edges)  # type: ignore[arg-type]


def again(source: str, target: str) -> DataEdge:
    """A second edge between two ports."""
    return replace(data(source, target), id=edge_id(ID, "data again", source, target))


def require(condition: Expression) -> OperatorNode:
    return OperatorNode(base("require.1"), OperatorType.REQUIRE, OperatorConfig(expression=condition))


def lonely_closer() -> ControlNode:
    return ControlNode(base("lonely"), ControlType.MERGE, ControlConfig("if", opener="reply.if"))


def lonely_opener() -> ControlNode:
    return ControlNode(base("lonely.if"), ControlType.BRANCH, ControlConfig("if"))


def disable(sample: Sample, path: str) -> None:
    sample.change(path, lambda node: replace(node, base=replace(node.base, enabled=False)))


SPOILED: list[tuple[str, str, str, Callable[[Sample], object]]] = [
    ("WF0601", "kind", "kind → late → kind is a cycle", lambda s: add(s, python("late", port("a")), data("kind!label", "late!a"), control("late", "kind"))),
    ("WF0302", "kind", "output port `labels` of `kind`", lambda s: add(s, python("p", port("a")), data("kind!labels", "p!a"))),
    ("WF0403", "p", "input port `b` of `p`", lambda s: add(s, python("p"), data("kind!label", "p!b"))),
    ("WF0301", "sizes", "from `sizes/yield.result` to `sizes.value`: a float is no int; the transform `int(it)` would make it fit", lambda s: output_type(s, "sizes/yield")),
    ("WF0301", "sizes/yield", "into `sizes/yield.times`: expected an int, found", lambda s: s.config("sizes/yield", arguments={"times": Constant("x")})),
    ("WF0301", "sizes/yield", "into `sizes/yield.times`: a string is no int", lambda s: s.config("sizes/yield", arguments={"times": Expression('"x"', STRING)})),
    ("WF0301", "reply:then/yield.note", "out of `reply:then/yield.note`: an int is no string", lambda s: s.config("reply:then/yield.note", expression=Expression("1", INT))),
    ("WF0305", "reply.if", "nothing may flow from `kind.label` to `reply.if.kind.label`, since `kind` is disabled", lambda s: disable(s, "kind")),
    ("WF0417", "output.reply", "cannot be a secret", lambda s: s.change("output.reply", lambda node: replace(node, port=port("input", SECRET)))),
    ("WF0404", "kind", "`text` of `kind` gets 2 values", lambda s: s.edges.append(again("input.text!output", "kind!text"))),
    ("WF0404", "kind", "gets 2 values; it takes one: `input.text.output`, its configuration", lambda s: s.config("kind", arguments={"text": Constant("x")})),
    ("WF0402", "kind", "`text` of `kind` needs a value", lambda s: s.unlink("input.text", "kind")),
    ("WF0402", "output.sizes", "`input` of `output.sizes` needs a value", lambda s: s.unlink("sizes", "output.sizes")),
    ("WF0607", "sizes/yield", "stands in a region `sizes:all` that is not there", lambda s: rename(s, "sizes/yield", "sizes:all")),
    ("WF0607", "reply:then", "`reply:then` stands there twice", lambda s: s.regions.append(s.regions[0])),
    ("WF0607", "sizes", "`sizes` has no opening node", lambda s: s.region("sizes", opener=nid("kind"))),
    ("WF0607", "sizes", "opened by a parallel, but not closed by", lambda s: s.region("sizes", closer=nid("reply"))),
    ("WF0607", "sizes", "closes at `sizes`, which closes `reply.if`", lambda s: s.config("sizes", opener="reply.if")),
    ("WF0607", "sizes", "does not stand where", lambda s: s.region("sizes", parent="reply:then")),
    ("WF0607", "reply:then", "is not called after its closing node `reply`", lambda s: s.region("reply:then", name="other")),
    ("WF0608", "lonely", "`lonely` closes no region", lambda s: add(s, lonely_closer())),
    ("WF0608", "lonely.if", "`lonely.if` opens no region", lambda s: add(s, lonely_opener())),
    ("WF0608", "reply.if", "have the same place", lambda s: s.region("reply:else", order=0)),
    ("WF0608", "reply.if", "do not close at one node", lambda s: (add(s, lonely_closer()), s.region("reply:else", closer=nid("lonely")))),
    ("WF0609", "p", "`sizes/yield` to `p` leaves a block other than", lambda s: add(s, python("p", port("a", INT)), data("sizes/yield!result", "p!a"))),
    ("WF0609", "p", "`sizes.for` to `p` leaves a block by its opening node", lambda s: add(s, python("p", port("a")), data("sizes.for!item", "p!a"))),
    ("WF0609", "sizes", "`kind` to `sizes` enters a block by its closing node", lambda s: s.edges.append(control("kind", "sizes"))),
    ("WF0609", "reply:else/yield", "leaves a block other than", lambda s: s.edges.append(control("reply:then/yield", "reply:else/yield"))),
    ("WF0609", "reply", "brings the value of `then` to the port `else`", lambda s: (s.unlink("reply:then/yield", "reply"), s.edges.append(data("reply:then/yield!result", "reply!else")))),
    ("WF0610", "sizes/yield", "`sizes/yield` comes last", lambda s: s.unlink("sizes/yield", "sizes")),
    ("WF0610", "sizes/yield", "`sizes/yield` comes first", lambda s: s.unlink("sizes.for", "sizes/yield")),
    ("WF0611", "kind", "`then` of `kind` does not leave a branch", lambda s: s.relink("reply:then/yield.note", source_node=nid("kind"))),
    ("WF0611", "reply.if", "`maybe` of `reply.if` names no region", lambda s: s.relink("reply:then/yield.note", label="maybe")),
    ("WF0611", "reply.if", "leads to `reply:then/yield.note`, which is not in its region", lambda s: s.relink("reply:then/yield.note", label="else", order=1, condition=None)),
    ("WF0611", "reply.if", "has another condition or place", lambda s: s.relink("reply:else/yield", order=4)),
    ("WF0611", "reply.if", "has another condition or place", lambda s: s.edges.append(arm("reply:then/yield", "1 < 2", "then", 0))),
    ("WF0410", "reply.if", "has no condition and is not the last", lambda s: s.relink("reply:then/yield.note", condition=None)),
    ("WF0301", "reply.if", "has a condition that is int, not bool", lambda s: s.relink("reply:then/yield.note", condition=Expression("1", INT))),
    ("WF0611", "reply:else", "no conditional edge leads into the region `reply:else`", lambda s: s.unlink("reply.if", "reply:else/yield")),
    ("WF0504", "reply:else/yield", "(python) has no `python`", lambda s: s.config("reply:else/yield", python=None)),
    ("WF0301", "require.1", "the condition of `require.1` is int", lambda s: add(s, require(Expression("1", INT)))),
    ("WF0403", "kind", "has an argument `tone`", lambda s: s.config("kind", arguments={"tone": Constant("x")})),
    ("WF0612", "input.text", "called `out`, not `output`", lambda s: s.change("input.text", lambda node: replace(node, port=port("out")))),
    ("WF0202", "kind", "`kind` has two input ports `text`; give one another name", lambda s: s.change("kind", lambda node: replace(node, inputs=node.inputs * 2))),
    ("WF0202", "kind", "`kind` has two output ports `label`", lambda s: s.change("kind", lambda node: replace(node, outputs=node.outputs * 2))),
    ("WF0613", "lonely", "no edge starts or ends at `lonely`", lambda s: add(s, python("lonely"))),
    ("WF0407", "output.reply", "stands in a block", lambda s: rename(s, "output.reply", "sizes")),
]  # fmt: skip


def test_the_sample_is_sound() -> None:
    assert Sample().workflow().validate(COMPILED).errors == ()
    assert spoil(lambda s: add(s, require(Expression("1 < 2", BOOL)))).workflow().validate(COMPILED).errors == ()
    assert Workflow("empty").validate(COMPILED).errors == ()


def test_what_is_disabled_takes_nothing() -> None:
    both = spoil(lambda s: (disable(s, "kind"), disable(s, "reply.if"))).workflow()
    assert [each.place for each in both.validate(COMPILED).errors if each.code == "WF0305"] == []


@pytest.mark.parametrize(("code", "path", "part", "how"), SPOILED, ids=[f"{row[0]} {row[2]}" for row in SPOILED])
def test_what_is_spoiled_is_found(code: str, path: str, part: str, how: Callable[[Sample], object]) -> None:
    workflow = spoil(how).workflow()
    found = workflow.validate()
    sound(workflow, found)
    assert [each for each in found.errors if (each.code, each.place) == (code, path) and part in each.message]


def test_several_mistakes_are_told_at_once() -> None:
    def how(sample: Sample) -> None:
        sample.unlink("input.text", "kind")
        sample.config("reply:else/yield", python=None)
        sample.edges.append(control("kind", "sizes"))

    assert [problem.code for problem in spoil(how).workflow().validate(COMPILED).errors] == [
        "WF0402",
        "WF0504",
        "WF0609",
    ]


def test_a_graph_that_was_changed_past_its_methods_is_found_out() -> None:
    workflow = Sample().workflow()
    del workflow.nodes[nid("kind")]
    assert {(problem.code, problem.place) for problem in workflow.validate(COMPILED).errors} == {
        ("WF0201", "input.text"),
        ("WF0201", "reply.if"),
    }
    workflow = Sample().workflow()
    workflow.nodes[nid("twin")] = workflow.nodes[nid("kind")]
    sound(workflow, workflow.validate())
    assert [(problem.code, problem.place) for problem in workflow.validate(COMPILED).errors] == [("WF0202", "kind")]
    workflow = Workflow(NAME)
    workflow.nodes[nid("twin")] = python("kind")
    assert [(problem.code, problem.place) for problem in workflow.validate(COMPILED).errors] == [("WF0202", "kind")]
    workflow = Sample().workflow()
    workflow.edges.append(workflow.edges[0])
    assert [(problem.code, problem.place) for problem in workflow.validate(COMPILED).errors] == [("WF0616", "kind")]


def test_every_code_of_graphs_has_a_test() -> None:
    of_the_builder = {"WF0615"}  # tests/model/test_builder_problems.py has it
    told = {code for code, *_ in (*SPOILED, *DOUBTFUL)} | {"WF0616", "WF0623"} | of_the_builder
    assert {entry.code for entry in GRAPHS} == {code for code in told if code.startswith("WF06")}


def only(how: Callable[[Sample], object], code: str) -> ValidationError:
    """The one problem of a code."""
    (found,) = [each for each in spoil(how).workflow().validate().errors if each.code == code]
    return found


def test_kinds_carry_what_they_are_about() -> None:
    late = python("late", port("a"))
    cycle = only(lambda s: add(s, late, data("kind!label", "late!a"), control("late", "kind")), "WF0601")
    assert cycle == CycleDetected("WF0601", cycle.message, "kind", (nid("kind"), nid("late")))
    edge = data("kind!label", "p!b")
    ends = only(lambda s: add(s, python("p"), edge), "WF0403")
    reason = "ends at the input port `b` of `p`, which is not there"
    assert ends == InvalidEdge("WF0403", f"the edge from `kind` to `p` {reason}; it has none", "p", edge.id, reason)
    types = only(lambda s: output_type(s, "sizes/yield"), "WF0301")
    flow = data("sizes/yield!result", "sizes!value")
    assert types == TypeMismatch("WF0301", types.message, "sizes", flow.id, expected=INT, found=FLOAT)
    twice = only(lambda s: s.edges.append(again("input.text!output", "kind!text")), "WF0404")
    assert twice == OverfedInput("WF0404", twice.message, "kind", nid("kind"), "text")
    unfed = only(lambda s: add(s, python("p", port("a"), port("b")), data("kind!label", "p!a")), "WF0402")
    assert unfed == MissingRequiredInput("WF0402", unfed.message, "p", nid("p"), "b")
    alone = only(lambda s: add(s, python("p", port("a"))), "WF0402")
    assert alone == DisconnectedInput("WF0402", alone.message, "p", nid("p"), "a")
    orphan = only(lambda s: add(s, python("p")), "WF0613")
    assert orphan == OrphanNode("WF0613", orphan.message, "p", nid("p"))


def test_each_kind_has_a_name_of_its_own() -> None:
    kinds = [each.kind for each in get_args(ValidationError)]
    assert len(set(kinds)) == len(kinds)
    assert "type_mismatch" in kinds


ASKED: list[tuple[ValidationConfig, Callable[[Sample], object]]] = [
    (ValidationConfig(check_cycles=False), lambda s: s.edges.append(control("kind", "input.text"))),
    (ValidationConfig(check_types=False), lambda s: output_type(s, "sizes/yield")),
    (ValidationConfig(check_connectivity=False), lambda s: add(s, python("p", port("a")))),
    (ValidationConfig(allow_orphan_nodes=True), lambda s: add(s, python("p"))),
    (ValidationConfig(allow_unstructured=True), lambda s: add(s, lonely_opener(), control("kind", "lonely.if"))),
]


@pytest.mark.parametrize(("config", "how"), ASKED)
def test_what_is_not_asked_is_no_error(config: ValidationConfig, how: Callable[[Sample], object]) -> None:
    workflow = spoil(how).workflow()
    assert not workflow.validate().is_valid
    assert workflow.validate(config).is_valid


HIT = RecordType((Field("id", STRING), Field("score", FLOAT)))
SHORT = RecordType((Field("id", STRING),))


def hits(sample: Sample) -> None:
    """A step that gives more than the next one takes, in a list."""
    add(sample, python("hits", result=ListType(HIT)))
    add(sample, python("best", port("hits", ListType(SHORT))))
    sample.edges += [control("kind", "hits"), data("hits!result", "best!hits"), control("best", "output.reply")]


def unused_input(sample: Sample) -> None:
    add(sample, InputNode(base("input.spare"), port("output")))


DOUBTFUL: list[tuple[str, str, str, Callable[[Sample], object]]] = [
    ("WF0212", "p", "nothing reads what `p` gives", lambda s: add(s, python("p"), control("kind", "p"))),
    ("WF0212", "input.spare", "the input `input.spare` is never used", unused_input),
    ("WF0212", "p", "nothing reads what `p` gives", lambda s: add(s, python("p"))),
    ("WF0620", "p", "no edge starts or ends at `p`", lambda s: add(s, replace(python("p"), outputs=()))),
    ("WF0622", "best", "from `hits` to `best` leaves `score` behind", hits),
]  # fmt: skip


@pytest.mark.parametrize(("code", "path", "part", "how"), DOUBTFUL, ids=[f"{row[0]} {row[2]}" for row in DOUBTFUL])
def test_what_is_hardly_meant_is_a_warning(code: str, path: str, part: str, how: Callable[[Sample], object]) -> None:
    found = spoil(how).workflow().validate(ValidationConfig(allow_orphan_nodes=True))
    assert found.errors == ()
    ((told, place, message),) = [(each.code, each.place, each.message) for each in found.warnings]
    assert (told, place) == (code, path)
    assert part in message
    assert CODES[code].severity == "warning"


def test_blocks_within_too_many_others_are_a_warning() -> None:
    warnings = nest(DEEP + 2).validate().warnings
    assert [(each.code, each.place.count("/")) for each in warnings] == [("WF0623", DEEP)]


def test_a_node_alone_is_no_orphan() -> None:
    workflow = Workflow(NAME)
    workflow.add_node(python("p"))
    assert workflow.validate() == ValidationResult(is_valid=True, errors=(), warnings=())


def test_a_graph_of_control_edges_only_is_sound() -> None:
    assert graph(4, [(0, 1), (1, 2), (0, 3)]).validate().is_valid


def test_the_parts_of_validation_add_up_to_the_whole() -> None:
    for *_, how in SPOILED:
        workflow = spoil(how).workflow()
        parts = [*workflow.validate_connectivity(), *workflow.validate_types(), *workflow.validate_structure()]
        assert set(map(repr, parts)) == set(map(repr, workflow.validate().errors))
