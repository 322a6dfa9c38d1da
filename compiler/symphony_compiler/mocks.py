"""`mock classify => { … }` → what stands for calls of a workflow that is tested.

Needs the graph of the workflow. Guarantees that something is called so or stands at that path, and that the value is one that it may
give. A path wins over a name: `mock reply => …` is for the step `reply`, if there is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from symphony_compiler.constants import evaluate, hold
from symphony_compiler.effects import FAILURE
from symphony_compiler.generic import is_open
from symphony_compiler.symbols import BrokenSymbol, CallableSymbol, ConstSymbol, Declared, ModuleSymbol
from symphony_compiler.test_parts import Bench, Graphs, MockCase, meant, type_of
from symphony_dsl.base.conform import ConversionError, conform, to_json
from symphony_dsl.base.flows import a
from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.span import Span
from symphony_dsl.base.types import JSON, STRING, Constraint, Type
from symphony_dsl.base.values import Json, Value
from symphony_dsl.expressions.tree import Brace, Expr
from symphony_dsl.syntax.tree import Fail, Mock
from symphony_model.nodes import InstrumentConfig, InstrumentNode, Node, OperatorConfig, OperatorNode, tools_of
from symphony_model.workflow import Workflow


@frozen
class Stands:
    """What a mock stands for. `types` are those of the values that are asked of it: none where there is no value, several where
    the calls of one name ask for results of different types."""

    callee: str | None
    path: str | None
    types: tuple[Type, ...]
    constraints: tuple[Constraint, ...] = ()


def mocks_of(bench: Bench, statements: Iterable[Mock]) -> tuple[MockCase, ...]:
    found: list[MockCase] = []
    first: dict[str, Mock] = {}
    called = called_by(bench.graph, bench.graphs) if bench.graph else None
    for each in statements:
        before = first.setdefault(_written(each), each)
        if before is not each:
            labels = [bench.site.reporter.label(_span(before), "given here")]
            bench.site.report("WF0404", _span(each), f"`{_written(each)}` has a mock already", labels=labels)
            continue
        stands = _stands(bench, each, called)
        made = _case(bench, each, stands) if stands else None
        found += [made] if made else []
    return tuple(found)


def _written(mock: Mock) -> str:
    return ".".join(each.name for each in mock.path)


def _span(mock: Mock) -> Span:
    return mock.path[0].span.to(mock.path[-1].span)


# ---- what it stands for ----


def called_by(graph: Workflow, graphs: Graphs) -> frozenset[str] | None:
    """The names of all that a workflow calls, tools and what its workflows call included; None where not all of that is known."""
    names: set[str] = set()
    seen: set[int] = set()
    rest = [graph]
    while rest:
        workflow = rest.pop()
        if id(workflow) in seen:
            continue
        seen.add(id(workflow))
        for config in (each for node in workflow.nodes.values() for each in _configs(node)):
            if config.callee is not None:
                names.add(config.callee)
            if isinstance(config, OperatorConfig) and config.workflow is not None:
                inner = [each for (_, name), each in graphs.items() if name == config.callee]
                if not inner:
                    return None
                rest += inner
    return frozenset(names)


def _configs(node: Node) -> Iterator[InstrumentConfig | OperatorConfig]:
    if isinstance(node, InstrumentNode | OperatorNode):
        yield node.config
        yield from (tool.config for tool in tools_of(node))


def _stands(bench: Bench, mock: Mock, called: frozenset[str] | None) -> Stands | None:
    node = bench.nodes.get(_written(mock))
    if node is not None:
        return _node(bench, mock, node)
    symbol = _callable(bench, mock)
    if symbol is None:
        return None
    if called is not None and symbol.name not in called:
        message = f"`{bench.symbol.name}` never calls `{_written(mock)}`"
        bench.site.report("WF0420", _span(mock), message)
        return None
    constraints = () if symbol.result.is_record else tuple(c for port in symbol.result.ports for c in port.constraints)
    return Stands(symbol.name, None, _results(bench, symbol), constraints)


def _node(bench: Bench, mock: Mock, node: Node) -> Stands | None:
    config = next(_configs(node), None)
    if config is None or not (config.callee or node.outputs):
        bench.site.report("WF0420", _span(mock), f"`{_written(mock)}` calls nothing that a mock could stand for")
        return None
    of = type_of(node)
    constraints = () if config.record or len(node.outputs) != 1 else node.outputs[0].constraints
    return Stands(None, node.base.path, () if of is None else (of,), constraints)


def _callable(bench: Bench, mock: Mock) -> CallableSymbol | None:
    """`name` or `alias.name`; where there is no such thing, that is reported."""
    site = bench.site
    found: Declared | ConstSymbol | None = site.declared(mock.path[0].name)
    if isinstance(found, ModuleSymbol) and len(mock.path) == 2:
        found = site.member(found, mock.path[1].name, mock.path[1].span)
        if found is None:
            return None
    elif len(mock.path) > 1 and not isinstance(found, BrokenSymbol):
        found = None
    if isinstance(found, CallableSymbol):
        return found
    if bench.graph is None or isinstance(found, BrokenSymbol):
        site.tainted = True
        return None
    _unknown(bench, mock)
    return None


def _unknown(bench: Bench, mock: Mock) -> None:
    path, steps = _written(mock), bench.steps()
    callables = [name for name, each in bench.site.file.declarations.items() if isinstance(each, CallableSymbol)]
    message = f"`{bench.symbol.name}` has no step `{path}`, and nothing that it calls has that name"
    bench.site.unknown("WF0420", _span(mock), message, path, [*steps, *callables], meant(path, steps))


def _results(bench: Bench, symbol: CallableSymbol) -> tuple[Type, ...]:
    """Where the type of a result depends on an argument, the calls say what it is."""
    whole = symbol.result.whole
    if whole is None:
        return ()
    if not is_open(whole):
        return (whole,)
    nodes = [
        each for each in bench.nodes.values() if (config := next(_configs(each), None)) and config.callee == symbol.name
    ]
    return tuple(dict.fromkeys(of for of in map(type_of, nodes) if of is not None)) or (JSON,)


# ---- its value ----


def _case(bench: Bench, mock: Mock, stands: Stands) -> MockCase | None:
    if isinstance(mock.value, Fail):
        return MockCase(stands.callee, stands.path, failure=_failure(bench, mock.value.value))
    if not stands.types:
        return _nothing(bench, mock, mock.value, stands)
    of = stands.types[0] if len(stands.types) == 1 else JSON
    made = evaluate(bench.site, mock.value, of)
    if not made.known or not _fits(bench, mock, mock.value, made.value, stands):
        return None
    return MockCase(stands.callee, stands.path, value=to_json(made.value, of))


def _nothing(bench: Bench, mock: Mock, expr: Expr, stands: Stands) -> MockCase:
    made = evaluate(bench.site, expr, None)
    if made.known and made.value not in (None, {}):
        message = f"`{_written(mock)}` gives no value: write `mock {_written(mock)} => null`"
        bench.site.report("WF0301", expr.span, message)
    return MockCase(stands.callee, stands.path)


def _fits(bench: Bench, mock: Mock, expr: Expr, value: Value, stands: Stands) -> bool:
    hold(bench.site, expr.span, f"the result of `{_written(mock)}`", value, stands.constraints)
    for of in stands.types if len(stands.types) > 1 else ():
        try:
            conform(value, of)
        except ConversionError as problem:
            message = f"a call of `{_written(mock)}` has to give {a(of)}: {problem}; give each step a mock of its own, by its path"
            bench.site.report("WF0301", expr.span, message)
            return False
    return True


def _failure(bench: Bench, expr: Expr) -> Json:
    of = FAILURE if isinstance(expr, Brace) else STRING
    made = evaluate(bench.site, expr, of)
    if not made.known:
        return None
    return to_json(conform(made.value if of is FAILURE else {"message": made.value}, FAILURE), FAILURE)
