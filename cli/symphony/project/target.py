"""What `FILE[:WORKFLOW]` means: one workflow of a `.wf` file, of a folder with one workflow, or a built artifact."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from symphony.project import artifacts, files
from symphony.project.home import Home, home_at, home_of
from symphony_dsl.base.diagnostic import did_you_mean
from symphony_dsl.base.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from symphony.project.loading import Project
    from symphony_model.artifact import Artifact
    from symphony_model.workflow import Workflow


@dataclass(frozen=True, slots=True)
class Target:
    """A workflow, ready to run, and the home that it runs in."""

    artifact: Artifact
    home: Home


def find(text: str) -> Target:
    """Raises UserError where nothing fits, CheckError where the text has errors."""
    path, workflow = _split(text)
    if artifacts.is_artifact(path) and not path.is_dir():
        return _built(path, workflow)
    return _written(path, workflow)


def find_all(text: str) -> list[Workflow]:
    """Every workflow of a file or a folder, or the one that is named; of an artifact its own first, then those that it calls.

    Raises as `find` does.
    """
    path, workflow = _split(text)
    if artifacts.is_artifact(path) and not path.is_dir():
        artifact = artifacts.read(path)
        return _named([artifact.workflow, *artifact.callees.values()], workflow, path)
    project = _project(path)
    if workflow is not None:
        name, workflow = _choose(project, path, workflow)
        return [project.artifact(name, workflow).workflow]
    project.demand_errorless()
    there = [(name, each) for name in project.asked for each in project.workflows(name)]
    if not there:
        raise _no_choice(path, None, ())
    return [project.artifact(name, each).workflow for name, each in there]


def _named(found: list[Workflow], name: str | None, path: Path) -> list[Workflow]:
    named = [each for each in found if name in (None, each.name)]
    if not named:
        raise _no_choice(path, name, [each.name for each in found])
    return named


def _split(text: str) -> tuple[Path, str | None]:
    """A path may hold a colon itself: what exists as it stands has no workflow behind it."""
    whole = Path(os.path.abspath(text))
    head, colon, workflow = text.rpartition(":")
    if not colon or not head or whole.exists() or "/" in workflow:
        return whole, None
    return Path(os.path.abspath(head)), workflow


def _built(path: Path, workflow: str | None) -> Target:
    artifact = artifacts.read(path)
    if workflow not in (None, artifact.workflow.name):
        raise UserError(f"this is the workflow {artifact.workflow.name!r}, not {workflow!r}", place=files.shown(path))
    return Target(artifact, home_of(path))


def _written(path: Path, workflow: str | None) -> Target:
    project = _project(path)
    name, workflow = _choose(project, path, workflow)
    return Target(project.artifact(name, workflow), project.home)


def _project(path: Path) -> Project:
    """The project of a file, or of all files of a folder."""
    from symphony.project.loading import Project

    is_folder = path.is_dir()
    project = Project.at(home_at(path) if is_folder else home_of(path))
    for file in _wf_files_of(path) if is_folder else [path]:
        files.read_text(file)  # a file that was named and cannot be read is the caller's mistake
        project.ask(file)
    project.settle()
    return project


def _wf_files_of(folder: Path) -> list[Path]:
    found = sorted(folder.glob(f"*{files.SUFFIX}"))
    if not found:
        raise UserError(f"there is no {files.SUFFIX} file in this folder", place=files.shown(folder))
    return found


def _choose(project: Project, path: Path, workflow: str | None) -> tuple[str, str]:
    there = {w: name for name in project.asked for w in project.workflows(name)}
    if workflow is None and len(there) == 1:
        workflow = next(iter(there))
    if workflow in there:
        return there[workflow], workflow
    project.demand_errorless()  # a mistake in the text may be why nothing fits
    raise _no_choice(path, workflow, there)


def _no_choice(path: Path, workflow: str | None, there: Iterable[str]) -> UserError:
    names, place = list(there), files.shown(path)
    if not names:
        return UserError("there is no workflow in this file", place=place)
    if workflow is None:
        message = f"there are {len(names)} workflows here: {', '.join(names)}"
        return UserError(message, place=place, hint=f"say which one: {place}:{names[0]}")
    meant = did_you_mean(workflow, names)
    hint = f"did you mean {meant!r}?" if meant else f"there is {', '.join(names)}"
    return UserError(f"there is no workflow {workflow!r}", place=place, hint=hint)
