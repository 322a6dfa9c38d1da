"""Strategies for types, for values of them, and for types that a type flows into."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from symphony_dsl.base.times import Duration, Timestamp
from symphony_dsl.base.types import (
    BOOL,
    BYTES,
    DURATION,
    FILE,
    FLOAT,
    INT,
    JSON,
    MODEL,
    SECRET,
    STRING,
    TIMESTAMP,
    EnumType,
    Field,
    ListType,
    MapType,
    OptionalType,
    RecordType,
    Type,
    optional,
)
from symphony_dsl.base.values import SecretRef, secret_text

WORDS = st.from_regex(r"[a-z][a-z0-9_]{0,5}", fullmatch=True)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=8)
INTS = st.integers(-(2**63), 2**63 - 1)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
JSONS = st.recursive(
    st.none() | st.booleans() | INTS | FLOATS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)

REFERENCES = st.builds(SecretRef, st.sampled_from(["env:TOKEN", "file:/run/token"]))

PRIMITIVES: dict[Type, st.SearchStrategy[Any]] = {
    STRING: TEXTS,
    INT: INTS,
    FLOAT: FLOATS,
    BOOL: st.booleans(),
    BYTES: st.binary(max_size=6),
    JSON: JSONS,
    TIMESTAMP: st.builds(Timestamp, st.integers(-(10**18), 4 * 10**18)),
    DURATION: st.builds(Duration, st.integers(-(10**15), 10**15)),
    FILE: TEXTS.filter(bool),
    MODEL: st.just("local/sentiment"),
    SECRET: st.builds(secret_text, st.sampled_from(["", "Bearer "]), REFERENCES, st.just("") | REFERENCES),
}

ENUMS = st.builds(
    lambda name, values: EnumType(name.title(), tuple((value, f"{value}!") for value in values)),
    WORDS,
    st.lists(WORDS, min_size=1, max_size=3, unique=True),
)


@st.composite
def fields(draw: st.DrawFn, name: str, of: Type) -> Field:
    wire = draw(st.none() | st.just(f"{name}-wire"))
    if not draw(st.booleans()):
        return Field(name, of, wire=wire)
    return Field(name, of, has_default=True, default=draw(values(of)), wire=wire)


@st.composite
def records(draw: st.DrawFn, inner: st.SearchStrategy[Type]) -> RecordType:
    names = draw(st.lists(WORDS, max_size=3, unique=True))
    return RecordType(tuple(draw(fields(name, draw(inner))) for name in names), draw(st.none() | st.just("R")))


TYPES: st.SearchStrategy[Type] = st.recursive(
    st.sampled_from(list(PRIMITIVES)) | ENUMS,
    lambda inner: inner.map(ListType) | inner.map(MapType) | inner.map(optional) | records(inner),
    max_leaves=5,
)


def values(of: Type) -> st.SearchStrategy[Any]:
    """Typed values: what `conform` gives."""
    match of:
        case ListType(item):
            return st.lists(values(item), max_size=3)
        case MapType(item):
            return st.dictionaries(TEXTS, values(item), max_size=3)
        case OptionalType(item):
            return st.none() | values(item)
        case EnumType():
            return st.sampled_from([wire for _, wire in of.values])
        case RecordType():
            return _records(of)
    return PRIMITIVES[of]


def _records(of: RecordType) -> st.SearchStrategy[dict[str, Any]]:
    """An absent optional field is left out, as everywhere; one with a default always has a value."""
    parts = {each.name: values(each.type) for each in of.fields}

    def complete(found: dict[str, Any]) -> dict[str, Any]:
        kept = {}
        for each in of.fields:
            value = found[each.name]
            if value is None and each.has_default and each.type != JSON:
                value = each.default
            if value is not None or each.type == JSON:
                kept[each.name] = value
        return kept

    return st.fixed_dictionaries(parts).map(complete)


@st.composite
def wider(draw: st.DrawFn, of: Type) -> Type:
    """A type that `of` flows into: some of the steps that the rules allow, at any depth."""
    if draw(st.integers(0, 5)) == 0:
        return OptionalType(draw(wider(of))) if not isinstance(of, OptionalType) else of
    match of:
        case ListType(item):
            return ListType(draw(wider(item)))
        case MapType(item):
            return MapType(draw(wider(item)))
        case OptionalType(item):
            return optional(draw(wider(item)))
        case RecordType():
            return draw(_wider_record(of))
    if of == INT:
        return draw(st.sampled_from([INT, FLOAT, JSON]))
    return of


@st.composite
def _wider_record(draw: st.DrawFn, of: RecordType) -> RecordType:
    kept = [each for each in of.fields if draw(st.booleans())]
    made = [Field(each.name, draw(wider(each.type))) for each in kept]
    if draw(st.booleans()):
        made.append(Field("added_later", OptionalType(STRING)))
    return RecordType(tuple(made), of.name)
