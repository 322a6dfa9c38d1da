"""How a run that is let go is told to a person: its outputs, why it failed, or how to go on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from shlex import quote
from typing import TYPE_CHECKING

from symphony.command import say
from symphony.command.exits import Exit
from symphony_dsl.base.errors import UserError

if TYPE_CHECKING:
    from pathlib import Path

    from symphony_model.artifact import Artifact
    from symphony_runtime.outcome import RunError, RunResult
    from symphony_runtime.storage.store import Store


@dataclass(frozen=True, slots=True)
class Run:
    """A run that exists in its store and can be driven."""

    store: Store
    execution_id: str
    artifact: Artifact
    home: Path


def resumable(run: Run, problem: UserError) -> UserError:
    """A log that could not be written is said with the command that goes on from what it holds."""
    from symphony.command.stores import resume_command
    from symphony_runtime.storage.contract import LogRefusedError

    if not isinstance(problem, LogRefusedError):
        return problem
    hint = f"{problem.hint}: {resume_command(run.store, run.execution_id)}"
    return UserError(problem.message, place=problem.place, hint=hint)


def interrupted(run: Run) -> int:
    from symphony.command.stores import resume_command

    say.note(f"interrupted; go on with:\n  {resume_command(run.store, run.execution_id)}")
    return Exit.INTERRUPTED


def ended(run: Run, result: RunResult, events: bool, seconds: float) -> int:
    from symphony.command.runs import elapsed

    if result.interrupted:
        return interrupted(run)
    if result.state == "completed":
        if not events:
            say.result(json.dumps(result.outputs, ensure_ascii=False, indent=2) + "\n")
        say.note(f"completed in {elapsed(seconds)} (run {run.execution_id})")
        return Exit.DONE
    if result.state == "failed":
        _failed(run, result)
        say.note(f"failed after {elapsed(seconds)} (run {run.execution_id})")
        return Exit.FAILED
    if result.state == "cancelled":
        why = f": {say.visible(result.reason)}" if result.reason else ""
        say.note(f"cancelled after {elapsed(seconds)} (run {run.execution_id}){why}")
        return Exit.FAILED
    return _paused(run, result)


def _failed(run: Run, result: RunResult) -> None:
    if result.error is None:
        say.error("the workflow failed")
        return
    error = result.error
    say.error(f"{error.message} ({error.code})", place=_place(run, error))


def _place(run: Run, error: RunError) -> str | None:
    """Where it was written, seen from here (a built artifact may be far from its text), and which step it was."""
    from symphony.project import files

    parts = [error.node] if error.node else []
    if error.source:
        name, line = error.source
        path = run.home / name
        parts.insert(0, f"{files.shown(path) if path.exists() else name}:{line}")
    return ": ".join(parts) or None


def _paused(run: Run, result: RunResult) -> int:
    from symphony.command.stores import resume_command

    say.note(f"{result.state.replace('_', ' ')} (run {run.execution_id})")
    for node, error in result.undecided.items():
        say.note(f"  {say.visible(_place(run, error) or node)}: {say.visible(error.message)} ({error.code})")
    for node, prompt in result.asks.items():
        say.note(f"  {say.visible(node)} asks: {say.visible(prompt)}")
    for line in _ways_on(result):
        say.note(line)
    say.note(f"go on with:\n  {resume_command(run.store, run.execution_id)}")
    return Exit.WAITING


def _ways_on(result: RunResult) -> list[str]:
    """What a person can say before the run goes on."""
    held = next((node for node, error in result.undecided.items() if error.code not in MENDED), None)
    asked = next(iter(result.asks), None)
    lines = []
    if held:
        step = quote(held)
        lines.append(
            f"decide first: `wf retry last {step}`, `wf skip last {step} --value JSON` or `wf fail last {step}`"
        )
    if asked:
        lines.append(f"answer first: `wf input last {quote(asked)} --value JSON`")
    return lines


MENDED = frozenset({"payload_missing", "secret_unavailable", "crash_loop"})
"""Failures after which a resume alone tries again."""
