"""A program: the closed source of an expression, with the types of its names and of its value, ready to run.

Sources in graphs are closed: constants are written out, and a value of an enum stands as its wire name, so enums are
strings here. A name with dots (`kind.label`) is a port; ports with one head are assembled into a record, so that the
source can be read as it was written.

A program runs in one of two tiers. The fast one serves most expressions; whatever goes wrong in it, the exact one starts
again from the beginning, and gives the value or the error with its place. A tier is made when it is needed: the exact one
when a program first runs, the fast one when it runs again, since it takes longer to make and most programs run once.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from symphony_dsl.base.conform import ConversionError
from symphony_dsl.base.diagnostic import Reporter, Severity
from symphony_dsl.base.types import STRING, EnumType, Field, ListType, MapType, OptionalType, RecordType, Type
from symphony_dsl.base.values import Value
from symphony_dsl.expressions.checker.check import Checked, check
from symphony_dsl.expressions.conversions import leaving
from symphony_dsl.expressions.exact.evaluation import Evaluate, evaluation
from symphony_dsl.expressions.meter import EvaluationError, Meter
from symphony_dsl.expressions.parser import ExpressionSyntaxError, parse_expression
from symphony_dsl.expressions.scope import Scope
from symphony_dsl.expressions.tree import Expr

__all__ = ["EvaluationError", "Program", "program"]

Runner: TypeAlias = Callable[[Mapping[str, Value]], Value]
"""Takes the ports with their values."""


class Program:
    """`ports` are the names as the environment gives them.

    `run` gives the value, of the type `result`, or raises EvaluationError. It is an attribute, so that a call of it is a call
    of the tier and of nothing in between.
    """

    __slots__ = ("ports", "result", "run", "source")

    run: Runner

    def __init__(self, source: str, tree: Expr, checked: Checked, ports: Mapping[str, Type], result: Type) -> None:
        self.source = source
        self.ports = ports
        self.result = result
        exact = ExactTier(tree, checked, ports, result)

        def first(env: Mapping[str, Value]) -> Value:
            self.run = again
            return exact(env)

        def again(env: Mapping[str, Value]) -> Value:
            from symphony_dsl.expressions.fast.generate import generated  # most programs run once, and need none of it

            self.run = generated(tree, checked, ports, result, exact) or exact
            return self.run(env)

        self.run = first


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
    return Program(source, tree, checked, ports, result)


class ExactTier:
    """The exact tier of a program. Its closures are made when they are first needed, which may be never."""

    __slots__ = ("_checked", "_convert", "_evaluate", "_heads", "_ports", "_tree")

    def __init__(self, tree: Expr, checked: Checked, ports: Mapping[str, Type], result: Type) -> None:
        self._heads = tuple(dict.fromkeys(port.partition(".")[0] for port in ports))
        self._ports = [(port, port.split("."), isinstance(of, OptionalType)) for port, of in ports.items()]
        self._tree = tree
        self._checked = checked
        self._evaluate: Evaluate | None = None
        self._convert = leaving(checked.type, result)

    def __call__(self, env: Mapping[str, Value]) -> Value:
        """The value, of the right type, finite, and no larger than anything may be."""
        if self._evaluate is None:
            self._evaluate = evaluation(self._tree, self._checked, self._heads)
        values = self._values(env)
        value = self._evaluate(Meter(), [values[head] for head in self._heads])
        try:
            return self._convert(Meter(), value, "")
        except ConversionError as problem:
            raise EvaluationError("conversion", str(problem), self._tree.span) from None
        except EvaluationError as problem:
            problem.place(self._tree.span)
            raise

    def _values(self, env: Mapping[str, Value]) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for port, path, optional in self._ports:
            value = env.get(port)
            if value is None and port not in env and not optional:
                raise EvaluationError("binding", f"the expression needs `{port}`, which has no value")
            _put(values, path, value)
        return values


def _put(values: dict[str, Value], path: Sequence[str], value: Value) -> None:
    for step in path[:-1]:
        values = values.setdefault(step, {})
    values[path[-1]] = value


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
