"""`tools: [search, book]` → what the model of an instrument may call before it answers.

Needs the symbols of the file. Guarantees that each tool is something that can be called with data alone, and that no instrument is
among its own tools, however far away. In the graph a tool is complete: what it takes and gives, what it is for, what runs it, and the settings of its declaration and file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from symphony_compiler.chains import chain_idents
from symphony_compiler.declare import Outline
from symphony_compiler.generic import replaced
from symphony_compiler.ordering import ordered, shown_way
from symphony_compiler.settings import behind_call, only, over
from symphony_compiler.site import Site
from symphony_compiler.spot import Spot
from symphony_compiler.symbols import BrokenSymbol, CallableSymbol, Code, Exports, Model
from symphony_compiler.typerefs import find_declared
from symphony_dsl.base.flows import a, hidden_in
from symphony_dsl.base.types import TYPE, Type
from symphony_dsl.expressions.tree import Expr, ListLiteral
from symphony_dsl.syntax.tree import Callable, Setting
from symphony_model.nodes import InstrumentTool, OperatorConfig, OperatorTool, OperatorType, Tool


def link_tools(outline: Outline) -> None:
    """Give each instrument of the file its tools, which may be declared below it."""
    found: dict[str, tuple[Site, Setting, Model]] = {}
    for site, declaration in outline.declared:
        given = _given(declaration) if isinstance(declaration, Callable) else None
        symbol = site.file.declarations.get(declaration.name.name)
        if given is None or not isinstance(symbol, CallableSymbol) or not isinstance(symbol.body, Model):
            continue
        symbol.body.tools.extend(_tools(site, given.value))
        found[symbol.name] = (site, given, symbol.body)
    _refuse_circles(found)


def _given(declaration: Callable) -> Setting | None:
    return next((each for each in declaration.block.settings if each.name.name == "tools"), None)


def _tools(site: Site, value: Expr) -> list[CallableSymbol]:
    if not isinstance(value, ListLiteral):
        site.report("WF0503", value.span, "`tools` is a list of what may be called: `[search, book]`")
        return []
    made: dict[str, CallableSymbol] = {}
    for each in value.elements:
        tool = _tool(site, each.value)
        if tool is not None and tool.name in made:
            site.report(
                "WF0503", each.value.span, f"two tools are called `{tool.name}`, and a model knows them by name"
            )
        elif tool is not None:
            made[tool.name] = tool
    return list(made.values())


def _tool(site: Site, value: Expr) -> CallableSymbol | None:
    names = chain_idents(value)
    if names is None:
        site.report("WF0503", value.span, "a tool is the name of an operator, an instrument or a workflow")
        return None

    def known() -> list[str]:
        declared = {**site.file.declarations, **site.file.prelude.declarations}
        return [name for name, each in declared.items() if isinstance(each, CallableSymbol)]

    found = find_declared(site, names, known, "WF0201", "operator, instrument or workflow")
    if not isinstance(found, CallableSymbol):
        if found is not None and not isinstance(found, BrokenSymbol):
            site.wrong_kind(value.span, found, "something that can be called")
        return None
    return found if _takes_data(site, value, found) else None


def _takes_data(site: Site, value: Expr, tool: CallableSymbol) -> bool:
    for each in tool.parameters:
        hidden = each.type if each.type == TYPE else hidden_in(each.type)
        if hidden is not None and not each.has_default:
            message = f"a model cannot give `{each.name}` of `{tool.name}`, which is {a(hidden)}; wrap it in an operator without"
            site.report("WF0503", value.span, message)
            return False
    return True


def _refuse_circles(found: dict[str, tuple[Site, Setting, Model]]) -> None:
    def tools(name: str) -> list[str]:
        return [each.name for each in found[name][2].tools if found.get(each.name, (None,))[0] is not None]

    for cycle in ordered(found, tools).cycles:
        site, setting, model = found[cycle[-2]]
        itself = f"`{cycle[0]}` cannot be a tool of its own"
        message = itself if len(cycle) == 2 else f"an instrument cannot be among its own tools: {shown_way(cycle)}"
        site.report("WF0416", setting.value.span, message)
        model.tools[:] = [each for each in model.tools if each.name != cycle[-1]]


# ---- in the graph ----


def tools_in(spot: Spot, model: Model) -> tuple[Tool, ...]:
    """The tools of an instrument as its node has them."""
    return tuple(made for each in model.tools if (made := _made(spot, each)) is not None)


def _made(spot: Spot, tool: CallableSymbol) -> Tool | None:
    types: dict[str, Type] = {each.name: each.default for each in tool.parameters if each.type == TYPE}
    inputs = tuple(each.port(types) for each in tool.parameters if each.type != TYPE)
    outputs = tuple(replace(each, type=replaced(each.type, types)).port() for each in tool.result.ports)
    about = (tool.documentation, inputs, outputs)
    record, settings = tool.result.looks_like_value, only(over(tool.settings, spot.outer), behind_call(tool).known)
    match tool.body:
        case Model(model_id, model):
            asked = replace(model, record=record, settings=settings, tools=tools_in(spot, tool.body))
            return InstrumentTool(tool.name, model_id, asked, *about)
        case Code(kind, code):
            run = replace(code, record=record, settings=settings)
            return OperatorTool(tool.name, kind, run, *about)
    called = spot.hash_of(tool) if tool.kind == "workflow" else None
    if called is None:
        spot.site.tainted = True
        return None
    spot.graph.callees[called] = (tool.location.path, tool.name)
    return OperatorTool(tool.name, OperatorType.WORKFLOW, OperatorConfig(callee=tool.name, workflow=called), *about)


def called_by(model: Model) -> Iterator[CallableSymbol]:
    """The workflows that an instrument may call by its tools, and by the tools of those."""
    rest = list(model.tools)
    while rest:
        each = rest.pop()
        if each.kind == "workflow":
            yield each
        elif isinstance(each.body, Model):
            rest.extend(each.body.tools)


def files_behind(exports: Exports) -> set[str]:
    """The files of the workflows that the instruments of a file may call, which whoever asks those instruments needs."""
    models = (each.body for each in exports.declarations.values() if isinstance(each, CallableSymbol))
    return {each.location.path for model in models if isinstance(model, Model) for each in called_by(model)}
