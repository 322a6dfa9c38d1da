"""From a node to the Python expression of its value.

What stands leftmost in a chain is evaluated first, so that a long chain is cut into pieces of some operations, each of
which hands its value on in a variable: expressions nest as deep as brackets do, never as deep as a chain is long.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from symphony_dsl.expressions.fast.calls import function_name, make_function, method
from symphony_dsl.expressions.fast.code import Code, Unserved, after, name, named
from symphony_dsl.expressions.fast.literals import make_brace, make_list, make_literal, make_text
from symphony_dsl.expressions.fast.macros import bind, macro
from symphony_dsl.expressions.fast.making import Maker, Making, none_tells
from symphony_dsl.expressions.fast.operators import binary, conditional, default, logic, unary
from symphony_dsl.expressions.fast.paths import index, is_sure, make_name, port, select, sure
from symphony_dsl.expressions.macros import is_bind, is_macro
from symphony_dsl.expressions.tree import (
    Binary,
    Brace,
    Call,
    Conditional,
    Expr,
    Index,
    ListLiteral,
    Literal,
    Name,
    Select,
    Text,
    Unary,
)

PIECE = 12


def make_node(maker: Maker, node: Expr) -> Making:
    """A node with all that it stands behind: the chain is gone down in a loop, and built up from its start."""
    last = node
    chain: list[Expr] = []
    while (before := _before(maker, node)) is not None:
        chain.append(node)
        node = before
    code = yield from _STARTS[type(node)](maker, node)
    pieces: list[Code] = []
    for count, link in enumerate(reversed(chain), 1):
        code = yield from _STEPS[type(link)](maker, link, code)
        if count % PIECE == 0 and count < len(chain):
            variable = maker.variable()
            pieces.append(named(variable, code))
            code = name(variable)
    if not none_tells(maker.type_of(last)):
        raise Unserved
    return after(pieces, code) if pieces else code


def _before(maker: Maker, node: Expr) -> Expr | None:
    """What is evaluated before anything else of a node; None where the node is the start of a chain."""
    match node:
        case Binary(operator="&&" | "||" | "??"):
            return None
        case Binary(left=left):
            return left
        case Select(operand=operand):
            return None if port(maker, node) else operand
        case Index(operand=operand):
            return None if is_sure(node) else operand
        case Unary(operand=operand):
            return operand
        case Call(target=target):
            return None if is_bind(node) or function_name(node) else target
    return None


def _make_call(maker: Maker, node: Call) -> Making:
    return bind(maker, node) if is_bind(node) else make_function(maker, node)


def _make_binary(maker: Maker, node: Binary) -> Making:
    return default(maker, node) if node.operator == "??" else logic(maker, node)


def _step_of_call(maker: Maker, node: Call, target: Code) -> Making:
    return macro(maker, node, target) if is_macro(node) else method(maker, node, target)


_Start = Callable[[Maker, Any], Making]  # each takes the class of node that it stands beside
_Step = Callable[[Maker, Any, Code], Making]

_STARTS: dict[type, _Start] = {
    Literal: make_literal,
    Text: make_text,
    Name: make_name,
    Select: make_name,
    Index: sure,
    Call: _make_call,
    Binary: _make_binary,
    Conditional: conditional,
    ListLiteral: make_list,
    Brace: make_brace,
}

_STEPS: dict[type, _Step] = {
    Select: select,
    Index: index,
    Unary: unary,
    Binary: binary,
    Call: _step_of_call,
}
