"""Every code has a page, whose wrong example gives that code and nothing else, and whose right one is clean."""

from __future__ import annotations

import pytest
from tests.docs.codes import INDEX, said_of, written

from symphony.command.pages import BANDS, page
from symphony_dsl.base.codes import CODES


@pytest.mark.parametrize("code", CODES)
def test_a_page_says_what_why_wrong_and_right(code: str) -> None:
    entry, found = CODES[code], page(code)
    assert found.text.startswith(f"# {code} {entry.name}\n\n")
    said = " ".join(found.text.partition("\n\n")[2].partition("\n\n")[0].split())
    assert said.startswith(entry.what)
    assert len(said) > len(entry.what) + 40
    assert found.wrong
    assert found.right


@pytest.mark.parametrize("code", CODES)
def test_the_wrong_example_gives_the_code_and_nothing_else(code: str) -> None:
    assert said_of(page(code).wrong) == {code}


@pytest.mark.parametrize("code", CODES)
def test_the_right_example_is_clean(code: str) -> None:
    assert said_of(page(code).right) == set()


def test_every_code_is_in_a_band() -> None:
    assert all(any(code.startswith(band) for band in BANDS) for code in CODES)


def test_the_index_is_up_to_date() -> None:
    assert INDEX.read_text("utf-8") == written(), "python -m tests.docs.codes"
