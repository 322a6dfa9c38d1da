"""Tests of workflows: what a runner gets of them, and that the workflows know nothing of them."""

from __future__ import annotations

import pytest
from tests.cases.golden import MAIN, cases, fed

from symphony_compiler.test_parts import ExpectCase
from symphony_compiler.workspace import Workspace
from symphony_dsl.base.types import BOOL
from symphony_dsl.expressions.program import program
from symphony_model.artifact_codec import artifact_to_text

FLOW = """wf 1.0

operator twofold(n: int) -> int { shell: "echo" }

workflow w {
  input n: int
  step twice = twofold(n)
  output n: int = twice
}
"""
TEST = """
test "twice" for w {
  given n: 1
  mock twofold => 2
  expect n == 2 && steps.twice == 2
}
"""


def artifact(text: str) -> str:
    workspace = Workspace()
    workspace.update("main.wf", text)
    made = workspace.artifact("main.wf", "w")
    assert made is not None
    return artifact_to_text(made)


@pytest.mark.parametrize("test", [TEST, TEST.replace("=> 2", '=> "two"'), TEST.replace("given", "giveen"), TEST[:40]])
def test_a_workflow_does_not_know_its_tests(test: str) -> None:
    """Whatever is wrong in them: the artifact has the same bytes."""
    assert artifact(FLOW + test) == artifact(FLOW)


EXPECTED = [each for folder in cases() for test in fed(folder).tests(MAIN) for each in test.expects]


def test_there_are_expectations() -> None:
    assert len(EXPECTED) > 5


@pytest.mark.parametrize("expect", EXPECTED, ids=lambda each: str(each.condition))
def test_an_expectation_can_be_read_by_who_runs_it(expect: ExpectCase) -> None:
    program(expect.condition, expect.types, BOOL)
    assert set(expect.questions) <= set(expect.types)


def test_a_test_sees_a_change_of_its_workflow_in_another_file() -> None:
    workspace = Workspace()
    workspace.update("flow.wf", FLOW)
    workspace.update("main.wf", f'wf 1.0\n\nimport "./flow.wf" {{ w, twofold }}\n{TEST}')
    assert [each.title for each in workspace.tests("main.wf")] == ["twice"]
    workspace.update("flow.wf", FLOW.replace("step twice", "step double").replace("= twice", "= double"))
    assert workspace.tests("main.wf") == ()
    assert [each.message for each in workspace.diagnostics("main.wf")] == ["`w` has no step `twice`"]
