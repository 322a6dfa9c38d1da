"""What the page on execution says of the tables is what the code holds."""

from __future__ import annotations

import pytest
from tests.runtime.engine_docs import MADE, PAGE, written


def test_the_page_is_as_the_tables_are():
    assert written(PAGE.read_text()) == PAGE.read_text()


@pytest.mark.parametrize("name", MADE)
def test_each_table_has_its_place(name):
    assert PAGE.read_text().count(f"<!-- {name} -->\n") == 1
