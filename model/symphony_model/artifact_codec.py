"""The text of an artifact, and what is checked before one is believed.

The text is UTF-8 JSON, indented by two, and ends with a line break. Whoever reads one gets an artifact that is whole:
the right version, of the schema's shape, unchanged since it was built, with every callee, and a sound graph.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator

from symphony_dsl.base.collector import paused
from symphony_dsl.base.values import Json
from symphony_model.artifact import Artifact
from symphony_model.codec import workflow_from_json
from symphony_model.json_form.envelope import Envelope, read_envelope
from symphony_model.json_form.places import at, path_text
from symphony_model.json_form.reading import BUILD_AGAIN, parse_json
from symphony_model.json_form.tables import UNREADABLE, Codec, UnreadableError, keyed
from symphony_model.json_form.workflow import json_hash, workflow_to_json
from symphony_model.nodes import InstrumentTool, OperatorNode, tools_of
from symphony_model.schema_parts import schema_id
from symphony_model.sealing import resealed
from symphony_model.serialize_errors import DeserializeError, UnknownMembersWarning
from symphony_model.validating.validation import LOADED
from symphony_model.workflow import Workflow
from symphony_schemas import newest

SCHEMA_VERSION = newest("workflow")
"""What is written, whatever was read."""
DIGITS = 18
"""So many may the number of a line have."""
SCHEMA_ID = schema_id("workflow", SCHEMA_VERSION)


@paused()
def artifact_to_text(artifact: Artifact) -> str:
    """Equal artifacts give equal texts. Raises ValueError for a value that is no JSON (NaN, half a surrogate pair)."""
    return json_text(artifact_to_json(artifact))


def json_text(data: dict[str, Json]) -> str:
    """The text of an envelope."""
    return json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def artifact_to_json(artifact: Artifact) -> dict[str, Json]:
    """The envelope, which every format writes. The hashes are those of what stands in it, whoever sealed the artifact."""
    envelope: dict[str, Json] = {
        "$schema": SCHEMA_ID,
        "schema_version": SCHEMA_VERSION,
        "created_with": artifact.created_with,
        "content_hash": artifact.content_hash,
        "workflow": workflow_to_json(artifact.workflow),
    }
    if artifact.callees:
        envelope["callees"] = {key: workflow_to_json(artifact.callees[key]) for key in sorted(artifact.callees)}
    if artifact.sources:
        envelope["sources"] = _PLACES.encode(artifact.sources)
    return resealed({**envelope, **artifact.unknown})


def _place_to_json(place: tuple[str, int]) -> Json:
    return f"{place[0]}:{place[1]}"


def _place_from_json(data: Json) -> tuple[str, int]:
    file, _, line = data.rpartition(":")
    if len(line) > DIGITS:
        raise ValueError(f"the number of a line has {len(line)} digits")
    return file, int(line)


_PLACES = keyed(keyed(Codec(_place_to_json, _place_from_json, {})))


def _sources(data: dict[str, Json]) -> dict[str, dict[str, tuple[str, int]]]:
    try:
        return _PLACES.decode(data)
    except UnreadableError as problem:
        raise DeserializeError(str(problem), place=path_text(("sources", *problem.place)), hint=BUILD_AGAIN) from None


@paused()
def artifact_from_text(text: str) -> Artifact:
    """The artifact of a text. Raises DeserializeError, its place a path into the JSON, for whatever is wrong with it."""
    return artifact_from_json(parse_json(text))


def artifact_from_json(data: Json) -> Artifact:
    """The artifact of an envelope of any version. Raises DeserializeError."""
    envelope = read_envelope(data)
    data = envelope.data
    artifact = Artifact(
        _sound(envelope, data["content_hash"], "workflow"),
        data["content_hash"],
        {key: _sound(envelope, key, "callees", key) for key in data.get("callees", {})},
        _sources(data.get("sources", {})),
        data["created_with"],
        envelope.unknown_at_top,
        envelope.note,
    )
    _check_callees(artifact)
    return artifact


def unwrapped(data: Json) -> Workflow:
    """The workflow of an envelope, whatever it calls, its graph sound or not. Raises DeserializeError."""
    envelope = read_envelope(data)
    workflow = _workflow(envelope, envelope.data["content_hash"], "workflow")
    if envelope.note:
        warnings.warn(envelope.note, UnknownMembersWarning, stacklevel=4)  # of whoever called what pauses the collector
    return workflow


def _workflow(envelope: Envelope, expected: str, *where: str) -> Workflow:
    try:
        workflow = workflow_from_json(at(envelope.data, where))
        workflow.unknown = envelope.unknown_of(*where) if envelope.unknown else ()
        found = json_hash(at(envelope.whole, where))
    except UNREADABLE as problem:
        inside = problem.place if isinstance(problem, UnreadableError) else ()
        message = f"the workflow does not hold together: {problem}"
        raise DeserializeError(message, place=path_text((*where, *inside)), hint=BUILD_AGAIN) from None
    if found != expected:
        raise DeserializeError(
            f"workflow {workflow.name!r} was changed after it was built: its content hash is another one",
            place=path_text(where),
            hint=f"change the text and {BUILD_AGAIN}",
        )
    return workflow


def _sound(envelope: Envelope, expected: str, *where: str) -> Workflow:
    workflow = _workflow(envelope, expected, *where)
    problems = workflow.validate(LOADED).errors
    if problems:
        raise DeserializeError(
            f"the graph is not sound: {problems[0].message}", place=path_text(where), hint=BUILD_AGAIN
        )
    return workflow


def _called(workflow: Workflow) -> Iterator[tuple[str, str]]:
    """(path of the call, or of the instrument that has the tool; hash of what is called)"""
    for node in workflow.nodes.values():
        callers = [node] if isinstance(node, OperatorNode) else tools_of(node)
        for caller in callers:
            if not isinstance(caller, InstrumentTool) and caller.config.workflow:
                yield node.base.path, caller.config.workflow


def _check_callees(artifact: Artifact) -> None:
    for workflow in (artifact.workflow, *artifact.callees.values()):
        for path, called in _called(workflow):
            if called not in artifact.callees:
                raise DeserializeError(
                    f"step {path!r} of workflow {workflow.name!r} calls a workflow that is not in the artifact",
                    place="$.callees",
                    hint=BUILD_AGAIN,
                )
