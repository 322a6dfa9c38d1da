"""The migrations of this release, from version to version of the history.

| step | what it does | back |
| --- | --- | --- |
| 1.0.0 → 1.1.0 | `created_at` and `updated_at` may be there | where neither is there |
| 1.1.0 → 1.2.0 | loops, requests, tools, settings may be there; `callees` and `sources` are left out where they are empty | where none is there |

What only adds members leaves the data as it is. The way back is the same data, which the schema of the earlier version refuses
where it holds what that has no word for.
"""

from __future__ import annotations

from functools import cache

from symphony_dsl.base.values import Json
from symphony_model.migrations import Migration, MigrationRegistry
from symphony_model.versions import SchemaVersion

V1_0, V1_1, V1_2 = (SchemaVersion(1, minor, 0) for minor in range(3))

EMPTY: dict[str, Json] = {"callees": {}, "sources": {}}


def _as_it_is(data: Json) -> Json:
    return data


def _leave_out_empty(data: Json) -> Json:
    return {key: value for key, value in data.items() if key not in EMPTY or value}


def _write_out_empty(data: Json) -> Json:
    others = {key: value for key, value in data.items() if key not in EMPTY}
    return {**others, **{key: data.get(key, empty) for key, empty in EMPTY.items()}}


MigrationV1_0ToV1_1 = Migration(V1_0, V1_1, _as_it_is, _as_it_is)
MigrationV1_1ToV1_2 = Migration(V1_1, V1_2, _leave_out_empty, _write_out_empty)

MIGRATIONS = (MigrationV1_0ToV1_1, MigrationV1_1ToV1_2)


@cache
def built_in() -> MigrationRegistry:
    """The registry of the migrations of this release. Whoever adds to it makes one of their own from `MIGRATIONS`."""
    registry = MigrationRegistry()
    for migration in MIGRATIONS:
        registry.register(migration)
    return registry
