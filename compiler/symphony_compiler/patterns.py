"""The arms of a `match`: which values each takes, that none is taken twice and none is forgotten."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from symphony_compiler.annotations import without_type
from symphony_compiler.notes import without_metadata
from symphony_compiler.reading import Reading
from symphony_compiler.site import Site
from symphony_compiler.spot import Content
from symphony_dsl.base.flows import a
from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.span import Span
from symphony_dsl.base.types import BOOL, INT, JSON, STRING, UNKNOWN, EnumType, OptionalType, Type
from symphony_dsl.expressions.tree import Binary, Expr, Literal
from symphony_dsl.expressions.words import as_name
from symphony_dsl.syntax.tree import Match, MatchArm, Pattern

WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
KINDS: dict[Type, str] = {STRING: "string", INT: "int", BOOL: "bool"}


@frozen
class Arm:
    """`name` is that of its region; `condition` is closed, None for `else`."""

    name: str
    condition: Expr | None
    content: Content


@dataclass(slots=True)
class _Seen:
    values: dict[Any, Span] = field(default_factory=dict)
    otherwise: Span | None = None
    wrong: bool = False


def arms_of(site: Site, match: Match, subject: Reading) -> list[Arm]:
    of = subject.type
    if not _matchable(of):
        site.report("WF0413", match.subject.span, _why_not(of))
        of = UNKNOWN
    seen = _Seen()
    arms = []
    for at, arm in enumerate(match.arms):
        without_type(site, arm.lead)
        without_metadata(site, arm.lead)
        values = _values(site, of, arm, seen)
        arms.append(Arm(_name(arm, at), _condition(subject, values), arm.value))
    _exhaustive(site, of, match, seen)
    return arms


def _matchable(of: Type) -> bool:
    return isinstance(of, EnumType) or of in KINDS or of == UNKNOWN


def _why_not(of: Type) -> str:
    if isinstance(of, OptionalType):
        return "this may be absent; give it a default with `??`, or test it with `has` first"
    wanted = "`match` takes an enum, a string, an int or a bool"
    if of == JSON:
        return f"{wanted}; this is json: say which by `string(…)`, or by a step with a type"
    return f"{wanted}, but this is {a(of)}"


def _values(site: Site, of: Type, arm: MatchArm, seen: _Seen) -> list[Any] | None:
    """The values that an arm takes, as they are at run time; None for `else`."""
    if seen.otherwise is not None:
        labels = [site.reporter.label(seen.otherwise, "takes everything")]
        site.report("WF0410", _head(arm), "this arm can never be taken: `else` is above it", labels=labels)
        seen.wrong = True
    if arm.patterns is None:
        seen.otherwise = _head(arm)
        return None
    return [value for each in arm.patterns if (value := _value(site, of, each, seen)) is not None]


def _head(arm: MatchArm) -> Span:
    if arm.patterns is None:
        return Span(arm.span.start, arm.span.start + len("else"))
    return arm.patterns[0].span.to(arm.patterns[-1].span)


def _value(site: Site, of: Type, pattern: Pattern, seen: _Seen) -> Any:  # noqa: ANN401 - a wire name, an int, a bool
    if of == UNKNOWN:
        return None
    value = _of_enum(site, of, pattern) if isinstance(of, EnumType) else _literal(site, of, pattern)
    if value is None:
        seen.wrong = True
        return None
    first = seen.values.setdefault(value, pattern.span)
    if first is not pattern.span:
        labels = [site.reporter.label(first, "taken here")]
        site.report("WF0410", pattern.span, "an arm above takes this value already", labels=labels)
        seen.wrong = True
    return value


def _of_enum(site: Site, of: EnumType, pattern: Pattern) -> str | None:
    names = [name for name, _ in of.values]
    if pattern.name is None:
        message = f"a pattern for {of} is one of its values: {', '.join(names)}"
        written = pattern.literal.value if isinstance(pattern.literal, Literal) else None
        meant = next((name for name, wire in of.values if written in (name, wire)), None)
        fixes = [site.reporter.replacement(f"write `{meant}`", pattern.span, meant)] if meant else []
        site.report("WF0412", pattern.span, message, fixes=fixes)
        return None
    wire = of.wire(pattern.name)
    if wire is None:
        site.unknown("WF0412", pattern.span, f"{of} has no value `{pattern.name}`", pattern.name, names)
    return wire


def _literal(site: Site, of: Type, pattern: Pattern) -> Any:  # noqa: ANN401 - a str, an int, a bool
    literal = pattern.literal
    if isinstance(literal, Literal) and literal.kind == KINDS[of]:
        return literal.value
    fixes = []
    if of == STRING and pattern.name is not None:
        fixes = [site.reporter.replacement("write it as a string", pattern.span, f'"{pattern.name}"')]
    site.report("WF0412", pattern.span, f"a pattern here is {a(of)}", fixes=fixes)
    return None


def _name(arm: MatchArm, at: int) -> str:
    """An arm is called by its first pattern."""
    if arm.patterns is None:
        return "else"
    first = arm.patterns[0]
    if first.name is not None:
        return first.name
    value = first.literal.value if isinstance(first.literal, Literal) else at
    if isinstance(value, str):
        return value if WORD.fullmatch(value) and as_name(value) == value else json.dumps(value, ensure_ascii=False)
    return json.dumps(value)


def _condition(subject: Reading, values: list[Any] | None) -> Expr | None:
    if values is None:
        return None
    span = subject.expr.span
    tests: list[Expr] = [Binary(span, "==", span, subject.expr, _as_literal(span, value)) for value in values]
    if not tests:
        return Literal(span, "bool", False)
    made = tests[0]
    for test in tests[1:]:
        made = Binary(span, "||", span, made, test)
    return made


def _as_literal(span: Span, value: Any) -> Literal:  # noqa: ANN401 - a str, an int, a bool
    return Literal(span, type(value).__name__.replace("str", "string"), value)


def _exhaustive(site: Site, of: Type, match: Match, seen: _Seen) -> None:
    if of == UNKNOWN or seen.wrong:
        return
    word = Span(match.span.start, match.span.start + len("match"))
    every = _every_value(of)
    if every is None:
        if seen.otherwise is None:
            site.report("WF0411", word, f"{a(of)} can be anything: this `match` needs an `else`")
        return
    missing = [name for name, value in every if value not in seen.values]
    if seen.otherwise is not None and not missing:
        site.report("WF0410", seen.otherwise, "this arm can never be taken: the arms above take every value")
    if seen.otherwise is None and missing:
        listed = ", ".join(f"`{name}`" for name in missing)
        site.report("WF0411", word, f"this `match` does not say what happens for {listed}; add an arm, or `else`")


def _every_value(of: Type) -> list[tuple[str, Any]] | None:
    if isinstance(of, EnumType):
        return list(of.values)
    return [("true", True), ("false", False)] if of == BOOL else None
