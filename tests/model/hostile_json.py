"""A child that reads JSON which is made to do harm, in little memory: `python -m tests.model.hostile_json` prints what each case gives."""

from __future__ import annotations

import json
import resource
import signal
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.model.samples import Sample

from symphony_model.artifact_codec import artifact_from_text
from symphony_model.json_form.reading import MAX_CHARACTERS
from symphony_model.json_form.workflow import json_hash
from symphony_model.serialize_errors import DeserializeError, UnknownMembersWarning
from symphony_model.workflow import Workflow

MEMORY = 768 * 1024 * 1024
SECONDS = 120
"""For a case, on the slowest machine that is busy with other things. No case takes more than two on an idle one."""

TEXT = Sample().workflow().to_json()
HASH = "sha256:" + "0" * 64


def whole(**members: Any) -> str:
    return json.dumps(json.loads(TEXT) | members)


def workflow(**members: Any) -> str:
    """With the hash of what stands there, so that it is read as far as may be."""
    data = json.loads(TEXT)
    data["workflow"] |= members
    data["content_hash"] = json_hash(data["workflow"])
    return json.dumps(data)


def node(put: str, **members: Any) -> str:
    """A text in the place of each value that is `HERE`."""
    data = json.loads(TEXT)
    data["workflow"]["nodes"][2] |= members
    return json.dumps(data).replace('"HERE"', put)


def typed(text: str) -> str:
    return node(text, outputs=[{"name": "result", "data_type": "HERE"}])


def parts(name: str) -> list[Any]:
    found: list[Any] = json.loads(TEXT)["workflow"][name]
    return found


def callees_with_more(count: int) -> str:
    """Each of which has a member that is not known."""
    made = {}
    for at in range(count):
        callee = {**json.loads(Workflow(f"w{at}").to_json())["workflow"], "colour": "red"}
        made[json_hash(callee)] = callee
    return whole(callees=made)


CASES: dict[str, Callable[[], str]] = {
    "more than may be": lambda: " " * (MAX_CHARACTERS + 1),
    "blanks": lambda: " " * 20_000_000,
    "lists": lambda: "[" * 100_000,
    "lists that end": lambda: "[" * 100_000 + "]" * 100_000,
    "objects": lambda: '{"a":' * 100_000 + "1" + "}" * 100_000,
    "deep where nothing is deep": lambda: whole(callees="HERE").replace('"HERE"', '{"a":' * 900 + "1" + "}" * 900),
    "deep in what is free": lambda: node("[" * 900 + "]" * 900, metadata={"custom": {"x": "HERE"}}),
    "a deep type": lambda: typed('{"list":' * 960 + '"int"' + "}" * 960),
    "a deep function": lambda: typed('{"function":{"parameters":[],"result":' * 300 + '"int"' + "}}" * 300),
    "a type of many fields": lambda: typed(
        '{"record":{"fields":[' + ",".join(['{"name":"a","type":"int"}'] * 50_000) + "]}}"
    ),
    "millions of values": lambda: "[" + "[]," * 9_000_000 + "0]",
    "millions of objects": lambda: "[" + '{"":0},' * 500_000 + "0]",
    "millions of commas": lambda: '"' + "," * 20_000_000 + '"',
    "commas in texts without end": lambda: '"' + '\\",' * 10_000_000,
    "one member a million times": lambda: "{" + ",".join(['"a":1'] * 1_000_000) + "}",
    "doubled members everywhere": lambda: "[" + ",".join(['{"a":1,"a":2}'] * 100_000) + "]",
    "wrong far below": lambda: "[" * 900 + "0," * 200_000 + "NaN" + "]" * 900,
    "half a character far below": lambda: "[" * 900 + "0," * 200_000 + '"\\ud800"' + "]" * 900,
    "unknown far below": lambda: typed(
        '{"list":' * 900
        + '{"record":{"fields":['
        + ",".join(['{"name":"a","type":"int","b":1}'] * 20_000)
        + "]}}"
        + "}" * 900
    ),
    "a number without end": lambda: "9" * 10_000_000,
    "a fraction without end": lambda: "0." + "9" * 5_000_000,
    "an exponent without end": lambda: "1e" + "9" * 5_000_000,
    "many long numbers": lambda: "[" + ",".join(["9" * 4300] * 2000) + "]",
    "a text without end": lambda: '"' + "a" * 20_000_000,
    "signs as numbers": lambda: '"' + "\\u0041" * 3_000_000 + '"',
    "nodes that are none": lambda: workflow(nodes=[0] * 500_000),
    "nodes of nothing": lambda: workflow(nodes=[{}] * 200_000),
    "one edge often": lambda: workflow(edges=parts("edges")[:1] * 20_000),
    "one node often": lambda: workflow(nodes=parts("nodes")[2:3] * 5_000),
    "regions within regions": lambda: workflow(
        regions=[parts("regions")[0] | {"path": f"r{at}", "parent": f"r{at + 1}"} for at in range(5_000)]
    ),
    "unknown members": lambda: whole(**{f"m{at}": at for at in range(50_000)}),
    "unknown members of nodes": lambda: workflow(
        nodes=[each | {f"m{at}": at for at in range(2_000)} for each in parts("nodes")]
    ),
    "unknown members of callees": lambda: callees_with_more(3_000),
    "lines of sources": lambda: whole(sources={HASH: {f"n{at}": "a.wf:1" for at in range(50_000)}}),
    "the number of a line": lambda: whole(sources={HASH: {"a": "a.wf:" + "9" * 5000}}),
    "the number of a version": lambda: workflow(version="9" * 5000 + ".0.0"),
    "words of a version": lambda: workflow(version="1.0.0-" + "a." * 200_000 + "!"),
    "the version of the schema": lambda: whole(schema_version="9" * 1_000_000),
    "a version that is a list": lambda: whole(schema_version="HERE").replace('"HERE"', "[" * 900 + "]" * 900),
    "a time that never was": lambda: workflow(created_at="2026-02-31T08:00:00Z"),
    "a float of an order": lambda: workflow(regions=[each | {"order": 1e300} for each in parts("regions")]),
    "an expression": lambda: workflow(
        nodes=[each | {"condition": {"source": "(" * 100_000, "type": "bool"}} for each in parts("nodes")]
    ),
}


def said(text: str) -> str:
    try:
        artifact_from_text(text)
        Workflow.from_json(text)
    except DeserializeError as error:
        return f"refused: {error}"
    return "read"


def main() -> None:
    warnings.simplefilter("ignore", UnknownMembersWarning)
    said(TEXT)  # what is loaded once
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    for name, make in CASES.items():
        signal.alarm(SECONDS)
        sys.stdout.write(json.dumps([name, said(make())]) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
