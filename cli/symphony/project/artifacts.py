"""Artifacts on the disk: where `wf build` writes them, and how one is read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from symphony.project import files
from symphony.version import __version__
from symphony_dsl.base.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from symphony.project.loading import Project
    from symphony_dsl.base.values import Json
    from symphony_model.artifact import Artifact

SUFFIX = ".wf.json"


@dataclass(frozen=True, slots=True)
class Written:
    path: Path
    changed: bool


def _data_of_json(path: Path) -> Json:
    from symphony_model.json_reading import parse_json

    return parse_json(files.read_text(path))


def _data_of_msgpack(path: Path) -> Json:
    from symphony_model.compression import decompressed
    from symphony_model.message_pack import from_msgpack

    return from_msgpack(decompressed(files.read_bytes(path)))


def _data_of_bincode(path: Path) -> Json:
    from symphony_model.bincode_reading import from_bincode

    return from_bincode(files.read_bytes(path))


FORMATS: dict[str, Callable[[Path], Json]] = {
    ".json": _data_of_json,
    ".msgpack": _data_of_msgpack,
    ".bincode": _data_of_bincode,
}
"""How an artifact is read, by the end of its name."""


def is_artifact(path: Path) -> bool:
    return path.suffix in FORMATS


def read(path: Path) -> Artifact:
    from symphony_model.artifact_codec import artifact_from_json
    from symphony_model.serialize_errors import DeserializeError

    try:
        return artifact_from_json(FORMATS[path.suffix](path))
    except DeserializeError as error:
        raise error.within(files.shown(path)) from None


def build(project: Project, out: Path | None) -> list[Written]:
    """One artifact a workflow of the files that were asked for. Raises CheckError before anything is written."""
    project.demand_errorless()
    folder = out or project.home.root / "build"
    named = [(name, workflow) for name in project.asked for workflow in project.workflows(name)]
    _demand_distinct(named)
    return [_write(folder, project.artifact(name, workflow)) for name, workflow in named]


def _demand_distinct(named: Iterable[tuple[str, str]]) -> None:
    seen: dict[str, str] = {}
    for name, workflow in named:
        if workflow in seen:
            message = f"the workflow {workflow!r} is declared in {seen[workflow]} too; both would be {workflow}{SUFFIX}"
            raise UserError(message, place=name, hint="build them one by one, with --out")
        seen[workflow] = name


def _write(folder: Path, artifact: Artifact) -> Written:
    from symphony_model.artifact_codec import artifact_to_text

    path = folder / f"{artifact.workflow.name}{SUFFIX}"
    text = artifact_to_text(replace(artifact, created_with=f"symphony-wf {__version__}"))
    if path.is_file() and path.read_bytes() == text.encode():
        return Written(path, changed=False)
    files.write_text(path, text)
    return Written(path, changed=True)
