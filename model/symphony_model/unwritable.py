"""Where a workflow holds what no format has a word for: looked for once writing has failed."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from functools import partial
from math import isfinite
from typing import TYPE_CHECKING, Any, TypeAlias

from symphony_dsl.base.conform import ConversionError
from symphony_dsl.base.values import Json
from symphony_model.json_form.edges import edge_to_json
from symphony_model.json_form.nodes import node_to_json
from symphony_model.json_form.places import Place, path_text, walk
from symphony_model.json_form.unknown import without_unknown
from symphony_model.json_form.workflow import WORKFLOW
from symphony_model.schema_check import first_violation
from symphony_model.serialize_errors import SerializeError
from symphony_schemas import newest

if TYPE_CHECKING:
    from symphony_model.workflow import Workflow

UNFIT = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    OverflowError,
    RecursionError,
    struct.error,
    ConversionError,
)
"""What writers raise where a workflow holds what does not fit the schema, or what the format has no word for."""

SIGNED, IN_VALUES = range(-(2**63), 2**63), range(-(2**63), 2**64)
"""The whole numbers that bincode has a word for: everywhere, and in values that may be any JSON."""
SHOWN = 80
"""So many digits of a number are shown."""
BROKEN = "a text holds half of a surrogate pair, which is no character"

Found: TypeAlias = tuple[str, str]
"""A place, and what is wrong there."""


def error(workflow: Workflow, problem: Exception, *, is_binary: bool = False) -> SerializeError:
    """The error that tells the place, where one is found; else what went wrong when it was written."""
    numbers = SIGNED if isinstance(problem, struct.error) else IN_VALUES if is_binary else None
    place, what = _first(workflow, numbers) or (None, _said(problem))
    return _error(workflow, what, place)


def demand_fit(workflow: Workflow, envelope: Json) -> None:
    """Raises SerializeError where a workflow, which people may build by hand, is not as the schema wants it."""
    version = newest("workflow")
    wrong = first_violation("workflow", version, envelope)
    if wrong and wrong.may_be_unknown and workflow.unknown:
        wrong = first_violation("workflow", version, without_unknown("workflow", version, envelope)[0])
    if wrong:
        raise _error(workflow, wrong.message, wrong.place)


def _error(workflow: Workflow, what: str, place: str | None) -> SerializeError:
    return SerializeError(f"workflow {workflow.name!r} cannot be written: {what}", place=place)


def _said(problem: Exception) -> str:
    return BROKEN if isinstance(problem, UnicodeEncodeError) else str(problem)


def _first(workflow: Workflow, numbers: range | None) -> Found | None:
    for place, write in _parts(workflow):
        try:
            found = next(unwritable(write(), place, numbers), None)
        except UNFIT as problem:
            return path_text(place), _said(problem)
        if found:
            return found
    return None


def _parts(workflow: Workflow) -> Iterator[tuple[Place, Callable[[], Json]]]:
    """The parts of a workflow, each of which is written alone."""
    yield ("workflow",), partial(WORKFLOW.encode, workflow)
    for at, node in enumerate(workflow.nodes.values()):
        yield ("workflow", "nodes", at), partial(node_to_json, node)
    for at, edge in enumerate(workflow.edges):
        yield ("workflow", "edges", at), partial(edge_to_json, edge)


def unwritable(data: Any, place: Place = (), numbers: range | None = None) -> Iterator[Found]:  # noqa: ANN401 - whatever stands there
    """Each value that is no JSON of ours, in order."""
    for inside, value in walk(data):
        why = _why(value, numbers)
        if why:
            yield path_text((*place, *inside)), why


def _why(value: object, numbers: range | None) -> str:
    if isinstance(value, dict):
        return "" if all(_is_text(key) for key in value) else BROKEN
    if isinstance(value, str):
        return "" if _is_text(value) else BROKEN
    if isinstance(value, float):
        return "" if isfinite(value) else f"{value} is no number of JSON"
    if isinstance(value, int):
        return _why_no_number(value, numbers)
    return "" if value is None or isinstance(value, (list, tuple)) else f"{type(value).__name__} is no JSON value"


def _why_no_number(value: int, numbers: range | None) -> str:
    try:
        digits = str(value)
    except ValueError:  # Python writes none that it would not read
        return "a whole number has too many digits to be read again"
    return "" if numbers is None or value in numbers else f"{digits[:SHOWN]} is no whole number of 64 bits"


def _is_text(value: str) -> bool:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
