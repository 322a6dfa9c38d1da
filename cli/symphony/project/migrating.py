"""Artifacts on the disk, made ones of another version of the schema: read and checked first, then written beside and renamed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from symphony.project import artifacts, files

if TYPE_CHECKING:
    from collections.abc import Iterable

    from symphony_model.versions import SchemaVersion


@dataclass(frozen=True, slots=True)
class Migrated:
    """`versions` are those of the way, the first that of the file. `data` is what the file becomes, in the format that it has."""

    path: Path
    versions: tuple[str, ...]
    data: bytes

    @property
    def changed(self) -> bool:
        return len(self.versions) > 1


def migrated(path: Path, target: str) -> Migrated:
    """What becomes of a file; nothing is written. Raises UserError, with the file as its place."""
    from symphony_model.migrations import MigrationError
    from symphony_model.serialize_errors import DeserializeError
    from symphony_model.versions import SchemaVersion

    data = files.read_bytes(path)
    try:
        return _migrated(path, data, SchemaVersion.parse(target))
    except (DeserializeError, MigrationError) as error:
        raise error.within(files.shown(path)) from None


def _migrated(path: Path, data: bytes, target: SchemaVersion) -> Migrated:
    from symphony_model.artifact_formats import WRITERS, artifact_from_bytes
    from symphony_model.binary.recognition import format_of
    from symphony_model.migrations_known import built_in
    from symphony_model.versioned import VersionedWorkflow

    before = VersionedWorkflow.of_data(artifacts.data_of(path, data))
    way = built_in().path(before.schema_version, target) or (before.schema_version, target)
    made = WRITERS[format_of(data)](built_in().migrate(before, target).to_data())
    artifact_from_bytes(made)  # what is written can be read
    return Migrated(path, tuple(str(version) for version in way), made)


def write(done: Iterable[Migrated]) -> None:
    files.write_files({one.path: one.data for one in done if one.changed})
