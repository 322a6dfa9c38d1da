"""`wf run`: a workflow from its text, or an interrupted run from where it was, to its outputs."""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from symphony.command import asking, ends, say
from symphony.command.ends import Run
from symphony.command.options import Command, complete_run, store_option
from symphony_dsl.base.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from symphony.project.target import Target
    from symphony_model.artifact import Artifact
    from symphony_runtime.outcome import RunResult
    from symphony_runtime.storage.store import Store
    from symphony_runtime.watching.events import ExecutionEvent


@click.command("run", cls=Command, example="wf run support_desk.wf --input patience=0.2")
@click.argument("target", required=False, metavar="[FILE[:WORKFLOW]]", type=click.Path(readable=False))
@click.option("--input", "-i", "words", multiple=True, metavar="NAME=VALUE", help="An input; one option for each.")
@click.option(
    "--inputs", "file", metavar="FILE", type=click.Path(readable=False), help='Inputs as JSON or YAML; "-" reads JSON.'
)
@click.option("--events", is_flag=True, help="Print events as JSON lines instead of the outputs.")
@click.option(
    "--resume",
    metavar="RUN",
    shell_complete=complete_run,
    help='Go on with a run: its id, the beginning of one, or "last".',
)
@click.option(
    "--on-failure",
    "on_failure",
    type=click.Choice(["stop", "hold"]),
    help="With a step that failed for good: stop, or hold it until a person decides.",
)
@store_option
def command(
    target: str | None,
    words: tuple[str, ...],
    file: str | None,
    events: bool,
    resume: str | None,
    on_failure: str | None,
    store: str | None,
) -> int:
    """Run a workflow and print its outputs as one JSON object.

    FILE is a .wf file, a folder with one workflow, or a built NAME.wf.json. The VALUE of a string or an enum is its
    text, a file's is its path, everything else is JSON; @PATH reads it from a file. A secret is @env:NAME or
    @file:PATH.

    \b
    Exit codes: 0 done, 1 the workflow or the check failed, 2 the command line or a file is wrong,
    3 waiting or paused, 70 a bug of ours, 130 interrupted (the run can be resumed).
    """
    holds = on_failure == "hold"
    if resume and on_failure:
        raise click.UsageError("a run that is resumed goes on as it was started", click.get_current_context())
    run = _resumed(resume, target, words, file, store) if resume else _begun(target, words, file, store, holds)
    return _to_the_end(run, events)


def drive_again(store: Store, execution_id: str) -> int:
    """Go on with a run that nobody drives."""
    from symphony_runtime.storage.loaded import load

    loaded = load(store, execution_id)
    return _to_the_end(Run(store, execution_id, loaded.artifact, loaded.home), events=False)


def _to_the_end(run: Run, events: bool) -> int:
    """Drive a run; on a terminal its questions are asked there, and it goes on with the answers."""
    started = time.monotonic()
    try:
        result = asyncio.run(_drive(run, events))
        while result.state == "waiting_for_input" and _is_terminal():
            asking.ask(run, result.asks)
            result = asyncio.run(_drive(run, events))
    except (KeyboardInterrupt, asyncio.CancelledError, click.Abort):
        return ends.interrupted(run)
    except UserError as problem:
        raise ends.resumable(run, problem) from problem
    return ends.ended(run, result, events, time.monotonic() - started)


def _is_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def _begun(target: str | None, words: tuple[str, ...], file: str | None, store: str | None, holds: bool) -> Run:
    if target is None:
        raise click.UsageError("name a file to run, or a run to resume", click.get_current_context())
    from symphony.command import inputs
    from symphony.command.stores import open_store
    from symphony.project.target import find
    from symphony_runtime.engine import create

    found = find(target)
    if found.artifact.note:
        say.warning(found.artifact.note)
    values = inputs.read(found.artifact.workflow, file, words)
    opened = open_store(store, found.home)
    execution_id = create(opened, found.artifact, values, found.home.root, executors=found.home.executors, holds=holds)
    return Run(opened, execution_id, found.artifact, found.home.root)


def _resumed(resume: str, target: str | None, words: tuple[str, ...], file: str | None, store: str | None) -> Run:
    if words or file:
        raise click.UsageError("a run that is resumed has its inputs already", click.get_current_context())
    from symphony.command.stores import open_store
    from symphony.project.target import find
    from symphony_runtime.storage.loaded import load

    found = find(target) if target else None
    opened = open_store(store, found.home if found else None)
    loaded = load(opened, opened.find(resume))
    if found is not None:
        _demand_same(found, loaded.artifact, loaded.execution_id)
    return Run(opened, loaded.execution_id, loaded.artifact, loaded.home)


def _demand_same(found: Target, kept: Artifact, execution_id: str) -> None:
    if found.artifact.content_hash != kept.content_hash:
        message = "the file compiles to something else than what this run was started with"
        hint = "leave FILE away to go on with what it was, or start a new run"
        raise UserError(message, place=f"run {execution_id}", hint=hint)


async def _drive(run: Run, events: bool) -> RunResult:
    from symphony.project.executors import made
    from symphony.project.home import home_at
    from symphony_runtime.engine import drive
    from symphony_runtime.executing.demands import check_demands
    from symphony_runtime.executing.executors import build

    named = made(home_at(run.home).executors, run.home)
    check_demands(run.artifact, named)
    stop = asyncio.Event()
    with _interrupts(stop):
        executor = build(run.home, named=named)
        try:
            with _shown(run, events) as show:

                def on_event(event: ExecutionEvent) -> None:
                    if events or not (stop.is_set() and event.type == "log"):  # what is stopped now has nothing to tell
                        show(event)

                return await drive(run.store, run.execution_id, executor=executor, on_event=on_event, stop=stop)
        finally:
            await executor.close()


@contextmanager
def _interrupts(stop: asyncio.Event) -> Iterator[None]:
    """The first Ctrl-C lets the run go in order, the second one at once."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()

    def interrupt() -> None:
        if stop.is_set() and task is not None:
            task.cancel()
            return
        say.note("\nstopping (Ctrl-C again: at once)")
        stop.set()

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        for number in before:
            loop.add_signal_handler(number, interrupt)
    except NotImplementedError:  # no signal handlers in this platform's loop: Ctrl-C ends it at once
        before = {}
    try:
        yield
    finally:
        for number, handler in before.items():
            loop.remove_signal_handler(number)
            signal.signal(number, handler)


@contextmanager
def _shown(run: Run, events: bool) -> Iterator[Callable[[ExecutionEvent], None]]:
    """What a person or a program sees while it runs."""
    if events:
        from symphony.command.events import line

        yield lambda event: _print(line(event))
    elif sys.stderr.isatty():
        from symphony.command.display import live

        with live(run.artifact) as show:
            yield show
    else:
        yield _log_line


def _print(text: str) -> None:
    """A reader who has gone does not stop the run."""
    say.result(text)


def _log_line(event: ExecutionEvent) -> None:
    if event.type == "log" and event.fields.get("level") in ("warning", "error"):
        say.note(f"{event.node}: {say.visible(str(event.fields.get('message')))}")
