"""Files of the size that people have: the declarations of several files as one, each name with a number behind it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.faults.units import units_of

from symphony_dsl.syntax.parser import parse_file
from symphony_dsl.syntax.tree import Defaults, Import
from symphony_dsl.syntax.tree import Test as DeclaredTest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from tests.faults.units import Unit


def combined(units: Sequence[Unit], random: Random, lines: int) -> Unit | None:
    """A file of about so many lines, made of files that import nothing; None where what came of it is not valid."""
    alone = [unit for unit in units if _stands_alone(unit)]
    parts: list[str] = []
    while sum(part.count("\n") for part in parts) < lines:
        parts.append(_renamed(random.choice(alone), len(parts)))
    made = units_of({"combined.wf": "wf 1.0\n\n" + "\n\n".join(parts)})
    return made[0] if made else None


def _stands_alone(unit: Unit) -> bool:
    declared = [island.declaration for island in parse_file(unit.path, unit.text).islands]
    return not any(isinstance(each, Import | Defaults) for each in declared)


def _renamed(unit: Unit, number: int) -> str:
    file = parse_file(unit.path, unit.text)
    names = [island.declaration.name.name for island in file.islands if _is_named(island.declaration)]
    text = "".join(island.text for island in file.islands)
    return re.sub(rf"\b({'|'.join(names)})\b", rf"\1_{number}", text) if names else text


def _is_named(declaration: object) -> bool:
    return declaration is not None and not isinstance(declaration, DeclaredTest)
