"""What the parts of the exact tier share: closures, frames, and how errors are made.

A tree becomes nested Python functions of one argument, the frame: a list whose first element is the meter, and whose
others are the values of names and of macro variables. Nothing of an expression is ever Python source.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NoReturn, TypeAlias

from symphony_dsl.base.conform import ConversionError, found
from symphony_dsl.base.span import Span
from symphony_dsl.base.types import BOOL, JSON, Type
from symphony_dsl.base.values import Value
from symphony_dsl.expressions.checker.check import Checked
from symphony_dsl.expressions.conversions import conversion
from symphony_dsl.expressions.meter import EvaluationError
from symphony_dsl.expressions.narrowing import path_of
from symphony_dsl.expressions.pricing import ABSORBED, Prices
from symphony_dsl.expressions.tree import Expr
from symphony_dsl.expressions.walk import Walk

Frame: TypeAlias = "list[Any]"
"""The meter, then a slot for each name and each variable."""

Run: TypeAlias = Callable[[Frame], Value]
"""A node, ready to be evaluated."""

Step: TypeAlias = Callable[[Frame, Value], Value]
"""A link of a chain, which is handed the value of what stands before it."""

Compiling: TypeAlias = "Walk[Any]"
"""Makes a Run or a Step of a node; it yields the compilations of the nodes inside, and is sent their Runs."""


@dataclass(slots=True)
class Compiler:
    """`slots` are the names that are visible at the node in hand, `names` those from outside; `size` is how long a frame
    has to be. `soft` are nodes at which a missing value is no failure, since `has` or `??` asks about it. `failing` are
    the slots that may hold a failure (`cel.bind`). `narrows`: something of an optional type may be known to be there.

    `checked` is None for plain CEL, whose meaning does not depend on types, and for what was never checked.
    """

    checked: Checked | None
    prices: Prices
    compile_node: Callable[[Compiler, Expr], Compiling]
    names: dict[str, int]
    slots: dict[str, int]
    size: int
    narrows: bool
    soft: set[Expr] = field(default_factory=set)
    failing: set[int] = field(default_factory=set)

    def compile(self, node: Expr) -> Compiling:
        return self.compile_node(self, node)

    def new_slot(self) -> int:
        self.size += 1
        return self.size - 1

    def type_of(self, node: Expr) -> Type:
        """What the checker found in `.wf`; everything is `json` in CEL."""
        return self.checked.types[node] if self.checked else JSON

    def as_type(self, node: Expr, target: Type) -> Compiling:
        """A node whose value is changed to another type, where `.wf` has to."""
        run = yield self.compile(node)
        return self.converted(node, run, self.type_of(node), target)

    def converted(self, node: Expr, run: Run, source: Type, target: Type) -> Run:
        convert = conversion(source, target) if self.checked else None
        if convert is None:
            return run
        step = self.converter(node, source, target)
        return lambda frame: step(frame, run(frame))

    def converter(self, node: Expr, source: Type, target: Type) -> Step:
        """The conversion of a value that came from a node."""
        convert = conversion(source, target) if self.checked else None
        if convert is None:
            return lambda frame, value: value
        where, span = data_path(node), node.span

        def step(frame: Frame, value: Value) -> Value:
            try:
                return convert(frame[0], value, where)
            except ConversionError as problem:
                raise EvaluationError("conversion", str(problem), span) from None

        return step

    def truth(self, node: Expr) -> Compiling:
        """A node that has to be true or false."""
        run: Run = yield self.compile(node)
        if self.type_of(node) == BOOL:
            return run
        where, span = data_path(node), node.span

        def truth(frame: Frame) -> bool:
            value = run(frame)
            if value is True or value is False:
                return value
            raise mismatch(where, "a bool", value, span)

        return truth


def mismatch(where: str, wanted: str, value: Value, span: Span) -> EvaluationError:
    return EvaluationError("conversion", at_place(where, f"expected {wanted}, found {found(value)}"), span)


def at_place(where: str, message: str) -> str:
    return f"{where}: {message}" if where else message


def pay(frame: Frame, units: int, span: Span) -> None:
    """Charge for what a part of the text does."""
    try:
        frame[0].charge(units)
    except EvaluationError as problem:
        problem.place(span)
        raise


def absorbed(frame: Frame, before: EvaluationError | None, problem: EvaluationError) -> EvaluationError:
    """Keep the first of the errors that come to nothing if another side decides. Running out of budget is not one.

    An error knows the frames that it came through, and whoever keeps it is among them: it would keep itself.
    """
    if problem.code == "cost":
        raise problem
    frame[0].charge(ABSORBED)
    problem.__traceback__ = problem.__context__ = None
    return before or problem


def failing(code: str, message: str, span: Span) -> Run:
    """A node that has no value."""

    def run(frame: Frame) -> NoReturn:
        raise EvaluationError(code, message, span)

    return run


def data_path(node: Expr) -> str:
    """How a message names the place of a value in the data."""
    path = path_of(node)
    return "".join(step if step.startswith("[") else f".{step}" for step in path)[1:] if path else ""
