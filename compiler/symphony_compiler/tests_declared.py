"""`test "…" for workflow { given … mock … expect … }` → what a runner needs to try a workflow out.

Needs the graphs of the file's workflows and of those it imports. Guarantees that givens and mocks have values of the right types,
that each path is that of a node, and that an expectation is a condition over inputs, outputs and `steps.PATH`. What steps gave, and
what became of them, are names of their own in an expectation: `reached(steps.reply.then)` becomes `step_1`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from symphony_compiler.annotations import of_declaration
from symphony_compiler.bindings import OWN, Binding, Frame, Port
from symphony_compiler.callees import replace_calls
from symphony_compiler.chains import prefix
from symphony_compiler.constants import evaluate
from symphony_compiler.effects import FAILURE
from symphony_compiler.layout import dotted
from symphony_compiler.reading import read, text_of
from symphony_compiler.site import Site
from symphony_compiler.symbols import BrokenSymbol, CallableSymbol, ConstSymbol, Declared, ModuleSymbol, Parameter
from symphony_compiler.typerefs import find_declared
from symphony_dsl.base.conform import to_json
from symphony_dsl.base.constraints import violation
from symphony_dsl.base.diagnostic import Label
from symphony_dsl.base.types import BOOL, INT, SECRET, STRING, UNKNOWN, Field, OptionalType, RecordType, Type, plain
from symphony_dsl.base.values import Json
from symphony_dsl.expressions.checks import holds
from symphony_dsl.expressions.names import mentioned
from symphony_dsl.expressions.narrowing import path_of
from symphony_dsl.expressions.tree import Brace, Call, Expr, Name, Select
from symphony_dsl.expressions.walk import every
from symphony_dsl.syntax.tree import Expect, Fail, Given, Ident, Mock, Test
from symphony_model.nodes import InputNode, InstrumentNode, Node, OperatorNode, OutputNode
from symphony_model.workflow import Workflow

STEPS = "steps"
SOURCES = ("env:", "file:")

ASKED: dict[str, Type] = {"reached": BOOL, "skipped": BOOL, "failed": BOOL, "calls": INT}
"""What can be asked of a step: whether it ran, was passed over, failed; how often it began."""


@dataclass(frozen=True, slots=True)
class MockCase:
    """What stands for every call of `callee`, or for the node at `path`: the outputs as JSON, or a failure."""

    callee: str | None
    path: str | None
    value: Json = None
    failure: Json = None


@dataclass(frozen=True, slots=True)
class Question:
    """What a name of an expectation stands for: `value` (what a node gave) or one of `ASKED`, of the node at `path`."""

    about: str
    path: str


@dataclass(frozen=True, slots=True)
class ExpectCase:
    """A condition over inputs, outputs and `questions`. `start` is its place in the file."""

    condition: str
    questions: Mapping[str, Question]
    start: int


@dataclass(frozen=True, slots=True)
class TestCase:
    """`workflow` is known by its file and name."""

    __test__ = False  # no test of ours

    title: str
    workflow: tuple[str, str]
    given: Mapping[str, Json]
    mocks: tuple[MockCase, ...]
    expects: tuple[ExpectCase, ...]


@dataclass(slots=True)
class Bench:
    """The workflow that is tested. `nodes` are by dotted path; none where its graph has an error."""

    site: Site
    symbol: CallableSymbol
    graph: Workflow | None
    nodes: dict[str, Node] = field(default_factory=dict)


def test_of(site: Site, declaration: Test, graphs: Mapping[tuple[str, str], Workflow]) -> TestCase | None:
    """None where there is an error. `graphs` are by file and name."""
    of_declaration(site, declaration.lead)
    symbol = _workflow(site, declaration)
    if symbol is None:
        return None
    graph = graphs.get((symbol.location.path, symbol.name))
    bench = Bench(site, symbol, graph)
    if graph is not None:
        bench.nodes = {dotted(node.base.path): node for node in graph.nodes.values()}
    given = _givens(bench, declaration)
    mocks = [_mock(bench, each) for each in declaration.statements if isinstance(each, Mock)]
    expects = [_expect(bench, each) for each in declaration.statements if isinstance(each, Expect)]
    if not expects:
        message = f'the test "{declaration.title}" expects nothing, so it cannot fail'
        site.report("WF0421", declaration.span._replace(end=declaration.span.start + len("test")), message)
    if not site.sound:
        return None
    return TestCase(
        declaration.title,
        (symbol.location.path, symbol.name),
        given,
        tuple(each for each in mocks if each),
        tuple(each for each in expects if each),
    )


def _workflow(site: Site, declaration: Test) -> CallableSymbol | None:
    def known() -> list[str]:
        found = site.file.declarations.items()
        return [name for name, each in found if isinstance(each, CallableSymbol) and each.kind == "workflow"]

    found = find_declared(site, declaration.workflow, known, "WF0201", "workflow")
    if isinstance(found, CallableSymbol) and found.kind == "workflow":
        return found
    if found is not None and not isinstance(found, BrokenSymbol):
        site.wrong_kind(declaration.workflow[-1].span, found, "a workflow")
    site.tainted = True
    return None


# ---- given ----


def _givens(bench: Bench, declaration: Test) -> dict[str, Json]:
    made: dict[str, Json] = {}
    seen: dict[str, Given] = {}
    for each in declaration.statements:
        if not isinstance(each, Given):
            continue
        first = seen.setdefault(each.name.name, each)
        if first is not each:
            labels = [bench.site.reporter.label(first.name.span, "given here")]
            bench.site.report("WF0404", each.name.span, f"`{each.name.name}` is given twice", labels=labels)
            continue
        _given(bench, each, made)
    missing = [f"`{each.name}`" for each in bench.symbol.parameters if _is_needed(each) and each.name not in seen]
    if missing and bench.symbol.complete:
        span = declaration.workflow[-1].span
        labels = [Label(bench.symbol.location, "declared here")]
        message = f"`{bench.symbol.name}` needs {', '.join(missing)}: `given {missing[0][1:-1]}: …`"
        bench.site.report("WF0402", span, message, labels=labels)
    return made


def _is_needed(parameter: Parameter) -> bool:
    return not parameter.has_default and not isinstance(parameter.type, OptionalType)


def _given(bench: Bench, given: Given, made: dict[str, Json]) -> None:
    site, name = bench.site, given.name.name
    parameter = bench.symbol.parameter(name)
    if parameter is None:
        if bench.symbol.complete:
            known = [each.name for each in bench.symbol.parameters]
            site.unknown("WF0403", given.name.span, f"`{bench.symbol.name}` has no input `{name}`", name, known)
        return
    if plain(parameter.type) == SECRET:
        made[name] = _secret(site, given.value)
        return
    value = evaluate(site, given.value, parameter.type)
    if not value.known:
        return
    broken = violation(value.value, parameter.constraints, "", holds) if value.value is not None else None
    if broken:
        labels = [Label(parameter.location, "declared here")]
        site.report("WF0301", given.value.span, f"`{name}` breaks a constraint: it {broken}", labels=labels)
    made[name] = to_json(value.value, parameter.type)


def _secret(site: Site, expr: Expr) -> Json:
    """Where a secret comes from: a test holds none, as an input does not."""
    source = evaluate(site, expr, STRING)
    if not source.known:
        return None
    if not str(source.value).startswith(SOURCES):
        site.report("WF0301", expr.span, "a secret is given by where it comes from: `env:NAME` or `file:PATH`")
    return {"$secret": source.value}


# ---- mock ----


def _mock(bench: Bench, mock: Mock) -> MockCase | None:
    """A path of a node wins over the name of what is called."""
    path = ".".join(each.name for each in mock.path)
    node = bench.nodes.get(path)
    if node is None:
        callee = _callee(bench, mock)
        return None if callee is None else _stand_in(bench, mock, callee.result.whole, callee.name, None)
    if not isinstance(node, InstrumentNode | OperatorNode):
        span = mock.path[0].span.to(mock.path[-1].span)
        bench.site.report("WF0420", span, f"`{path}` calls nothing that a mock could stand for")
        return None
    return _stand_in(bench, mock, _type_of(node), None, node.base.path)


def _stand_in(bench: Bench, mock: Mock, of: Type | None, name: str | None, where: str | None) -> MockCase | None:
    if isinstance(mock.value, Fail):
        return MockCase(name, where, failure=_failure(bench.site, mock.value.value))
    if of is None:
        evaluate(bench.site, mock.value, None)
        return MockCase(name, where)
    value = evaluate(bench.site, mock.value, of)
    return MockCase(name, where, value=to_json(value.value, of)) if value.known else None


def _callee(bench: Bench, mock: Mock) -> CallableSymbol | None:
    site = bench.site
    found = _declared(site, mock.path)
    if isinstance(found, CallableSymbol):
        return found
    if bench.graph is None or isinstance(found, BrokenSymbol):
        site.tainted = True
        return None
    path = ".".join(each.name for each in mock.path)
    called = [key for key, each in site.file.declarations.items() if isinstance(each, CallableSymbol)]
    span = mock.path[0].span.to(mock.path[-1].span)
    message = f"`{bench.symbol.name}` has no step `{path}`, and nothing that it calls has that name"
    site.unknown("WF0420", span, message, path, [*bench.nodes, *called])
    return None


def _declared(site: Site, path: tuple[Ident, ...]) -> Declared | ConstSymbol | None:
    """What `name` or `alias.name` stands for."""
    found = site.declared(path[0].name)
    if isinstance(found, ModuleSymbol) and len(path) == 2:
        return found.exports.get(path[1].name)
    return found if len(path) == 1 else None


def _type_of(node: Node) -> Type | None:
    """What a node gives as one value; None where it gives nothing."""
    if not node.outputs:
        return node.inputs[0].data_type if isinstance(node, OutputNode) else None
    is_record = isinstance(node, InstrumentNode | OperatorNode) and node.config.record
    if [port.name for port in node.outputs] in (["result"], ["output"]) and not is_record:
        return node.outputs[0].data_type
    return RecordType(tuple(Field(port.name, port.data_type) for port in node.outputs))


def _failure(site: Site, expr: Expr) -> Json:
    of = FAILURE if isinstance(expr, Brace) else STRING
    value = evaluate(site, expr, of)
    return to_json(value.value, of) if value.known else None


# ---- expect ----


def _expect(bench: Bench, expect: Expect) -> ExpectCase | None:
    site = bench.site
    questions: dict[str, Question] = {}
    frame = _frame(bench)
    asked = _asked(bench, expect.condition, questions, frame)
    reading = read(site, frame, asked, BOOL)
    if not reading.sound:
        return None
    start = site.location(expect.span).span.start
    return ExpectCase(text_of(site, reading), questions, start)


def _frame(bench: Bench) -> Frame:
    """Inputs and outputs; of an input and an output of one name the output is meant."""
    frame = Frame()
    for each in bench.symbol.parameters:
        _name(bench, frame, each.name, each.type)
    for output in bench.symbol.outputs:
        _name(bench, frame, output.name, output.type)
    return frame


def _name(bench: Bench, frame: Frame, name: str, of: Type) -> None:
    frame.names[name] = Binding(name, "input", bench.symbol.location.span, of, {"": Port(OWN, name, of)})


def _asked(bench: Bench, expr: Expr, questions: dict[str, Question], frame: Frame) -> Expr:
    """The condition with names for what it asks of steps."""
    names = (questions, frame)
    calls = [each for each, _ in every(expr) if isinstance(each, Call) and each.target is None and each.name in ASKED]
    made: dict[Expr, Expr] = {call: _question(bench, call, names) for call in calls}
    inside = {id(part) for call in calls for part, _ in every(call)}
    for path, node in mentioned(expr):
        if id(node) in inside:
            continue
        if path[0] == STEPS:
            made[node] = _value(bench, path, node, names)
        elif frame.find(path[0]) is None and path[0] in bench.nodes:
            made[node] = _bare_step(bench, path[0], node, names)
    return replace_calls(expr, made) if made else expr


Names = tuple[dict[str, Question], Frame]


def _bare_step(bench: Bench, name: str, node: Expr, names: Names) -> Expr:
    start = node.span._replace(end=node.span.start)
    fix = bench.site.reporter.replacement(f"write `{STEPS}.{name}`", start, f"{STEPS}.")
    message = f"`{name}` is a step; here it is `{STEPS}.{name}`, beside the inputs and outputs"
    bench.site.report("WF0420", node.span, message, fixes=[fix])
    return _named(bench, Question("value", name), UNKNOWN, node, names)


def _question(bench: Bench, call: Call, names: Names) -> Expr:
    of = ASKED[call.name]
    step = call.arguments[0].value if len(call.arguments) == 1 else None
    path = path_of(step) if step is not None else None
    if path is None or path[0] != STEPS or len(path) == 1:
        message = f"`{call.name}` asks about one step: `{call.name}({STEPS}.name)`"
        bench.site.report("WF0420", call.span, message)
        return _named(bench, Question(call.name, ""), of, call, names)
    wanted = ".".join(path[1:])
    found = bench.nodes.get(wanted)
    if found is None:
        _unknown_step(bench, wanted, step or call)
    return _named(bench, Question(call.name, found.base.path if found else wanted), of, call, names)


def _value(bench: Bench, path: tuple[str, ...], node: Expr, names: Names) -> Expr:
    """The longest beginning of a chain that is a step, and the fields behind it."""
    for length in range(len(path), 1, -1):
        found = bench.nodes.get(".".join(path[1:length]))
        if found is None:
            continue
        of = _type_of(found) or UNKNOWN
        made: Expr = _named(bench, Question("value", found.base.path), of, prefix(node, len(path), length), names)
        for at in range(length + 1, len(path) + 1):
            part = prefix(node, len(path), at)
            assert isinstance(part, Select)
            made = Select(part.span, made, part.field, part.field_span)
        return made
    _unknown_step(bench, ".".join(path[1:]), node)
    return _named(bench, Question("value", ""), UNKNOWN, node, names)


def _unknown_step(bench: Bench, wanted: str, node: Expr) -> None:
    if bench.graph is None:
        bench.site.tainted = True
        return
    if not wanted:
        bench.site.report("WF0420", node.span, f"`{STEPS}` has a step behind it: `{STEPS}.name`")
        return
    steps = [name for name, each in bench.nodes.items() if not isinstance(each, InputNode | OutputNode)]
    bench.site.unknown("WF0420", node.span, f"`{bench.symbol.name}` has no step `{wanted}`", wanted, steps)


def _named(bench: Bench, question: Question, of: Type, node: Expr, names: Names) -> Name:
    questions, frame = names
    name = f"step_{len(questions) + 1}"
    while name in frame.names:
        name += "_"
    questions[name] = question
    _name(bench, frame, name, of)
    return Name(node.span, name)
