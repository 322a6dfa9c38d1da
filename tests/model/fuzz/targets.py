"""What is fuzzed: each takes any bytes and raises nothing, unless something is wrong with a reader.

A reader gives data, which is sealed, so that it is read as far as may be, and becomes a workflow that is read again as the same when it
is written; or it raises a DeserializeError of one sentence with a place.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from symphony_model import artifact_codec
from symphony_model.binary.bincode_reading import from_bincode
from symphony_model.binary.compression import Compression, decompressed
from symphony_model.binary.message_pack import from_msgpack
from symphony_model.formats import decoded
from symphony_model.json_form.reading import parse_json
from symphony_model.json_form.workflow import json_hash
from symphony_model.limits import Limits
from symphony_model.serialize_errors import DeserializeError, SerializeError, UnknownMembersWarning
from symphony_model.workflow import Workflow

T = TypeVar("T")

CORPUS = Path(__file__).parents[2] / "data" / "fuzz"
SMALL = Limits(size=1024 * 1024, count=100_000)
"""So that a case takes a moment."""
PLACES = ("byte ", "$", "line ")


def target_of(read: Callable[[bytes], Any], write: Callable[[Workflow], bytes]) -> Callable[[bytes], None]:
    def target(data: bytes) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UnknownMembersWarning)
            tried(data)

    def tried(data: bytes) -> None:
        workflow = _unless_refused(lambda: artifact_codec.unwrapped(sealed(read(data))))
        if workflow is None:
            return
        try:
            written = write(workflow)
        except SerializeError:  # as of members that only a newer release knows
            return
        assert artifact_codec.unwrapped(read(written)) == workflow, "what was written is not what was read"

    return target


def sealed(envelope: Any) -> Any:
    """With the hash of the workflow that stands there now."""
    if not isinstance(envelope, dict) or not isinstance(envelope.get("workflow"), dict):
        return envelope
    try:
        return {**envelope, "content_hash": json_hash(envelope["workflow"])}
    except ValueError:  # it nests too deeply
        return envelope


def _unless_refused(read: Callable[[], T]) -> T | None:
    try:
        return read()
    except DeserializeError as problem:
        error = problem
    assert (error.place or "").startswith(PLACES), f"no place: {error}"
    assert len(str(error)) < 2_000, "no sentence"
    return None


TARGETS: dict[str, Callable[[bytes], None]] = {
    "msgpack": target_of(lambda data: from_msgpack(data, SMALL), Workflow.to_msgpack),
    "bincode": target_of(lambda data: from_bincode(data, SMALL), Workflow.to_bincode),
    "compressed": target_of(
        lambda data: from_msgpack(decompressed(data, SMALL), SMALL),
        lambda workflow: workflow.to_compressed(Compression.LZ4),
    ),
    "json": target_of(lambda data: parse_json(decoded(data)), lambda workflow: workflow.to_json().encode()),
}
