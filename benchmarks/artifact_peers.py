"""Reads and writes artifacts with other libraries, in whose environment it is run; knows nothing of ours but the schema.

It reads a task a line (`{"peer", "ask", "schema", "data", "times"}`, `schema` and `data` being the paths of a schema and of an artifact in JSON) and answers a
line each: the milliseconds of CPU that reading (`load`) or writing (`dump`) took, the mean of so many times, or null where the peer is not
installed. pydantic and msgspec check what they read against classes made of the schema; orjson and json check nothing.
"""

from __future__ import annotations

import gc
import json
import sys
import time
import types
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from artifact_classes import Classes

Work = Callable[[], object]


def module(schema: Path, *, tagged_only: bool) -> Any:  # noqa: ANN401 - a module made of text
    made = types.ModuleType(f"made_{tagged_only}")
    sys.modules[made.__name__] = made
    exec(Classes(tagged_only).module(json.loads(schema.read_text("utf-8"))), made.__dict__)
    return made


def pydantic(schema: Path, data: bytes) -> dict[str, Work]:
    of = module(schema, tagged_only=False).Envelope
    of.model_rebuild()
    read = of.model_validate_json(data)
    return {
        "load": lambda: of.model_validate_json(data),
        "dump": lambda: read.model_dump_json(exclude_unset=True, by_alias=True),
    }


def msgspec(schema: Path, data: bytes) -> dict[str, Work]:
    from msgspec.json import Decoder, Encoder

    decode, encode = Decoder(module(schema, tagged_only=True).Envelope).decode, Encoder().encode
    read = decode(data)
    return {"load": lambda: decode(data), "dump": lambda: encode(read)}


def orjson(_: Path, data: bytes) -> dict[str, Work]:
    from orjson import dumps, loads

    read = loads(data)
    return {"load": lambda: loads(data), "dump": lambda: dumps(read)}


def python(_: Path, data: bytes) -> dict[str, Work]:
    read = json.loads(data)
    return {"load": lambda: json.loads(data), "dump": lambda: json.dumps(read, ensure_ascii=False).encode()}


PEERS: dict[str, Callable[[Path, bytes], dict[str, Work]]] = {
    "pydantic": pydantic, "msgspec": msgspec, "orjson": orjson, "json": python,
}  # fmt: skip


@cache
def asks(peer: str, schema: str, data: str) -> dict[str, Work]:
    made = PEERS[peer](Path(schema), Path(data).read_bytes())
    for work in made.values():
        check(work(), Path(data))
    gc.collect()
    gc.freeze()  # what was made before is no work of the collector
    return made


def check(done: object, path: Path) -> None:
    """What is written is what was read, whatever the order of its members."""
    if isinstance(done, (str, bytes)):
        assert json.loads(done) == json.loads(path.read_bytes())


def spent(work: Work, times: int) -> float:
    gc.collect()
    before = time.process_time()
    for _ in range(times):
        work()
    return 1000 * (time.process_time() - before) / times


def answered(task: dict[str, Any]) -> float | None:
    try:
        works = asks(task["peer"], task["schema"], task["data"])
    except ImportError:
        return None
    return spent(works[task["ask"]], task["times"])


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(answered(json.loads(line))), flush=True)
