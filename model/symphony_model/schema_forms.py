"""Choices that a validator tells apart before it looks into them.

    {"anyOf": [{"type": "string"}, {"$ref": …}]}   →   {"type": ["string", "object"], "if": {"type": "string"}, "then": …, "else": …}

A validator that tries all options of an `anyOf` keeps what is wrong with each, and with all that is in it, and again on each level: a type of
70,000 characters took gigabytes to be refused. What comes of it means the same, and what is wrong is told where it is.
"""

from __future__ import annotations

from typing import Any

from symphony_model.json_form.tables import Schema


def told_apart(root: Schema) -> Schema:
    """The same schema without `anyOf`, where the options of each differ in their JSON types, or are objects of one member each."""
    made: Schema = _told_apart(root, root)
    return made


def _told_apart(root: Schema, part: Any) -> Any:  # noqa: ANN401 - a part of a schema
    if isinstance(part, list):
        return [_told_apart(root, each) for each in part]
    if not isinstance(part, dict):
        return part
    made = {key: _told_apart(root, each) for key, each in part.items() if key != "anyOf"}
    return made | _choice(root, _told_apart(root, part["anyOf"])) if "anyOf" in part else made


def _choice(root: Schema, options: list[Schema]) -> Schema:
    objects = [option for option in options if _type(root, option) == "object"]
    others = [option for option in options if _type(root, option) != "object"]
    *first, last = [*others, _one_of_them(objects)] if objects else others
    for option in reversed(first):
        last = {"if": {"type": _type(root, option)}, "then": option, "else": last}
    return last | {"type": [_type(root, option) for option in others] + ["object"] * bool(objects)}


def _one_of_them(objects: list[Schema]) -> Schema:
    """An object that is one of some, each of which has one member, by a name of its own."""
    if len(objects) == 1:
        return objects[0]
    properties = {name: form for option in objects for name, form in option["properties"].items()}
    return {"properties": properties, "additionalProperties": False, "minProperties": 1, "maxProperties": 1}


def _type(root: Schema, option: Schema) -> str:
    if "$ref" in option:
        return _type(root, root["$defs"][option["$ref"].removeprefix("#/$defs/")])
    found: str = "string" if "enum" in option else option["type"]
    return found
