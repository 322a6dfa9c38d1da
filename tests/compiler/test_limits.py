"""What a run could not read again is refused when the text is read."""

from __future__ import annotations

import pytest

from symphony_compiler.workspace import Workspace

MANY = f"const MANY = [{', '.join('1' for _ in range(700))}]\n"
STATEMENTS = {
    "step": "step s = {}\n  output o: int = s",
    "argument": "step s = sized(n: {}, m: n)\n  output o: int = s",
    "output": "output o: int = {}",
    "condition": "step s = if {} > 1 {{ yield 1 }} else {{ yield 2 }}\n  output o: int = s",
    "match": "step s = match {} {{ 1 => 1, else => 2 }}\n  output o: int = s",
    "require": 'require {} > 1 else "no"\n  output o: int = n',
    "limit": "step s = for x in [n] parallel ({}) {{ yield x }}\n  output o: int = s.size()",
    "items": "step s = for x in [{}] {{ yield x }}\n  output o: int = s.size()",
}


def said(expression: str, statement: str) -> list[tuple[str, str]]:
    workspace = Workspace()
    operator = 'operator sized(n: int, m: int) -> int { shell: ["echo", string(n + m)] }\n'
    text = f"wf 1.0\n\n{MANY}\n{operator}\nworkflow w {{\n  input n: int\n  {statement.format(expression)}\n}}\n"
    workspace.update("main.wf", text)
    errors = [each for each in workspace.diagnostics("main.wf") if each.severity == "error"]
    assert (workspace.artifact("main.wf", "w") is None) == bool(errors)
    return [(each.code.code, text[each.location.span.start : each.location.span.end]) for each in errors]


@pytest.mark.parametrize("statement", STATEMENTS.values(), ids=STATEMENTS)
def test_an_expression_that_is_too_long_with_its_constants_is_refused(statement: str) -> None:
    assert said("(MANY.size() + n)", statement) == []
    [(code, _)] = said("(MANY.size() + MANY.size() + n)", statement)
    assert code == "WF0316"


def test_long_expressions_are_refused_where_they_stand() -> None:
    long = " + ".join(["n"] * 1001)
    assert said(long, STATEMENTS["step"]) == [("WF0316", long)]
    assert said(" + ".join(["n"] * 1000), STATEMENTS["step"]) == []
    text = f'"{"x" * 20_000}${{n}}"'
    assert said(text, "step s = {}\n  output o: string = s") == [("WF0316", text)]
