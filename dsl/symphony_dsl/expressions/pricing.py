"""What an evaluation costs: the one definition, which both tiers keep to the unit.

A unit is about a tenth of a microsecond of the exact tier, so that a budget is gone through in a tenth of a second. Four rules give the price of a run; it depends on the text and
the data alone, never on types that are known before or on the tier that runs.

1. *The text.* Each node has a price: 1 for an operator, a selection, an index, a conditional; 8 for a call; 1 for
   a list and 1 for each element, 2 for a pair of braces and 2 for each entry, 1 for a text and 4 for each expression in
   it; nothing for a literal and a name. What stands outside of macro bodies is charged once, when a run starts
   (`Prices.top`). Nothing is given back for what is not evaluated in the end.
2. *Macros.* Before one visits the first of n elements it charges, for each of them, a round (2, or 8 where it
   makes an entry or a key of what the body gives) and the price of its body (`Prices.bodies`), also where an early one decides. `cel.bind` visits one; `optMap` and `optFlatMap` one, or none where
   nothing is there. `sortBy` charges `Meter.walk` for its keys, `transformMapEntry` 1 for each entry that a round gives.
3. *Functions and operators of the table* charge by their `effort` before they run (`charge`): 16 characters are a unit
   and so is an element of a list or a map, given or made. Where elements are compared (`deep`), one at the top is 3, and all
   that is inside counts, each collection among it as 8 more. What takes longer than this says more as its effort.
4. *Comparisons* (`== != < <= > >=`) charge by what they compare (`compare`): nothing for scalars, the shorter of two
   texts, 16 and all that is inside for two collections.

Texts with interpolations charge `Meter.work` for their characters, and `Meter.walk` for collections that stand in them;
so do conversions for what they convert. In the exact tier, which alone goes on after an error, an error that comes to
nothing is `ABSORBED`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from symphony_dsl.base.dynamic import Option
from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.types import ListType
from symphony_dsl.base.values import Value
from symphony_dsl.expressions.functions.signatures import Overload
from symphony_dsl.expressions.macros import binding
from symphony_dsl.expressions.meter import UNIT, Meter
from symphony_dsl.expressions.tree import Brace, Call, Expr, ListLiteral, Literal, Name, Text
from symphony_dsl.expressions.walk import children

COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">="})
"""The operators that rule 4 is about; all others of the table, `in` among them, come under rule 3."""

ABSORBED = 8
"""What an error costs that is lost because another side decides."""

ROUND = 2
_ROUNDS = dict.fromkeys(("groupBy", "sortBy", "transformMap", "transformMapEntry"), 8)
"""What a round of a macro costs beside its body, for those that do more than to keep what the body gives."""

_TEXTS = frozenset({str, bytes})
_COLLECTIONS = frozenset({list, dict, Option})
_SIZED = frozenset({list, dict})


@frozen
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
    bodies[node] = _ROUNDS.get(node.name, ROUND)
    inside = {id(each) for each in macro.inside}
    return [(child, node if id(child) in inside else within) for child in children(node)]


def _own(node: Expr) -> int:
    """The price of a node without what is inside."""
    match node:
        case Literal() | Name():
            return 0
        case Call():
            return 8
        case ListLiteral(elements=elements):
            return 1 + len(elements)
        case Brace(entries=entries):
            return 2 + 2 * len(entries)
        case Text(parts=parts):
            return 1 + 4 * sum(not isinstance(part, str) for part in parts)
    return 1


def charge(meter: Meter, overload: Overload, arguments: Sequence[Value]) -> None:
    """Rule 3, before `overload.run(*arguments)`."""
    if overload.deep:
        meter.walk(*arguments, more=2 * sum([len(each) for each in arguments if type(each) is list]))
        return
    if overload.effort is None:
        return
    size = overload.effort(*arguments)
    if isinstance(overload.result, ListType):
        meter.make(size)
        return
    meter.work(size, sum([len(each) for each in arguments if type(each) in _SIZED]))


def compare(meter: Meter, one: Value, other: Value) -> None:
    """Rule 4, before a comparison."""
    if type(one) in _TEXTS and type(other) in _TEXTS:
        meter.charge(min(len(one), len(other)) // UNIT)
    elif type(one) in _COLLECTIONS and type(other) in _COLLECTIONS:
        meter.walk(one, other, more=16)
