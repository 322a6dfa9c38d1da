"""`wf.toml`: what a project says about itself."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from symphony.project import files
from symphony.project.executors import EXECUTORS, check_executors
from symphony_dsl.base.diagnostic import did_you_mean
from symphony_dsl.base.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NAME = "wf.toml"
EDITION = "1.0"

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*(/[a-z0-9][a-z0-9_-]*)?")
_VERSION = re.compile(r"\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?")


@dataclass(frozen=True, slots=True)
class Manifest:
    """`executors` are by their names: how many attempts run at once, or a function that gives one."""

    name: str
    version: str = "0.0.0"
    edition: str = EDITION
    executors: Mapping[str, int | str] = field(default_factory=dict)


_KEYS = {
    "name": (_NAME, 'small letters, digits, "-" and "_", as in "support-desk"'),
    "version": (_VERSION, 'three numbers, as in "1.0.0"'),
    "edition": (re.compile(re.escape(EDITION)), f'"{EDITION}", the only edition that this version reads'),
}


def read(path: Path) -> Manifest:
    """Raises UserError with the place of what is wrong."""
    import tomllib

    text = files.read_text(path)
    shown = files.shown(path)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(shown, text, str(error)) from None
    for key, value in data.items():
        place = f"{shown}:{_line_of(text, key)}"
        if key == EXECUTORS:
            check_executors(value, place)
        else:
            _check(key, value, place)
    if "name" not in data:
        raise UserError("there is no name", place=shown, hint='add a line like: name = "support-desk"')
    return Manifest(**data)


def _check(key: str, value: object, place: str) -> None:
    if key == "dependencies":
        raise UserError("this version reads no dependencies yet", place=place, hint="import files by their path")
    if key not in _KEYS:
        meant = did_you_mean(key, (*_KEYS, EXECUTORS))
        hint = f"did you mean {meant!r}?" if meant else f"known keys are {', '.join((*_KEYS, EXECUTORS))}"
        raise UserError(f"the key {key!r} is not known", place=place, hint=hint)
    pattern, what = _KEYS[key]
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise UserError(f"{key} must be {what}", place=place)


def _syntax_error(shown: str, text: str, message: str) -> UserError:
    """tomllib says where at the end of its message."""
    found = re.fullmatch(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", message, re.DOTALL)
    if found is None:
        return UserError(f"this is no TOML: {message}", place=shown)
    line, column = found[2] or text.count("\n") + 1, found[3] or 1
    return UserError(f"this is no TOML: {found[1].lower()}", place=f"{shown}:{line}:{column}")


def _line_of(text: str, key: str) -> int:
    """The line of a top-level key or table; 1 where it is written in an unusual way."""
    found = re.search(rf"^\s*\[*\s*[\"']?{re.escape(key)}[\"']?\s*[\].=]", text, re.MULTILINE)
    return text.count("\n", 0, found.end()) + 1 if found else 1
