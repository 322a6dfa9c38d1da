"""Types, values, times and settings in the words of the language, each on one line.

Whatever the graph holds has a text, of a length that fits what it is: a type may hold another twice and that one another, so
that its whole text would double each time, and a value may be none that the language could write.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields

from symphony_dsl.base.canonical import canonical_json
from symphony_dsl.base.times import Duration
from symphony_dsl.base.types import DURATION, TIMESTAMP, ListType, MapType, OptionalType, RecordType, Type
from symphony_dsl.base.values import Value
from symphony_dsl.expressions.checker.typesize import measured
from symphony_model.ports import Argument, Expression
from symphony_model.settings import Cache, Concurrency, RateLimit, Resources, Retry, RunSettings, Settings

MANY_PARTS = 200
MANY_LEVELS = 50
"""A record without a name that is larger is told by its number of fields."""

CHAIN = re.compile(r"it((?:\.[A-Za-z_]\w*)*)", re.ASCII)
"""A value on its way, with fields of it at most."""


def type_text(of: Type) -> str:
    ends: list[str] = []
    while isinstance(of, (ListType, OptionalType)):
        ends.append("[]" if isinstance(of, ListType) else "?")
        of = of.item
    return _inner(of) + "".join(reversed(ends))


def _inner(of: Type) -> str:
    if isinstance(of, RecordType) and of.name:
        return of.name
    depth, parts = measured(of, {})
    if parts <= MANY_PARTS and depth <= MANY_LEVELS:
        return str(of)
    if isinstance(of, RecordType):
        return f"{{ {len(of.fields):,} fields }}"
    return "map<…>" if isinstance(of, MapType) else "…"


def value_text(value: Value, of: Type) -> str:
    """A value as it would be written, else what JSON makes of it."""
    from symphony_dsl.expressions.names import literal_of
    from symphony_dsl.expressions.unparse import unparse

    try:
        return unparse(literal_of(value, of))
    except (ValueError, TypeError, RecursionError):
        return json_text(value)


def json_text(value: object) -> str:
    try:
        return canonical_json(value)
    except ValueError:
        return f"a {type(value).__name__}"


def argument_text(argument: Argument, of: Type) -> str:
    if isinstance(argument, Expression):
        return argument.source
    is_time = of in (DURATION, TIMESTAMP) and isinstance(argument.value, str)
    return str(argument.value) if is_time else json_text(argument.value)


def on_the_way(source: str, transform: str) -> str:
    """An expression over `it`, said of where `it` comes from: `tickets` and `it.size() > 3` are `tickets.size() > 3`."""
    chain = CHAIN.fullmatch(transform)
    if chain:
        return source + chain[1]
    from symphony_dsl.expressions.names import substitute
    from symphony_dsl.expressions.parser import ExpressionSyntaxError, parse_expression
    from symphony_dsl.expressions.tree import Name
    from symphony_dsl.expressions.unparse import unparse

    try:
        given, tree = parse_expression(source), parse_expression(transform)
        return unparse(substitute(tree, lambda part: given if isinstance(part, Name) and part.name == "it" else None))
    except (ExpressionSyntaxError, ValueError):
        return f"{source} as it in {transform}"


# ---- settings ----


def time_text(nanoseconds: int) -> str:
    try:
        return str(Duration(nanoseconds))
    except ValueError:
        return f"{json_text(nanoseconds)}ns"


def number_or_time(value: int | Expression, *, time: bool = False) -> str:
    if isinstance(value, Expression):
        return value.source
    return time_text(value) if time else json_text(value)


def settings_texts(settings: Settings | RunSettings) -> Iterator[str]:
    """`timeout 5s`, `retry 2`: what was written, in the order of the table, but for a label, which is a name."""
    for each in fields(settings):
        value = getattr(settings, each.name)
        if value is not None and each.name != "label":
            yield f"{each.name} {_setting(each.name, value)}"


def _setting(name: str, value: object) -> str:
    match value:
        case Retry():
            return _retry(value)
        case Cache():
            return "no" if not value.enabled else "of any age" if value.age is None else time_text(value.age)
        case Concurrency():
            return f"{json_text(value.count)}{_shared(value.bucket)}"
        case RateLimit():
            return f"{json_text(value.count)} per {time_text(value.per)}{_shared(value.bucket)}"
        case Resources():
            return _resources(value)
        case int() if name in ("timeout", "deadline"):
            return time_text(value)
    return value if isinstance(value, str) else json_text(value)


def _retry(retry: Retry) -> str:
    plain = Retry(retry.attempts)
    more = [
        f"delay {time_text(retry.delay)}" if retry.delay != plain.delay else "",
        f"factor {json_text(retry.factor)}" if retry.factor != plain.factor else "",
        f"jitter {json_text(retry.jitter)}" if retry.jitter != plain.jitter else "",
        f"on {', '.join(retry.on)}" if retry.on else "",
    ]
    return " ".join([json_text(retry.attempts - 1), *(each for each in more if each)])


def _shared(bucket: str | None) -> str:
    """A policy's bucket is called `PACKAGE:FILE:POLICY`."""
    return f" shared by {bucket.rpartition(':')[2]}" if bucket else ""


def _resources(resources: Resources) -> str:
    given = {"cpus": resources.cpus, "memory": resources.memory}
    return " ".join(f"{name} {json_text(value)}" for name, value in given.items() if value is not None) or "any"
