"""Names, fields, indices and `has` in the exact tier.

A step from an optional is viral: from what is absent it leads to what is absent, from what is there to an optional, absent
where nothing is found. A step that is asked about (by `has` or `??`) is as forgiving with any other value.
"""

from __future__ import annotations

from collections.abc import Callable

from symphony_dsl.base.conform import found
from symphony_dsl.base.constraints import shown
from symphony_dsl.base.dynamic import ABSENT, Option, TypeValue, as_key
from symphony_dsl.base.types import OptionalType, RecordType, Type, plain
from symphony_dsl.base.values import Value
from symphony_dsl.expressions.checker.celtypes import type_named
from symphony_dsl.expressions.conversions import boxed
from symphony_dsl.expressions.exact.frame import (
    Compiler,
    Compiling,
    Frame,
    Run,
    Step,
    at_place,
    data_path,
    failing,
)
from symphony_dsl.expressions.meter import EvaluationError
from symphony_dsl.expressions.spines import path_nodes
from symphony_dsl.expressions.tree import Call, Expr, Index, Name, Select

Find = Callable[[Value, Value], Value]
"""From a value and a key to what is found there, or to one of these two."""

_MISSING: Value = object()
"""There might be something at the key, and is not."""

_UNFIT: Value = object()
"""The value has nothing that such a key leads to."""


class Failure:
    """Stands in the slot of a variable whose value could not be made."""

    __slots__ = ("problem",)

    def __init__(self, problem: EvaluationError) -> None:
        self.problem = problem


def type_value(compiler: Compiler, node: Expr) -> TypeValue | None:
    """The type that a node names, such as `int` or `google.protobuf.Timestamp`."""
    name = type_named(node)
    if name is None or path_nodes(node)[-1].name in compiler.slots:  # type: ignore[union-attr]  # it ends in a name
        return None
    return TypeValue(name)


def compile_name(compiler: Compiler, node: Name) -> Compiling:
    yield from ()
    slot = (compiler.names if node.absolute else compiler.slots).get(node.name)
    if slot is None:
        named = type_value(compiler, node)
        return (lambda frame: named) if named else failing("failed", f"`{node.name}` is not defined here", node.span)
    if slot in compiler.failing:
        return _unless_failed(slot)
    box = _reading(compiler, node)
    return (lambda frame: box(frame[slot])) if box else lambda frame: frame[slot]


def _unless_failed(slot: int) -> Run:
    def run(frame: Frame) -> Value:
        value = frame[slot]
        if type(value) is Failure:
            raise value.problem
        return value

    return run


def _reading(compiler: Compiler, node: Expr) -> Callable[[Value], Value] | None:
    """What reading data of an optional type does to it: it is boxed, or taken out where it is known to be there."""
    if compiler.checked is None:
        return None
    of = compiler.type_of(node)
    if isinstance(of, OptionalType):
        return _boxed_as(of.item)
    return _taken_out if compiler.narrows else None


def _boxed_as(item: Type) -> Callable[[Value], Value]:
    def box(value: Value) -> Value:
        if value is None:
            return ABSENT
        return boxed(value, item) if type(value) is Option else Option(True, value)

    return box


def _taken_out(value: Value) -> Value:
    return value.value if type(value) is Option and value.present else value


def select(compiler: Compiler, node: Select) -> Step:
    find = _in_record if isinstance(plain(compiler.type_of(node.operand)), RecordType) else _in_map
    field, way = node.field, _way(compiler, node, find)
    if node.optional:
        return _boxing(compiler, node, lambda frame, value: way(value, field))

    def step(frame: Frame, value: Value) -> Value:
        if type(value) is dict and field in value:
            return value[field]
        return way(value, field)

    return _boxing(compiler, node, step)


def index(compiler: Compiler, node: Index) -> Compiling:
    key: Run = yield compiler.compile(node.index)
    way = _way(compiler, node, _in_collection)
    if node.optional:
        return _boxing(compiler, node, lambda frame, value: way(value, key(frame)))

    def step(frame: Frame, value: Value) -> Value:
        at = key(frame)
        if type(value) is list and type(at) is int and 0 <= at < len(value):
            return value[at]
        return way(value, at)

    return _boxing(compiler, node, step)


