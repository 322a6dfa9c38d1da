"""Names with fields behind them, as they stand in an expression: `a`, `a.b`, `a.b.c`."""

from __future__ import annotations

from collections.abc import Callable

from symphony_compiler.bindings import Path
from symphony_dsl.base.types import PATHS, STRING, OptionalType, RecordType, Type, plain
from symphony_dsl.expressions.tree import Element, Expr, Index, ListLiteral, Literal, Name, Select
from symphony_dsl.syntax.tree import Ident


def prefix(node: Expr, length: int, wanted: int) -> Expr:
    """The first `wanted` links of a chain of `length`."""
    for _ in range(length - wanted):
        assert isinstance(node, Select)
        node = node.operand
    return node


def unpacked(is_narrowed: Callable[[Path], bool], of: Type, path: Path, node: Expr) -> tuple[Expr | None, set[Path]]:
    """A path in which a test has narrowed something, with each such part unpacked; None where there is none.

    The graph does not know of the test. The parts that are narrowed are the second answer.
    """
    made: Expr | None = None
    narrowed: set[Path] = set()
    here: Type | None = of
    for length in range(1, len(path) + 1):
        part = prefix(node, len(path), length)
        if made is not None:
            assert isinstance(part, Select)
            made = Select(part.span, made, part.field, part.field_span, part.optional)
        if is_narrowed(path[:length]) and isinstance(here, OptionalType):
            narrowed.add(path[:length])
            made = present(made or part)
            here = here.item
        here = _field(here, path[length]) if length < len(path) else None
    return made, narrowed


def present(expr: Expr) -> Expr:
    """`[?x][0]`: the value of an optional that is certainly there."""
    listed = ListLiteral(expr.span, (Element(expr, optional=True),))
    return Index(expr.span, listed, Literal(expr.span, "int", 0))


def _field(of: Type | None, name: str) -> Type | None:
    found = of.get(name) if isinstance(of, RecordType) else None
    return found.type if found else None


def chain_idents(expr: Expr) -> tuple[Ident, ...] | None:
    """`a` or `a.b` as written names; None for anything else."""
    if isinstance(expr, Name):
        return (Ident(expr.span, expr.name),)
    if isinstance(expr, Select) and isinstance(expr.operand, Name):
        return (Ident(expr.operand.span, expr.operand.name), Ident(expr.field_span, expr.field))
    return None


def as_written(expr: Expr, of: Type | None) -> Type | None:
    """What an expression is checked against: a path is written as a string."""
    literal = isinstance(expr, Literal) and expr.kind == "string"
    return STRING if literal and of is not None and plain(of) in PATHS else of
