"""An exception of the user's code as a sentence and a list of places, without any value that was in its variables."""

from __future__ import annotations

import traceback
from pathlib import Path

_OURS = str(Path(__file__).parent)
_MESSAGE_LIMIT = 2000
_TRACE_LIMIT = 50


def describe(problem: BaseException, home: Path) -> tuple[str, list[str]]:
    """("ValueError: message at file:line", the places outermost first)."""
    places = [place for place in _places(problem) if not place[0].startswith(_OURS)]
    trace = [f"{_shown(file, home)}:{line} in {name}" for file, line, name in places][-_TRACE_LIMIT:]
    kind = type(problem).__name__
    words = _words(problem)
    message = f"{kind}: {words}" if words else kind
    where = _where(problem, places, home)
    return (f"{message} at {where}" if where else message), trace


def _words(problem: BaseException) -> str:
    if isinstance(problem, SyntaxError):
        return problem.msg
    try:
        words = str(problem)
    except BaseException:  # noqa: BLE001 - the user's own __str__ is broken: its type is all that can be said
        return ""
    return words if len(words) <= _MESSAGE_LIMIT else words[:_MESSAGE_LIMIT] + "…"


def _places(problem: BaseException) -> list[tuple[str, int, str]]:
    frames = traceback.walk_tb(problem.__traceback__)
    return [(frame.f_code.co_filename, line, frame.f_code.co_name) for frame, line in frames]


def _where(problem: BaseException, places: list[tuple[str, int, str]], home: Path) -> str | None:
    """The innermost place in the user's own files; where there is none, the innermost of all."""
    if isinstance(problem, SyntaxError) and problem.filename:
        return f"{_shown(problem.filename, home)}:{problem.lineno}"
    visible = [(file, line) for file, line, _ in places if not file.startswith("<frozen")]
    own = [(file, line) for file, line in visible if _is_own(Path(file), home)]
    for file, line in reversed(own or visible):
        return f"{_shown(file, home)}:{line}"
    return None


def _is_own(file: Path, home: Path) -> bool:
    return file.is_relative_to(home) and "site-packages" not in file.parts


def _shown(file: str, home: Path) -> str:
    path = Path(file)
    return path.relative_to(home).as_posix() if path.is_relative_to(home) else file
