"""Names, fields and indices at run time."""

from __future__ import annotations

from collections.abc import Callable

from symphony_dsl.base.conform import found
from symphony_dsl.base.span import Span
from symphony_dsl.base.types import JSON, ListType, RecordType, Type, plain
from symphony_dsl.base.values import Value
from symphony_dsl.expressions.compiling import Compiler, Compiling, Frame, Run, data_path
from symphony_dsl.expressions.meter import EvaluationError
from symphony_dsl.expressions.tree import Expr, Index, Name, Select

Step = Callable[[Value, Value], Value]
"""From a value and a key to what is found there; LookupError with a sentence where there is nothing."""


def compile_name(compiler: Compiler, node: Name) -> Compiling:
    yield from ()
    slot = compiler.slots[node.name]
    return lambda frame: frame[slot]


def select(compiler: Compiler, node: Select, operand: Run) -> Run:
    of = compiler.type_of(node.operand)
    field = node.field
    if isinstance(plain(of), RecordType):
        return _record_field(operand, field, missing=of != plain(of))
    step = _in_json if of == JSON or plain(of) == JSON else _in_map
    return _stepped(compiler, node, operand, lambda frame: field, step, asked=node.optional)


def _record_field(operand: Run, field: str, *, missing: bool) -> Run:
    """A field that may be absent may also be missing from the data."""
    if not missing:
        return lambda frame: operand(frame).get(field)

    def run(frame: Frame) -> Value:
        record = operand(frame)
        return None if record is None else record.get(field)

    return run


def index(compiler: Compiler, node: Index, operand: Run) -> Compiling:
    key = yield compiler.compile(node.index)
    of = plain(compiler.type_of(node.operand))
    return _stepped(compiler, node, operand, key, _step(of), asked=node.optional)


def _step(of: Type) -> Step:
    if isinstance(of, ListType):
        return _in_list
    return _in_json if of == JSON else _in_map


def _stepped(compiler: Compiler, node: Select | Index, operand: Run, key: Run, step: Step, *, asked: bool) -> Run:
    where, span = data_path(node) or data_path(node.operand), node.span
    if asked or node in compiler.checked.soft or _chained(node):
        return _soft(operand, key, step)

    def run(frame: Frame) -> Value:
        value, element = operand(frame), key(frame)
        try:
            return step(value, element)
        except LookupError as problem:
            raise _failure("failed", where, problem, span) from None
        except TypeError as problem:
            raise _failure("conversion", where, problem, span) from None

    return run


def _chained(node: Select | Index) -> bool:
    """Whether `.?` stands before it in the chain."""
    operand: Expr = node.operand
    while isinstance(operand, Select | Index):
        if operand.optional:
            return True
        operand = operand.operand
    return False


def _failure(code: str, where: str, problem: Exception, span: Span) -> EvaluationError:
    return EvaluationError(code, f"{where}: {problem.args[0]}" if where else str(problem.args[0]), span)


def _soft(operand: Run, key: Run, step: Step) -> Run:
    """A step at which nothing found is an answer: what is not there, is absent."""

    def run(frame: Frame) -> Value:
        value = operand(frame)
        if value is None:
            return None
        element = key(frame)
        try:
            return step(value, element)
        except (LookupError, TypeError):
            return None

    return run


def _in_list(values: Value, at: Value) -> Value:
    if isinstance(at, float) and at.is_integer():
        at = int(at)
    if not isinstance(at, int) or isinstance(at, bool):
        raise TypeError(f"an element of a list is found by its number, not by {found(at)}")
    if 0 <= at < len(values):
        return values[at]
    raise LookupError(f"there is no element {at} in a list of {len(values)}")


def _in_map(values: Value, key: Value) -> Value:
    if not isinstance(key, str):
        raise TypeError(f"the keys of a map are strings, not {found(key)}")
    if key in values:
        return values[key]
    raise LookupError(f'there is no key "{key}"')


def _in_json(values: Value, key: Value) -> Value:
    if isinstance(values, dict):
        return _in_map(values, key)
    if isinstance(values, list):
        return _in_list(values, key)
    raise TypeError(f"expected an object, found {found(values)}")
