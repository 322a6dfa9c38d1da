"""What a workflow is written as and read from, as methods of it.

Each format holds the same envelope: the version of the schema, what wrote it, the content hash, the workflow. Equal workflows
give equal bytes. A workflow that is read is whole and unchanged; whether its graph is sound is asked of `validate`, and the
workflows that it calls are not looked for: an artifact of `wf build` has them, too (`artifact_codec`).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import IO, TYPE_CHECKING, Any, cast

from symphony_dsl.base.collector import paused
from symphony_dsl.base.deferred import deferred
from symphony_dsl.base.values import Json
from symphony_model.limits import LIMITS, Limits
from symphony_model.serialize_errors import DeserializeError, SerializeError

if TYPE_CHECKING:
    from symphony_model import artifact, artifact_codec, unwritable
    from symphony_model.binary import bincode, bincode_reading, compression, message_pack
    from symphony_model.binary.compression import Compression
    from symphony_model.json_form import reading as json_reading
    from symphony_model.workflow import Workflow
else:
    artifact, artifact_codec, bincode, bincode_reading, compression, json_reading, message_pack, unwritable = (
        deferred(f"symphony_model.{name}")
        for name in (
            "artifact", "artifact_codec", "binary.bincode", "binary.bincode_reading", "binary.compression", "json_form.reading",
            "binary.message_pack", "unwritable",
        )
    )  # fmt: skip

PART = 1024 * 1024
"""So much is read at once."""


class Formats:
    """Writing raises SerializeError, reading DeserializeError."""

    __slots__ = ()

    @paused()
    def to_json(self) -> str:
        """JSON without blanks."""
        return _text(envelope(self), indent=None, separators=(",", ":"))

    @paused()
    def to_json_pretty(self) -> str:
        """JSON for people, as `wf build` writes it: indented by two, with a line break at the end."""
        return _text(envelope(self), indent=2) + "\n"

    def to_json_writer(self, writer: IO[str]) -> None:
        writer.write(self.to_json())

    @classmethod
    @paused()
    def from_json(cls, text: str | bytes) -> Workflow:
        return artifact_codec.unwrapped(json_reading.parse_json(decoded(text)))

    @classmethod
    def from_json_reader(cls, reader: IO[str] | IO[bytes]) -> Workflow:
        """Reads to the end, but no more than one part past the limit on the size of a text."""
        return cls.from_json(_read(reader))

    def to_msgpack(self) -> bytes:
        return _bytes(self, message_pack.to_msgpack)

    @classmethod
    @paused()
    def from_msgpack(cls, data: bytes, limits: Limits = LIMITS) -> Workflow:
        return artifact_codec.unwrapped(message_pack.from_msgpack(data, limits))

    def to_bincode(self) -> bytes:
        """Bytes for readers in Rust: `docs/bincode.md` has the declarations."""
        return _bytes(self, bincode.to_bincode)

    @classmethod
    @paused()
    def from_bincode(cls, data: bytes, limits: Limits = LIMITS) -> Workflow:
        return artifact_codec.unwrapped(bincode_reading.from_bincode(data, limits))

    def to_compressed(self, how: Compression) -> bytes:
        """MessagePack, compressed."""
        return compression.compressed(self.to_msgpack(), how)

    @classmethod
    def from_compressed(cls, data: bytes, limits: Limits = LIMITS) -> Workflow:
        """MessagePack; how it was compressed is seen by its magic number."""
        return cls.from_msgpack(compression.decompressed(data, limits), limits)


def envelope(workflow: Formats) -> dict[str, Json]:
    """The envelope of one workflow, in the newest version."""
    given = cast("Workflow", workflow)
    try:
        data = artifact_codec.artifact_to_json(artifact.Artifact(given, content_hash=""))
    except unwritable.UNFIT as problem:
        raise unwritable.error(given, problem) from None
    unwritable.demand_fit(given, data)
    return data


@paused()
def _bytes(workflow: Formats, write: Callable[[dict[str, Json]], bytes]) -> bytes:
    data = envelope(workflow)
    demand_known(cast("Workflow", workflow))
    try:
        return write(data)
    except unwritable.UNFIT as problem:
        raise unwritable.error(cast("Workflow", workflow), problem, is_binary=True) from None


def demand_known(workflow: Workflow) -> None:
    """A binary layout has no place for members of which this release knows nothing."""
    for member in workflow.unknown:
        raise SerializeError(
            f"workflow {workflow.name!r} has the member {member.place[-1]!r}, which a newer release gave it, and binary formats "
            "have no place for that",
            hint="write JSON, or upgrade symphony-wf",
        )


def _text(data: Json, *, indent: int | None, separators: tuple[str, str] | None = None) -> str:
    try:
        return json.dumps(data, indent=indent, separators=separators, ensure_ascii=False, allow_nan=False)
    except ValueError as problem:
        raise SerializeError(str(problem)) from None


def _read(reader: IO[Any]) -> str | bytes:
    """What is unbuffered gives less than it is asked for."""
    first = reader.read(PART)
    parts, size = [first], len(first)
    while parts[-1]:
        json_reading.check_size(size)
        parts.append(reader.read(PART))
        size += len(parts[-1])
    whole: str | bytes = first[:0].join(parts)
    return whole


def decoded(text: str | bytes) -> str:
    if isinstance(text, str):
        return text
    json_reading.check_size(len(text))
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise DeserializeError("the text is not UTF-8", place=f"byte {problem.start}") from None
