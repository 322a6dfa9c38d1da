"""Artifacts in every format: what `wf build` writes, with its callees and sources, and whoever is given a file reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from symphony_dsl.base.collector import paused
from symphony_dsl.base.values import Json
from symphony_model import artifact_codec, unwritable
from symphony_model.artifact import Artifact
from symphony_model.binary.bincode import to_bincode
from symphony_model.binary.bincode_reading import from_bincode
from symphony_model.binary.compression import Compression, compressed, decompressed
from symphony_model.binary.message_pack import from_msgpack, to_msgpack
from symphony_model.binary.recognition import ArtifactFormat, format_of
from symphony_model.formats import decoded, demand_known
from symphony_model.json_form.reading import parse_json
from symphony_model.limits import LIMITS, Limits
from symphony_model.workflow import Workflow


def _squeezed(how: Compression, data: dict[str, Json]) -> bytes:
    return compressed(to_msgpack(data), how)


def _unsqueezed(data: bytes, limits: Limits) -> Json:
    return from_msgpack(decompressed(data, limits), limits)


WRITERS: dict[ArtifactFormat, Callable[[dict[str, Json]], bytes]] = {
    ArtifactFormat.JSON: lambda data: artifact_codec.json_text(data).encode(),
    ArtifactFormat.MSGPACK: to_msgpack,
    ArtifactFormat.BINCODE: to_bincode,
    ArtifactFormat.ZSTD: partial(_squeezed, Compression.ZSTD),
    ArtifactFormat.LZ4: partial(_squeezed, Compression.LZ4),
}

READERS: dict[ArtifactFormat, Callable[[bytes, Limits], Json]] = {
    ArtifactFormat.JSON: lambda data, _: parse_json(decoded(data)),
    ArtifactFormat.MSGPACK: from_msgpack,
    ArtifactFormat.BINCODE: from_bincode,
    ArtifactFormat.ZSTD: _unsqueezed,
    ArtifactFormat.LZ4: _unsqueezed,
}


@paused()
def artifact_to_bytes(artifact: Artifact, how: ArtifactFormat = ArtifactFormat.JSON) -> bytes:
    """Equal artifacts give equal bytes. Raises SerializeError."""
    if how != ArtifactFormat.JSON:
        for workflow in _workflows(artifact):
            demand_known(workflow)
    try:
        return WRITERS[how](artifact_codec.artifact_to_json(artifact))
    except unwritable.UNFIT as problem:
        raise unwritable.error(artifact.workflow, problem, is_binary=how != ArtifactFormat.JSON) from None


@paused()
def artifact_from_bytes(data: bytes, limits: Limits = LIMITS) -> Artifact:
    """The artifact of bytes in whichever format. Raises DeserializeError."""
    return artifact_codec.artifact_from_json(data_of_bytes(data, limits))


def data_of_bytes(data: bytes, limits: Limits = LIMITS) -> Json:
    """The envelope of bytes in whichever format, of any version, not yet checked. Raises DeserializeError."""
    return READERS[format_of(data)](data, limits)


def _workflows(artifact: Artifact) -> Iterator[Workflow]:
    yield artifact.workflow
    yield from artifact.callees.values()
