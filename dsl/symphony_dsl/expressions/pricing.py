"""What an evaluation costs: the one definition, which both tiers keep to the unit.

A unit is an operation of the text or about a tenth of a microsecond. Four rules give the price of a run; it depends on
the text and the data alone, never on types that are known before or on the tier that runs.

1. *The text.* Each operator, selection, index, call and conditional is one unit; a list, a pair of braces or a text with
   interpolations is one and one for each of its parts, whether they are evaluated or not; literals and names are free.
   What stands outside of macro bodies is charged once, when a run starts (`Prices.top`). Nothing is given back for an arm
   that is not taken.
2. *Macros.* One that visits n elements charges, for each of them, 1 and what its body costs by rule 1, before it visits the first of
   them (`Prices.bodies`). All elements count, also where an early one decides. `cel.bind` visits one; `optMap` and
   `optFlatMap` one, or none where nothing is there.
3. *Functions and operators of the table* charge by their `effort` before they run (`charge`): 16 characters are a unit
   and so is an element of a list or a map, given or made. What takes longer than this says more as its effort.
4. *Comparisons* (`== != < <= > >=`) charge by what they compare (`compare`): nothing for scalars, the shorter of two
   texts, and all that is in two collections.

Texts with interpolations charge `Meter.work` for their characters, and `Meter.walk` for collections that stand in them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from symphony_dsl.base.dynamic import Option
from symphony_dsl.base.types import ListType
from symphony_dsl.base.values import Value
from symphony_dsl.expressions.macros import binding
from symphony_dsl.expressions.meter import UNIT, Meter
from symphony_dsl.expressions.signatures import Overload
from symphony_dsl.expressions.tree import Brace, Call, Expr, ListLiteral, Literal, Name, Text
from symphony_dsl.expressions.walk import children

COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">="})
"""The operators that rule 4 is about; all others of the table, `in` among them, come under rule 3."""

_TEXTS = (str, bytes)
_COLLECTIONS = (list, dict, Option)


@dataclass(frozen=True, slots=True)
class Prices:
    """`bodies` has what one visit costs, the visit itself among it, for each macro that binds variables."""

    top: int
    bodies: Mapping[Call, int]


def prices(tree: Expr) -> Prices:
    """What the text costs, from the tree alone."""
    top = 0
    bodies: dict[Call, int] = {}
    rest: list[tuple[Expr, Call | None]] = [(tree, None)]
    while rest:
        node, within = rest.pop()
        if within is None:
            top += _own(node)
        else:
            bodies[within] += _own(node)
        rest.extend(_parts(node, within, bodies))
    return Prices(top, bodies)


def _parts(node: Expr, within: Call | None, bodies: dict[Call, int]) -> list[tuple[Expr, Call | None]]:
    """The children, each with the macro whose body it belongs to."""
    macro = binding(node) if isinstance(node, Call) else None
    if macro is None or not isinstance(node, Call):
        return [(child, within) for child in children(node)]
    bodies[node] = 1
    inside = {id(each) for each in macro.inside}
    return [(child, node if id(child) in inside else within) for child in children(node)]


def _own(node: Expr) -> int:
    match node:
        case Literal() | Name():
            return 0
        case Text(parts=parts) | ListLiteral(elements=parts) | Brace(entries=parts):
            return 1 + len(parts)
    return 1


def charge(meter: Meter, overload: Overload, arguments: Sequence[Value]) -> None:
    """Rule 3, before `overload.run(*arguments)`."""
    if overload.deep:
        meter.walk(*arguments)
        return
    if overload.effort is None:
        return
    size = overload.effort(*arguments)
    if isinstance(overload.result, ListType):
        meter.make(size)
        return
    meter.work(size)
    meter.charge(sum(len(each) for each in arguments if isinstance(each, list | dict)))


def compare(meter: Meter, one: Value, other: Value) -> None:
    """Rule 4, before a comparison."""
    if isinstance(one, _TEXTS) and isinstance(other, _TEXTS):
        meter.charge(min(len(one), len(other)) // UNIT)
    elif isinstance(one, _COLLECTIONS) and isinstance(other, _COLLECTIONS):
        meter.walk(one, other)
