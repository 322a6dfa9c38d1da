"""The fast tier: an expression becomes one Python function.

The exact tier is the definition; this tier is a shortcut to the same value at the same price. A function is made of
nodes of `ast`, by hand and from a short list of forms (`fast.code`): no attribute is ever read, each name is generated,
what a user wrote is a constant or nothing, and the globals of a function are the few values that it needs, without
builtins. It is never made of text.

*What it relies on.* The types that the checker found: a value of type `int` is a Python int, so that `a + b` may be
Python's. Where a type leaves the class of a value open (`json`), the value is asked, or the call is dispatched as in the
exact tier. What may be absent is None here, as it is in the data, and no `Option`.

*What it leaves.* Whatever goes wrong (a missing field, an overflow, `1 / 0`, the budget, a value of another class than its
type says) raises some Python exception, and the function then gives what the exact tier gives, from the start: the value
after all, since CEL forgives errors beside a side that decides, or the error with its range. Expressions that need what
this tier does not know (secrets, uints, keys that are no strings, nesting beyond measure) have no function.

*What it charges.* What the text costs is known beforehand; a variable counts units where the data add to them. Some
charges come a little later than in the exact tier, but never after work that they do not bound.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import TypeAlias

from symphony_dsl.base.types import OptionalType, Type
from symphony_dsl.base.values import Value
from symphony_dsl.expressions.checker.check import Checked
from symphony_dsl.expressions.conversions import leaving
from symphony_dsl.expressions.fast.code import (
    Code,
    Unserved,
    assign,
    choose,
    compare,
    constant,
    function,
    given_back,
    item,
    name,
    pair,
    settled,
)
from symphony_dsl.expressions.fast.making import METER, Maker
from symphony_dsl.expressions.fast.nodes import make_node
from symphony_dsl.expressions.fast.values import finished
from symphony_dsl.expressions.meter import Meter
from symphony_dsl.expressions.pricing import prices
from symphony_dsl.expressions.tree import Expr
from symphony_dsl.expressions.walk import settle

Function: TypeAlias = Callable[[Mapping[str, Value]], Value]

_FUNCTION, _ENV = "f0", "e0"


def generated(
    tree: Expr, checked: Checked, ports: Mapping[str, Type], result: Type, exact: Function
) -> Function | None:
    """The function of an expression; None where the fast tier does not serve it.

    It takes the ports with their values, and gives the value as a program of the type `result` does. `exact` does the same in
    the exact tier.
    """
    return _function(tree, checked, ports, result, exact, counted=False)


def counting(tree: Expr, checked: Checked, ports: Mapping[str, Type], result: Type, exact: Function) -> Function | None:
    """The same function, which gives the value and the units that it charged; for tests. `exact` must do so, too."""
    return _function(tree, checked, ports, result, exact, counted=True)


def _function(
    tree: Expr, checked: Checked, ports: Mapping[str, Type], result: Type, exact: Function, *, counted: bool
) -> Function | None:
    try:
        module, given = made(tree, checked, ports, result, exact, counted=counted)
        code = compile(module, "<expression>", "exec", dont_inherit=True)
    except (Unserved, RecursionError):
        return None
    exec(code, given)  # noqa: S102  # the code is made of the forms on the list, and has no builtins
    run: Function = given[_FUNCTION]
    return run


def made(
    tree: Expr, checked: Checked, ports: Mapping[str, Type], result: Type, exact: Function, *, counted: bool
) -> tuple[ast.Module, dict[str, Value]]:
    """A module with the function, and its globals. Raises Unserved."""
    costs = prices(tree)
    variables = {port: f"p{at}" for at, port in enumerate(ports)}
    maker = Maker(checked, costs.bodies, make_node, variables, any("." in port for port in ports))
    value = settle(make_node(maker, tree))
    convert = leaving(checked.type, result)
    value = finished(maker, value, checked.type, result, lambda each: convert(Meter(), each, ""))
    head = [assign(variables[port], _read(port, of)) for port, of in ports.items()]
    head += [assign(METER, constant(costs.top))] if maker.metered else []
    if counted:
        value = pair(value, name(METER) if maker.metered else constant(costs.top))
    otherwise = maker.call(exact, name(_ENV))
    module = function(_FUNCTION, _ENV, [*head, given_back(value)], maker.value(Exception), otherwise)
    return settled(module), {"__builtins__": {}, **maker.given}


def _read(port: str, of: Type) -> Code:
    """The value of a port; one that may be absent may also be missing."""
    value = item(name(_ENV), constant(port))
    if not isinstance(of, OptionalType):
        return value
    return choose(compare(constant(port), "in", name(_ENV)), value, constant(None))
