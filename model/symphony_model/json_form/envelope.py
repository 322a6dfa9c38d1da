"""From the JSON data of an envelope to data of this release's version of the schema.

    1.0.0 … 1.2.0   →   checked against its own schema, migrated
    1.3.0           →   what this release does not know is put aside, with a note
    2.0.0           →   refused: upgrade

Needs data that `json_form.reading` gave, or a binary format. Guarantees data that fits the schema of `SchemaVersion.CURRENT`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import field

from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.values import Json
from symphony_model.json_form.places import Place, at, path_text
from symphony_model.json_form.reading import BUILD_AGAIN
from symphony_model.json_form.unknown import Found, UnknownMember, members_of, without_unknown
from symphony_model.migrations import MigrationError
from symphony_model.migrations_known import built_in
from symphony_model.schema_check import Violation, first_violation
from symphony_model.schema_parts import schema_id
from symphony_model.serialize_errors import DeserializeError
from symphony_model.versioned import VersionedWorkflow, from_the_future, version_of
from symphony_model.versions import SchemaVersion, known_version

CURRENT = str(SchemaVersion.CURRENT)
NAMED = 3
"""So many unknown members are named in a note."""


@frozen
class Envelope:
    """`data` fits the schema of this release. `unknown` are members that were put aside, by their places; `whole` still has them.

    `unknown_in` has those of each workflow, by its place, and theirs begin there.
    """

    data: dict[str, Json]
    whole: dict[str, Json]
    version: SchemaVersion
    unknown: tuple[Found, ...] = ()
    unknown_in: dict[Place, list[Found]] = field(default_factory=dict)

    @property
    def note(self) -> str:
        """What a person should know of it."""
        if not self.unknown:
            return ""
        places = [path_text(place) for place, _ in self.unknown[:NAMED]]
        more = f" and {len(self.unknown) - NAMED} more" if len(self.unknown) > NAMED else ""
        newer = f"; it has {self.version}: upgrade symphony-wf" if self.version > SchemaVersion.CURRENT else ""
        return f"members that schema version {CURRENT} does not have are kept and do nothing: {', '.join(places)}{more}{newer}"

    def unknown_of(self, *where: str) -> tuple[UnknownMember, ...]:
        """Those of the workflow that stands there."""
        return members_of(at(self.data, where), self.unknown_in.get(where, ()))

    @property
    def unknown_at_top(self) -> dict[str, Json]:
        return {str(place[0]): value for place, value in self.unknown if len(place) == 1}


def read_envelope(data: Json) -> Envelope:
    """Raises DeserializeError, its place a path into the JSON."""
    version = version_of(data)
    of_schema = known_version(version)
    if of_schema == SchemaVersion.CURRENT:
        return _checked(data if version == of_schema else _named(data, of_schema), version)
    try:
        old = VersionedWorkflow.of_data(_named(data, of_schema) if version != of_schema else data)
        return _checked(built_in().migrate(old, SchemaVersion.CURRENT).to_data(), version)
    except MigrationError as problem:
        raise DeserializeError(problem.message, place=problem.place, hint=problem.hint) from problem


def _named(data: Json, version: SchemaVersion) -> Json:
    return {**data, "$schema": schema_id("workflow", str(version)), "schema_version": str(version)}


def _checked(data: Json, version: SchemaVersion) -> Envelope:
    wrong = first_violation("workflow", CURRENT, data)
    if not wrong:
        return Envelope(data, data, version)
    known, unknown = without_unknown("workflow", CURRENT, data) if wrong.may_be_unknown else (data, [])
    wrong = first_violation("workflow", CURRENT, known) if unknown else wrong
    if wrong:
        raise _refused(wrong, version)
    return Envelope(known, data, version, tuple(unknown), _by_workflow(unknown))


def _by_workflow(unknown: Iterable[Found]) -> dict[Place, list[Found]]:
    made: dict[Place, list[Found]] = defaultdict(list)
    for place, value in unknown:
        start = 2 if place[0] == "callees" else 1
        made[place[:start]].append((place[start:], value))
    return made


def _refused(wrong: Violation, version: SchemaVersion) -> DeserializeError:
    if version > SchemaVersion.CURRENT:
        return from_the_future(version, wrong.message, wrong.place)
    return DeserializeError(f"this is no artifact of a workflow: {wrong.message}", place=wrong.place, hint=BUILD_AGAIN)
