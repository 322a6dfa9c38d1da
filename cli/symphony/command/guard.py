"""The border between the program and a person: every way to end becomes an exit code and at most one message."""

from __future__ import annotations

import errno
import gc
import os
import sys
from typing import TYPE_CHECKING

import click

from symphony.command import say
from symphony.command.exits import Exit
from symphony.project.errors import CheckError
from symphony_dsl.base.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

_SURROUNDINGS = frozenset(
    {
        errno.ENOSPC,
        errno.EDQUOT,
        errno.EROFS,
        errno.EACCES,
        errno.EPERM,
        errno.EMFILE,
        errno.ENFILE,
        errno.EIO,
        errno.ENAMETOOLONG,
        errno.ELOOP,
        errno.ENOTDIR,
        errno.EISDIR,
    }
)
"""Errors of the machine that say something about it, not about this program."""


def guarded(words: Sequence[str]) -> int:
    say.prepare_streams()
    gc.set_threshold(50_000, 50, 100)  # trees are large and hold no cycles: looking for some is a fifth of a check
    try:
        code = _called(words)
    except BaseException as error:  # noqa: BLE001 - the last place where an exception can become a message
        return _ended(error, words)
    return _flushed(code)


def _called(words: Sequence[str]) -> int:
    from symphony.command.group import wf

    if "_WF_COMPLETE" in os.environ:  # a shell asks for the words that fit
        wf.main(prog_name="wf")
    with wf.make_context("wf", list(words)) as context:
        code = wf.invoke(context)
    return code if isinstance(code, int) else Exit.DONE


def _flushed(code: int) -> int:
    """Whoever closed our output early has seen enough; output that cannot be written is an error."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        say.discard_output()
    except OSError as error:
        say.discard_output()
        return _machine_refused(error)
    return code


def _ended(error: BaseException, words: Sequence[str]) -> int:
    if isinstance(error, SystemExit | click.exceptions.Exit):
        return _flushed(_code_of(error))
    if "--debug" in words and not isinstance(error, click.ClickException):
        import traceback

        traceback.print_exception(error)
    return _told(error, words)


def _told(error: BaseException, words: Sequence[str]) -> int:
    match error:
        case KeyboardInterrupt() | click.Abort():
            say.note("interrupted")
            return Exit.INTERRUPTED
        case BrokenPipeError():
            say.discard_output()
            return Exit.DONE
        case click.ClickException():
            return _misused(error)
        case CheckError():
            return _check_failed(error)
        case UserError():
            say.user_error(error)
            return Exit.WRONG
        case OSError() if error.errno in _SURROUNDINGS:
            _flushed(Exit.WRONG)
            return _machine_refused(error)
    from symphony.command.crash import report_bug

    say.error(report_bug(error, words))
    return Exit.BUG


def _code_of(error: SystemExit | click.exceptions.Exit) -> int:
    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    return error.code if isinstance(error.code, int) else Exit.DONE


def _machine_refused(error: OSError) -> int:
    say.error((error.strerror or str(error)).lower(), place=str(error.filename) if error.filename else None)
    return Exit.WRONG


def _misused(error: click.ClickException) -> int:
    say.error(error.format_message())
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is not None:
        say.note(f"  see: {context.command_path} --help")
    return Exit.WRONG


def _check_failed(error: CheckError) -> int:
    from symphony.command.render import render, summary

    paint = say.painter(sys.stderr)
    for diagnostic in error.checked.diagnostics:
        say.note(render(diagnostic, error.checked.source, paint))
    say.note(summary(error.checked.diagnostics))
    return Exit.FAILED
