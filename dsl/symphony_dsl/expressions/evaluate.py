"""The evaluator: a checked tree becomes nested closures, once; running them is all that happens later.

What stands leftmost in a chain is always evaluated first, so a long chain is cut into pieces of 16 operations that hand
their value on in a slot of the frame. Closures therefore nest as deep as brackets do, never as deep as a chain is long.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from symphony_dsl.base.values import Value
from symphony_dsl.expressions.checker import Checked
from symphony_dsl.expressions.compiling import Compiler, Compiling, Frame, Run
from symphony_dsl.expressions.evaluate_calls import compile_function, is_function, method
from symphony_dsl.expressions.evaluate_literals import compile_brace, compile_list, compile_literal, compile_text
from symphony_dsl.expressions.evaluate_macros import macro
from symphony_dsl.expressions.evaluate_operators import (
    binary,
    compile_conditional,
    compile_default,
    compile_logic,
    unary,
)
from symphony_dsl.expressions.evaluate_paths import compile_name, index, select
from symphony_dsl.expressions.macros import MACROS
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
from symphony_dsl.expressions.walk import settle

PIECE = 16


def compiled(expr: Expr, checked: Checked, slots: dict[str, int]) -> tuple[Run, Compiler]:
    """The closure of a checked expression; the compiler knows how long its frame is and what a run costs at least."""
    compiler = Compiler(checked, _compile, slots)
    return settle(_compile(compiler, expr)), compiler


def _compile(compiler: Compiler, node: Expr) -> Compiling:
    """A node with all that it stands behind: the chain is gone down in a loop, and built up from its start."""
    chain: list[Expr] = []
    while (before := _first(node)) is not None:
        chain.append(node)
        node = before
    run = yield from _STARTS[type(node)](compiler, node)
    pieces: list[Run] = []
    slot = compiler.new_slot() if len(chain) > PIECE else 0
    for count, link in enumerate(reversed(chain), 1):
        run = yield from _link(compiler, link, run)
        compiler.operations += 1
        if count % PIECE == 0 and count < len(chain):
            pieces.append(run)
            run = _handed_on(slot)
    return _in_pieces(pieces, run, slot) if pieces else run


def _handed_on(slot: int) -> Run:
    return lambda frame: frame[slot]


def _in_pieces(pieces: list[Run], last: Run, slot: int) -> Run:
    def run(frame: Frame) -> Value:
        for piece in pieces:
            frame[slot] = piece(frame)
        return last(frame)

    return run


def _first(node: Expr) -> Expr | None:
    """What is evaluated before anything else of a node; None where the node is the start of a chain."""
    match node:
        case Binary(operator="&&" | "||" | "??"):
            return None
        case Binary(left=left):
            return left
        case Select(operand=operand) | Index(operand=operand) | Unary(operand=operand):
            return operand
        case Call(target=target):
            return None if is_function(node) else target
    return None


def _link(compiler: Compiler, node: Expr, before: Run) -> Compiling:
    match node:
        case Select():
            return select(compiler, node, before)
        case Index():
            return (yield from index(compiler, node, before))
        case Unary():
            return (yield from unary(compiler, node, before))
        case Binary():
            return (yield from binary(compiler, node, before))
        case Call():
            return (yield from (macro if node.name in MACROS else method)(compiler, node, before))
    raise AssertionError(f"{type(node).__name__} does not stand in a chain")


def _compile_binary(compiler: Compiler, node: Binary) -> Compiling:
    return (yield from (compile_default if node.operator == "??" else compile_logic)(compiler, node))


_Start = Callable[[Compiler, Any], Compiling]  # each takes the class of node that it stands beside

_STARTS: dict[type, _Start] = {
    Literal: compile_literal,
    Text: compile_text,
    Name: compile_name,
    Call: compile_function,
    Binary: _compile_binary,
    Conditional: compile_conditional,
    ListLiteral: compile_list,
    Brace: compile_brace,
}