def _way(compiler: Compiler, node: Select | Index, find: Find) -> Callable[[Value, Value], Value]:
    """From any value and a key to what a step leads to. Most steps find what they lead to at once, and do not ask this."""
    look = _Look(compiler, node, find)
    if node.optional:
        return look.asked
    return look.softly if node in compiler.soft else look.strictly


def _boxing(compiler: Compiler, node: Expr, step: Step) -> Step:
    box = _reading(compiler, node)
    return (lambda frame, value: box(step(frame, value))) if box else step


class _Look:
    """Finds what a step leads to. In `.wf`, a step that may find nothing may also start from what has no parts.

    Nothing is said of what is not found until somebody wants to know, since it may be asked for very often.
    """

    __slots__ = ("find", "forgiving", "span", "where")

    def __init__(self, compiler: Compiler, node: Select | Index, find: Find) -> None:
        self.find = find
        self.forgiving = compiler.checked is not None or node in compiler.soft
        self.where = data_path(node) or data_path(node.operand)
        self.span = node.span

    def strictly(self, value: Value, key: Value) -> Value:
        """What is found; from an optional, an optional."""
        if type(value) is Option:
            return self.asked(value, key)
        there = self.find(value, key)
        if there is _MISSING:
            raise EvaluationError("failed", at_place(self.where, _why_missing(value, key)), self.span)
        if there is _UNFIT:
            raise self._mistaken(value, key)
        return there

    def asked(self, value: Value, key: Value) -> Option:
        """What is found, as an optional."""
        while type(value) is Option:
            if not value.present:
                return ABSENT
            value = value.value
        there = self.find(value, key)
        if there is _UNFIT and not self.forgiving:
            raise self._mistaken(value, key)
        return ABSENT if there is _MISSING or there is _UNFIT else Option(True, there)

    def softly(self, value: Value, key: Value) -> Value:
        """What is found, or an absent optional; from an optional, an optional."""
        if type(value) is Option:
            return self.asked(value, key)
        there = self.find(value, key)
        return ABSENT if there is _MISSING or there is _UNFIT else there

    def _mistaken(self, value: Value, key: Value) -> EvaluationError:
        return EvaluationError("conversion", at_place(self.where, _why_unfit(self.find, value, key)), self.span)


def compile_has(compiler: Compiler, node: Call) -> Compiling:
    """In CEL, whether the last field of a path is there; in `.wf`, whether there is a value at the end of a path."""
    tested = node.arguments[0].value if len(node.arguments) == 1 else node
    if compiler.checked is not None:
        compiler.soft.update(path_nodes(tested))
        run: Run = yield compiler.compile(tested)
        return lambda frame: _is_there(run(frame))
    if not isinstance(tested, Select) or tested.optional:
        return failing("failed", "`has` takes one field, such as `has(ticket.url)`", node.span)
    operand: Run = yield compiler.compile(tested.operand)
    look, field = _Look(compiler, tested, _in_map), tested.field
    return lambda frame: look.asked(operand(frame), field).present


def _is_there(value: Value) -> bool:
    return (value.value if type(value) is Option else value) is not None


def _in_record(values: Value, key: Value) -> Value:
    """A field that is optional may be missing from the data."""
    return values.get(key) if isinstance(values, dict) else _UNFIT


def _in_map(values: Value, key: Value) -> Value:
    if not isinstance(values, dict):
        return _UNFIT
    return values.get(as_key(key), _MISSING) if isinstance(key, _KEYS) else _MISSING


def _in_collection(values: Value, key: Value) -> Value:
    return _by_position(values, key) if isinstance(values, list) else _in_map(values, key)


def _by_position(values: list[Value], at: Value) -> Value:
    if isinstance(at, float) and at.is_integer():
        at = int(at)
    if not isinstance(at, int) or isinstance(at, bool):
        return _UNFIT
    return values[at] if 0 <= at < len(values) else _MISSING


_KEYS = (str, int, float)


def _why_missing(values: Value, key: Value) -> str:
    if isinstance(values, list):
        return f"there is no element {int(key)} in a list of {len(values)}"
    if not isinstance(key, _KEYS):
        return f"a value of a map is found by its key, not by {found(key)}"
    return f"there is no key {shown(key)}"


def _why_unfit(find: Find, values: Value, key: Value) -> str:
    if find is _in_collection and isinstance(values, list):
        return f"an element of a list is found by its number, not by {found(key)}"
    return f"expected an object, found {found(values)}"
