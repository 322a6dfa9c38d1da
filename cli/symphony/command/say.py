"""What `wf` says: results on standard output, everything that is about the work on standard error."""

from __future__ import annotations

import io
import os
import shutil
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO

    from symphony_dsl.base.errors import UserError


def prepare_streams() -> None:
    """Names and texts that a stream cannot encode are written with escapes instead of ending the program."""
    if sys.stdout is None or sys.stderr is None:
        _open_nowhere()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def result(text: str) -> bool:
    """Write to standard output at once. False when its reader has gone: what follows is then thrown away."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        discard_output()
        return False
    return True


def _open_nowhere() -> None:
    """Where whoever calls closed a stream: its number must go to no file of ours, or a stray line ends up in there."""
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(number)
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - open to the end
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115


def note(text: str) -> None:
    """A line about the work. That nobody reads it, or that it cannot be written, is no reason to stop."""
    try:
        sys.stderr.write(text + "\n")
        sys.stderr.flush()
    except OSError:
        _discard(sys.stderr)


def error(message: str, *, place: str | None = None, hint: str | None = None) -> None:
    """The message that ends a command."""
    paint = painter(sys.stderr)
    where = f"{place}: " if place else ""
    note(f"{paint('error', 'red')}: {visible(where + message)}")
    if hint:
        note(f"  {paint('hint', 'cyan')}: {visible(hint)}")


def warning(message: str) -> None:
    """What a person should know, and the command goes on."""
    note(f"{painter(sys.stderr)('warning', 'yellow')}: {visible(message)}")


def user_error(problem: UserError) -> None:
    error(problem.message, place=problem.place, hint=problem.hint)


def discard_output() -> None:
    _discard(sys.stdout)


def _discard(stream: TextIO) -> None:
    """Point it nowhere, so that the interpreter's last flush cannot fail."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def colours(stream: TextIO) -> bool:
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def width(stream: TextIO) -> int | None:
    """The columns of the terminal that a stream is; None where it is none."""
    return shutil.get_terminal_size().columns if stream.isatty() else None


_COLOURS = {"red": "31;1", "yellow": "33;1", "cyan": "36;1", "green": "32;1", "blue": "34;1", "bold": "1", "dim": "2"}


class Painter:
    """Colours a text, or leaves it as it is."""

    def __init__(self, on: bool) -> None:
        self.on = on

    def __call__(self, text: str, colour: str) -> str:
        return f"\x1b[{_COLOURS[colour]}m{text}\x1b[0m" if self.on else text


def painter(stream: TextIO) -> Painter:
    return Painter(colours(stream))


def visible(text: str) -> str:
    """The text with control characters shown, so that data can do nothing to a terminal."""
    return "".join(c if c.isprintable() or c in "\n\t" else c.encode("unicode_escape").decode() for c in text)
