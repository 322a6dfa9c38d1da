"""Constraints that stand in front of one thing have to leave a value that keeps them all.

Before: `@min(5) @max(3) input n: int`; after: a message at `@max(3)`. What is asked by patterns and checks is not looked into.
"""

from __future__ import annotations

from collections.abc import Iterator

from symphony_compiler.site import Site
from symphony_dsl.base.conform import conform
from symphony_dsl.base.constraints import violation
from symphony_dsl.base.diagnostic import Label
from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.types import Constraint, Type
from symphony_dsl.base.values import Json
from symphony_dsl.syntax.tree import Annotation

PAIRS = (("min", "max"), ("min_length", "max_length"), ("min_items", "max_items"))
"""What a value or a count of it must be at least, and at most."""

COUNTED = ("min_length", "max_length", "min_items", "max_items")


@frozen
class Asked:
    """A constraint and where it stands; None where it comes with a type."""

    constraint: Constraint
    annotation: Annotation | None = None


def hold_together(site: Site, of: Type, asked: list[Asked]) -> None:
    """Report what no value can keep. `of` is the type that is constrained, `asked` is in the order of the text."""
    by_kind: dict[str, list[Asked]] = {}
    for each in asked:
        by_kind.setdefault(each.constraint.kind, []).append(each)
    if len(asked) > 1:
        for low, high in _crossed(by_kind, of):
            _contradict(site, low, high)
        _hold_choices(site, of, by_kind)
    for each in asked:
        if each.annotation and each.constraint.kind in COUNTED and each.constraint.value < 0:
            message = f"`@{each.constraint.kind}` counts, and nothing has fewer than none"
            site.report("WF0214", each.annotation.span, message)


def _crossed(by_kind: dict[str, list[Asked]], of: Type) -> Iterator[tuple[Asked, Asked]]:
    """Pairs of which one asks for more than the other allows."""
    for least, most in PAIRS:
        found = (
            (low, high)
            for low in by_kind.get(least, ())
            for high in by_kind.get(most, ())
            if _breaks(low.constraint.value, high.constraint, of if least == "min" else None)
        )
        yield from list(found)[:1]


def _breaks(value: Json, constraint: Constraint, of: Type | None) -> bool:
    """Whether a bound is beyond another; counts are plain numbers."""
    bound = Constraint("max", constraint.value)
    return violation(value if of is None else conform(value, of), (bound,), "") is not None


def _contradict(site: Site, low: Asked, high: Asked) -> None:
    told, other = (high, low) if high.annotation else (low, high)
    if told.annotation is None:
        return  # both come with the type, where it has been said
    labels = _label(site, other)
    whose = "" if other.annotation else " of its type"
    message = f"no value keeps both {_shown(told)} and {_shown(other)}{whose}"
    site.report("WF0219", told.annotation.span, message, labels=labels)


def _hold_choices(site: Site, of: Type, by_kind: dict[str, list[Asked]]) -> None:
    """Each value that is offered has to keep the other constraints."""
    others = [each for kind, found in by_kind.items() if kind not in ("one_of", "check") for each in found]
    for choice in by_kind.get("one_of", ()):
        for value in choice.constraint.value if choice.annotation else ():
            broken = next((each for each in others if violation(conform(value, of), (each.constraint,), "")), None)
            if choice.annotation and broken:
                shown = f'"{value}"' if isinstance(value, str) else value
                message = f"`@one_of` offers {shown}, which {_shown(broken)} forbids"
                site.report("WF0219", choice.annotation.span, message, labels=_label(site, broken))
                break


def _label(site: Site, asked: Asked) -> list[Label]:
    return [site.reporter.label(asked.annotation.span, "asked for here")] if asked.annotation else []


def _shown(asked: Asked) -> str:
    return f"`@{asked.constraint.kind}({asked.constraint.value})`"
