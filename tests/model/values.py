"""Strategies for types, with the constraints and wire names that a graph has to keep."""

from __future__ import annotations

from hypothesis import strategies as st
from tests.base.typed import PRIMITIVES, TEXTS, WORDS, values

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
        default = draw(values(of)) if has_default else None
        made.append(Field(name, of, has_default, default, bounds, draw(st.none() | TEXTS)))
    wires = [field.wire or field.name for field in made]
    return tuple(made) if len({*wires}) == len(made) else tuple(Field(field.name, field.type) for field in made)


def _wider(types: st.SearchStrategy[Type]) -> st.SearchStrategy[Type]:
    optionals = types.map(lambda of: of if isinstance(of, OptionalType) else OptionalType(of))
    return st.one_of(
        types.map(ListType), types.map(MapType), optionals, st.builds(RecordType, fields(types), st.none() | WORDS)
    )


types: st.SearchStrategy[Type] = st.recursive(st.sampled_from(list(PRIMITIVES)) | enums(), _wider, max_leaves=4)
