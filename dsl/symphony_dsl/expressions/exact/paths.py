"""Names, fields, indices and `has` in the exact tier.

A step from an optional is viral: from what is absent it leads to what is absent, from what is there to an optional, absent
where nothing is found. A step that is asked about (by `has` or `??`) is as forgiving with any other value.
"""

from __future__ import annotations

from collections.abc import Callable

from symphony_dsl.base.conform import found
from symphony_dsl.base.constraints import shown
from symphony_dsl.base.dynamic import ABSENT, Option, TypeValue, as_key
from symphony_dsl.base.types import OptionalType, RecordType, plain
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
"""From a value and a key to what is found there; LookupError or TypeError with a sentence where there is nothing."""


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
        return lambda value: boxed(value, of.item)
    return _taken_out if compiler.narrows else None


def _taken_out(value: Value) -> Value:
    return value.value if type(value) is Option and value.present else value


def select(compiler: Compiler, node: Select) -> Step:
    field = node.field
    plainly = isinstance(plain(compiler.type_of(node.operand)), RecordType)
    return _stepping(compiler, node, lambda frame: field, _in_record if plainly else _in_map)


def index(compiler: Compiler, node: Index) -> Compiling:
    key: Run = yield compiler.compile(node.index)
    return _stepping(compiler, node, key, _in_collection)


def _stepping(compiler: Compiler, node: Select | Index, key: Run, find: Find) -> Step:
    look = _Look(compiler, node, find)
    kind = _asking if node.optional else _soft if node in compiler.soft else _strict
    step = kind(key, look)
    box = _reading(compiler, node)
    return (lambda frame, value: box(step(frame, value))) if box else step


class _Look:
    """Finds what a step leads to. In `.wf`, a step that may find nothing may also start from what has no parts."""

    __slots__ = ("find", "forgiving", "span", "where")

    def __init__(self, compiler: Compiler, node: Select | Index, find: Find) -> None:
        self.find = find
        self.forgiving = compiler.checked is not None
        self.where = data_path(node) or data_path(node.operand)
        self.span = node.span

    def strictly(self, value: Value, key: Value) -> Value:
        try:
            return self.find(value, key)
        except LookupError as problem:
            raise EvaluationError("failed", at_place(self.where, str(problem.args[0])), self.span) from None
        except TypeError as problem:
            raise self._mistaken(problem) from None

    def asked(self, value: Value, key: Value) -> Option:
        """What is found, as an optional."""
        if type(value) is Option:
            return self.asked(value.value, key) if value.present else ABSENT
        try:
            return Option(True, self.find(value, key))
        except LookupError:
            return ABSENT
        except TypeError as problem:
            if self.forgiving:
                return ABSENT
            raise self._mistaken(problem) from None

    def _mistaken(self, problem: TypeError) -> EvaluationError:
        return EvaluationError("conversion", at_place(self.where, str(problem.args[0])), self.span)


def _strict(key: Run, look: _Look) -> Step:
    def step(frame: Frame, value: Value) -> Value:
        element = key(frame)
        return look.asked(value, element) if type(value) is Option else look.strictly(value, element)

    return step


def _asking(key: Run, look: _Look) -> Step:
    return lambda frame, value: look.asked(value, key(frame))


def _soft(key: Run, look: _Look) -> Step:
    look.forgiving = True

    def step(frame: Frame, value: Value) -> Value:
        there = look.asked(value, key(frame))
        return there if type(value) is Option or not there.present else there.value

    return step


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
    if isinstance(values, dict):
        return values.get(key)
    raise TypeError(f"expected an object, found {found(values)}")


def _in_map(values: Value, key: Value) -> Value:
    if isinstance(values, dict):
        return _by_key(values, key)
    raise TypeError(f"expected an object, found {found(values)}")


def _in_collection(values: Value, key: Value) -> Value:
    return _by_position(values, key) if isinstance(values, list) else _in_map(values, key)


def _by_key(values: dict[Value, Value], key: Value) -> Value:
    if not isinstance(key, str | int | float):
        raise LookupError(f"a value of a map is found by its key, not by {found(key)}")
    element = as_key(key)
    if element in values:
        return values[element]
    raise LookupError(f"there is no key {shown(key)}")


def _by_position(values: list[Value], at: Value) -> Value:
    if isinstance(at, float) and at.is_integer():
        at = int(at)
    if not isinstance(at, int) or isinstance(at, bool):
        raise TypeError(f"an element of a list is found by its number, not by {found(at)}")
    if 0 <= at < len(values):
        return values[at]
    raise LookupError(f"there is no element {at} in a list of {len(values)}")
