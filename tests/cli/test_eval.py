"""`wf eval`: how a value is printed, how a mistake is drawn, and what data may be."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest
from tests.cli.conftest import Wf
from tests.cli.test_terminal import on_terminal

ORDER = {
    "id": "A-17",
    "customer": {"name": "Ada", "mail": None},
    "lines": [{"name": "tea", "price": 4.5, "count": 0}, {"name": "cup", "price": 12}],
    "placed": "2026-01-31T08:00:00Z",
    "input": 1,
    "dotted.key": 1,
}


@pytest.fixture(autouse=True)
def order(here: Path) -> None:
    (here / "order.json").write_text(json.dumps(ORDER))


@pytest.mark.parametrize(
    ("words", "out"),
    [
        (["1 + 2"], "3"),
        (["-1 + 2"], "1"),
        (["--", "-1"], "-1"),
        (["1 > 2"], "false"),
        (["1.0"], "1.0"),
        (["'a\"b\\n€'"], '"a\\"b\\n€"'),
        (["-r", "'a\"b\\n€'"], 'a"b\n€'),
        (["--raw", "['a']"], '[\n  "a"\n]'),
        (["id", "--data", "order.json"], '"A-17"'),
        (["`input` + 1", "--data", "order.json"], "2"),
        (["lines.map(l, l.price).sum()", "--data=order.json"], "16.5"),
        (["-lines[1].price", "--data", "order.json"], "-12"),
        (["customer", "--data", "order.json"], '{\n  "name": "Ada",\n  "mail": null\n}'),
        (["customer.?phone", "--data", "order.json"], "null"),
        (["lines.filter(l, l.price > 99).first()", "--data", "order.json"], "null"),
        (["timestamp(placed) + 1h", "--data", "order.json"], '"2026-01-31T09:00:00Z"'),
        (["--type", "lines.map(l, string(l.price))", "--data", "order.json"], "string[]"),
        (["--type", "lines[99]", "--data", "order.json"], "json"),
        (["--type", "type(1)"], "type"),
        (["--cel", "--type", "{id: lines.map(l, 1.5)}", "--data", "order.json"], "map(dyn, list(double))"),
        (["--cel", "{id: 1u}", "--data", "order.json"], '{\n  "A-17": 1u\n}'),
        (["--cel", "-r", "id", "--data", "order.json"], "A-17"),
        (["--cel", '"${id}"', "--data", "order.json"], '"${id}"'),
        (["`dotted.key`", "--data", "order.json"], "1"),
    ],
)
def test_a_value(wf: Wf, words: list[str], out: str) -> None:
    said = wf("eval", *words)
    assert (said.code, said.out, said.err) == (0, f"{out}\n", "")


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("1 +", "  --> expression:1:4\n   |\n 1 | 1 +\n   |    ^\n"),
        (
            "1 + idd",
            "did you mean `id`?\n  --> expression:1:5\n   |\n 1 | 1 + idd\n   |     ^^^\n   = fix: write `id`\n",
        ),
        ("[\n  id,\n  lines + 1]", "  --> expression:3:3\n   |\n 3 |   lines + 1]\n   |   ^^^^^^^^^\n"),
        (
            'id === "a"',
            '`===` is written `==`\n  --> expression:1:4\n   |\n 1 | id === "a"\n   |    ^^^\n   = fix: write `==`\n',
        ),
        ("lines.map(l => l)", "a macro takes a variable and an expression: `.map(x, x + 1)`\n  --> expression:1:13\n"),
        (
            "lines.map((l) -> l)",
            "a macro takes a variable and an expression: `.map(x, x + 1)`\n  --> expression:1:15\n",
        ),
        ("'a'.length", "that is a function here: `size()`\n  --> expression:1:5\n"),
        ("[1 % lines[0].count]", "error[failed]: a whole number is divided by zero\n  --> expression:1:2\n"),
        ("lines[2].name", "   |\n 1 | lines[2].name\n   | ^^^^^^^^\n"),
        ("lists.range(9000000)", "error[cost]: the expression makes a value of more than 1,000,000 elements\n"),
        ("'\udcff'", "  --> expression:1:2\n   |\n 1 | '\ufffd'\n   |  ^\n"),
    ],
)
def test_a_mistake_is_drawn(wf: Wf, text: str, drawn: str) -> None:
    said = wf("eval", text, "--data", "order.json")
    assert (said.code, said.out) == (1, "")
    assert drawn in said.err
    assert said.err.endswith("\n1 error\n")


def test_every_mistake_of_a_text_is_drawn(wf: Wf) -> None:
    said = wf("eval", "a + b")
    assert said.code == 1
    assert said.err.endswith("\n2 errors\n")


def test_mistakes_have_colours_on_a_terminal_alone(here: Path) -> None:
    for environment, coloured in (({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)):
        code, out, seen = on_terminal("eval", "nope", **{"NO_COLOR": "", **environment})
        assert (code, out) == (1, "")
        assert ("\x1b[31;1merror[WF0201]\x1b[0m" in seen, "\x1b[" in seen) == (coloured, coloured)


def test_data_on_standard_input(wf: Wf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'\xef\xbb\xbf{"a": 20}')))
    assert wf("eval", "a + 1", "--data", "-").out == "21\n"


def test_data_as_yaml(wf: Wf, here: Path) -> None:
    (here / "order.yaml").write_text("lines:\n  - price: 4\n  - price: 5\n")
    assert wf("eval", "lines.map(l, l.price)", "--data", "order.yaml").out == "[\n  4,\n  5\n]\n"


DATA: list[tuple[bytes, str]] = [
    (b"", "standard input:1:1: this is no JSON: expecting value"),
    (b'{"a": 1', "standard input:1:8: this is no JSON"),
    (b"[1]", "standard input: the data must be an object, whose keys are the names"),
    (b'{"a": 1, "b": 2, "b": 3}', "an object has the field 'b' twice"),
    (b'{"a": NaN}', "NaN is no JSON number"),
    (b'{"a": {"b": [1, 1e999]}}', "standard input: a.b[1]: expected a float, found a number that is not finite"),
    (b'{"a": ' + b"9" * 5_000 + b"}", "a number has more than 4000 digits"),
    (b'{"a": "\\ud800"}', "a: the string holds half of a surrogate pair"),
    (b'{"a": "\xff"}', "standard input:1:8: this is not UTF-8 text: byte 0xff"),
    (b'{"a": ' + b"[" * 300 + b"]" * 300 + b"}", "the value nests deeper than 200 levels"),
    (b'{"a":' * 100_000, "this JSON is nested too deeply"),
]


@pytest.mark.parametrize(("data", "message"), DATA, ids=[message for _, message in DATA])
def test_data_that_cannot_be_used(wf: Wf, monkeypatch: pytest.MonkeyPatch, data: bytes, message: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    said = wf("eval", "a", "--data", "-")
    assert (said.code, said.out) == (2, "")
    assert message in said.err
    assert said.err.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("ordr.json", "error: ordr.json: there is no such file\n  hint: did you mean 'order.json'?\n"),
        (".", "this is a folder, a file is expected\n"),
        ("twice.yaml", "error: twice.yaml:2:1: this is no YAML: the field 'a' is given twice\n"),
        ("deep.yaml", "error: deep.yaml: this YAML cannot be read: RecursionError\n"),
    ],
)
def test_files_that_cannot_be_used(wf: Wf, here: Path, name: str, message: str) -> None:
    (here / "twice.yaml").write_text("a: 1\na: 2\n")
    (here / "deep.yaml").write_text("a: " + "[" * 100_000)
    said = wf("eval", "a", "--data", name)
    assert (said.code, said.out) == (2, "")
    assert message in said.err


WRITTEN = [
    "null", "true", "-1", "1u", "1.0", "1e+300", '"a\\"\\\\\\n\\u0001€"', 'b"a\\"\\\\\\x00\\xff"', "int", "google.protobuf.Timestamp",
    'timestamp("2026-01-31T08:00:00.5Z")', 'duration("-5400.25s")', "optional.none()", "optional.of(optional.of(1))",
    'double("Infinity")', 'double("-Infinity")', "[]", "{}", '[\n  1,\n  [\n    2\n  ]\n]',
    '{\n  1: "a",\n  2u: {\n    "k": null\n  },\n  true: []\n}',
]  # fmt: skip


@pytest.mark.parametrize("text", WRITTEN)
def test_cel_writes_a_value_as_the_text_that_has_it(wf: Wf, text: str) -> None:
    said = wf("eval", "--cel", text)
    assert (said.code, said.out, said.err) == (0, f"{text}\n", "")


def test_no_number_is_written_too(wf: Wf) -> None:
    assert wf("eval", "--cel", "0.0 / 0.0").out == 'double("NaN")\n'


def test_what_never_becomes_json_is_said(wf: Wf) -> None:
    assert "this is a type, where json is needed" in wf("eval", "type(1)").err


def test_the_cost_is_said_beside_the_value(wf: Wf) -> None:
    said = wf("eval", "--cost", "lists.range(1000).map(n, n + 1).size()")
    assert said.out == "1000\n"
    assert said.err.startswith("it cost ")
    assert said.err.endswith(" of the 1,000,000 units that it may\n")


def test_standard_input_that_is_closed(wf: Wf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert wf("eval", "a", "--data", "-").err == "error: standard input: nothing can be read: it is closed\n"


def test_words_that_are_missing_or_not_known(wf: Wf) -> None:
    assert "Missing argument 'EXPR'" in wf("eval").err
    assert "Did you mean '--type'?" in wf("eval", "1", "--tpye").err
