"""Strategies for types and for values of them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from symphony_dsl.base.conform import conform, to_json
from symphony_dsl.base.times import Duration, Timestamp
from symphony_dsl.base.types import (
    BOOL,
    BYTES,
    DURATION,
    FILE,
    FLOAT,
    INT,
    JSON,
    SECRET,
    STRING,
    TIMESTAMP,
    Constraint,
    EnumType,
    Field,
    ListType,
    MapType,
    OptionalType,
    RecordType,
    Type,
)
from symphony_dsl.base.values import SecretRef, secret_text

words = st.from_regex(r"[a-z][a-z0-9_]{0,6}", fullmatch=True)
texts = st.text(st.characters(codec="utf-8"), max_size=8)
ints = st.integers(-(2**63), 2**63 - 1)
floats = st.floats(allow_nan=False, allow_infinity=False)

json_values = st.recursive(
    st.none() | st.booleans() | ints | floats | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)

REFERENCES = st.builds(SecretRef, st.sampled_from(["env:TOKEN", "file:/run/token"]))

PRIMITIVES: dict[Type, st.SearchStrategy[Any]] = {
    STRING: texts,
    INT: ints,
    FLOAT: floats,
    BOOL: st.booleans(),
    BYTES: st.binary(max_size=6),
    JSON: json_values,
    TIMESTAMP: st.builds(Timestamp, st.integers(0, 4 * 10**18)),
    DURATION: st.builds(Duration, st.integers(-(10**15), 10**15)),
    FILE: texts.filter(bool),
    SECRET: st.builds(secret_text, st.sampled_from(["", "Bearer "]), REFERENCES, st.just("") | REFERENCES),
}


@st.composite
def enums(draw: st.DrawFn) -> EnumType:
    names = draw(st.lists(words, min_size=1, max_size=3, unique=True))
    return EnumType(draw(words).title(), tuple((name, draw(st.just(name) | st.just(f"{name} !"))) for name in names))


@st.composite
def fields(draw: st.DrawFn, types: st.SearchStrategy[Type]) -> tuple[Field, ...]:
    made = []
    for name in draw(st.lists(words, max_size=3, unique=True)):
        of = draw(types)
        has_default = draw(st.booleans())
        bounds = draw(st.sampled_from([(), (Constraint("check", "true"),)]))
        default = draw(values_of(of)) if has_default else None
        made.append(Field(name, of, has_default, default, bounds, draw(st.none() | texts)))
    wires = [field.wire or field.name for field in made]
    return tuple(made) if len({*wires}) == len(made) else tuple(Field(field.name, field.type) for field in made)


def _wider(types: st.SearchStrategy[Type]) -> st.SearchStrategy[Type]:
    optionals = types.map(lambda of: of if isinstance(of, OptionalType) else OptionalType(of))
    return st.one_of(
        types.map(ListType), types.map(MapType), optionals, st.builds(RecordType, fields(types), st.none() | words)
    )


types: st.SearchStrategy[Type] = st.recursive(st.sampled_from(list(PRIMITIVES)) | enums(), _wider, max_leaves=4)


def values_of(of: Type) -> st.SearchStrategy[Any]:
    """Typed values, as `conform` makes them."""
    match of:
        case ListType(item):
            return st.lists(values_of(item), max_size=3)
        case MapType(value):
            return st.dictionaries(texts, values_of(value), max_size=3)
        case OptionalType(item):
            return st.none() | values_of(item)
        case EnumType():
            return st.sampled_from([wire for _, wire in of.values])
        case RecordType():
            return _records(of)
    return PRIMITIVES[of]


def _records(of: RecordType) -> st.SearchStrategy[dict[str, Any]]:
    """As they are read: an absent optional field is left out, or has its default."""
    fixed = st.fixed_dictionaries({field.name: values_of(field.type) for field in of.fields})
    return fixed.map(lambda made: conform(to_json(made, of), of))
