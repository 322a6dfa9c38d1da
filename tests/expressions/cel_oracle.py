"""CEL's implementation in C++ as an oracle, in a process of its own: it is native code, and may hang or crash.

`python -m tests.expressions.cel_oracle` answers a question a line on its output. A question is `{"expr", "names", "data",
"checked"}`, with types and values as the lists of conformance tests write them; an answer is `{"value", "type"}` or
`{"error"}`. What the binding cannot show is less exact than it might be: a key of a map that is a uint is shown as an int,
and points and spans of time end with their microseconds.
"""

from __future__ import annotations

import base64
import datetime
import json
import math
import select
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from symphony_dsl.base.types import (
    BOOL,
    BYTES,
    DURATION,
    FLOAT,
    INT,
    NULL,
    STRING,
    TIMESTAMP,
    TYPE,
    UINT,
    ListType,
    MapType,
    Type,
)
from symphony_dsl.expressions.conformance.types import read_type

ROOT = Path(__file__).parents[2]
PATIENCE = 10
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
MICROSECOND = datetime.timedelta(microseconds=1)
EXTENSIONS = (
    "bindings", "encoders", "lists", "math", "optional", "regex", "sets", "strings", "two-var-comprehensions",
)  # fmt: skip


class NoAnswerError(Exception):
    """The oracle crashed, or took too long."""


class Oracle:
    """Asks, in a process that is started when it is needed, and anew after it broke down: it counts references wrong."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None

    def ask(self, expr: str, names: Mapping[str, str], data: Mapping[str, Any], *, checked: bool = True) -> Any:
        question = json.dumps({"expr": expr, "names": names, "data": data, "checked": checked}).encode() + b"\n"
        answer = self._answer(question) or self._answer(question)
        if not answer:
            raise NoAnswerError(expr)
        return json.loads(answer)

    def _answer(self, question: bytes) -> bytes:
        process = self.process = self.process or _started()
        assert process.stdin is not None, "it is a pipe"
        assert process.stdout is not None, "it is a pipe"
        try:
            process.stdin.write(question)
            process.stdin.flush()
            ready, _, _ = select.select([process.stdout], [], [], PATIENCE)
            answer = process.stdout.readline() if ready else b""
        except BrokenPipeError:
            answer = b""
        if not answer:
            self.close()
        return answer

    def close(self) -> None:
        if self.process is not None:
            self.process.kill()
            with suppress(BrokenPipeError):
                self.process.communicate()
            self.process = None


def _started() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.expressions.cel_oracle"]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)


def _serve() -> None:
    from cel_expr_python import cel

    config = "extensions:\n" + "".join(f'  - name: "{name}"\n    version: latest\n' for name in EXTENSIONS)
    known: dict[str, Any] = {}
    for line in sys.stdin:
        question = json.loads(line)
        key = json.dumps(question["names"])
        if key not in known:
            types = {name: _cel_type(read_type(of), cel.Type) for name, of in question["names"].items()}
            known[key] = cel.NewEnv(config=cel.NewEnvConfigFromYaml(config), variables=types)
        sys.stdout.write(json.dumps(_answered(known[key], question)) + "\n")
        sys.stdout.flush()


def _answered(env: Any, question: Any) -> Any:
    try:
        program = env.compile(question["expr"], disable_check=not question["checked"])
        data = {name: _native(value) for name, value in question["data"].items()}
        return {"value": _shown(program.eval(data=data)), "type": program.return_type().name()}
    except (RuntimeError, TypeError, ValueError) as problem:
        return {"error": str(problem)}


def _cel_type(of: Type, types: Any) -> Any:
    match of:
        case ListType(item):
            return types.List(_cel_type(item, types))
        case MapType(value, key):
            return types.Map(_cel_type(key, types), _cel_type(value, types))
    return getattr(types, _KINDS.get(of, "dyn").upper())


_KINDS: dict[Type, str] = {
    BOOL: "bool",
    INT: "int",
    UINT: "uint",
    FLOAT: "double",
    STRING: "string",
    BYTES: "bytes",
    NULL: "null",
    TYPE: "type",
    TIMESTAMP: "timestamp",
    DURATION: "duration",
}


def _native(value: Any) -> Any:
    """A value as the binding takes it."""
    ((kind, content),) = value.items()
    match kind:
        case "list":
            return [_native(each) for each in content]
        case "map":
            return {_native(key): _native(each) for key, each in content}
        case "double":
            return float(content)
        case "bytes":
            return base64.b64decode(content)
        case "timestamp":
            return EPOCH + datetime.timedelta(seconds=content[0], microseconds=content[1] // 1000)
        case "duration":
            return datetime.timedelta(seconds=content[0], microseconds=content[1] / 1000)
    return content


def _shown(value: Any) -> Any:
    """A value of the binding as the lists write it."""
    kind = value.type().name()
    content = value.value()
    if kind == "ERROR":
        raise ValueError(content)
    if kind.startswith("LIST"):
        return {"list": [_shown(each) for each in content]}
    if kind.startswith("MAP"):
        return {"map": [[_shown_key(key), _shown(each)] for key, each in content.items()]}
    return {kind.lower(): _SHOWN.get(kind, lambda each: each)(content)}


def _shown_key(key: Any) -> Any:
    kind = "bool" if isinstance(key, bool) else "int" if isinstance(key, int) else "string"
    return {kind: key}


def _shown_double(value: float) -> Any:
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def _shown_duration(value: datetime.timedelta) -> list[int]:
    sign, size = (-1, -value) if value < datetime.timedelta(0) else (1, value)
    seconds, rest = divmod(size // MICROSECOND, 1_000_000)
    return [sign * seconds, sign * rest * 1000]


def _shown_timestamp(value: datetime.datetime) -> list[int]:
    seconds, rest = divmod((value - EPOCH) // MICROSECOND, 1_000_000)
    return [seconds, rest * 1000]


def type_words(name: str) -> str:
    """The name of a type as the binding writes it (`LIST<INT>`), as the lists do (`list(int)`)."""
    text = name.replace("<", "(").replace(">", ")").replace("LIST", "list").replace("MAP", "map")
    for word, upper in _WORDS:
        text = text.replace(upper, word)
    return text


_WORDS = (
    ("google.protobuf.Timestamp", "TIMESTAMP"),
    ("google.protobuf.Duration", "DURATION"),
    ("null_type", "NULL"),
    *((word, word.upper()) for word in ("bool", "uint", "double", "string", "bytes", "type", "dyn")),
    ("int", "INT"),
)

_SHOWN: dict[str, Callable[[Any], Any]] = {
    "DOUBLE": _shown_double,
    "BYTES": lambda value: base64.b64encode(bytes(value)).decode(),
    "TIMESTAMP": _shown_timestamp,
    "DURATION": _shown_duration,
    "TYPE": lambda value: type_words(value.name()).partition("(")[0],
}


if __name__ == "__main__":
    _serve()
