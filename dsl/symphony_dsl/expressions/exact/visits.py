"""What macros bind in the exact tier: variables as slots of the frame, and how their rounds go.

A macro with one variable goes through the elements of a list or the keys of a map, one with two through the numbers and
elements of a list or the keys and values of a map. The keys of a map are gone through in their order (`sorted_keys`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from symphony_dsl.base.dynamic import from_key, sorted_keys
from symphony_dsl.base.span import Span
from symphony_dsl.base.values import Value
from symphony_dsl.expressions.exact.frame import Compiler, Frame, data_path, mismatch, pay
from symphony_dsl.expressions.macros import Binding
from symphony_dsl.expressions.tree import Call

Visit: TypeAlias = Callable[[Frame, Value], Iterator[Value]]
"""Charges for all of a list or a map; then, round by round, sets the variables and gives the first of them."""


def bind(compiler: Compiler, bound: Binding) -> tuple[dict[str, int], list[int]]:
    """Make the variables of a macro visible; the answer is what was visible before, and their slots."""
    outer = compiler.slots
    slots = [compiler.new_slot() for _ in bound.variables]
    compiler.slots = outer | {variable.name: slot for variable, slot in zip(bound.variables, slots, strict=True)}
    return outer, slots


def visiting(compiler: Compiler, node: Call, slots: Sequence[int]) -> Visit:
    weight = compiler.prices.bodies[node]
    where, span = data_path(node.target) if node.target else "", node.span
    first, second = slots[0], slots[-1]

    def one_by_one(frame: Frame, values: Value) -> Iterator[Value]:
        listed = _listed(values, where, span)
        pay(frame, len(listed) * weight, span)
        for each in listed:
            frame[first] = each
            yield each

    def pair_by_pair(frame: Frame, values: Value) -> Iterator[Value]:
        pairs = _paired(values, where, span)
        pay(frame, len(values) * weight, span)
        for key, value in pairs:
            frame[first], frame[second] = key, value
            yield key

    return one_by_one if len(slots) == 1 else pair_by_pair


def _listed(values: Value, where: str, span: Span) -> list[Value]:
    """A list as it is, the keys of a map in their order."""
    if isinstance(values, list):
        return values
    if isinstance(values, dict):
        return list(map(from_key, sorted_keys(values)))
    raise mismatch(where, "a list", values, span)


def _paired(values: Value, where: str, span: Span) -> Iterator[tuple[Value, Value]]:
    if isinstance(values, list):
        return enumerate(values)
    if isinstance(values, dict):
        return ((from_key(key), values[key]) for key in sorted_keys(values))
    raise mismatch(where, "a list or a map", values, span)
