"""Python as nodes of `ast`: the few forms that generated functions are made of, and the check that there are no others.

Nothing is ever made of text. A string of a user becomes a constant and nothing else; every name is made by `Names`. The
list of forms has no attribute access, no import, no lambda and no statement beside assignments, `try` and `return`.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TypeAlias

from symphony_dsl.base.values import Value

Code: TypeAlias = ast.expr


class Unserved(Exception):  # noqa: N818  # it says what an expression is, and is no error
    """The fast tier leaves an expression to the exact one."""


FORMS: frozenset[type[ast.AST]] = frozenset(
    {
        ast.Module, ast.FunctionDef, ast.arguments, ast.arg, ast.Try, ast.ExceptHandler, ast.Pass, ast.Return, ast.Assign,
        ast.Expr, ast.Name, ast.Load, ast.Store, ast.Constant, ast.Subscript, ast.Slice, ast.Call, ast.NamedExpr,
        ast.IfExp, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub, ast.BinOp, ast.Add, ast.Sub, ast.Mult,
        ast.Div, ast.FloorDiv, ast.Mod, ast.Compare, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.Is,
        ast.IsNot, ast.List, ast.Tuple, ast.Dict, ast.ListComp, ast.DictComp, ast.GeneratorExp, ast.comprehension,
        ast.JoinedStr, ast.FormattedValue,
    }
)  # fmt: skip
"""All that may stand in a generated function."""

DEEPEST = 250
"""How deep forms may nest: what is deeper would be a burden to Python's compiler."""

_COMPARISONS: dict[str, ast.cmpop] = {
    "==": ast.Eq(),
    "!=": ast.NotEq(),
    "<": ast.Lt(),
    "<=": ast.LtE(),
    ">": ast.Gt(),
    ">=": ast.GtE(),
    "in": ast.In(),
    "is": ast.Is(),
    "is not": ast.IsNot(),
}
_ARITHMETIC: dict[str, ast.operator] = {
    "+": ast.Add(),
    "-": ast.Sub(),
    "*": ast.Mult(),
    "/": ast.Div(),
    "//": ast.FloorDiv(),
    "%": ast.Mod(),
}
_LOAD, _STORE = ast.Load(), ast.Store()


def constant(value: Value) -> Code:
    return ast.Constant(value)


def value_of(code: Code) -> Value:
    """What a constant is; None for any other expression."""
    return code.value if isinstance(code, ast.Constant) else None


def name(of: str) -> ast.Name:
    return ast.Name(of, _LOAD)


def target(of: str) -> ast.Name:
    return ast.Name(of, _STORE)


def named(of: str, value: Code) -> Code:
    """`(of := value)`."""
    return ast.NamedExpr(target(of), value)


def call(function: str, *arguments: Code) -> Code:
    return ast.Call(name(function), list(arguments), [])


def compare(left: Code, operator: str, right: Code) -> Code:
    return ast.Compare(left, [_COMPARISONS[operator]], [right])


def between(low: Code, one: str, value: Code, other: str, high: Code) -> Code:
    """`low < value < high`, or with `<=`."""
    return ast.Compare(low, [_COMPARISONS[one], _COMPARISONS[other]], [value, high])


def compute(left: Code, operator: str, right: Code) -> Code:
    return ast.BinOp(left, _ARITHMETIC[operator], right)


def negative(value: Code) -> Code:
    return ast.UnaryOp(ast.USub(), value)


def choose(condition: Code, then: Code, otherwise: Code) -> Code:
    return ast.IfExp(condition, then, otherwise)


def both(*sides: Code) -> Code:
    flat = [part for side in sides for part in _sides_of_and(side)]
    return ast.BoolOp(ast.And(), flat)


def _sides_of_and(code: Code) -> Sequence[Code]:
    return code.values if isinstance(code, ast.BoolOp) and isinstance(code.op, ast.And) else [code]


def either(*sides: Code) -> Code:
    return ast.BoolOp(ast.Or(), list(sides))


def negated(value: Code) -> Code:
    return ast.UnaryOp(ast.Not(), value)


def item(of: Code, key: Code) -> Code:
    return ast.Subscript(of, key, _LOAD)


def listed(values: Sequence[Code]) -> Code:
    return ast.List(list(values), _LOAD)


def pair(*values: Code) -> Code:
    return ast.Tuple(list(values), _LOAD)


def after(steps: Sequence[Code], value: Code) -> Code:
    """The value, evaluated after some other expressions."""
    return choose(pair(*steps), value, constant(None))


def mapping(keys: Sequence[Code], values: Sequence[Code]) -> Code:
    return ast.Dict(list(keys), list(values))


def joined(parts: Sequence[Code]) -> Code:
    """A text of several; each is of class str or int."""
    pieces = [each if _is_text(each) else ast.FormattedValue(each, -1, None) for each in parts]
    return ast.JoinedStr(pieces)


def _is_text(code: Code) -> bool:
    return isinstance(code, ast.Constant) and isinstance(code.value, str)


def loop(variables: Sequence[str], over: Code, conditions: Sequence[Code] = ()) -> list[ast.comprehension]:
    """`for variables in over if conditions`."""
    made: Code = target(variables[0])
    if len(variables) > 1:
        made = ast.Tuple([target(each) for each in variables], _STORE)
    return [ast.comprehension(made, over, list(conditions), 0)]


def collected(value: Code, loops: list[ast.comprehension]) -> Code:
    return ast.ListComp(value, loops)


def streamed(value: Code, loops: list[ast.comprehension]) -> Code:
    return ast.GeneratorExp(value, loops)


def collected_map(key: Code, value: Code, loops: list[ast.comprehension]) -> Code:
    return ast.DictComp(key, value, loops)


def assign(to: str, value: Code) -> ast.stmt:
    return ast.Assign([target(to)], value)


def given_back(value: Code) -> ast.stmt:
    return ast.Return(value)


def function(called: str, parameter: str, tried: Sequence[ast.stmt], failure: str, otherwise: Code) -> ast.Module:
    """A module of one function: it does what is tried, and otherwise something else."""
    handler = ast.ExceptHandler(name(failure), None, [ast.Pass()])
    body: list[ast.stmt] = [ast.Try(list(tried), [handler], [], []), ast.Return(otherwise)]
    parameters = ast.arguments([], [ast.arg(parameter)], None, [], [], None, [])
    return ast.Module([ast.FunctionDef(called, parameters, body, [])], [])


def settled(tree: ast.Module) -> ast.Module:
    """The tree with the positions that Python wants; Unserved where it holds what is not on the list, or is too deep."""
    rest: list[tuple[ast.AST, int]] = [(tree, 0)]
    while rest:
        node, depth = rest.pop()
        if type(node) not in FORMS or depth > DEEPEST:
            raise Unserved
        if node._attributes:
            node.lineno, node.col_offset = 1, 0  # type: ignore[attr-defined]  # the classes that list them have them
        for name in node._fields:
            value = getattr(node, name)
            if isinstance(value, list):
                rest.extend((each, depth + 1) for each in value)
            elif isinstance(value, ast.AST):
                rest.append((value, depth + 1))
    return tree
