"""Calls of instruments, operators and workflows → nodes.

Needs the signature of what is called. Guarantees that each parameter has at most one value, of a type that fits, and that
those without a default have one. Before: `step kind = classify(text) { timeout: 20s }`; after: an instrument node `kind`
with an edge into its port `text`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from symphony_compiler.bindings import Port
from symphony_compiler.chains import as_written, chain_idents
from symphony_compiler.computed import Applied, applied
from symphony_compiler.constants import hold
from symphony_compiler.describe import declared, described
from symphony_compiler.generic import replaced
from symphony_compiler.reading import Reading, read
from symphony_compiler.settings import behind_call, only, over
from symphony_compiler.signatures import type_argument, type_reader
from symphony_compiler.spot import Made, Place, Spot, nothing
from symphony_compiler.symbols import (
    CallableSymbol,
    Code,
    Model,
    ModuleSymbol,
    OutputPort,
    Parameter,
    TypeSymbol,
)
from symphony_compiler.tools import tools_in
from symphony_compiler.wiring import Feed, connect, feed
from symphony_dsl.base.conform import conform
from symphony_dsl.base.flows import a, flows, hidden_in
from symphony_dsl.base.types import NAMED, TYPE, UNKNOWN, OptionalType, RecordType, Type
from symphony_dsl.expressions.tree import Argument, Call, Expr, Name
from symphony_dsl.syntax.tree import Block
from symphony_model.ids import NodeId
from symphony_model.nodes import InstrumentConfig, InstrumentNode, OperatorConfig, OperatorNode, OperatorType
from symphony_model.ports import Argument as Configured
from symphony_model.ports import Constant, PortDefinition
from symphony_model.settings import Settings


@dataclass(slots=True)
class Arguments:
    """What a call gives, by parameter. `types` are those given to parameters of type `type`."""

    given: dict[str, Argument] = field(default_factory=dict)
    types: dict[str, Type] = field(default_factory=dict)
    wrong: bool = False


def lower_call(
    spot: Spot, place: Place, call: Call, symbol: CallableSymbol, block: Block | None, expected: Type | None
) -> Made:
    _refuse_asking(spot, call, symbol)
    arguments = _matched(spot, call, symbol)
    given = applied(spot, place, block, behind_call(symbol))
    feeds = _feeds(spot, place, symbol, arguments)
    configured = {name: fed.argument for name, fed in feeds.items() if fed.argument is not None}
    of, outputs, inputs, ports = symbol.result.whole, symbol.result.ports, *symbol.ports
    if arguments.types:
        inputs = tuple(each.port(arguments.types) for each in symbol.parameters if each.type != TYPE)
        of = None if of is None else replaced(of, arguments.types)
        outputs = tuple(replace(each, type=replaced(each.type, arguments.types)) for each in outputs)
    if expected is not None:
        of, outputs = _as_expected(spot, call, symbol, of, outputs, expected)
    if outputs is not symbol.result.ports:
        ports = tuple(each.port() for each in outputs)
    node = spot.add(_node(spot, place, symbol, configured, given, (inputs + given.ports, ports)), place)
    for name, fed in feeds.items():
        connect(spot, node, name, fed)
    given.connect(spot, node)
    spot.enter(node, place)
    spot.leave(node, place)
    return Made(node, of, _named(node, outputs, is_record=symbol.result.is_record), symbol.result.is_record)


def _refuse_asking(spot: Spot, call: Call, symbol: CallableSymbol) -> None:
    if spot.final and isinstance(symbol.body, Code) and symbol.body.type is OperatorType.ASK:
        message = "`finally` waits for nobody: ask above it, and let it use the answer"
        spot.site.report("WF0407", call.name_span, message)


def _settings(spot: Spot, symbol: CallableSymbol, given: Applied) -> Settings:
    """Of a workflow only what stands at its call: the steps in it have defaults of their own."""
    outer = () if symbol.kind == "workflow" else (spot.defaults, symbol.settings, spot.outer)
    return given.without_computed(only(over(given.settings, *outer), behind_call(symbol).known))


def _named(node: NodeId, outputs: tuple[OutputPort, ...], *, is_record: bool) -> dict[str, Port]:
    return {each.name if is_record else "": Port(node, each.name, each.type) for each in outputs}


def lower_unknown_call(spot: Spot, place: Place, call: Call) -> Made:
    """A call of what has an error: its arguments are looked at all the same."""
    spot.site.tainted = True
    spot.graph.waiting.append(place.path)  # for all that is known
    for each in call.arguments:
        if not _is_type(spot, each.value):
            read(spot.site, spot.frame, each.value)
    return placeholder(spot, place)


def _is_type(spot: Spot, expr: Expr) -> bool:
    """Whether an argument is the name of a type, which only the signature could tell to be right."""
    idents = chain_idents(expr)
    if idents is None or spot.frame.find(idents[0].name) is not None:
        return False
    name = idents[0].name
    return name in NAMED or isinstance(spot.site.file.declared(name), TypeSymbol | ModuleSymbol)


def placeholder(spot: Spot, place: Place) -> Made:
    """A node where there is none because of an error, so that what follows can be checked."""
    node = OperatorNode(spot.base(place), OperatorType.EXPRESSION, OperatorConfig())
    made = spot.add(node, place)
    spot.enter(made, place)
    spot.leave(made, place)
    return nothing(made)


# ---- arguments ----


def _matched(spot: Spot, call: Call, symbol: CallableSymbol) -> Arguments:
    arguments = Arguments()
    for at, each in enumerate(call.arguments):
        name = _parameter_of(spot, each, at, symbol, arguments)
        if name is None:
            arguments.wrong = True
            read(spot.site, spot.frame, each.value)
        elif name in arguments.given:
            labels = [spot.site.reporter.label(arguments.given[name].span, "given here")]
            spot.site.report("WF0404", each.span, f"`{name}` is given twice", labels=labels)
        else:
            arguments.given[name] = each
    _types(spot, symbol, arguments)
    _missing(spot, call, symbol, arguments)
    return arguments


def _parameter_of(spot: Spot, argument: Argument, at: int, symbol: CallableSymbol, arguments: Arguments) -> str | None:
    """The parameter that an argument is for: by its name, or a bare name that is the parameter's."""
    if argument.name is None:
        return _shorthand(spot, argument, at, symbol)
    if symbol.parameter(argument.name) is not None:
        return argument.name
    if not symbol.complete:
        return None
    site = spot.site
    known = [each.name for each in symbol.parameters if each.name not in arguments.given]
    near = site.file.suggest(argument.name, known)
    message = f"`{symbol.name}` has no parameter `{argument.name}`"
    span = argument.span._replace(end=argument.span.start + len(argument.name))
    fixes = [site.reporter.replacement(f"write `{near}`", span, near)] if near else []
    hint = f"; did you mean `{near}`?" if near else ""
    site.report("WF0403", span, message + hint, labels=declared(symbol), notes=described(symbol), fixes=fixes)
    return near


