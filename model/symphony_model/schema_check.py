"""Whether data has the shape that a schema of ours describes, and where it has not."""

from __future__ import annotations

import decimal  # noqa: F401 - jsonschema_rs would import it itself, and panic where Ctrl-C meets that
from functools import cache

import jsonschema_rs

from symphony_dsl.base.canonical import MAX_DEPTH
from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.values import Json
from symphony_model.json_form.places import path_text, walk
from symphony_model.schema_forms import told_apart
from symphony_schemas import load


@frozen
class Violation:
    """`place` is a path into the data: `$.workflow.nodes[3].config`. `keyword` is that of the schema which it does not fit."""

    place: str
    message: str
    keyword: str = ""

    @property
    def may_be_unknown(self) -> bool:
        """Whether it may be about nothing but members that the schema does not know."""
        return self.keyword in ("additionalProperties", "maxProperties")


@cache
def _validator(kind: str, version: str) -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(told_apart(load(kind, version)), validate_formats=True)


def first_violation(kind: str, version: str, data: Json) -> Violation | None:
    """The first place where data does not fit the schema. Raises KeyError for a schema that there is not."""
    try:
        _validator(kind, version).validate(data)
    except (
        jsonschema_rs.ValidationError
    ) as error:  # one, however many there are: each would hold a copy of what is wrong
        keyword = str(error.schema_path[-1])
        short = error.message if len(error.message) <= 300 else f"{error.message[:300]}…"
        return Violation(path_text(error.instance_path), short, keyword)
    except ValueError:  # what does not fit is copied into the error, unless it nests too deeply
        place = next((path_text(place) for place, _ in walk(data) if len(place) > MAX_DEPTH), "$")
        return Violation(place, f"this does not fit, and it nests deeper than {MAX_DEPTH} levels")
    return None
