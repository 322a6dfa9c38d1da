"""Messages with images, sounds and files in them, as OpenAI's chat protocol has them: each file is sent inside its message."""

from __future__ import annotations

import mimetypes
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.types import Type
from symphony_dsl.base.values import Json, Value
from symphony_model.message_parts import PARTS, TEXT
from symphony_runtime.operators.files import RefusedError, content, reason

MAX_FILE = 20 * 1024 * 1024
_NAMES = mimetypes.MimeTypes(filenames=())  # the same on every machine
_UNKNOWN = "application/octet-stream"
_FORMATS = {"mpeg": "mp3", "x-wav": "wav"}


class PartError(Exception):
    """A part of a message cannot be sent; says which and why."""


@frozen
class Parts:
    """What is said in a message, before its files are read."""

    listed: list[dict[str, str | None]]


def said(value: Value, of: Type) -> Json | Parts:
    """The content of a message. Its type says whether it has parts: data that only look like them open no file."""
    return Parts(value) if of == PARTS else value


def with_files(messages: list[dict[str, Json | Parts]], home: Path) -> list[Json]:
    """The messages as they are sent. Paths are relative to `home`. Raises PartError."""
    return [{**each, "content": _content(each.get("content"), home)} for each in messages]


def _content(said: Json | Parts, home: Path) -> Json:
    if not isinstance(said, Parts):
        return said
    return [_part(name, value, home) for each in said.listed for name, value in each.items() if value is not None]


def _part(name: str, value: str, home: Path) -> Json:
    if name == TEXT:
        return {"type": TEXT, TEXT: value}
    try:
        data = b64encode(content(home / value, MAX_FILE)).decode()
    except (OSError, ValueError, RefusedError) as problem:
        raise PartError(f"'{value}' cannot be sent to the model: {reason(problem)}") from problem
    return _SENT[name](Path(value).name, data)


def _image(name: str, data: str) -> Json:
    return {"type": "image_url", "image_url": {"url": _inside(name, data)}}


def _audio(name: str, data: str) -> Json:
    kind = _kind(name).rpartition("/")[2]
    return {"type": "input_audio", "input_audio": {"data": data, "format": _FORMATS.get(kind, kind)}}


def _file(name: str, data: str) -> Json:
    return {"type": "file", "file": {"filename": name, "file_data": _inside(name, data)}}


_SENT: dict[str, Callable[[str, str], Json]] = {"image": _image, "audio": _audio, "file": _file}
"""How each kind of part is sent, from the name of the file and its content."""


def _kind(name: str) -> str:
    return _NAMES.guess_type(name)[0] or _UNKNOWN


def _inside(name: str, data: str) -> str:
    return f"data:{_kind(name)};base64,{data}"
