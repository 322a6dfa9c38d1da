"""The lists of conformance tests pass, and the runner that says so finds what is wrong with a row."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from symphony_dsl.expressions.conformance.__main__ import main
from symphony_dsl.expressions.conformance.runner import run_list

LISTS = Path(__file__).parents[1] / "data" / "cel"


@pytest.mark.parametrize(("name", "inside", "outside"), [("conformance", 964, 72), ("more", 3176, 0)])
def test_a_list_passes(name: str, inside: int, outside: int) -> None:
    report = run_list((LISTS / f"{name}.jsonl").read_text("utf-8"))
    assert not report.failures, "\n".join(report.failures)
    assert (report.passed, report.outside) == (inside, outside)


def failures(*rows: object) -> tuple[str, ...]:
    return run_list("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows)).failures


def row(expr: str, value: object = None, **more: object) -> dict[str, object]:
    expect = {} if value is None else {"expect": {"value": value}}
    return {"file": "f", "section": "s", "name": "n", "expr": expr, **expect, **more}


ERROR = {"error": ["any words"]}

SOUND = [
    row("1 + 1", {"int": 2}),
    row("0.0 / 0.0", {"double": "NaN"}),
    row("-0.0", {"double": -0.0}),
    row("-1.0 / 0.0", {"double": "-Infinity"}),
    row("b'a'", {"bytes": "YQ=="}),
    row("type(1u)", {"type": "uint"}),
    row("{true: 1, 1: [null], 'a': 2u}", {"map": [[{"int": 1}, {"list": [{"null": None}]}],
                                                   [{"string": "a"}, {"uint": 2}],
                                                   [{"bool": True}, {"int": 1}]]}),
    row("x", {"timestamp": [-2, 500_000_000]}, type_env={"x": "timestamp"}, bindings={"x": {"timestamp": [-2, 500_000_000]}}),
    row("x", {"duration": [-1, -5]}, type_env={"x": "duration"}, bindings={"x": {"duration": [-1, -5]}}),
    row("x.a", {"int": 1}, bindings={"x": {"map": [[{"string": "a"}, {"int": 1}]]}}),
    row("true || x", {"bool": True}, type_env={"x": "bool"}),
    row("1 / 0", expect=ERROR),
    row("1 +", expect=ERROR),
    row("'a' + 1", expect=ERROR),
    row("y", expect=ERROR, disable_check=True),
    row("[1, 'a']", check_only=True, type="list(dyn)", expect={}),
    row("[]", {"list": []}, type="list(dyn)"),
    row("x", check_only=True, type="map(string, optional_type(int))", type_env={"x": "map(string, optional_type(int))"}),
    row("1 / 0", check_only=True, type="int", expect={}),
    row("[1].map(x, x)", expect=ERROR, disable_macros=True),
    row("[1][0]", {"int": 1}, disable_macros=True, unheard_of={"key": []}, tier="core", container="a.b"),
    row("f(1) || true", {"bool": True}, disable_check=True, type_env={"f": {"fn": [{"id": "f_int"}]}}),
]  # fmt: skip


@pytest.mark.parametrize("each", SOUND, ids=lambda each: each["expr"])
def test_a_sound_row_passes(each: dict[str, object]) -> None:
    assert failures(each) == ()


WRONG = [
    (row("1 + 1", {"int": 3}), 'expected {"int": 3} | found {"int": 2}'),
    (row("1", {"uint": 1}), 'expected {"uint": 1} | found {"int": 1}'),
    (row("1", {"double": 1}), 'expected {"double": 1.0} | found {"int": 1}'),
    (row("true", {"int": 1}), 'expected {"int": 1} | found {"bool": true}'),
    (row("0.0", {"double": -0.0}), 'expected {"double": -0.0} | found {"double": 0.0}'),
    (row("1.0", {"double": "NaN"}), 'expected {"double": NaN} | found {"double": 1.0}'),
    (row("[1, 2]", {"list": [{"int": 1}]}), 'found {"list": [{"int": 1}, {"int": 2}]}'),
    (row("[1, 2]", {"list": [{"int": 2}, {"int": 1}]}), 'found {"list": [{"int": 1}, {"int": 2}]}'),
    (row("{1: 2}", {"map": [[{"uint": 1}, {"int": 2}]]}), 'found {"map": [[{"int": 1}, {"int": 2}]]}'),
    (row("{1: 2}", {"map": [[{"bool": True}, {"int": 2}]]}), 'found {"map": [[{"int": 1}, {"int": 2}]]}'),
    (row("{1: 2}", {"map": [[{"int": 1}, {"int": 3}]]}), 'found {"map": [[{"int": 1}, {"int": 2}]]}'),
    (row("int", {"type": "uint"}), 'found {"type": "int"}'),
    (row("optional.of(1)", {"int": 1}), 'found {"optional": {"int": 1}}'),
    (row("1", expect=ERROR), 'expected an error | found {"int": 1}'),
    (row("1 / 0", {"int": 0}), 'expected {"int": 0} | found an error: '),
    (row("1 +", {"int": 1}), "found an error: "),
    (row("y", check_only=True, expect={}), "expected a valid program | found an error: "),
    (row("1", check_only=True, expect=ERROR), "expected an error | found a valid program"),
    (row("[1]", {"list": [{"int": 1}]}, type="list(uint)"), "expected the type list(uint) | found the type list(int)"),
    (row("[1].exists(x, x > 0)", {"bool": True}, disable_macros=True), "found an error: "),
]


@pytest.mark.parametrize(("each", "said"), WRONG, ids=lambda each: each["expr"] if isinstance(each, dict) else "")
def test_a_wrong_expectation_is_reported(each: dict[str, object], said: str) -> None:
    (line,) = failures(each)
    assert line.startswith("f/s/n | ")
    assert said in line


MALFORMED = [
    "no json",
    "[" * 100_000,
    "[]",
    "{}",
    row("1"),
    row("1", expect=[]),
    row("1", {"int": "x"}),
    row("1", {"int": 1, "uint": 1}),
    row("1", {"decimal": 1}),
    row("1", {"list": [1]}),
    row("1", {"map": [[{"int": 1}]]}),
    row("1", {"map": [[{"list": []}, {"int": 1}]]}),
    row("1", {"timestamp": 1}),
    row("1", {"timestamp": [10**15, 0]}),
    row("1", {"bytes": "*"}),
    row("1", {"int": 1}, type="number"),
    row("1", {"int": 1}, type="list(int"),
    row("1", {"int": 1}, type=1),
    row("1", {"int": 1}, type_env=[]),
    row("1", {"int": 1}, type_env={"x": "int)"}),
    row("1", {"int": 1}, bindings={"x": 1}),
    {"expr": 1, "expect": {}},
]


@pytest.mark.parametrize("each", MALFORMED, ids=lambda each: json.dumps(each)[:60])
def test_a_malformed_row_is_a_failure_and_the_next_one_is_tried(each: object) -> None:
    report = run_list(
        "\n".join([each if isinstance(each, str) else json.dumps(each), "", json.dumps(row("1", {"int": 1}))])
    )
    assert len(report.failures) == 1
    assert report.passed == 1


def test_a_row_outside_of_the_profile_is_counted_and_not_tried() -> None:
    report = run_list(json.dumps(row("1 +", {"tuple": 1}, outside="reason")))
    assert str(report) == "0 passed, 0 failed, 1 outside"


def test_a_failure_is_one_line_that_can_be_shown() -> None:
    (line,) = failures(row("'a\u2028\ud800' +\n '\x1b'", {"string": "x" * 9000}))
    assert line.isprintable()
    assert len(line) < 2000


def test_the_program_prints_a_line_a_failure_and_a_summary(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "list.jsonl"
    path.write_text("\n".join(json.dumps(each) for each in (row("1", {"int": 1}), row("1", {"int": 2}))))
    assert main([str(path)]) == 1
    first, last = capsys.readouterr().out.splitlines()
    assert first == 'f/s/n | 1 | expected {"int": 2} | found {"int": 1}'
    assert last == "1 passed, 1 failed, 0 outside"


def test_the_program_ends_well_where_nothing_failed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "list.jsonl"
    path.write_text("\ufeff" + json.dumps(row("1", {"int": 1})) + "\r\n", "utf-8")
    assert main([str(path)]) == 0
    assert capsys.readouterr().out == "1 passed, 0 failed, 0 outside\n"
