"""Migrations: artifacts of one version of the schema as data of another, step by step.

    1.0.0 → 1.1.0 → 1.2.0        each step a pure function on the envelope's JSON, most of them with an inverse

A registry finds the shortest way, checks what it starts from, and after each step what came of it: against the schema of the step's
version. It writes the version and the content hashes itself; a migration changes what it is about, and nothing else.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from itertools import pairwise
from typing import TypeAlias, TypeVar

from symphony_dsl.base.errors import UserError
from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.values import Json
from symphony_model.json_form.reading import BUILD_AGAIN
from symphony_model.json_form.unknown import without_unknown
from symphony_model.schema_check import first_violation
from symphony_model.sealing import broken_hash, resealed
from symphony_model.versioned import VersionedWorkflow
from symphony_model.versions import KNOWN, SchemaVersion


class MigrationError(UserError):
    """An artifact cannot become one of another version. Nothing was changed."""


T = TypeVar("T")
Change: TypeAlias = Callable[[Json], Json]


@frozen
class Migration:
    """`migrate` makes of an envelope's JSON that of the next version, `revert` the other way round, where there is one.

    Both are pure: they change nothing in place. They raise ValueError, in one sentence, for what the other version has no word for.
    """

    from_version: SchemaVersion
    to_version: SchemaVersion
    migrate: Change
    revert: Change | None = None


class MigrationRegistry:
    """The migrations that there are, and the ways that they make together."""

    def __init__(self) -> None:
        self._steps: dict[SchemaVersion, dict[SchemaVersion, Change]] = {}

    def register(self, migration: Migration) -> None:
        """Raises ValueError where there is one between the two versions already, or the versions are the same."""
        one, other = migration.from_version, migration.to_version
        if one == other or other in self._steps.get(one, {}):
            raise ValueError(f"there is a migration from {one} to {other} already")
        self._steps.setdefault(one, {})[other] = migration.migrate
        if migration.revert is not None:
            self._steps.setdefault(other, {}).setdefault(one, migration.revert)

    def path(self, start: SchemaVersion, target: SchemaVersion) -> tuple[SchemaVersion, ...] | None:
        """The versions of the shortest way, both ends included; of ways as long, the one registered first."""
        came: dict[SchemaVersion, SchemaVersion | None] = {start: None}
        rest = deque([start])
        while rest and target not in came:
            version = rest.popleft()
            for after in self._steps.get(version, ()):
                if after not in came:
                    came[after] = version
                    rest.append(after)
        return _way(came, target) if target in came else None

    def can_migrate(self, start: SchemaVersion, target: SchemaVersion) -> bool:
        return self.path(start, target) is not None

    def migrate(self, workflow: VersionedWorkflow, target: SchemaVersion) -> VersionedWorkflow:
        """The same workflow in another version. Raises MigrationError, and then nothing has changed."""
        way = self.path(workflow.schema_version, target)
        if way is None:
            raise _no_way(workflow.schema_version, target)
        data = workflow.to_data()
        _check(data, workflow.schema_version, "this is no artifact of a workflow")
        _check_hashes(data)
        for before, after in pairwise(way):
            data = _stepped(data, self._steps[before][after], before, after)
        return VersionedWorkflow.of_data(data)


def _way(came: dict[SchemaVersion, SchemaVersion | None], target: SchemaVersion) -> tuple[SchemaVersion, ...]:
    way = [target]
    while (before := came[way[-1]]) is not None:
        way.append(before)
    return tuple(reversed(way))


def _no_way(start: SchemaVersion, target: SchemaVersion) -> MigrationError:
    message = f"there is no migration from schema version {start} to {target}"
    known = ", ".join(str(each) for each in KNOWN)
    if start > SchemaVersion.CURRENT:
        return MigrationError(f"{message}: this release knows {known}", hint="upgrade symphony-wf")
    return MigrationError(f"{message}; there are {known}", hint=BUILD_AGAIN)


def _stepped(data: Json, change: Change, before: SchemaVersion, after: SchemaVersion) -> Json:
    try:
        changed = change(data)
        made = VersionedWorkflow(after, changed["created_with"], changed["workflow"], _rest(changed)).to_data()
    except (ValueError, LookupError, TypeError, AttributeError) as problem:
        raise MigrationError(f"the migration from {before} to {after} failed: {problem}") from problem
    _check(made, after, f"the artifact has no form in schema version {after}", strict=after < before)
    return _hashed(resealed, made)


def _rest(data: dict[str, Json]) -> dict[str, Json]:
    return {
        key: value
        for key, value in data.items()
        if key not in ("$schema", "schema_version", "created_with", "workflow")
    }


def _check(data: Json, version: SchemaVersion, message: str, *, strict: bool = False) -> None:
    """Members that the version does not know are let pass, unless `strict`: on the way back they are what has no form there."""
    if version not in KNOWN:
        return
    wrong = first_violation("workflow", str(version), data)
    if wrong and wrong.may_be_unknown and not strict:
        wrong = first_violation("workflow", str(version), without_unknown("workflow", str(version), data)[0])
    if wrong:
        hint = "leave out what came with a later version, or keep that" if strict else BUILD_AGAIN
        raise MigrationError(f"{message}: {wrong.message}", place=wrong.place, hint=hint)


def _hashed(make: Callable[[Json], T], data: Json) -> T:
    """What hashes data. Raises MigrationError for what has no hash: a value that nests too deeply, calls in a circle."""
    try:
        return make(data)
    except ValueError as problem:
        raise MigrationError(f"the artifact does not hold together: {problem}", place="$", hint=BUILD_AGAIN) from None


def _check_hashes(data: Json) -> None:
    place = _hashed(broken_hash, data)
    if place:
        raise MigrationError(
            "the workflow was changed after it was built: its content hash is another one",
            place=place,
            hint=BUILD_AGAIN,
        )
