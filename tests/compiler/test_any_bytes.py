"""No bytes make the front end raise: they are decoded, read, formatted and compiled, or something is said of them."""

from __future__ import annotations

import os
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.syntax.derived import derived_file

from symphony_compiler.workspace import Workspace
from symphony_dsl.syntax.builder import SEMVER
from symphony_dsl.syntax.formatter import format_file
from symphony_dsl.syntax.parser import parse_file
from symphony_dsl.syntax.text import UnicodeProblem, decode
from symphony_model.validating.validation import COMPILED
from symphony_model.version import Version

MANY = 10_000 if os.environ.get("SYMPHONY_PROFILE") == "full" else 500
PIECES = [
    b'"', b'"""', b"'", b"{", b"}", b"(", b")", b"[", b"]", b"<", b">", b"\n", b"//", b"///", b" ", b"@", b"step ",
    b"input ", b"${", b"\\", b"`", b"=", b"=>", b"->", b"?", b".", b"if ", b"else ", b"workflow w {", b"record R {",
    b"wf 1.0", b"1.0.0", b"5min", b"\t", b"\r", b"\xc3\xa9", b"\xff", b"\0", b"for x in ", b"yield ", b"|", b"import ",
    b"\xed\xa0\x80", b"\xe2\x80\xa8", b"999999999999999999999", b"1e999", b"finally {", b"type T = ", b"test ", b"",
]  # fmt: skip


def spoiled(seed: int, size: int) -> bytes:
    """The bytes of a file that is derived from the grammar, with a few of them replaced."""
    chance = Random(seed)
    data = derived_file(seed, size).encode()
    for _ in range(chance.choice((0, 1, 1, 2, 6))):
        at = chance.randrange(len(data) + 1)
        data = data[:at] + chance.choice(PIECES) + data[at + chance.choice((0, 0, 1, 8, 60)) :]
    return data


def taken(data: bytes) -> None:
    try:
        text = decode(data)
    except UnicodeProblem:
        return
    file = parse_file("main.wf", text)
    if not file.broken:
        format_file(file)
    compiled(text)


def compiled(text: str) -> None:
    workspace = Workspace()
    workspace.update("main.wf", text)
    for path in workspace.missing():
        workspace.refuse(path, "no")
    for name in workspace.missing_modules():
        workspace.update_module(name, None)
    for found in workspace.diagnostics("main.wf"):
        assert 0 <= found.location.span.start <= found.location.span.end <= len(text), found
    for name in workspace.workflows("main.wf"):
        artifact = workspace.artifact("main.wf", name)
        assert artifact is None or artifact.workflow.validate(COMPILED).is_valid


@given(st.integers(0, 2**62), st.integers(1, 120))
@settings(max_examples=MANY)
def test_spoiled_files_are_taken(seed: int, size: int) -> None:
    taken(spoiled(seed, size))


@pytest.mark.parametrize("made", ["x[0]", "f(1).b", "f(1)[0]", "x.y", "f(1)(2)", "[1].map(x, x)"])
def test_a_workflow_made_from_anything_is_taken(made: str) -> None:
    taken(f"wf 1.0\n\nworkflow a = {made}\n\nworkflow b = a(1)\n".encode())


@given(st.binary(max_size=300))
@example(b"\xef\xbb\xbf\xef\xbb\xbf")
def test_bytes_are_taken(data: bytes) -> None:
    taken(data)
    taken(b"wf 1.0\n" + data)


@given(st.from_regex(r"\A[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?\Z"))
@example("1.0.0-rc.01")
@example("0.0.1000000000000000000")
def test_what_is_read_as_a_version_is_one_in_a_graph(text: str) -> None:
    try:
        Version.parse(text)
    except ValueError:
        assert not SEMVER.fullmatch(text)
    else:
        assert SEMVER.fullmatch(text)
