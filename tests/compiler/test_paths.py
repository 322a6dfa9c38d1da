"""Paths of imported files are text."""

from __future__ import annotations

import pytest

from symphony_compiler.paths import relative, resolve


@pytest.mark.parametrize(
    ("importer", "source", "path"),
    [
        ("main.wf", "./types.wf", "types.wf"),
        ("flows/main.wf", "./types.wf", "flows/types.wf"),
        ("flows/main.wf", "../types.wf", "types.wf"),
        ("flows/deep/main.wf", "../../a//./b/types.wf", "a/b/types.wf"),
        ("main.wf", "../types.wf", "../types.wf"),
        ("../main.wf", "./types.wf", "../types.wf"),
        ("../main.wf", "../types.wf", "../../types.wf"),
    ],
)
def test_a_relative_source_is_resolved_from_its_importer(importer: str, source: str, path: str) -> None:
    assert resolve(importer, source) == path


@pytest.mark.parametrize(
    ("importer", "path", "source"),
    [
        ("main.wf", "types.wf", "./types.wf"),
        ("flows/main.wf", "types.wf", "../types.wf"),
        ("flows/main.wf", "flows/x/types.wf", "./x/types.wf"),
        ("a/b/main.wf", "a/c/types.wf", "../c/types.wf"),
    ],
)
def test_a_path_is_said_from_where_its_reader_stands(importer: str, path: str, source: str) -> None:
    assert relative(importer, path) == source
    assert resolve(importer, source) == path
