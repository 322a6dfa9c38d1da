"""`wf explain`: pages of codes in a terminal."""

from __future__ import annotations

import pytest
from tests.cli.conftest import Wf, kept

from symphony.command import explain, say
from symphony.command.pages import page
from symphony_dsl.base.codes import CODES


@pytest.mark.parametrize("word", ["WF0201", "wf0201", "[wf0201]"])
def test_a_page(wf: Wf, word: str) -> None:
    said = wf("explain", word)
    assert (said.code, said.err) == (0, "")
    assert said.out == kept("explain/WF0201.txt", said.out)


def test_a_page_in_colour() -> None:
    shown = explain._shown(page("WF0205").text, say.Painter(on=True)).replace("\x1b", "␛")
    assert shown == kept("explain/WF0205.colour.txt", shown)


def test_every_page_can_be_shown(wf: Wf) -> None:
    for code, entry in CODES.items():
        said = wf("explain", code).out
        assert said.startswith(f"{code} {entry.name}\n")
        assert "```" not in said


def test_all_codes_are_listed(wf: Wf) -> None:
    said = wf("explain")
    assert said.code == 0
    assert all(f"  {code}  {entry.what}\n" in said.out for code, entry in CODES.items())


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("WF0221", "there is no code 'WF0221'; did you mean 'WF0219'?"),
        ("201", "did you mean 'WF0201'?"),
        ("unused", "there is no code 'unused'; `unused` is WF0212"),
        ("unknown-nam", "did you mean 'unknown-name'?"),
        ("xyzzy", "there is no code 'xyzzy'"),
        ("wf0603", "what it stood for is told as WF0201 or WF0302 or WF0403 now"),
    ],
)
def test_a_code_that_is_not_there(wf: Wf, word: str, message: str) -> None:
    said = wf("explain", word)
    assert said.code == 2
    assert message in said.err
