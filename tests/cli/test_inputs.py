"""Inputs of a run: each type's way to be written, and every way to be wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from symphony.command.inputs import read
from symphony_dsl.base.errors import UserError
from symphony_dsl.base.types import (
    BOOL,
    BYTES,
    DURATION,
    FILE,
    INT,
    JSON,
    SECRET,
    STRING,
    EnumType,
    ListType,
    OptionalType,
    Type,
    record,
)
from symphony_dsl.base.values import SecretRef
from symphony_model.ids import node_id
from symphony_model.nodes import InputNode, NodeBase
from symphony_model.ports import PortDefinition
from symphony_model.workflow import Workflow

MOOD = EnumType("Mood", (("good", "good"), ("bad", "bad")))


def workflow(**types: Type) -> Workflow:
    made = Workflow("w")
    for name, of in types.items():
        path = f"input.{name}"
        made.add_node(InputNode(NodeBase(node_id(made.id, path), path, name), PortDefinition("output", of)))
    return made


def given(of: Type, text: str) -> Any:
    return read(workflow(x=of), None, [f"x={text}"])["x"]


@pytest.mark.parametrize(
    ("of", "text", "value"),
    [
        (STRING, "plain text", "plain text"),
        (STRING, "a=b", "a=b"),
        (STRING, "", ""),
        (STRING, "12", "12"),
        (STRING, "@@home", "@home"),
        (OptionalType(STRING), "null", "null"),
        (MOOD, "good", "good"),
        (DURATION, "1h30m", "1h30m"),
        (DURATION, '"1h30m"', "1h30m"),
        (INT, "12", 12),
        (BOOL, "true", True),
        (JSON, '{"a": [1, null]}', {"a": [1, None]}),
        (JSON, '"text"', "text"),
        (ListType(STRING), '["a", "b"]', ["a", "b"]),
        (record(a=INT), '{"a": 1}', {"a": 1}),
        (SECRET, "@env:KEY", SecretRef("env:KEY")),
    ],
)
def test_a_word(here: Path, of: Type, text: str, value: object) -> None:
    assert given(of, text) == value


def test_a_value_from_a_file(here: Path) -> None:
    (here / "text.txt").write_text("line\n")
    (here / "data.json").write_text("[1, 2]\n")
    (here / "data.yaml").write_text("- 1\n- 2\n")
    (here / "raw").write_bytes(b"\x00\xff")
    assert given(STRING, "@text.txt") == "line\n"
    assert given(ListType(INT), "@data.json") == [1, 2]
    assert given(ListType(INT), "@data.yaml") == [1, 2]
    assert given(BYTES, "@raw") == b"\x00\xff"
    assert given(FILE, "@raw") == given(FILE, "raw") == str(here / "raw")
    assert given(SECRET, "@file:raw") == SecretRef(f"file:{here / 'raw'}")


@pytest.mark.parametrize(
    ("of", "text", "message"),
    [
        (INT, "twelve", "input 'x': column 1: this is no JSON: expecting value"),
        (INT, "1,", "input 'x': column 2: this is no JSON: extra data"),
        (JSON, "NaN", "this JSON cannot be read: NaN is no JSON number"),
        (JSON, '{"a": 1, "a": 2}', "an object has the field 'a' twice"),
        (JSON, "[" * 100_000, "this JSON is nested too deeply"),
        (JSON, "9" * 10_000, "this JSON cannot be read: a number has more than 4000 digits"),
        (STRING, "@nothing.txt", "nothing.txt: there is no such file"),
        (FILE, "nothing.txt", "nothing.txt: there is no such file or folder"),
        (ListType(INT), "@bad.json", "bad.json:2:3: this is no JSON"),
        (STRING, "@latin.txt", "latin.txt:2:3: this is not UTF-8 text: byte 0xe9"),
        (STRING, "@.", "this is a folder, a file is expected"),
        (JSON, "@bad.yaml", "bad.yaml:2:1: this is no YAML"),
        (JSON, "@alias.yaml", "alias.yaml:2:4: this is no YAML: aliases are not read here"),
        (JSON, "@number.yaml", "the field name 1 is no text"),
        (SECRET, "hunter2", "a secret is given as @env:NAME or @file:PATH"),
    ],
)
def test_what_is_wrong(here: Path, of: Type, text: str, message: str) -> None:
    (here / "bad.json").write_text("[1,\n  x]\n")
    (here / "latin.txt").write_bytes(b"a\r\ncaf\xe9\n".replace(b"caf", b"ca"))
    (here / "bad.yaml").write_text("a: [1\n")
    (here / "alias.yaml").write_text("a: &x 1\nb: *x\n")
    (here / "number.yaml").write_text("1: a\n")
    with pytest.raises(UserError) as caught:
        given(of, text)
    assert message in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_an_input_given_twice_is_a_mistake(here: Path) -> None:
    with pytest.raises(UserError, match="input 'count' is given twice"):
        read(workflow(count=INT), None, ["count=1", "count=2"])


def test_every_mistake_is_named_at_once(here: Path) -> None:
    with pytest.raises(UserError) as caught:
        read(workflow(count=INT, name=STRING), None, ["cuont=1", "count=x", "name"])
    text = str(caught.value)
    assert "input 'cuont': there is no such input; did you mean 'count'?" in text
    assert "input 'count': column 1" in text
    assert "--input name: write it as name=value" in text
    assert "inputs are count: int, name: string" in text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("in.json", '{"a": 1, "when": "2024-01-01", "key": "@env:KEY"}'),
        ("in.yaml", "a: 1\nwhen: 2024-01-01\nkey: '@env:KEY'\n"),
    ],
)
def test_a_file_of_inputs(here: Path, name: str, text: str) -> None:
    (here / name).write_text(text)
    of = workflow(a=INT, when=STRING, key=SECRET)
    assert read(of, name, ["a=2"]) == {"a": 2, "when": "2024-01-01", "key": SecretRef("env:KEY")}


def test_a_file_of_something_else(here: Path) -> None:
    (here / "in.json").write_text("[1]")
    with pytest.raises(UserError, match="the inputs must be an object"):
        read(workflow(a=INT), "in.json", [])
