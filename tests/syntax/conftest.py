"""Readers that the tests of the syntax share."""

from __future__ import annotations

from pathlib import Path

import pytest

DATA = Path(__file__).with_name("data")


@pytest.fixture(scope="session")
def library() -> str:
    """A file that has everything the language can say, as the formatter writes it."""
    return (DATA / "library.wf").read_text("utf-8")
