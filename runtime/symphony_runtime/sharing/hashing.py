"""Values as hashes: equal values have equal ones, and no others."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.values import Value
from symphony_runtime.storage.codec import escaped, tagged


@frozen
class Content:
    """In place of a path or a secret: what it stands for."""

    kind: str
    hash: str


def hashed(value: Value) -> str:
    return sha256(_text(escaped(value)).encode("ascii")).hexdigest()[:32]


def _tagged(value: object) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, Content):
        return {f"${value.kind}": value.hash}
    return tagged(value)


_text = json.JSONEncoder(separators=(",", ":"), allow_nan=False, sort_keys=True, default=_tagged).encode