def _shorthand(spot: Spot, argument: Argument, at: int, symbol: CallableSymbol) -> str | None:
    value = argument.value
    if isinstance(value, Name) and symbol.parameter(value.name) is not None:
        return value.name
    site = spot.site
    if isinstance(value, Name) and not _is_known(spot, value.name):
        return None  # it is the name that is wrong: reading it says so
    if at >= len(symbol.parameters):
        count = len(symbol.parameters)
        wants = f"takes {count} argument{'s' if count != 1 else ''}" if count else "takes no arguments"
        site.report("WF0403", argument.span, f"`{symbol.name}` {wants}; this is one too many")
        return None
    name = symbol.parameters[at].name
    start = argument.span._replace(end=argument.span.start)
    fix = site.reporter.replacement(f"write `{name}: …`", start, f"{name}: ")
    message = f"arguments of `{symbol.name}` have names: write `{name}: …`"
    site.report("WF0405", argument.span, message, fixes=[fix])
    return name


def _is_known(spot: Spot, name: str) -> bool:
    file = spot.site.file
    return spot.frame.find(name) is not None or name in file.constants or name in file.declarations


def _types(spot: Spot, symbol: CallableSymbol, arguments: Arguments) -> None:
    for each in symbol.parameters:
        if each.type != TYPE:
            continue
        given = arguments.given.get(each.name)
        of = each.default if given is None else type_argument(spot.site, given.value, type_reader(spot.site))
        if given is not None and of is not None and (hidden := hidden_in(of)):
            message = f"`{symbol.name}` gives data, and {a(hidden)} is none; name a type without it"
            spot.site.report("WF0301", given.value.span, message)
        arguments.types[each.name] = UNKNOWN if of is None else of


