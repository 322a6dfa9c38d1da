"""What the parts of the evaluator share: closures, where variables are kept, and conversions.

A tree is turned once into nested Python functions of one argument, the frame: a list whose first element is the meter and
whose others are the values of names and of macro variables. Nothing of an expression is ever Python source.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from symphony_dsl.base.conform import ConversionError, conform, to_json
from symphony_dsl.base.flows import FlowKind, flows
from symphony_dsl.base.types import (
    BOOL,
    FLOAT,
    INT,
    JSON,
    NEVER,
    NULL,
    STRING,
    UNKNOWN,
    EnumType,
    ListType,
    MapType,
    Type,
    plain,
)
from symphony_dsl.base.values import Value
from symphony_dsl.expressions.checker import Checked
from symphony_dsl.expressions.meter import EvaluationError
from symphony_dsl.expressions.narrowing import path_of
from symphony_dsl.expressions.tree import Expr
from symphony_dsl.expressions.walk import Walk

Frame: TypeAlias = "list[Any]"
"""The meter, then a slot for each name and each variable."""

Run: TypeAlias = Callable[[Frame], Value]
Present: TypeAlias = Callable[[Frame, Value], Value]
Compiling: TypeAlias = "Walk[Run]"

Compile: TypeAlias = Callable[["Compiler", Expr], Compiling]


@dataclass(slots=True)
class Compiler:
    """`slots` are the names that are visible at the node in hand; `size` is how long a frame has to be.

    `operations` counts what one evaluation of the text does, outside of macros: each of these charges for its body itself.
    """

    checked: Checked
    compile_node: Compile
    slots: dict[str, int]
    size: int = field(init=False)
    operations: int = 0

    def __post_init__(self) -> None:
        self.size = len(self.slots) + 1

    def type_of(self, node: Expr) -> Type:
        return self.checked.types[node]

    def compile(self, node: Expr) -> Compiling:
        return self.compile_node(self, node)

    def new_slot(self) -> int:
        self.size += 1
        return self.size - 1

    def as_type(self, node: Expr, target: Type) -> Compiling:
        """A node whose value is changed to another type, where it has to be."""
        run = yield self.compile(node)
        return self.converted(node, run, self.type_of(node), target)

    def converted(self, node: Expr, run: Run, source: Type, target: Type) -> Run:
        convert = conversion(source, target)
        if convert is None:
            return run
        where, span = data_path(node), node.span

        def converted(frame: Frame) -> Value:
            value = run(frame)
            try:
                return convert(frame, value, where)
            except ConversionError as problem:
                raise EvaluationError("conversion", str(problem), span) from None

        return converted

    def present_as(self, node: Expr, target: Type) -> Present:
        """The conversion of a value that turned out to be there, of a node whose value may be absent."""
        slot = self.new_slot()
        converted = self.converted(node, lambda frame: frame[slot], plain(self.type_of(node)), target)

        def present(frame: Frame, value: Value) -> Value:
            frame[slot] = value
            return converted(frame)

        return present


Convert: TypeAlias = Callable[[Frame, Value, str], Value]


def conversion(source: Type, target: Type) -> Convert | None:
    """How a value of one type becomes one of another; None where it is one already."""
    if flows(source, target).kind is FlowKind.EXACT or target in (UNKNOWN, NEVER):
        return None
    if (source, target) == (INT, FLOAT):
        return _to_float
    if target == JSON and is_json(source):
        return None
    if target == JSON:
        return lambda frame, value, path: _to_json(frame, value, source)

    def convert(frame: Frame, value: Value, path: str) -> Value:
        frame[0].walk(value)
        return conform(value, target, path)

    return convert


def is_json(of: Type) -> bool:
    """Whether the values of a type are JSON as they are. Floats that are not finite are refused on the way out."""
    match of:
        case ListType(item) | MapType(item):
            return is_json(item)
    return of in _JSON or isinstance(of, EnumType)


_JSON = frozenset({JSON, STRING, INT, FLOAT, BOOL, NULL, NEVER})


def _to_float(frame: Frame, value: Value, path: str) -> float:
    return float(value)


def _to_json(frame: Frame, value: Value, source: Type) -> Value:
    frame[0].walk(value)
    return to_json(value, source)


def data_path(node: Expr) -> str:
    """How a message names the place of a value in the data."""
    path = path_of(node)
    return "".join(step if step.startswith("[") else f".{step}" for step in path)[1:] if path else ""
