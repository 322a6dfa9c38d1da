"""What the members of an artifact are made of: texts, numbers, ids, times."""

from __future__ import annotations

from datetime import UTC, datetime

from symphony_dsl.base.values import Json
from symphony_model.ids import EdgeId, NodeId
from symphony_model.json_form.tables import Codec, Schema, plain, reference, sorted_json, whole
from symphony_model.version import Version

TEXT = plain("string")
NAME = plain("string", minLength=1)
FLAG = plain("boolean")
NUMBER = plain("number")
WHOLE = whole()
NATURAL = whole(minimum=0)
COUNT = whole(minimum=1)

STRINGS: Codec[tuple[str, ...]] = Codec(list, tuple, reference("strings"))

ANY: Codec[Json] = Codec(sorted_json, sorted_json, {})
"""Any JSON value, the keys of its objects sorted."""

CUSTOM: Codec[Json] = Codec(sorted_json, sorted_json, reference("custom"))
"""An object that means nothing to us."""

HASH: Codec[str] = Codec(str, str, reference("hash"))
NODE: Codec[NodeId] = Codec(str, NodeId, reference("id"))
EDGE: Codec[EdgeId] = Codec(str, EdgeId, reference("id"))

VERSION: Codec[Version] = Codec(str, Version.parse, reference("version"))


def _moment_to_json(moment: datetime) -> Json:
    """In UTC, so that equal times are equal texts."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


MOMENT: Codec[datetime] = Codec(_moment_to_json, datetime.fromisoformat, reference("moment"))

_HEX, _NUMBER = "[0-9a-f]", "(0|[1-9][0-9]*)"

SCALARS: dict[str, Schema] = {
    "version": {
        "description": "A version, as SemVer 2.0.0 has them.",
        "type": "string",
        "pattern": rf"^{_NUMBER}\.{_NUMBER}\.{_NUMBER}(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$",
        "examples": ["1.4.0", "2.0.0-rc.1"],
    },
    "custom": {"description": "Whatever else was written; any JSON.", "type": "object"},
    "strings": {"type": "array", "items": {"type": "string"}},
    "id": {
        "description": "A UUID, in small letters.",
        "type": "string",
        "pattern": f"^{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}$",
        "examples": ["6f1a4ffb-5b7c-5c0c-9a37-64f5f2b0ef0f"],
    },
    "hash": {
        "description": "SHA-256 of canonical JSON: keys sorted, no blanks, UTF-8.",
        "type": "string",
        "pattern": f"^sha256:{_HEX}{{64}}$",
        "examples": ["sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    },
    "moment": {
        "description": "A point in time in UTC, to the microsecond.",
        "type": "string",
        "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{6})?Z$",
        "examples": ["2026-01-31T08:00:00Z"],
    },
}
"""The definitions of the schema that stand for one value, or for a list of texts."""
