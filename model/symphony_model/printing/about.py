"""What was written for people, and what tells one thing from another: shown where metadata is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from symphony_model.nodes import Node
from symphony_model.printing.page import Line, Part
from symphony_model.printing.values import json_text
from symphony_model.workflow import Workflow

Facts = Iterator[tuple[str, str]]


def about_workflow(workflow: Workflow, depth: int) -> Iterator[Line]:
    yield facts(_of_workflow(workflow), depth)
    yield from _lines(_custom(workflow.metadata.custom), depth)


def about_node(node: Node, depth: int) -> Iterator[Line]:
    yield facts(_of_node(node), depth)
    yield from _lines(_said_of(node), depth)


def facts(given: Facts, depth: int) -> Line:
    """Short ones on one line."""
    text = " · ".join(f"{name} {text}" for name, text in given if text)
    return Line(depth, (Part(text, "quiet"),), wraps=True)


def prose(text: str, depth: int) -> Iterator[Line]:
    """A text of several lines, as it was written."""
    return (Line(depth, (Part(row),), wraps=True) for row in text.strip("\n").split("\n"))


def fact(name: str, text: str, depth: int) -> Line:
    return Line(depth, (Part(f"{name}  ", "quiet"), Part(text)), wraps=True)


def _lines(given: Facts, depth: int) -> Iterator[Line]:
    return (fact(name, text, depth) for name, text in given if text)


def _of_workflow(workflow: Workflow) -> Facts:
    metadata = workflow.metadata
    yield "package", workflow.package
    yield "id", workflow.id
    yield "author", metadata.author or ""
    yield "tags", ", ".join(metadata.tags)
    yield "category", metadata.category or ""
    yield "icon", metadata.icon or ""
    yield "color", metadata.color or ""
    yield "created", workflow.created_at.isoformat() if workflow.created_at else ""
    yield "updated", workflow.updated_at.isoformat() if workflow.updated_at else ""


def _of_node(node: Node) -> Facts:
    base = node.base
    yield "path", base.path
    yield "id", base.id
    yield "at", f"{json_text(base.position.x)}, {json_text(base.position.y)}" if base.position else ""


def _said_of(node: Node) -> Facts:
    base, metadata = node.base, node.base.metadata
    yield from (("about", each) for each in dict.fromkeys([base.description, metadata.documentation]) if each)
    yield from (("example", each) for each in metadata.examples)
    yield from (("warning", each) for each in metadata.warnings)
    yield from _custom(metadata.custom)


def _custom(custom: Mapping[str, object]) -> Facts:
    return ((name, json_text(value)) for name, value in custom.items())
