"""Workflows from their text for tests of the engine; operators are run by the test's executor, by the names of their steps."""

from __future__ import annotations

from dataclasses import dataclass

from symphony_compiler.workspace import Workspace
from symphony_dsl.base.diagnostic import Severity
from symphony_model.artifact import Artifact

OPERATORS = """
repeatable operator do(x: int) -> int { shell: "echo" }
once operator once(x: int) -> int { shell: "echo" }
"""


@dataclass(frozen=True)
class Text:
    """The body of a workflow `main`; it stands where tests take a graph."""

    body: str
    more: str = ""

    def seal(self) -> Artifact:
        space = Workspace()
        body = "\n".join(f"  {line}" for line in self.body.splitlines())
        space.update("main.wf", f"wf 1.0\n{OPERATORS}{self.more}\nworkflow main {{\n{body}\n}}\n")
        wrong = [each for each in space.diagnostics("main.wf") if each.severity is Severity.ERROR]
        assert not wrong, wrong
        artifact = space.artifact("main.wf", "main")
        assert artifact is not None
        return artifact
