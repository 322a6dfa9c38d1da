"""What a call calls, and the calls that stand too deep to be nodes."""

from __future__ import annotations

from collections.abc import Iterator

from symphony_compiler.bindings import Frame
from symphony_compiler.site import Site
from symphony_compiler.symbols import (
    A_KIND,
    BrokenSymbol,
    CallableSymbol,
    ConstSymbol,
    Declared,
    ModuleSymbol,
    TemplateSymbol,
)
from symphony_dsl.base.diagnostic import Fix, Label, TextEdit
from symphony_dsl.base.span import Span
from symphony_dsl.expressions.names import mentioned
from symphony_dsl.expressions.tree import Call, Expr, Name
from symphony_dsl.expressions.walk import Walk, children, rebuild, settle


def callee(site: Site, call: Call) -> CallableSymbol | BrokenSymbol | None:
    """The callable that is called; None where it is a function of the language, or nothing.

    A broken one stands for what could not be read, or is not declared where it was sought (which has been reported).
    """
    if call.target is None:
        return None if call.name in site.file.functions else _callable(site.declared(call.name))
    module = _module(site, call)
    if module is None:
        return None
    found = site.member(module, call.name, call.name_span)
    if isinstance(found, CallableSymbol | BrokenSymbol):
        return found
    if isinstance(found, TemplateSymbol):
        refuse_template(site, call, found)
    elif found is not None:
        site.wrong_kind(call.name_span, found, "something that can be called")
    return BrokenSymbol(call.name, site.location(call.name_span))


def _callable(found: Declared | ConstSymbol | None) -> CallableSymbol | BrokenSymbol | None:
    return found if isinstance(found, CallableSymbol | BrokenSymbol) else None


def _module(site: Site, call: Call) -> ModuleSymbol | None:
    if not isinstance(call.target, Name):
        return None
    found = site.file.declarations.get(call.target.name)
    if not isinstance(found, ModuleSymbol):
        return None
    site.file.used.add(call.target.name)
    return found


def calls_inside(site: Site, expr: Expr) -> Iterator[tuple[Call, CallableSymbol | BrokenSymbol]]:
    """The outermost calls of callables in an expression, itself included."""
    rest = [expr]
    while rest:
        found = rest.pop()
        target = callee(site, found) if isinstance(found, Call) else None
        if isinstance(found, Call) and target is not None:
            yield found, target
            continue
        rest.extend(reversed(children(found)))


def replace_calls(expr: Expr, made: dict[Expr, Expr]) -> Expr:
    """The expression with others in place of some of its parts."""
    return settle(_replaced(expr, made))


def _replaced(expr: Expr, made: dict[Expr, Expr]) -> Walk[Expr]:
    if expr in made:
        return made[expr]
    parts: list[Expr] = []
    for each in children(expr):
        parts.append((yield _replaced(each, made)))
    return rebuild(expr, parts)


def refuse_template(site: Site, call: Call, found: TemplateSymbol) -> None:
    """A template is filled in by a declaration, and that is called."""
    site.tainted = True
    message = (
        f"`{found.name}` is a template, which no step calls; declare a workflow, `workflow my_{found.name} = {found.name}(…)`, "
        "and call that"
    )
    site.report("WF0209", call.name_span, message, labels=[Label(found.location, "declared here")])


def refuse_deep_call(site: Site, frame: Frame | None, call: Call, target: CallableSymbol | BrokenSymbol) -> None:
    site.tainted = True
    if isinstance(target, BrokenSymbol):
        return
    kind = A_KIND[target.kind]
    message = (
        f"`{call.name}` is {kind}, and is called only where its value is that of a step or a block; make it a step"
    )
    fix = _as_step(site, frame, call) if frame else None
    site.report("WF0401", call.span, message, fixes=[fix] if fix else [])


def _as_step(site: Site, frame: Frame, call: Call) -> Fix | None:
    """The call as a step above the statement; None where it uses a name that is not known there."""
    statement = site.statement
    seen = (path[0] for path, _ in mentioned(call))
    if statement is None or statement.lead.doc or not all(_known(site, frame, name) for name in seen):
        return None
    annotations = statement.lead.annotations
    start = annotations[0].span.start if annotations else statement.span.start
    indent = site.text[site.text.rfind("\n", 0, start) + 1 : start]
    if indent.strip():
        return None
    name = _new_name(frame, call.name)
    written = site.text[call.span.start : call.span.end]
    above = TextEdit(site.location(Span(start, start)), f"step {name} = {written}\n{indent}")
    return Fix("make it a step", (above, TextEdit(site.location(call.span), name)))


def _known(site: Site, frame: Frame, name: str) -> bool:
    return frame.find(name) is not None or name in site.file.constants or name in site.file.declarations


def _new_name(frame: Frame, name: str) -> str:
    taken = (f"{name}_{number}" for number in range(1, 1000))
    return next(each for each in taken if frame.find(each) is None and frame.defined_below(each) is None)
