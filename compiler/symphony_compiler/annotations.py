"""What stands in front of things: constraints to types; what may stand where."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from symphony_compiler.agreement import Asked, hold_together
from symphony_compiler.bindings import OWN, Binding, Frame, Port
from symphony_compiler.constants import evaluate
from symphony_compiler.reading import read, text_of
from symphony_compiler.site import Site
from symphony_dsl.base.conform import to_json
from symphony_dsl.base.constraints import compiled
from symphony_dsl.base.diagnostic import did_you_mean
from symphony_dsl.base.flows import a
from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.types import (
    BOOL,
    DURATION,
    FLOAT,
    INT,
    STRING,
    TIMESTAMP,
    UNKNOWN,
    Constraint,
    ListType,
    MapType,
    Type,
    plain,
)
from symphony_dsl.syntax.tree import Annotation, Lead

IT = "it"
ORDERED = (INT, FLOAT, DURATION, TIMESTAMP)
KNOWN = (
    "author",
    "category",
    "icon",
    "color",
    "tags",
    "warning",
    "example",
    "label",
    "group",
    "widget",
    "disabled",
    "id",
)


@frozen
class Rule:
    """A constraint: the types it may stand before, in words too, and the type of its argument given theirs."""

    fits: Callable[[Type], bool]
    who: str
    argument: Callable[[Type], Type]


def _itself(of: Type) -> Type:
    return of


def _count(of: Type) -> Type:
    return INT


def _one_of(types: tuple[Type, ...]) -> Callable[[Type], bool]:
    return lambda of: of in types


_BOUND = Rule(_one_of(ORDERED), "numbers, durations and timestamps", _itself)
_LENGTH = Rule(_one_of((STRING,)), "strings", _count)
_ITEMS = Rule(lambda of: isinstance(of, ListType | MapType), "lists and maps", _count)

RULES = {
    "min": _BOUND,
    "max": _BOUND,
    "min_length": _LENGTH,
    "max_length": _LENGTH,
    "min_items": _ITEMS,
    "max_items": _ITEMS,
    "pattern": Rule(_one_of((STRING,)), "strings", _itself),
    "one_of": Rule(_one_of((STRING, INT, FLOAT)), "strings and numbers", _itself),
}
OF_STEPS = ("id", "disabled")
"""Annotations of statements that make nodes: they change the node, and what others see of it."""
REPEATED = ("tags", "example", "warning", "pattern", "check")
"""Annotations of which there may be several."""

EVERY = (*RULES, "json", "check", *KNOWN)


@frozen
class Constraints:
    constraints: tuple[Constraint, ...] = ()
    wire: str | None = None


def constraints_of(
    site: Site, lead: Lead, of: Type, inherited: tuple[Constraint, ...] = (), *, field: bool = False
) -> Constraints:
    """The constraints in front of something that has a type, behind those of the alias that it is written with."""
    found = [Asked(each) for each in inherited]
    wire = None
    for each in lead.annotations:
        name = each.name.name
        if name == "json" and field:
            wire = one_text(site, each)
        elif name == "json":
            site.report("WF0214", each.span, "`@json` gives a field its name in JSON; it stands in front of a field")
        elif name == "check":
            found.extend(Asked(made, each) for made in _check(site, each, of))
        elif name in RULES:
            found.extend(Asked(made, each) for made in _constraint(site, each, RULES[name], of))
    if len(found) > len(inherited):
        hold_together(site, plain(of), found)
    hints(site, lead)
    return Constraints(tuple(each.constraint for each in found), wire)


def _constraint(site: Site, annotation: Annotation, rule: Rule, of: Type) -> list[Constraint]:
    name, of = annotation.name.name, plain(of)
    if of == UNKNOWN:
        return []
    if not rule.fits(of):
        site.report("WF0214", annotation.span, f"`@{name}` is for {rule.who}; this is {a(of)}")
        return []
    values = _values(site, annotation, rule.argument(of))
    if values is None or (name == "pattern" and not _pattern(site, annotation, values[0])):
        return []
    return [Constraint(name, values if name == "one_of" else values[0])]


def _check(site: Site, annotation: Annotation, of: Type) -> list[Constraint]:
    """An expression over `it`, the value itself."""
    arguments = annotation.arguments or ()
    if len(arguments) != 1 or arguments[0].name:
        site.report("WF0214", annotation.span, "`@check` takes one condition over `it` in parentheses")
        return []
    frame = Frame()
    of = plain(of)  # a value that is absent is not checked
    frame.names[IT] = Binding(IT, "variable", annotation.span, of, {"": Port(OWN, IT, of)})
    reading = read(site, frame, arguments[0].value, BOOL)
    return [Constraint("check", text_of(site, reading))] if reading.sound else []


def _pattern(site: Site, annotation: Annotation, pattern: str) -> bool:
    try:
        compiled(pattern)
    except ValueError as problem:
        site.report("WF0214", annotation.span, str(problem))
        return False
    return True


def _values(site: Site, annotation: Annotation, of: Type) -> list[Any] | None:
    """The arguments as JSON; None where they are not what the annotation takes."""
    arguments = annotation.arguments or ()
    many = annotation.name.name == "one_of"
    if not arguments or any(each.name for each in arguments) or (len(arguments) > 1 and not many):
        wants = "one value or more" if many else "one value"
        site.report("WF0214", annotation.span, f"`@{annotation.name.name}` takes {wants} in parentheses")
        return None
    made = [evaluate(site, each.value, of) for each in arguments]
    return [to_json(each.value, of) for each in made] if all(each.known for each in made) else None


def one_text(site: Site, annotation: Annotation) -> str | None:
    """The one string in the parentheses."""
    found = _values(site, annotation, STRING)
    return found[0] if found else None


def without_type(site: Site, lead: Lead) -> None:
    """Refuse constraints in front of what has no type."""
    for each in lead.annotations:
        if each.name.name in (*RULES, "json", "check"):
            site.report("WF0214", each.span, f"`@{each.name.name}` stands in front of something that has no type")
    hints(site, lead)


def of_declaration(site: Site, lead: Lead) -> None:
    """What stands in front of a declaration: no constraint, and nothing that changes a node."""
    without_type(site, lead)
    only_of_steps(
        site, lead, "the id of a declaration follows from its name, and what is declared can be left uncalled"
    )


def hints(site: Site, lead: Lead) -> None:
    """What may be said of each annotation wherever it stands: that it is doubled, or hardly meant."""
    first: dict[str, Annotation] = {}
    for each in lead.annotations:
        if each.name.name not in REPEATED and first.setdefault(each.name.name, each) is not each:
            labels = [site.reporter.label(first[each.name.name].span, "given here")]
            site.report("WF0214", each.span, f"`@{each.name.name}` is given twice", labels=labels)
        name = each.name.name
        near = None if name in EVERY else did_you_mean(name, EVERY)
        if near and _one_edit(name, near):
            fix = site.reporter.replacement(f"write `@{near}`", each.name.span, near)
            message = f"`@{name}` is kept, but means nothing here; did you mean `@{near}`?"
            site.report("WF0215", each.name.span, message, fixes=[fix])


def _one_edit(one: str, other: str) -> bool:
    """Whether a letter more, less, changed or swapped makes one word the other."""
    short, long = sorted((one, other), key=len)
    start = 0
    while start < len(short) and short[start] == long[start]:
        start += 1
    if len(long) - len(short) == 1:
        return short[start:] == long[start + 1 :]
    swapped = short[start + 1 : start + 2] + short[start : start + 1]
    rest = short[start + 1 :] == long[start + 1 :]
    return len(long) == len(short) and (rest or swapped + short[start + 2 :] == long[start:])


def only_of_steps(site: Site, lead: Lead, what: str, names: tuple[str, ...] = OF_STEPS) -> None:
    """Refuse what changes nodes in front of something that is none, or that others need."""
    for each in lead.annotations:
        if each.name.name in names:
            site.report("WF0214", each.span, f"`@{each.name.name}` stands in front of a step; {what}")
