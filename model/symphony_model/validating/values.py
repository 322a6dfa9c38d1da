"""Checks of what a node's configuration computes: each expression has a type that fits its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from symphony_dsl.base.flows import a, flows
from symphony_dsl.base.types import (
    DURATION,
    INT,
    JSON,
    SECRET,
    STRING,
    ListType,
    MapType,
    RecordType,
    Type,
    optional,
    plain,
    record,
)
from symphony_model.message_parts import PARTS
from symphony_model.nodes import ControlNode, InstrumentNode, InstrumentTool, OperatorNode, tools_of
from symphony_model.ports import Expression
from symphony_model.problem import InvalidValue, ValidationError

if TYPE_CHECKING:
    from symphony_model.http_request import HttpRequest
    from symphony_model.nodes import Node, Tool
    from symphony_model.structure import Structure

CONTROL = {"limit": INT, "maximum": INT, "every": DURATION}
"""Numbers of opening nodes, by field."""

MESSAGES = ListType(record(role=JSON, content=JSON))


def check_values(structure: Structure) -> Iterator[ValidationError]:
    for node in structure.nodes.values():
        yield from _told(node, node.base.path, _wrong(node))
        for tool in tools_of(node):
            yield from _told(node, f"{node.base.path}` → `{tool.name}", _wrong(tool))


def _told(node: Node, path: str, wrong: Iterator[tuple[str, Type, str]]) -> Iterator[ValidationError]:
    for what, of, wanted in wrong:
        message = f"the {what} of `{path}` is {a(of)}; it takes {wanted}"
        yield InvalidValue("WF0301", message, node.base.path, node.base.id)


def _wrong(of: Node | Tool) -> Iterator[tuple[str, Type, str]]:
    """What does not fit, the type that it has, and what is taken in its place."""
    if isinstance(of, ControlNode):
        for name, wanted in CONTROL.items():
            given = getattr(of.config, name)
            if isinstance(given, Expression) and not flows(given.type, wanted).ok:
                yield name, given.type, a(wanted)
    elif isinstance(of, (InstrumentNode, InstrumentTool)):
        prompt = of.config.prompt
        if prompt is not None and not any(flows(prompt.type, wanted).ok for wanted in (STRING, PARTS)):
            yield "prompt", prompt.type, "a string, or a list of parts"
        messages = of.config.messages
        if messages is not None and not flows(messages.type, MESSAGES).ok:
            yield "messages", messages.type, "a list of records with `role` and `content`"
    elif isinstance(of, OperatorNode) and of.config.http:
        yield from wrong_request(of.config.http)


def wrong_request(http: HttpRequest) -> Iterator[tuple[str, Type, str]]:
    """What of a request has a type that it cannot have, that type, and what is taken in its place."""
    if http.headers and not all(_is_text(each) for each in _parts(http.headers.type)):
        yield "headers", http.headers.type, "a map or a record of strings"
    if http.query and not all(_is_public(each) for each in _parts(http.query.type)):
        yield "query", http.query.type, "a map or a record without secrets"


def _parts(of: Type) -> list[Type | None]:
    """The types of what a map or a record holds."""
    if isinstance(of, MapType):
        return [of.value]
    return [field.type for field in of.fields] if isinstance(of, RecordType) else [None]


def _is_text(of: Type | None) -> bool:
    return of is not None and any(flows(of, optional(each)).ok for each in (STRING, SECRET))


def _is_public(of: Type | None) -> bool:
    return of is not None and plain(of) != SECRET
