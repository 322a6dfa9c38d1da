"""Whether data has the shape that a schema of ours describes, and where it has not."""

from __future__ import annotations

import decimal  # noqa: F401 - jsonschema_rs would import it itself, and panic where Ctrl-C meets that
from dataclasses import dataclass
from functools import cache

import jsonschema_rs

from symphony_dsl.base.values import Json
from symphony_schemas import load


@dataclass(frozen=True, slots=True)
class Violation:
    """`place` is a path into the data: `$.workflow.nodes[3].config`."""

    place: str
    message: str


@cache
def _validator(kind: str, version: str) -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(load(kind, version), validate_formats=True)


def _step(part: str | int) -> str:
    if isinstance(part, int):
        return f"[{part}]"
    return f".{part}" if part.isidentifier() else f"[{part!r}]"


def first_violation(kind: str, version: str, data: Json) -> Violation | None:
    """The first place where data does not fit the schema. Raises KeyError for a schema that there is not."""
    error = next(iter(_validator(kind, version).iter_errors(data)), None)
    if error is None:
        return None
    message = error.message if len(error.message) <= 300 else f"{error.message[:300]}…"
    return Violation("$" + "".join(_step(part) for part in error.instance_path), message)
