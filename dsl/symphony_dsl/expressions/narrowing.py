"""What a condition tells about absence: the paths that are certainly there when it holds, and when it does not.

`has(a.b)` that holds says that `a` and `a.b` are there. `&&` adds up what its sides say when it holds, `||` when it does
not, `!` swaps. Values never change, so what was once known stays true.
"""

from __future__ import annotations

from symphony_dsl.base.frozen import frozen
from symphony_dsl.expressions.scope import Path
from symphony_dsl.expressions.tree import Binary, Call, Expr, Index, Literal, Name, Select, Unary


@frozen
class Narrowing:
    when_true: frozenset[Path] = frozenset()
    when_false: frozenset[Path] = frozenset()


NOTHING = Narrowing()


def path_of(expr: Expr) -> Path | None:
    """The path that an expression is: a name, its fields, its constant keys; None for anything else."""
    steps: list[str] = []
    while True:
        match expr:
            case Name(name=name):
                return (name, *reversed(steps))
            case Select(operand=operand, field=field):
                steps.append(field)
                expr = operand
            case Index(operand=operand, index=Literal(kind="string", value=key)):
                steps.append(f'["{key}"]')
                expr = operand
            case _:
                return None


def narrow(condition: Expr) -> Narrowing:
    """What a condition tells. Chains of one operator, however long, are walked without recursion."""
    negated = False
    while isinstance(condition, Unary) and condition.operator == "!":
        negated = not negated
        condition = condition.operand
    found = _plain(condition)
    return Narrowing(found.when_false, found.when_true) if negated else found


def _plain(condition: Expr) -> Narrowing:
    match condition:
        case Call(target=None, name="has", arguments=(tested,)):
            path = path_of(tested.value)
            return Narrowing(when_true=_prefixes(path)) if path else NOTHING
        case Binary(operator="&&"):
            return Narrowing(when_true=_all_of(condition, "&&", holds=True))
        case Binary(operator="||"):
            return Narrowing(when_false=_all_of(condition, "||", holds=False))
    return NOTHING


def _prefixes(path: Path) -> frozenset[Path]:
    return frozenset(path[:length] for length in range(1, len(path) + 1))


def _all_of(condition: Expr, operator: str, *, holds: bool) -> frozenset[Path]:
    """What the sides of a chain say together, its left spine walked in a loop."""
    known: frozenset[Path] = frozenset()
    while isinstance(condition, Binary) and condition.operator == operator:
        side = narrow(condition.right)
        known |= side.when_true if holds else side.when_false
        condition = condition.left
    last = narrow(condition)
    return known | (last.when_true if holds else last.when_false)
