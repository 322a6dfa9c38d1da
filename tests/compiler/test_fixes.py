"""What a fix makes of a text: habits of other languages, and the fixes that the language is known for."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from tests.cases.golden import MAIN, cases, fed
from tests.syntax.mistakes import mended

from symphony_compiler.workspace import Workspace
from symphony_dsl.base.diagnostic import Diagnostic

AROUND = """wf 1.0

enum Label {{ praise, complaint }}
record R {{ x: int, note: string? }}

operator f(x: int) -> int {{ python: "m:f" }}

workflow w {{
  input n: int
  input m: bool
  input s: string
  input xs: int[]
  input r: R
  input os: string?
  input label: Label
  input picture: image
  {}
}}
"""

# What stands in the workflow, the code, and what the fix makes of it.
STATEMENTS = [
    # words and signs of other languages
    ("let a = n", "WF0101", "step a = n"),
    ("var a = n", "WF0101", "step a = n"),
    ("a = n", "WF0101", "step a = n"),
    ("a <- f(x: n)", "WF0101", "step a = f(x: n)"),
    ("step a <- f(x: n)", "WF0101", "step a = f(x: n)"),
    ("step a := n", "WF0101", "step a = n"),
    ("f(x: n)", "WF0101", "step f(x: n)"),
    ("await f(x: n)", "WF0101", "step f(x: n)"),
    ("step a = await f(x: n)", "WF0101", "step a = f(x: n)"),
    ("async step a = n", "WF0101", "step a = n"),
    ('throw "no"', "WF0101", 'fail "no"'),
    ('raise "no"', "WF0101", 'fail "no"'),
    ("step a = m and n > 1", "WF0101", "step a = m && n > 1"),
    ("step a = m or n > 1", "WF0101", "step a = m || n > 1"),
    ("step a = m & n > 1", "WF0101", "step a = m && n > 1"),
    ("step a = not m", "WF0101", "step a = !m"),
    ("step a = n === 1", "WF0101", "step a = n == 1"),
    ("step a = n !== 1", "WF0101", "step a = n != 1"),
    ("step a = n is 1", "WF0101", "step a = n == 1"),
    ("step a = if n = 1 { yield 1 }", "WF0101", "step a = if n == 1 { yield 1 }"),
    ("step a = os ?: s", "WF0101", "step a = os ?? s"),
    ("step a = True", "WF0201", "step a = true"),
    ("step a = xs.map(x => x + 1)", "WF0101", "step a = xs.map(x, x + 1)"),
    ("step a = f(x = n)", "WF0101", "step a = f(x: n)"),
    ('step a = f"hello {s}"', "WF0101", 'step a = "hello ${s}"'),
    ("step a = $n", "WF0101", "step a = n"),
    ("step a = n;", "WF0101", "step a = n"),
    ("# all of them", "WF0101", "// all of them"),
    ("-- all of them", "WF0101", "// all of them"),
    (
        "step a = if m { yield 1 } elif n > 1 { yield 2 }",
        "WF0101",
        "step a = if m { yield 1 } else if n > 1 { yield 2 }",
    ),
    (
        "step a = if m { yield 1 } elseif n > 1 { yield 2 }",
        "WF0101",
        "step a = if m { yield 1 } else if n > 1 { yield 2 }",
    ),
    ("step a = for (x in xs) { yield x }", "WF0101", "step a = for x in xs { yield x }"),
    ("step a = for x of xs { yield x }", "WF0101", "step a = for x in xs { yield x }"),
    ("step a = foreach x in xs { yield x }", "WF0101", "step a = for x in xs { yield x }"),
    ("step a = switch n { 1 => 2, else => 3 }", "WF0101", "step a = match n { 1 => 2, else => 3 }"),
    ("step a = match n { 1 -> 2, else => 3 }", "WF0101", "step a = match n { 1 => 2, else => 3 }"),
    ("step a = match n { case 1 => 2, else => 3 }", "WF0101", "step a = match n { 1 => 2, else => 3 }"),
    ("step a = parallel { one: f(x: n) }", "WF0101", "step a = parallel all { one: f(x: n) }"),
    ("step a = try f(x: n) except e { yield 1 }", "WF0101", "step a = try f(x: n) catch e { yield 1 }"),
    ("step a = x in xs { yield x }", "WF0101", "step a = for x in xs { yield x }"),
    ("step a = m { yield 1 }", "WF0101", "step a = if m { yield 1 }"),
    ("step a: str = s", "WF0210", "step a: string = s"),
    ("step a: List<int> = xs", "WF0210", "step a: int[] = xs"),
    ("step a = len(xs)", "WF0303", "step a = size(xs)"),
    ("step a = s.length", "WF0302", "step a = s.size()"),
    # what the language's own pages name
    ("input k: int = 1 @min(0)", "WF0105", "@min(0) input k: int = 1"),
    ('step a = "x', "WF0102", 'step a = "x"'),
    (r'step a = "\d"', "WF0103", r'step a = "\\d"'),
    ("step a = f(x: n) { timeout: 5min }", "WF0103", "step a = f(x: n) { timeout: 5m }"),
    ("step a = r?.note", "WF0101", "step a = r.?note"),
    ("input k: map<string>={}", "WF0101", "input k: map<string> ={}"),
    ("step a = f(x: n) + 1", "WF0401", None),
    ("step a = f(n)", "WF0405", "step a = f(x: n)"),
    ("output o = n", "WF0406", "output o: int = n"),
    ("step a = os == null", "WF0307", "step a = !has(os)"),
    ('step a = label == "praise"', "WF0308", "step a = label == Label.praise"),
    ("step a: float = n / 2", "WF0320", "step a: float = float(n) / 2"),
    ("step a = os.size()", "WF0305", 'step a = (os ?? "").size()'),
    ('step a = "${os}"', "WF0305", None),
    ('step a = "${picture}"', "WF0310", 'step a = "${string(picture)}"'),
    ("step loop = n", "WF0104", "step `loop` = n"),
    ("step a = lable == Label.praise", "WF0201", "step a = label == Label.praise"),
    ("step a = if m { yield 1 } { label: s }", "WF0101", "step a = if m { yield 1 } with { label: s }"),
]

# The same for a whole file.
FILES = [
    ("record R { x: int }\n", "WF0003", "wf 1.0\n\nrecord R { x: int }\n"),
    ("wf 2.0\n\nrecord R { x: int }\n", "WF0004", "wf 1.0\n\nrecord R { x: int }\n"),
    ("wf 1.0\n\nclass R { x: int }\n", "WF0101", "wf 1.0\n\nrecord R { x: int }\n"),
    ('wf 1.0\n\ndef f(x: int) -> int { python: "m:f" }\n', "WF0101", 'wf 1.0\n\noperator f(x: int) -> int { python: "m:f" }\n'),
    ("wf 1.0\n\nlet LIMIT = 3\n", "WF0101", "wf 1.0\n\nconst LIMIT = 3\n"),
    ('wf 1.0\n\nimport R from "./a.wf"\n', "WF0101", 'wf 1.0\n\nimport "./a.wf" { R }\n'),
    ("wf 1.0\n\nworkflow w 1.0 { output o: int = 1 }\n", "WF0103", "wf 1.0\n\nworkflow w 1.0.0 { output o: int = 1 }\n"),
    ("wf 1.0\n\ntype T = int??\n", "WF0101", "wf 1.0\n\ntype T = int?\n"),
]  # fmt: skip


def said_of(text: str) -> tuple[Diagnostic, ...]:
    workspace = Workspace("fixes")
    workspace.update(MAIN, text)
    for path in workspace.missing():
        workspace.refuse(path, "there is no such file")
    while names := workspace.missing_modules():
        for name in names:
            workspace.update_module(name, None)
    return workspace.diagnostics(MAIN)


def fixed(text: str, code: str) -> str:
    """The text after the first fix of the one message of a code."""
    (found,) = [each for each in said_of(text) if str(each.code) == code]
    return mended(text, found.fixes[0])


@pytest.mark.parametrize(("statement", "code", "wanted"), STATEMENTS, ids=[row[0] for row in STATEMENTS])
def test_a_statement_is_mended(statement: str, code: str, wanted: str | None) -> None:
    text = AROUND.format(statement.replace("{", "{{").replace("}", "}}").format())
    made = fixed(text, code)
    if wanted is not None:
        assert made == AROUND.format(wanted.replace("{", "{{").replace("}", "}}").format())
    assert code not in {str(each.code) for each in said_of(made)}


@pytest.mark.parametrize(("text", "code", "wanted"), FILES, ids=[row[2] for row in FILES])
def test_a_file_is_mended(text: str, code: str, wanted: str) -> None:
    assert fixed(text, code) == wanted
    assert code not in {str(each.code) for each in said_of(wanted)}


@pytest.mark.parametrize("folder", cases(), ids=lambda folder: folder.name)
def test_a_fix_mends_what_it_is_offered_for(folder: Path) -> None:
    """Of every message of every case."""
    workspace = fed(folder)
    text = (folder / MAIN).read_text("utf-8")
    before = workspace.diagnostics(MAIN)
    told = Counter(_key(each) for each in before)
    for found in before:
        for fix in found.fixes:
            if {edit.location.path for edit in fix.edits} == {MAIN}:
                workspace.update(MAIN, mended(text, fix))
                after = Counter(_key(each) for each in workspace.diagnostics(MAIN))
                assert after[_key(found)] < told[_key(found)], (found.message, fix)


def _key(diagnostic: Diagnostic) -> tuple[str, str]:
    return str(diagnostic.code), diagnostic.message
