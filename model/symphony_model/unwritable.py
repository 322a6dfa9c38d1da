"""Where a workflow holds what no format has a word for: looked for once writing has failed."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite
from typing import TYPE_CHECKING, Any

from symphony_dsl.base.conform import ConversionError
from symphony_dsl.base.values import Json
from symphony_model.json_workflow import workflow_to_json
from symphony_model.schema_check import first_violation
from symphony_model.schema_parts import schema_id
from symphony_model.serialize_errors import SerializeError
from symphony_schemas import newest

if TYPE_CHECKING:
    from symphony_model.workflow import Workflow

SMALLEST, LARGEST = -(2**63), 2**64 - 1
NO_HASH = "sha256:" + 64 * "0"


def error(workflow: Workflow, reason: str) -> SerializeError:
    """The error that tells the place, where one is found; else the reason why writing failed."""
    found = _first(workflow)
    place, what = found or (None, reason)
    return SerializeError(f"workflow {workflow.name!r} cannot be written: {what}", place=place)


def _first(workflow: Workflow) -> tuple[str, str] | None:
    try:
        data = workflow_to_json(workflow)
    except (ValueError, ConversionError):  # no JSON at all: the reason says why
        return None
    return next(unwritable(data, "$.workflow"), None) or _unfit(data)


def _unfit(data: Json) -> tuple[str, str] | None:
    """Where a workflow, which people may build by hand, is not as the schema wants it."""
    version = newest("workflow")
    whole = {
        "$schema": schema_id("workflow", version),
        "schema_version": version,
        "created_with": "",
        "content_hash": NO_HASH,
    }
    found = first_violation("workflow", version, {**whole, "workflow": data})
    return (found.place, found.message) if found else None


def unwritable(data: Any, place: str = "$") -> Iterator[tuple[str, str]]:  # noqa: ANN401 - whatever stands there
    """(place, why) for each value that is no JSON of ours, in order. Without recursion: values nest as they like."""
    rest = [(data, place)]
    while rest:
        value, where = rest.pop()
        why = _why(value)
        if why:
            yield where, why
        elif isinstance(value, dict):
            rest.extend((part, where) for part in reversed([*value]))
            rest.extend((value[key], f"{where}.{key}") for key in reversed([*value]))
        elif isinstance(value, (list, tuple)):
            rest.extend((value[at], f"{where}[{at}]") for at in reversed(range(len(value))))


def _why(value: object) -> str:
    if isinstance(value, str):
        return "" if _is_text(value) else "a text holds half of a surrogate pair, which is no character"
    if isinstance(value, float):
        return "" if isfinite(value) else f"{value} is no number of JSON"
    if isinstance(value, int):
        return "" if SMALLEST <= value <= LARGEST else f"{value} is no whole number of 64 bits"
    if value is None or isinstance(value, (dict, list, tuple)):
        return ""
    return f"{type(value).__name__} is no JSON value"


def _is_text(value: str) -> bool:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