def _missing(spot: Spot, call: Call, symbol: CallableSymbol, arguments: Arguments) -> None:
    if arguments.wrong or not symbol.complete:
        return
    names = [f"`{each.name}`" for each in symbol.parameters if each.is_needed and each.name not in arguments.given]
    if names:
        listed = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
        message = f"`{symbol.name}` needs {listed}"
        spot.site.report("WF0402", call.name_span, message, labels=declared(symbol), notes=described(symbol))


def _feeds(spot: Spot, place: Place, symbol: CallableSymbol, arguments: Arguments) -> dict[str, Feed]:
    made = {}
    for name, argument in arguments.given.items():
        parameter = symbol.parameter(name)
        assert parameter is not None
        may_be_type = parameter.type == UNKNOWN and _is_type(spot, argument.value)
        if parameter.type != TYPE and not may_be_type:
            of = replaced(parameter.type, arguments.types)
            fed = made[name] = feed(spot, place, name, _read(spot, argument, parameter, of), of)
            if parameter.constraints and isinstance(fed.argument, Constant):
                value = conform(fed.argument.value, of)
                hold(spot.site, argument.value.span, "the argument", value, parameter.constraints, declared(symbol))
    return made


def _read(spot: Spot, argument: Argument, parameter: Parameter, of: Type) -> Reading:
    # An optional value may go where a default waits for it.
    wanted = OptionalType(of) if parameter.has_default and not isinstance(of, OptionalType) and of != UNKNOWN else of
    return read(spot.site, spot.frame, argument.value, as_written(argument.value, wanted))


# ---- results ----


def _as_expected(
    spot: Spot, call: Call, symbol: CallableSymbol, of: Type | None, outputs: tuple[OutputPort, ...], expected: Type
) -> tuple[Type, tuple[OutputPort, ...]]:
    """The result under the type that the text asks for."""
    if of is None:
        spot.site.report("WF0409", call.span, f"`{symbol.name}` has no result", labels=declared(symbol))
        return expected, outputs
    found = flows(of, expected)
    if not found.ok:
        message = f"`{symbol.name}` gives {a(of)}, where {a(expected)} is needed: {found.reason}"
        spot.site.report("WF0301", call.span, message)
        return expected, outputs
    if not symbol.result.is_record:
        return expected, tuple(replace(each, type=expected) for each in outputs)
    return expected, tuple(_field_as_expected(each, expected) for each in outputs)


def _field_as_expected(output: OutputPort, expected: Type) -> OutputPort:
    wanted = expected.get(output.name) if isinstance(expected, RecordType) else None
    return output if wanted is None else replace(output, type=wanted.type)


# ---- nodes ----


def _node(
    spot: Spot,
    place: Place,
    symbol: CallableSymbol,
    arguments: dict[str, Configured],
    given: Applied,
    ports: tuple[tuple[PortDefinition, ...], tuple[PortDefinition, ...]],
) -> InstrumentNode | OperatorNode:
    base = spot.base(place)
    settings = _settings(spot, symbol, given)
    if settings.label is not None:
        base = replace(base, name=settings.label)
    record = symbol.result.looks_like_value
    match symbol.body:
        case Model(model_id, model):
            told = replace(model, tools=tools_in(spot, symbol.body))
            asked = replace(told, record=record, arguments=arguments, settings=settings)
            model_id, asked = _with_model(given, model_id, asked)
            return InstrumentNode(base, model_id, asked, *ports)
        case Code(kind, code):
            run = replace(code, record=record, arguments=arguments, settings=settings)
            return OperatorNode(base, kind, run, *ports)
    called = spot.hash_of(symbol) if symbol.kind == "workflow" else None
    if called is None:
        spot.site.tainted = True
    else:
        spot.graph.callees[called] = (symbol.location.path, symbol.name)
    nested = OperatorConfig(callee=symbol.name, workflow=called, record=record, arguments=arguments, settings=settings)
    return OperatorNode(base, OperatorType.WORKFLOW, nested, *ports)


def _with_model(given: Applied, model_id: str, config: InstrumentConfig) -> tuple[str, InstrumentConfig]:
    """An instrument under what its call says of the model. What is computed has no place in its configuration."""
    said = {**given.model, **{name: None for name in given.types if name in ("temperature", "max_tokens", "max_turns")}}
    return said.pop("model", model_id), replace(config, **said) if said else config
