"""A program: the closed source of an expression, with the types of its names and of its value, ready to run.

Sources in graphs are closed: constants are written out, and a value of an enum stands as its wire name, so enums are
strings here. A name with dots (`kind.label`) is a port; ports with one head are assembled into a record, so that the
source can be read as it was written.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from symphony_dsl.base.conform import ConversionError, conform
from symphony_dsl.base.diagnostic import Reporter, Severity
from symphony_dsl.base.types import (
    BOOL,
    DURATION,
    INT,
    STRING,
    TIMESTAMP,
    EnumType,
    Field,
    ListType,
    MapType,
    OptionalType,
    RecordType,
    Type,
)
from symphony_dsl.base.values import Value
from symphony_dsl.expressions.checker import check
from symphony_dsl.expressions.compiling import Convert, Run, conversion
from symphony_dsl.expressions.evaluate import compiled
from symphony_dsl.expressions.meter import EvaluationError, Meter
from symphony_dsl.expressions.parser import ExpressionSyntaxError, parse_expression
from symphony_dsl.expressions.scope import Scope
from symphony_dsl.expressions.tree import Expr

__all__ = ["EvaluationError", "Program", "program"]


@dataclass(frozen=True, slots=True)
class Program:
    """`ports` are the names as the environment gives them; `heads` the names that the source sees."""

    source: str
    result: Type
    ports: Mapping[str, Type]
    heads: tuple[str, ...]
    run_tree: Run
    convert: Convert | None
    slots: int
    cost: int

    def run(self, env: Mapping[str, Value]) -> Value:
        """The value, of the type `result`; EvaluationError where there is none."""
        values = self._values(env)
        frame = [Meter(), *(values[head] for head in self.heads), *[None] * self.slots]
        try:
            frame[0].charge(self.cost)
            value = self.run_tree(frame)
            return self._finished(value, frame)
        except RecursionError:
            raise EvaluationError("cost", "the expression nests too deep to be evaluated") from None

    def _finished(self, value: Value, frame: list[Any]) -> Value:
        """A value as it may leave: of the right type, finite, and no larger than anything may be."""
        if self.convert is None and not isinstance(value, list):
            return value
        frame[0] = Meter()
        frame[0].walk(value)
        if self.convert is None:
            return value
        try:
            return self.convert(frame, value, "")
        except ConversionError as problem:
            raise EvaluationError("conversion", str(problem)) from None

    def _values(self, env: Mapping[str, Value]) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for port, of in self.ports.items():
            value = env.get(port)
            if value is None and port not in env and not isinstance(of, OptionalType):
                raise EvaluationError("binding", f"the expression needs `{port}`, which has no value")
            _put(values, port.split("."), value)
        return values


def _put(values: dict[str, Value], path: list[str], value: Value) -> None:
    for step in path[:-1]:
        values = values.setdefault(step, {})
    values[path[-1]] = value


def program(source: str, names: Mapping[str, Type], result: Type) -> Program:
    """The program of a closed source; made once for equal sources and types.

    EvaluationError with code `binding` where the source does not fit its names and its result.
    """
    return _made(source, tuple(names.items()), result)


@functools.lru_cache(maxsize=1024)
def _made(source: str, ports: tuple[tuple[str, Type], ...], result: Type) -> Program:
    try:
        tree = parse_expression(source)
    except ExpressionSyntaxError as problem:
        raise EvaluationError("binding", problem.message, problem.span) from None
    return of_tree(tree, dict(ports), result, source)


def of_tree(tree: Expr, ports: Mapping[str, Type], result: Type, source: str = "") -> Program:
    """The program of a tree that is closed already."""
    names = assembled({name: without_enums(of) for name, of in ports.items()})
    reporter = Reporter("", 0, [])
    checked = check(tree, Scope(names), reporter, without_enums(result))
    wrong = next((each for each in reporter.found if each.severity is Severity.ERROR), None)
    if wrong:
        raise EvaluationError("binding", wrong.message, wrong.location.span)
    run, compiler = compiled(tree, checked, {name: slot for slot, name in enumerate(names, 1)})
    slots = compiler.size - len(names) - 1
    convert = _leaving(checked.type, result)
    return Program(source, result, dict(ports), tuple(names), run, convert, slots, compiler.operations)


_DONE = frozenset({STRING, INT, BOOL, TIMESTAMP, DURATION})
"""Types whose values are always as they should be when an evaluation has made them."""


def _leaving(of: Type, result: Type) -> Convert | None:
    """The conversion of the final value. What has parts, or may be infinite, is looked at in any case."""
    if of == result and _done(of):
        return None
    return conversion(of, result) or (lambda _frame, value, path: conform(value, result, path))


def _done(of: Type) -> bool:
    return _done(of.item) if isinstance(of, ListType) else of in _DONE


def without_enums(of: Type) -> Type:
    """The type as a closed source sees it, with strings for enums."""
    match of:
        case EnumType():
            return STRING
        case ListType(item):
            return ListType(without_enums(item))
        case MapType(value):
            return MapType(without_enums(value))
        case OptionalType(item):
            return OptionalType(without_enums(item))
        case RecordType(fields):
            return replace(of, fields=tuple(replace(each, type=without_enums(each.type)) for each in fields))
    return of


def assembled(ports: Mapping[str, Type]) -> dict[str, Type]:
    """The names that a source sees: ports with dots become fields of their head."""
    heads: dict[str, dict[str, Type]] = {}
    for port, of in ports.items():
        head, _, rest = port.partition(".")
        heads.setdefault(head, {})[rest] = of
    return {head: _head(inner) for head, inner in heads.items()}


def _head(inner: dict[str, Type]) -> Type:
    if "" in inner:
        return inner[""]
    fields = assembled(inner)
    return RecordType(tuple(Field(name, of) for name, of in fields.items()))
