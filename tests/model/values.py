"""Strategies for types and for values of them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from tests.base.typed import PRIMITIVES, TEXTS, WORDS

from symphony_dsl.base.conform import conform, to_json
from symphony_dsl.base.types import (
    Constraint,
    EnumType,
    Field,
    ListType,
    MapType,
    OptionalType,
    RecordType,
    Type,
)


@st.composite
def enums(draw: st.DrawFn) -> EnumType:
    names = draw(st.lists(WORDS, min_size=1, max_size=3, unique=True))
    return EnumType(draw(WORDS).title(), tuple((name, draw(st.just(name) | st.just(f"{name} !"))) for name in names))


@st.composite
def fields(draw: st.DrawFn, types: st.SearchStrategy[Type]) -> tuple[Field, ...]:
    made = []
    for name in draw(st.lists(WORDS, max_size=3, unique=True)):
        of = draw(types)
        has_default = draw(st.booleans())
        bounds = draw(st.sampled_from([(), (Constraint("check", "true"),)]))
        default = draw(values_of(of)) if has_default else None
        made.append(Field(name, of, has_default, default, bounds, draw(st.none() | TEXTS)))
    wires = [field.wire or field.name for field in made]
    return tuple(made) if len({*wires}) == len(made) else tuple(Field(field.name, field.type) for field in made)


def _wider(types: st.SearchStrategy[Type]) -> st.SearchStrategy[Type]:
    optionals = types.map(lambda of: of if isinstance(of, OptionalType) else OptionalType(of))
    return st.one_of(
        types.map(ListType), types.map(MapType), optionals, st.builds(RecordType, fields(types), st.none() | WORDS)
    )


types: st.SearchStrategy[Type] = st.recursive(st.sampled_from(list(PRIMITIVES)) | enums(), _wider, max_leaves=4)


def values_of(of: Type) -> st.SearchStrategy[Any]:
    """Typed values, as `conform` makes them."""
    match of:
        case ListType(item):
            return st.lists(values_of(item), max_size=3)
        case MapType(value):
            return st.dictionaries(TEXTS, values_of(value), max_size=3)
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
