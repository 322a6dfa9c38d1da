"""What is said to make a value fit makes it fit."""

from __future__ import annotations

from itertools import product

import pytest

from symphony_dsl.base.flows import flows
from symphony_dsl.base.types import (
    BOOL,
    BYTES,
    DURATION,
    FLOAT,
    INT,
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
)
from symphony_model.conversions import DEFAULT, conversion
from symphony_model.expression_mistakes import mistakes

COLOUR = EnumType("Colour", (("red", "red"),))
LABEL = RecordType((Field("label", STRING), Field("sure", BOOL)), "Label")
SCORE = RecordType((Field("label", INT),), "Score")
ATOMS: list[Type] = [STRING, INT, FLOAT, BOOL, BYTES, TIMESTAMP, DURATION, COLOUR, LABEL, SCORE, MapType(INT)]
ALL: list[Type] = [*ATOMS, *(ListType(of) for of in ATOMS), *(OptionalType(of) for of in ATOMS)]
ALL += [ListType(ListType(STRING)), OptionalType(ListType(INT)), ListType(OptionalType(STRING))]
PAIRS = [(one, other) for one, other in product(ALL, ALL) if not flows(one, other).ok]


def test_every_conversion_is_an_expression_that_gives_what_is_wanted() -> None:
    for source, target in PAIRS:
        made = conversion(source, target)
        if made and DEFAULT not in made:
            assert mistakes(made, (("it", source),), target) == (), (str(source), str(target), made)


def test_a_default_of_the_right_type_makes_the_rest() -> None:
    defaults = {STRING: '""', INT: "0", FLOAT: "0.0", BOOL: "true", BYTES: 'b""'}
    for of, text in defaults.items():
        for target in (of, STRING):
            made = conversion(OptionalType(of), target)
            assert made
            assert mistakes(made.replace(DEFAULT, text), (("it", OptionalType(of)),), target) == ()


@pytest.mark.parametrize(
    ("source", "target", "made"),
    [
        (INT, STRING, "string(it)"),
        (INT, OptionalType(STRING), "string(it)"),
        (STRING, FLOAT, "float(it)"),
        (TIMESTAMP, INT, "int(it)"),
        (INT, ListType(STRING), "[string(it)]"),
        (ListType(INT), STRING, "string(it[0])"),
        (ListType(ListType(INT)), ListType(ListType(STRING)), "it.map(x, x.map(x, string(x)))"),
        (OptionalType(INT), STRING, "string((it ?? …))"),
        (LABEL, STRING, "it.label"),
        (STRING, COLOUR, "dyn(it)"),
        (MapType(INT), SCORE, "dyn(it)"),
        (LABEL, SCORE, "dyn(it)"),
        (BOOL, INT, None),
        (STRING, SECRET, None),
        (INT, COLOUR, None),
    ],
    ids=str,
)
def test_a_conversion(source: Type, target: Type, made: str | None) -> None:
    assert conversion(source, target) == made
