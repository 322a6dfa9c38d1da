"""What stands in front of things and is no constraint: what is known to metadata, everything else to `custom`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from symphony_compiler.annotations import OF_STEPS, RULES, one_text, only_of_steps
from symphony_compiler.constants import evaluate
from symphony_compiler.site import Site
from symphony_dsl.base.canonical import canonical_json
from symphony_dsl.base.conform import to_json
from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.types import STRING
from symphony_dsl.syntax.tree import Annotation, Lead
from symphony_model.ids import NodeId
from symphony_model.metadata import NodeMetadata, WorkflowMetadata


@dataclass(slots=True)
class Notes:
    """The annotations that are no constraints, as JSON, sorted by what becomes of them."""

    known: dict[str, Any] = field(default_factory=dict)
    listed: dict[str, list[str]] = field(default_factory=dict)
    custom: dict[str, Any] = field(default_factory=dict)


SINGLE = ("author", "category", "icon", "color", "label")
TEXTS = ("tags", "warning")
EXAMPLE = "example"
CONSTRAINTS = (*RULES, "json", "check")


def without_metadata(site: Site, lead: Lead) -> None:
    """The annotations of what is no node and no workflow: nobody keeps them, but they have to be right."""
    only_of_steps(site, lead, "what is no node has no id and cannot be passed over")
    for each in lead.annotations:
        name = each.name.name
        if name in SINGLE:
            one_text(site, each)
        elif name in TEXTS:
            _texts(site, each)
        elif name == EXAMPLE:
            _examples(site, each)
        elif name not in (*CONSTRAINTS, *OF_STEPS):
            _anything(site, each)


def _notes(site: Site, lead: Lead, single: tuple[str, ...], listed: tuple[str, ...]) -> Notes:
    notes = Notes()
    for each in lead.annotations:
        name = each.name.name
        if name in (*CONSTRAINTS, *OF_STEPS):
            continue
        if name in single:
            notes.known[name] = one_text(site, each)
        elif name in listed:
            found = _examples(site, each) if name == EXAMPLE else _texts(site, each)
            notes.listed.setdefault(name, []).extend(found)
        else:
            notes.custom[name] = _anything(site, each)
    return notes


def _texts(site: Site, annotation: Annotation) -> list[str]:
    arguments = annotation.arguments or ()
    if not arguments or any(each.name for each in arguments):
        site.report("WF0214", annotation.span, f"`@{annotation.name.name}` takes one text or more in parentheses")
    made = [evaluate(site, each.value, STRING) for each in arguments]
    return [each.value for each in made if each.known]


def _examples(site: Site, annotation: Annotation) -> list[str]:
    """Texts as they are, other values as JSON."""
    arguments = annotation.arguments or ()
    if not arguments or any(each.name for each in arguments):
        site.report("WF0214", annotation.span, "`@example` takes one value or more in parentheses")
    made = [evaluate(site, each.value, None) for each in arguments]
    found = [to_json(each.value, each.type) for each in made if each.known]
    return [each if isinstance(each, str) else canonical_json(each) for each in found]


def _anything(site: Site, annotation: Annotation) -> Any:  # noqa: ANN401 - any JSON value
    """True without arguments, the one value, or a list; named arguments make an object."""
    arguments = annotation.arguments or ()
    made = [(each.name, evaluate(site, each.value, None)) for each in arguments]
    values = [(name, to_json(each.value, each.type)) for name, each in made if each.known]
    if not values:
        return True
    if any(name for name, _ in values):
        return {name or str(at): value for at, (name, value) in enumerate(values)}
    return values[0][1] if len(values) == 1 else [value for _, value in values]


def workflow_metadata(site: Site, lead: Lead) -> WorkflowMetadata:
    notes = _notes(site, lead, ("author", "category", "icon", "color"), ("tags",))
    return WorkflowMetadata(
        author=notes.known.get("author"),
        tags=tuple(notes.listed.get("tags", ())),
        category=notes.known.get("category"),
        icon=notes.known.get("icon"),
        color=notes.known.get("color"),
        custom=notes.custom,
    )


@frozen
class NodeNotes:
    label: str | None
    metadata: NodeMetadata
    id: NodeId | None = None  # kept over a rename
    disabled: bool = False


NO_NOTES = NodeNotes(None, NodeMetadata())
PASSED_OVER = NodeNotes(None, NodeMetadata(), disabled=True)


def node_notes(site: Site, lead: Lead) -> NodeNotes:
    if lead.doc is None and not lead.annotations:
        return NO_NOTES
    notes = _notes(site, lead, ("label",), (EXAMPLE, "warning"))
    metadata = NodeMetadata(
        documentation=lead.doc,
        examples=tuple(notes.listed.get("example", ())),
        warnings=tuple(notes.listed.get("warning", ())),
        custom=notes.custom,
    )
    given = {each.name.name: each for each in lead.annotations if each.name.name in OF_STEPS}
    return NodeNotes(
        notes.known.get("label"), metadata, _id(site, given.get("id")), _is_there(site, given.get("disabled"))
    )


def _id(site: Site, given: Annotation | None) -> NodeId | None:
    from uuid import UUID

    text = one_text(site, given) if given else None
    if given is None or text is None:
        return None
    try:
        return NodeId(UUID(text))
    except ValueError:
        message = '`@id` takes a UUID: `@id("0d3f8a5e-5b7c-4f0e-9d0a-1c2b3d4e5f60")`'
        site.report("WF0214", given.span, message)
        return None


def _is_there(site: Site, given: Annotation | None) -> bool:
    if given is not None and given.arguments:
        site.report("WF0214", given.span, f"`@{given.name.name}` stands alone")
    return given is not None


def summary(doc: str | None) -> str | None:
    """The first paragraph of a documentation, on one line."""
    return " ".join(doc.split("\n\n")[0].split()) if doc else None
