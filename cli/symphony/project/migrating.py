"""Artifacts on the disk, made ones of another version of the schema: read and checked first, then written beside and renamed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from symphony.project import files
from symphony_dsl.base.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from symphony_model.versions import SchemaVersion


@dataclass(frozen=True, slots=True)
class Migrated:
    """`versions` are those of the way, the first that of the file. `text` is what the file becomes."""

    path: Path
    versions: tuple[str, ...]
    text: str

    @property
    def changed(self) -> bool:
        return len(self.versions) > 1


def migrated(path: Path, target: str) -> Migrated:
    """What becomes of a file; nothing is written. Raises UserError, with the file as its place."""
    from symphony_model.versions import SchemaVersion

    text = files.read_text(path)
    try:
        return _migrated(path, text, SchemaVersion.parse(target))
    except UserError as error:
        raise error.within(files.shown(path)) from None


def _migrated(path: Path, text: str, target: SchemaVersion) -> Migrated:
    from symphony_model.artifact_codec import artifact_from_text
    from symphony_model.json_reading import parse_json
    from symphony_model.migrations_known import built_in
    from symphony_model.versioned import VersionedWorkflow

    before = VersionedWorkflow.of_data(parse_json(text))
    way = built_in().path(before.schema_version, target) or (before.schema_version, target)
    made = json.dumps(built_in().migrate(before, target).to_data(), indent=2, ensure_ascii=False) + "\n"
    artifact_from_text(made)  # what is written can be read
    return Migrated(path, tuple(str(version) for version in way), made)


def write(done: Iterable[Migrated]) -> None:
    files.write_texts({one.path: one.text for one in done if one.changed})
