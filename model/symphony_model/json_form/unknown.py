"""Members that a later version of the schema has and this one does not know: found, kept beside what is known, written again.

    {"kind": "operator", "id": "6f1a…", …, "config": {"colour": "red"}}   →   (6f1a…, ("config", "colour"), "red")

Within a major version what is added changes nothing of what was there, so that what came from a newer release is read, and
what it said more is not lost when this one writes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.values import Json
from symphony_model.json_form.places import Place, at, path_text
from symphony_model.json_form.tables import Schema
from symphony_model.limits import LIMITS, SPLIT
from symphony_model.serialize_errors import DeserializeError
from symphony_schemas import load, newest


@frozen
class UnknownMember:
    """`owner` is the id of the node or edge that has it, or nothing for the workflow itself; `place` begins there."""

    owner: str
    place: Place
    value: Json


Found: TypeAlias = tuple[Place, Json]


def without_unknown(kind: str, version: str, data: Json) -> tuple[Json, list[Found]]:
    """The data without its unknown members, and those with their places. What has none stays the same object.

    Raises DeserializeError for so many, or such deep ones, that their places alone would be too large.
    """
    found, steps = [], 0
    for link, value in _unknown(load(kind, version), data):
        place = _place(link)
        found.append((place, value))
        steps += len(place)
        if steps > LIMITS.count:
            raise DeserializeError("there are too many members that are not known", place=path_text(place), hint=SPLIT)
    return (_removed(data, [place for place, _ in found]), found) if found else (data, [])


Link: TypeAlias = tuple[Any, str | int] | None
"""A place as its last step, and the link of what holds it; None is the whole."""


def _place(link: Link) -> Place:
    steps: list[str | int] = []
    while link is not None:
        link, step = link
        steps.append(step)
    return tuple(reversed(steps))


def _unknown(root: Schema, data: Json) -> Iterator[tuple[Link, Json]]:
    rest: list[tuple[Any, Json, Link]] = [(root, data, None)]
    while rest:
        schema, value, link = rest.pop()
        schema = _resolved(root, schema, value)
        if isinstance(value, list) and isinstance(schema.get("items"), dict):
            rest.extend((schema["items"], part, (link, index)) for index, part in enumerate(value))
        if not isinstance(value, dict):
            continue
        properties, others = schema.get("properties", {}), schema.get("additionalProperties", {})
        for name, part in value.items():
            if name not in properties and others is False:
                yield (link, name), part
            elif inner := properties.get(name, others):
                rest.append((inner, part, (link, name)))


def _resolved(root: Schema, schema: Any, value: Json) -> Schema:  # noqa: ANN401 - a schema, or true
    """The schema of an object, a list or something else, behind names and choices."""
    while isinstance(schema, dict):
        if "$ref" in schema:
            schema = root["$defs"][schema["$ref"].removeprefix("#/$defs/")]
        elif "anyOf" in schema:
            schema = next((each for each in schema["anyOf"] if _may_be(root, each, value)), {})
        elif "allOf" in schema:
            schema = next((each["then"] for each in schema["allOf"] if _is_kind(each["if"], value)), {})
        elif "if" in schema:
            is_then = isinstance(value, dict) and all(name in value for name in schema["if"]["required"])
            schema = schema["then" if is_then else "else"]
        else:
            return schema
    return {}


def _is_kind(condition: Schema, value: Json) -> bool:
    return isinstance(value, dict) and all(
        value.get(name) == schema["const"] for name, schema in condition["properties"].items()
    )


def _may_be(root: Schema, schema: Schema, value: Json) -> bool:
    """Whether a value has the form of an option: a list, or an object with all that the option needs."""
    form = _resolved(root, schema, value)
    if isinstance(value, dict):
        return form.get("type") == "object" and all(name in value for name in form.get("required", ()))
    return isinstance(value, list) and form.get("type") == "array"


def _removed(data: Json, places: Iterable[Place]) -> Json:
    """A copy of data without some members; what has none of them is shared."""
    made: Json = _copied(data)
    copies = {id(made)}
    for place in places:
        holder = made
        for step in place[:-1]:
            if id(holder[step]) not in copies:
                holder[step] = _copied(holder[step])
                copies.add(id(holder[step]))
            holder = holder[step]
        del holder[place[-1]]
    return made


def _copied(data: Json) -> Json:
    return dict(data) if isinstance(data, dict) else list(data)


# ---- of a workflow ----

OWNERS = ("nodes", "edges")


def members_of(workflow: Json, found: Iterable[Found]) -> tuple[UnknownMember, ...]:
    """Those of a workflow's JSON, by the node or edge that has them: their places may change, their ids do not.

    In an order of their own, so that it does not matter in which one they were written.
    """
    members = (_member(workflow, place, value) for place, value in found)
    return tuple(sorted(members, key=lambda member: (member.owner, [str(part) for part in member.place])))


def _member(workflow: Json, place: Place, value: Json) -> UnknownMember:
    if len(place) > 2 and place[0] in OWNERS:
        return UnknownMember(at(workflow, (*place[:2], "id")), place[2:], value)
    return UnknownMember("", place, value)


def restore(workflow: dict[str, Json], members: Iterable[UnknownMember]) -> None:
    """Put unknown members back into a workflow's JSON. Those of which the owner or the place is gone are gone, too."""
    root = load("workflow", newest("workflow"))
    forms = {part: root["$defs"]["workflow"]["properties"][part]["items"] for part in OWNERS}
    owners = {each["id"]: (each, forms[part]) for part in OWNERS for each in workflow[part]}
    owners[""] = (workflow, root["$defs"]["workflow"])
    for member in members:
        owner, form = owners.get(member.owner, (None, {}))
        holder = _holder(root, form, owner, member.place[:-1])
        if isinstance(holder, dict) and member.place[-1] not in holder:
            holder[str(member.place[-1])] = member.value


def _holder(root: Schema, form: Schema, data: Json, place: Place) -> Json:
    """What stands at a place. An object that was left out, since all that is known of it has its default, is put there."""
    for part in place:
        form = _resolved(root, form, data)
        properties, items = form.get("properties", {}), form.get("items", {})
        form = items if isinstance(part, int) else properties.get(part, form.get("additionalProperties", {}))
        if isinstance(data, dict) and part not in data and part in properties and _may_be(root, form, {}):
            data[str(part)] = {}
        data = at(data, (part,))
    return data
