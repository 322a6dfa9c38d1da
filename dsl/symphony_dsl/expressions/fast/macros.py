"""Macros in the fast tier: comprehensions.

What a macro goes through is kept in a variable first, since nothing can be charged in the head of a comprehension. The
variables of a macro are those of the comprehension; the ones of `reduce` and `cel.bind` are variables of the function.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.types import JSON, STRING, ListType, MapType, OptionalType, Type
from symphony_dsl.expressions.fast.code import (
    Code,
    Unserved,
    after,
    choose,
    collected,
    collected_map,
    compare,
    compute,
    constant,
    loop,
    name,
    named,
    negated,
    pair,
    streamed,
)
from symphony_dsl.expressions.fast.help import grouped, in_order, ordered, walked
from symphony_dsl.expressions.fast.making import FEW, SCALARS, Maker, Making, class_of
from symphony_dsl.expressions.fast.values import as_type, truth
from symphony_dsl.expressions.macros import Binding, binding
from symphony_dsl.expressions.meter import BUDGET
from symphony_dsl.expressions.tree import Call


@frozen
class Rounds:
    """A macro in pieces: `over` is what it goes through, `names` are the variables of a round, `body` its value."""

    over: Code
    names: list[str]
    tests: list[Code]
    body: Code
    body_type: Type

    def loop(self, *conditions: Code) -> list[ast.comprehension]:
        return loop(self.names, self.over, [*self.tests, *conditions])


def macro(maker: Maker, node: Call, target: Code) -> Making:
    """A macro that is a method."""
    bound = binding(node)
    if bound is None or node.target is None:
        raise Unserved
    of = maker.type_of(node.target)
    if node.name in ("optMap", "optFlatMap"):
        return (yield from _of_optional(maker, node, bound, target))
    first, again = maker.kept(target)
    over = _over(maker, of, again(), pairs=len(bound.variables) == 2 and node.name != "reduce")
    make = _reduction if node.name == "reduce" else _rounds
    made = yield from make(maker, node, bound, over)
    if of != JSON:
        return _visited(maker, node, first, made)
    is_list = maker.call(isinstance, first, name(maker.value(list)))
    return choose(is_list, _visited(maker, node, again(), made), maker.stop())


def _visited(maker: Maker, node: Call, values: Code, made: Code) -> Code:
    """Rounds inside of rounds are short, and take more of their time to begin."""
    visits = compute(maker.call(len, values), "*", constant(maker.bodies[node]))
    return maker.charged(visits, made, FEW if maker.bound else BUDGET)


def _over(maker: Maker, of: Type, values: Code, *, pairs: bool) -> Code:
    """A list as it is, a map by its keys in order; or pairs of both."""
    if isinstance(of, ListType) or of == JSON:
        return maker.call(enumerate, values) if pairs else values
    if isinstance(of, MapType) and of.key == STRING:
        return maker.call(in_order if pairs else sorted, values)
    raise Unserved


def _rounds(maker: Maker, node: Call, bound: Binding, over: Code) -> Making:
    make = _MAKERS.get(node.name)
    if make is None:
        raise Unserved
    outer, names = _bind(maker, bound)
    *conditions, last = bound.inside
    tests: list[Code] = []
    for condition in conditions:
        tests.append((yield from truth(maker, condition)))
    body = (yield from truth(maker, last)) if node.name in _TRUTH else (yield maker.make(last))
    maker.bound = outer
    return make(maker, Rounds(over, names, tests, body, maker.type_of(last)))


def _bind(maker: Maker, bound: Binding) -> tuple[dict[str, str], list[str]]:
    outer, names = maker.bound, [maker.variable() for _ in bound.variables]
    maker.bound = outer | {variable.name: made for variable, made in zip(bound.variables, names, strict=True)}
    return outer, names


_TRUTH = frozenset({"all", "exists", "exists_one", "existsOne", "filter"})
"""Macros whose body has to be true or false."""


def _exists_one(maker: Maker, rounds: Rounds) -> Code:
    held = collected(constant(0), rounds.loop(rounds.body))
    return compare(maker.call(len, held), "==", constant(1))


def _map(maker: Maker, rounds: Rounds) -> Code:
    if isinstance(rounds.body_type, OptionalType):
        raise Unserved
    return collected(rounds.body, rounds.loop())


def _transform_map(maker: Maker, rounds: Rounds) -> Code:
    if isinstance(rounds.body_type, OptionalType) or _counts(maker, rounds):
        raise Unserved
    return collected_map(name(rounds.names[0]), rounds.body, rounds.loop())


def _counts(maker: Maker, rounds: Rounds) -> bool:
    """Whether the keys are the numbers of elements."""
    over = rounds.over
    return isinstance(over, ast.Call) and isinstance(over.func, ast.Name) and over.func.id == maker.value(enumerate)


def _group(maker: Maker, rounds: Rounds) -> Code:
    if rounds.body_type != STRING:
        raise Unserved
    return maker.call(grouped, rounds.over, collected(rounds.body, rounds.loop()))


def _sort(maker: Maker, rounds: Rounds) -> Code:
    if class_of(rounds.body_type) not in SCALARS:
        raise Unserved
    first, again = maker.kept(collected(rounds.body, rounds.loop()))
    return maker.weighed(walked, [first], maker.call(ordered, rounds.over, again()))


_Make = Callable[[Maker, Rounds], Code]

_MAKERS: dict[str, _Make] = {
    "all": lambda maker, rounds: maker.call(all, streamed(rounds.body, rounds.loop())),
    "exists": lambda maker, rounds: maker.call(any, streamed(rounds.body, rounds.loop())),
    "exists_one": _exists_one,
    "existsOne": _exists_one,
    "filter": lambda _, rounds: collected(name(rounds.names[0]), rounds.loop(rounds.body)),
    "map": _map,
    "transformList": _map,
    "transformMap": _transform_map,
    "groupBy": _group,
    "sortBy": _sort,
}


def _reduction(maker: Maker, node: Call, bound: Binding, over: Code) -> Making:
    """A comprehension that collects nothing: each round gives the variable its next value."""
    of = maker.type_of(node)
    if isinstance(of, OptionalType):
        raise Unserved
    start = yield from as_type(maker, bound.outside[0], of)
    outer, (result, element) = _bind(maker, bound)
    body = yield from as_type(maker, bound.inside[0], of)
    maker.bound = outer
    rounds = collected(constant(None), loop([element], over, [negated(pair(named(result, body)))]))
    return after([named(result, start), rounds], name(result))


def bind(maker: Maker, node: Call) -> Making:
    """`cel.bind(x, value, body)`."""
    bound = binding(node)
    if bound is None:
        raise Unserved
    value = yield maker.make(bound.outside[0])
    outer, (variable,) = _bind(maker, bound)
    body = yield maker.make(bound.inside[0])
    maker.bound = outer
    return after([named(variable, value)], maker.charged(constant(maker.bodies[node]), body))


def _of_optional(maker: Maker, node: Call, bound: Binding, target: Code) -> Making:
    outer, (variable,) = _bind(maker, bound)
    body = yield maker.make(bound.inside[0])
    maker.bound = outer
    present = maker.charged(constant(maker.bodies[node]), body)
    return choose(compare(named(variable, target), "is not", constant(None)), present, constant(None))
