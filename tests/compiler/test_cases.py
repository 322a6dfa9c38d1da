"""Every case gives what stands beside it, and every graph of it is sound."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cases.closed import expressions
from tests.cases.golden import MAIN, cases, expected, fed
from tests.cases.rewrite import FILES

from symphony_dsl.expressions.program import program
from symphony_dsl.syntax.formatter import format_file
from symphony_dsl.syntax.parser import parse_file
from symphony_dsl.syntax.tree import File
from symphony_model.validating.validation import COMPILED


@pytest.mark.parametrize("folder", cases(), ids=lambda folder: folder.name)
def test_case(folder: Path) -> None:
    made = expected(folder)
    stored = {name: (folder / name).read_text(encoding="utf-8") for name in FILES if (folder / name).exists()}
    assert made == stored, "if this is meant: python -m tests.cases.rewrite, and read the difference"


@pytest.mark.parametrize("folder", cases(), ids=lambda folder: folder.name)
def test_graphs_are_sound(folder: Path) -> None:
    workspace = fed(folder)
    for name in workspace.workflows(MAIN):
        artifact = workspace.artifact(MAIN, name)
        if artifact is not None:
            assert [
                problem.message
                for each in (artifact.workflow, *artifact.callees.values())
                for problem in each.validate(COMPILED).errors
            ] == []


@pytest.mark.parametrize("folder", cases(), ids=lambda folder: folder.name)
def test_what_has_no_error_has_a_graph(folder: Path) -> None:
    workspace = fed(folder)
    errors = [
        each for path in folder.glob("*.wf") for each in workspace.diagnostics(path.name) if each.severity == "error"
    ]
    graphs = [workspace.artifact(MAIN, name) for name in workspace.workflows(MAIN)]
    assert errors or all(graphs)


@pytest.mark.parametrize("folder", cases(), ids=lambda folder: folder.name)
def test_expressions_are_closed_and_fit_their_ports(folder: Path) -> None:
    workspace = fed(folder)
    for name in workspace.workflows(MAIN):
        artifact = workspace.artifact(MAIN, name)
        for workflow in (artifact.workflow, *artifact.callees.values()) if artifact else ():
            for expression, names in expressions(workflow):
                program(expression.source, names, expression.type)


def read(folder: Path) -> File:
    return parse_file(MAIN, (folder / MAIN).read_text(encoding="utf-8"))


@pytest.mark.parametrize("folder", [each for each in cases() if not read(each).broken], ids=lambda folder: folder.name)
def test_formatting_changes_no_graph(folder: Path) -> None:
    file = read(folder)
    written, formatted = fed(folder), fed(folder)
    formatted.update(MAIN, format_file(file))
    for name in written.workflows(MAIN):
        before, after = written.artifact(MAIN, name), formatted.artifact(MAIN, name)
        assert (before and before.content_hash) == (after and after.content_hash)
