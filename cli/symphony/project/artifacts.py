"""Artifacts on the disk: where `wf build` writes them, and how one is read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from symphony.project import files
from symphony.version import __version__
from symphony_dsl.base.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from symphony.project.loading import Project
    from symphony_dsl.base.values import Json
    from symphony_model.artifact import Artifact

SUFFIXES = {
    "json": ".wf.json", "msgpack": ".wf.msgpack", "bincode": ".wf.bincode", "zstd": ".wf.zst", "lz4": ".wf.lz4",
}  # fmt: skip
"""By format: what the files of `wf build` are called. One is read by what stands in it."""
NAMED = {Path(suffix).suffix for suffix in SUFFIXES.values()}
"""Ends of names that say of files that they are artifacts, whatever stands in them."""


@dataclass(frozen=True, slots=True)
class Written:
    path: Path
    changed: bool


def is_artifact(path: Path) -> bool:
    from symphony_model.binary.recognition import ArtifactFormat, format_of

    return path.suffix in NAMED or format_of(files.opening(path, 4)) != ArtifactFormat.JSON


def read(path: Path) -> Artifact:
    from symphony_model.artifact_codec import artifact_from_json
    from symphony_model.serialize_errors import DeserializeError

    data = files.read_bytes(path)
    try:
        return artifact_from_json(data_of(path, data))
    except DeserializeError as error:
        raise error.within(files.shown(path)) from None


def data_of(path: Path, data: bytes) -> Json:
    """The envelope that a file holds, in whichever format."""
    from symphony_model.artifact_formats import data_of_bytes
    from symphony_model.binary.recognition import ArtifactFormat, format_of
    from symphony_model.json_form.reading import parse_json

    if format_of(data) == ArtifactFormat.JSON:
        if path.suffix != ".json" and not data.lstrip().startswith(b"{"):
            message = "this is no artifact: it opens like none of the formats"
            raise UserError(message, place=files.shown(path), hint="build it again with `wf build`")
        return parse_json(files.decoded(data, files.shown(path)))
    return data_of_bytes(data)


def build(project: Project, out: Path | None, how: str) -> list[Written]:
    """One artifact a workflow of the files that were asked for. Raises CheckError before anything is written."""
    project.demand_errorless()
    folder = out or project.home.root / "build"
    named = [(name, workflow) for name in project.asked for workflow in project.workflows(name)]
    _demand_distinct(named, SUFFIXES[how])
    return [_write(folder, project.artifact(name, workflow), how) for name, workflow in named]


def _demand_distinct(named: Iterable[tuple[str, str]], suffix: str) -> None:
    seen: dict[str, str] = {}
    for name, workflow in named:
        if workflow in seen:
            message = f"the workflow {workflow!r} is declared in {seen[workflow]} too; both would be {workflow}{suffix}"
            raise UserError(message, place=name, hint="build them one by one, with --out")
        seen[workflow] = name


def _write(folder: Path, artifact: Artifact, how: str) -> Written:
    path = folder / f"{artifact.workflow.name}{SUFFIXES[how]}"
    data = _bytes(replace(artifact, created_with=f"symphony-wf {__version__}"), how)
    if path.is_file() and path.read_bytes() == data:
        return Written(path, changed=False)
    files.write_files({path: data})
    return Written(path, changed=True)


def _bytes(artifact: Artifact, how: str) -> bytes:
    """JSON by what needs no other format: most builds write that."""
    if how == "json":
        from symphony_model.artifact_codec import artifact_to_text

        return artifact_to_text(artifact).encode()
    from symphony_model.artifact_formats import artifact_to_bytes
    from symphony_model.binary.recognition import ArtifactFormat

    return artifact_to_bytes(artifact, ArtifactFormat(how))
