"""What stands right of `=`, behind `yield`, in an arm: a call, an expression or a control block → nodes.

The one place that knows every kind of value; each kind has a file of its own.
"""

from __future__ import annotations

from symphony_compiler.attempts import lower_try
from symphony_compiler.branches import lower_if, lower_match
from symphony_compiler.callees import callee, refuse_template
from symphony_compiler.calls import lower_call, lower_unknown_call
from symphony_compiler.chains import as_written
from symphony_compiler.each import lower_for
from symphony_compiler.loops import lower_loop
from symphony_compiler.parallels import lower_parallel
from symphony_compiler.reading import read
from symphony_compiler.spot import Made, Place, Spot
from symphony_compiler.symbols import BrokenSymbol, CallableSymbol, TemplateSymbol
from symphony_compiler.wiring import expression_node
from symphony_dsl.base.types import UNKNOWN, Type
from symphony_dsl.expressions.checker.excuses import excused_call
from symphony_dsl.expressions.functions.table import FUNCTIONS
from symphony_dsl.expressions.tree import Call, Expr
from symphony_dsl.syntax.tree import For, If, Loop, Match, Node, Parallel, Try, Value


def lower_value(spot: Spot, place: Place, value: Value, expected: Type | None) -> Made:
    match value:
        case Node():
            return _lower_node(spot, place, value, expected)
        case If():
            return lower_if(spot, place, value, expected)
        case Match():
            return lower_match(spot, place, value, expected)
        case For():
            return lower_for(spot, place, value, expected)
        case Loop():
            return lower_loop(spot, place, value, expected)
        case Parallel():
            return lower_parallel(spot, place, value, expected)
        case Try():
            return lower_try(spot, place, value, expected)


def _lower_node(spot: Spot, place: Place, node: Node, expected: Type | None) -> Made:
    expr = node.expr
    if isinstance(expr, Call):
        target = callee(spot.site, expr)
        if isinstance(target, CallableSymbol):
            return lower_call(spot, place, expr, target, node.settings, expected)
        if isinstance(target, BrokenSymbol):
            return lower_unknown_call(spot, place, expr)
        if _unknown_callable(spot, expr):
            return lower_unknown_call(spot, place, expr)
    if node.settings is not None:
        message = "settings stand behind the call of an instrument, operator or workflow; an expression has none"
        spot.site.report("WF0509", node.settings.span, message)
    return _lower_expression(spot, place, expr, expected)


def _lower_expression(spot: Spot, place: Place, expr: Expr, expected: Type | None) -> Made:
    reading = read(spot.site, spot.frame, expr, as_written(expr, expected))
    of = reading.type if expected is None else expected
    return expression_node(spot, place, reading, UNKNOWN if of is None else of)


def _unknown_callable(spot: Spot, call: Call) -> bool:
    """Whether a call means a callable that is not there; where it does, that has been reported."""
    site = spot.site
    if call.target is not None or call.name in FUNCTIONS or call.name in site.file.functions:
        return False
    if call.name in site.ghosts:
        return True
    found = site.file.declarations.get(call.name)
    if isinstance(found, TemplateSymbol):
        refuse_template(site, call, found)
        return True
    if found is not None:
        site.wrong_kind(call.name_span, found, "something that can be called")
        return True
    if spot.frame.find(call.name) is not None or call.name in site.file.constants:
        site.report("WF0209", call.name_span, f"`{call.name}` is a value; it cannot be called")
        return True
    if excused_call(call.name):
        return False
    names = {**site.file.declarations, **site.file.prelude.declarations}
    known = [name for name, each in names.items() if isinstance(each, CallableSymbol)]
    site.unknown(
        "WF0201", call.name_span, f"there is no operator, instrument or workflow `{call.name}`", call.name, known
    )
    return True
