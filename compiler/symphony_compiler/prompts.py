"""What an instrument says to its model: texts, and texts with images, sounds and files in them.

Before: `prompt: "Which city is ${photo}?"`; after: a string, or where `photo` is an image the list
`[{ text: "Which city is " }, { image: photo }, { text: "?" }]`. The same holds for a `content` in `messages`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from symphony_compiler.bindings import Frame
from symphony_compiler.reading import read, text_of
from symphony_compiler.site import Site
from symphony_dsl.base.diagnostic import Reporter
from symphony_dsl.base.flows import a, flows
from symphony_dsl.base.span import Span
from symphony_dsl.base.types import STRING, ListType, Type, record
from symphony_dsl.expressions.tree import Brace, Element, Entry, Expr, ListLiteral, Literal, Text
from symphony_model.message_parts import MEDIA, PARTS, TEXT
from symphony_model.ports import Expression
from symphony_model.validating.values import MESSAGES

ROLE, CONTENT = "role", "content"
ROLES = ("system", "developer", "user", "assistant")
MESSAGES_IN_PARTS = ListType(record(role=STRING, content=PARTS))


def system_of(site: Site, frame: Frame, value: Expr) -> Expression | None:
    return _expression(site, frame, value, STRING)


def prompt_of(site: Site, frame: Frame, value: Expr) -> Expression | None:
    expr = in_parts(site, frame, value)
    return _expression(site, frame, expr, STRING if expr is value else PARTS)


def messages_of(site: Site, frame: Frame, value: Expr) -> Expression | None:
    """What was said so far: a list of records of a role and a content."""
    _check_roles(site, value)
    expr = messages_in_parts(site, frame, value)
    if expr is not value:
        return _expression(site, frame, expr, MESSAGES_IN_PARTS)
    reading = read(site, frame, value)
    if not reading.sound:
        return None
    if not flows(reading.type, MESSAGES).ok:
        message = f"`messages` takes a list of records with `role` and `content`, not {a(reading.type)}"
        site.report("WF0301", value.span, message)
        return None
    return Expression(text_of(site, reading), reading.type)


def _expression(site: Site, frame: Frame, expr: Expr, of: Type) -> Expression | None:
    reading = read(site, frame, expr, of)
    return Expression(text_of(site, reading), of) if reading.sound else None


def _check_roles(site: Site, value: Expr) -> None:
    for each in _entries(value, ROLE):
        if isinstance(each.value, Literal) and each.value.kind == "string" and each.value.value not in ROLES:
            near = site.file.suggest(each.value.value, ROLES)
            fixes = [site.reporter.replacement(f"write `{near}`", each.value.span, f'"{near}"')] if near else []
            site.report("WF0503", each.value.span, f"the role of a message is one of {', '.join(ROLES)}", fixes=fixes)


def in_parts(site: Site, frame: Frame, value: Expr) -> Expr:
    """The parts of a text that holds more than text; every other expression as it is."""
    pieces = value.parts if isinstance(value, Text) else (value,)
    kinds = [None if isinstance(each, str) else _kind(site, frame, each) for each in pieces]
    if not any(kinds):
        return value
    return ListLiteral(value.span, tuple(_elements(value.span, pieces, kinds)))


def messages_in_parts(site: Site, frame: Frame, value: Expr) -> Expr:
    """The same for messages that are written out: where one holds more than text, each says its content in parts."""
    contents = [each.value for each in _entries(value, CONTENT)]
    made = {each: in_parts(site, frame, each) for each in contents}
    if all(each is part for each, part in made.items()):
        return value
    assert isinstance(value, ListLiteral), "only what is written out has contents"
    parts = {
        each: ListLiteral(each.span, tuple(_text(each.span, [each]))) if each is part else part
        for each, part in made.items()
    }
    return replace(value, elements=tuple(_message(each, parts) for each in value.elements))


def _entries(value: Expr, name: str) -> Iterator[Entry]:
    """The fields of a name in messages that are written out."""
    for element in value.elements if isinstance(value, ListLiteral) else ():
        message = element.value
        yield from (each for each in message.entries if each.key == name) if isinstance(message, Brace) else ()


def _message(element: Element, parts: dict[Expr, Expr]) -> Element:
    message = element.value
    if not isinstance(message, Brace):
        return element
    entries = tuple(replace(each, value=parts.get(each.value, each.value), shorthand=False) for each in message.entries)
    return replace(element, value=replace(message, entries=entries))


def _kind(site: Site, frame: Frame, expr: Expr) -> str | None:
    """The field that a piece of a text stands in; None where it is text. What is wrong with it is said elsewhere."""
    quiet = replace(site, reporter=Reporter(site.reporter.path, site.reporter.base, []))
    return MEDIA.get(read(quiet, frame, expr).type)


def _elements(span: Span, pieces: tuple[str | Expr, ...], kinds: list[str | None]) -> Iterator[Element]:
    text: list[str | Expr] = []
    for piece, kind in zip(pieces, kinds, strict=True):
        if kind is None or isinstance(piece, str):
            text.append(piece)
            continue
        yield from _text(span, text)
        text = []
        yield _part(kind, piece)
    yield from _text(span, text)


def _text(span: Span, pieces: list[str | Expr]) -> Iterator[Element]:
    first = pieces[0] if len(pieces) == 1 else None
    if isinstance(first, str):
        yield _part(TEXT, Literal(span, "string", first))
    elif isinstance(first, Literal | Text):
        yield _part(TEXT, first)
    elif pieces:
        yield _part(TEXT, Text(span, tuple(pieces)))


def _part(name: str, value: Expr) -> Element:
    return Element(Brace(value.span, (Entry(value.span, name, value.span, value),)))
