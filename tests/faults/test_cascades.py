"""What only follows from a mistake is silent: one mistake in a declaration of a valid file gives one message."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.faults.units import Unit, units

from symphony_dsl.syntax import tree
from symphony_dsl.syntax.parser import parse_file

ROOT = Path(__file__).parents[2]
SHARE = 0.04
"""So many messages of a hundred mistakes may be consequences."""


def test_a_mistake_in_a_declaration_has_few_consequences() -> None:
    made = [len(unit.said_of(text)) for unit in units(ROOT / "tests/cases") for text in _spoilt(unit)]
    assert len(made) > 300
    assert all(made)
    assert sum(made) - len(made) <= len(made) * SHARE


def _spoilt(unit: Unit) -> Iterator[str]:
    """The file with a stray sign behind a declaration's name, or an unknown type of a parameter, field or input."""
    for island in parse_file(unit.path, unit.text).islands:
        for at, text in _places(island.declaration):
            place = at + island.start
            yield f"{unit.text[:place]}{text}{unit.text[place:]}"


def _places(declaration: object) -> Iterator[tuple[int, str]]:
    name = getattr(declaration, "name", None)
    if isinstance(name, tree.Ident):
        yield name.span.end, " %"
    match declaration:
        case tree.Callable(parameters=parts) | tree.Record(fields=parts):
            yield from ((each.type.span.start, "Unknown_") for each in parts)
        case tree.Workflow(body=body):
            inputs = (each for each in body.statements if isinstance(each, tree.Input))
            yield from ((each.type.span.start, "Unknown_") for each in inputs)
