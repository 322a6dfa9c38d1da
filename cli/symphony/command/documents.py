"""JSON, and YAML as a way to write it, that a person hands over: from a file, or on standard input."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any, NoReturn

from symphony.project import files
from symphony_dsl.base.errors import UserError

STDIN = "standard input"

MAX_DIGITS = 4000
"""Python reads no longer ones, and says so in words for programmers."""

LONG = 80
"""So much of a name is shown."""


def document(file: str) -> Any:  # noqa: ANN401 - a JSON value
    """What a file holds: JSON, or YAML where its name says so; `-` is JSON on standard input."""
    if file == "-":
        return parse_json(_standard_input(), STDIN)
    path = Path(os.path.abspath(file))
    text = files.read_text(path)
    if path.suffix in (".yaml", ".yml"):
        return yaml(text, files.shown(path))
    return parse_json(text, files.shown(path))


def _standard_input() -> str:
    if sys.stdin is None:
        raise UserError("nothing can be read: it is closed", place=STDIN)
    return files.decoded(sys.stdin.buffer.read(), STDIN)


def yaml(text: str, place: str) -> Any:  # noqa: ANN401 - a JSON value
    from symphony.command.yaml_inputs import parse_yaml

    return parse_yaml(text, place)


def parse_json(text: str, place: str | None) -> Any:  # noqa: ANN401 - a JSON value
    """Strict JSON: no NaN, no name twice in an object. Raises UserError with line and column."""
    try:
        return json.loads(text, parse_constant=_no_constant, parse_int=_int, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        where = f"{place}:{error.lineno}:{error.colno}" if place else f"column {error.colno}"
        hint = None if place else 'a text inside JSON needs quotes: \'["a", "b"]\''
        raise UserError(f"this is no JSON: {error.msg.lower()}", place=where, hint=hint) from None
    except RecursionError:
        raise UserError("this JSON is nested too deeply", place=place) from None
    except ValueError as error:
        raise UserError(f"this JSON cannot be read: {error}", place=place) from None


def _int(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise ValueError(f"a number has more than {MAX_DIGITS} digits")
    return int(digits)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        (name, _), *_ = Counter(name for name, _ in pairs).most_common(1)
        raise ValueError(f"an object has the field {name[:LONG]!r} twice")
    return made
