"""Macros over lists and maps in the exact tier."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from symphony_dsl.base.conform import found
from symphony_dsl.base.dynamic import Uint, from_key
from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.times import Duration, Timestamp
from symphony_dsl.base.values import Value
from symphony_dsl.expressions.exact.bindings import option_macro, reduction
from symphony_dsl.expressions.exact.frame import Compiler, Compiling, Frame, Run, Step, absorbed, failing, mismatch, pay
from symphony_dsl.expressions.exact.literals import put
from symphony_dsl.expressions.exact.visits import Visit, bind, visiting
from symphony_dsl.expressions.macros import binding
from symphony_dsl.expressions.meter import EvaluationError
from symphony_dsl.expressions.tree import Call


@frozen
class Parts:
    """A macro in pieces: `test` is the condition of those that may leave elements out."""

    node: Call
    visit: Visit
    test: Run | None
    body: Run


def macro(compiler: Compiler, node: Call) -> Compiling:
    """A macro that is a method: a step from what it goes through."""
    bound = binding(node)
    if bound is None:
        problem = failing("failed", f"`{node.name}` is not written like this", node.span)
        return lambda frame, _value: problem(frame)
    if node.name == "reduce":
        return (yield from reduction(compiler, node, bound))
    if node.name in ("optMap", "optFlatMap"):
        return (yield from option_macro(compiler, node, bound))
    outer, slots = bind(compiler, bound)
    *conditions, last = bound.inside
    test = (yield from compiler.truth(conditions[0])) if conditions else None
    body = (yield from compiler.truth(last)) if node.name in _TRUTH else (yield compiler.compile(last))
    compiler.slots = outer
    return _MAKERS[node.name](Parts(node, visiting(compiler, node, slots), test, body))


_TRUTH = frozenset({"all", "exists", "exists_one", "existsOne", "filter"})
"""Macros whose body has to be true or false."""


def _quantifier(*, decides: bool) -> Callable[[Parts], Step]:
    """`all` and `exists`: an element that decides makes nothing of the errors at others."""

    def make(parts: Parts) -> Step:
        def step(frame: Frame, values: Value) -> Value:
            failed = None
            for _ in parts.visit(frame, values):
                try:
                    if parts.body(frame) is decides:
                        return decides
                except EvaluationError as problem:
                    failed = absorbed(frame, failed, problem)
            if failed:
                raise failed
            return not decides

        return step

    return make


def _exists_one(parts: Parts) -> Step:
    return lambda frame, values: sum(parts.body(frame) for _ in parts.visit(frame, values)) == 1


def _filter(parts: Parts) -> Step:
    return lambda frame, values: [each for each in parts.visit(frame, values) if parts.body(frame)]


def _chosen(parts: Parts) -> Visit:
    """The rounds in which the condition holds."""
    visit, test = parts.visit, parts.test
    if test is None:
        return visit

    def chosen(frame: Frame, values: Value) -> Iterator[Value]:
        return (each for each in visit(frame, values) if test(frame))

    return chosen


def _map(parts: Parts) -> Step:
    visit, body = _chosen(parts), parts.body
    return lambda frame, values: [body(frame) for _ in visit(frame, values)]


def _transform_map(parts: Parts) -> Step:
    visit, body, span = _chosen(parts), parts.body, parts.node.span

    def step(frame: Frame, values: Value) -> dict[Value, Value]:
        made: dict[Value, Value] = {}
        for key in visit(frame, values):
            put(made, key, body(frame), span)
        return made

    return step


def _transform_entries(parts: Parts) -> Step:
    """Each round gives a map, whose entries are all put into one."""
    visit, body, span = _chosen(parts), parts.body, parts.node.arguments[-1].span

    def step(frame: Frame, values: Value) -> dict[Value, Value]:
        made: dict[Value, Value] = {}
        for _ in visit(frame, values):
            entries = body(frame)
            if not isinstance(entries, dict):
                raise mismatch("", "a map with an entry", entries, span)
            pay(frame, len(entries), span)
            for key, value in entries.items():
                put(made, from_key(key), value, span)
        return made

    return step


def _group(parts: Parts) -> Step:
    visit, body, span = parts.visit, parts.body, parts.node.arguments[-1].span

    def step(frame: Frame, values: Value) -> dict[str, list[Value]]:
        groups: dict[str, list[Value]] = {}
        for each in visit(frame, values):
            key = body(frame)
            if not isinstance(key, str):
                raise EvaluationError("conversion", f"`groupBy` needs strings as keys, found {found(key)}", span)
            groups.setdefault(key, []).append(each)
        return groups

    return step


def _sort(parts: Parts) -> Step:
    visit, body, span = parts.visit, parts.body, parts.node.arguments[-1].span

    def step(frame: Frame, values: Value) -> list[Value]:
        pairs = [(body(frame), each) for each in visit(frame, values)]
        keys = [key for key, _ in pairs]
        frame[0].walk(keys)
        kinds = {_ORDERED.get(type(key)) for key in keys}
        if len(kinds) > 1 or None in kinds:
            what = "keys of different types" if len(kinds) > 1 else f"by {found(keys[0])}"
            raise EvaluationError("conversion", f"`sortBy` cannot order {what}", span)
        return [pairs[at][1] for at in sorted(range(len(keys)), key=keys.__getitem__)]

    return step


_ORDERED: dict[type, str] = {
    **dict.fromkeys((int, Uint, float), "number"),
    **{of: of.__name__ for of in (str, bytes, bool, Timestamp, Duration)},
}
"""The classes of values that have an order, and which of them are ordered among each other."""

_MAKERS: dict[str, Callable[[Parts], Step]] = {
    "all": _quantifier(decides=False),
    "exists": _quantifier(decides=True),
    "exists_one": _exists_one,
    "existsOne": _exists_one,
    "filter": _filter,
    "map": _map,
    "transformList": _map,
    "transformMap": _transform_map,
    "transformMapEntry": _transform_entries,
    "groupBy": _group,
    "sortBy": _sort,
}
