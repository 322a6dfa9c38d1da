"""The cases have everything: each alternative of the grammar, each code, and whole workflows as teams have them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from lark import UnexpectedInput
from lark.grammar import Rule
from tests.cases.golden import HERE, MAIN, cases, fed

from symphony_dsl.base.codes import CODES
from symphony_dsl.syntax import generate

WITHOUT_CASE = {
    "WF0002": "a file that is no text",
    "WF0316": "an expression that is too long for a case: see test_limits",
}
PLAIN_CEL = "cel_"
"""The rules of braces in plain CEL, which no file has."""
WHOLE = 40


def used() -> tuple[set[Rule], list[Rule]]:
    """The rules of the grammar that the cases are read by, and all that there are."""
    parser = generate.lark(Path(generate.__file__).parent, ["start"])
    found: set[Rule] = set()
    callbacks = parser.parser.parser.parser.callbacks  # Lark has no public way to what it reduces by
    for rule, made in callbacks.items():
        callbacks[rule] = _noted(found, rule, made)
    for path in HERE.glob("*/**/*.wf"):
        try:
            parser.parse(path.read_text(encoding="utf-8"))
        except UnexpectedInput:
            continue  # a case of broken text
    return found, list(parser.rules)


def _noted(found: set[Rule], rule: Rule, made: Callable[[list[Any]], Any]) -> Callable[[list[Any]], Any]:
    def note(children: list[Any]) -> Any:
        found.add(rule)
        return made(children)

    return note


def test_every_alternative_of_the_grammar_has_a_case() -> None:
    found, rules = used()
    assert len(found) > 400
    assert [str(each) for each in rules if each not in found and PLAIN_CEL not in str(each)] == []


def test_every_code_of_a_text_has_a_case() -> None:
    shown = " ".join(each.read_text(encoding="utf-8") for each in HERE.glob("*/diagnostics.txt"))
    of_texts = {code for code in CODES if not code.startswith("WF06")}
    assert {code for code in of_texts if f" {code}: " not in shown} == WITHOUT_CASE.keys()


def test_there_are_whole_workflows() -> None:
    """Of 40 lines and more, without a word from the compiler."""
    silent = [
        folder for folder in cases() if not any(fed(folder).diagnostics(path.name) for path in folder.glob("*.wf"))
    ]
    whole = [folder.name for folder in silent if "A whole workflow" in (folder / MAIN).read_text(encoding="utf-8")]
    assert len(whole) >= 12
    assert all(len((HERE / name / MAIN).read_text(encoding="utf-8").splitlines()) >= WHOLE for name in whole)
