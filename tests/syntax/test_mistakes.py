"""What is said of a mistake, and that each fix mends what it was offered for."""

from __future__ import annotations

from collections import Counter

import pytest
from tests.syntax.mistakes import Case, cases, mended, said

from symphony_dsl.expressions.words import FACTS, LITERALS, RESERVED
from symphony_dsl.syntax.parser import parse_file
from symphony_dsl.syntax.repair import HOLE

CASES = [pytest.param(case, id=case.name) for case in cases()]


@pytest.mark.parametrize("case", CASES)
def test_messages(case: Case) -> None:
    assert said(case.text) == case.expected.splitlines()


@pytest.mark.parametrize("case", CASES)
def test_messages_are_clauses_as_everywhere(case: Case) -> None:
    for each in parse_file("x.wf", case.text).all_diagnostics:
        assert not each.message[:1].isupper()
        assert not each.message.endswith(".")


@pytest.mark.parametrize("case", CASES)
def test_fixes_mend(case: Case) -> None:
    found = parse_file("x.wf", case.text).all_diagnostics
    before = Counter((each.code, each.message) for each in found)
    for each in found:
        for fix in each.fixes:
            after = Counter(
                (each.code, each.message) for each in parse_file("x.wf", mended(case.text, fix)).all_diagnostics
            )
            assert after[each.code, each.message] < before[each.code, each.message], (each.message, fix)


def test_most_messages_have_a_fix() -> None:
    found = [each for case in cases() for each in parse_file("x.wf", case.text).all_diagnostics]
    assert sum(bool(each.fixes) for each in found) >= 45


@pytest.mark.parametrize("word", sorted(RESERVED | FACTS))
def test_a_reserved_word_is_no_name(word: str) -> None:
    [found] = parse_file("x.wf", f"wf 1.0\nworkflow w {{\n  input {word}: int\n  step a = b\n}}\n").all_diagnostics
    assert found.code.code == "WF0104"
    assert f"`{word}`" in found.message
    [fix] = found.fixes
    text = mended(f"wf 1.0\nworkflow w {{\n  input {word}: int\n  step a = b\n}}\n", fix)
    assert not parse_file("x.wf", text).all_diagnostics


@pytest.mark.parametrize("word", sorted(RESERVED | FACTS))
def test_a_reserved_word_may_name_a_field(word: str) -> None:
    text = f"wf 1.0\nrecord R {{ {word}: int }}\nconst A = f(a.{word}, {word}: {{ {word}: 1 }})\n"
    assert bool(parse_file("x.wf", text).all_diagnostics) == (word in LITERALS)


def test_what_could_be_read_stays_and_what_was_lost_is_named() -> None:
    text = "wf 1.0\nworkflow w {\n  step a = f(\n  step b = g(x)\n  if b {\n    setp c = 1\n  }\n  step d = b\n}\nrecord { }\n"
    workflow, record = parse_file("x.wf", text).islands
    assert [statement.name.name for statement in workflow.declaration.body.statements] == ["a", "b", "d"]
    assert workflow.lost >= {"a"}
    assert record.declaration.name.name == HOLE


def test_broken_declarations_are_read_as_they_are_meant() -> None:
    text = 'wf 1.0\nimport "./a.wf" { A, B C }\noperator f(x: int ->\nrecord R { a int }\n'
    imported, operator, record = parse_file("x.wf", text).islands
    assert [each.name.name for each in imported.declaration.names] == ["A", "B", "C"]
    assert operator.lost >= {"f"}
    assert record.declaration.fields[0].name.name == "a"
