"""The formatter: one text for one meaning, every comment kept."""

from __future__ import annotations

import pytest

from symphony_dsl.expressions.layout import Doc, Renderer
from symphony_dsl.syntax.formatter import CannotFormat, format_file
from symphony_dsl.syntax.parser import parse_file


def formatted(text: str) -> str:
    return format_file(parse_file("x.wf", text))


def test_the_library_is_as_the_formatter_writes_it(library: str) -> None:
    assert formatted(library) == library


BODY = [
    ("step  a=f( text :text,b :c )", "step a = f(text, b: c)"),
    ("step a = match b { c => { yield d } else => { yield { e: 1 } } }",
     "step a = match b {\n    c => d\n    else => { yield { e: 1 } }\n  }"),
    ("step a = try { yield f(x) } catch e { }", "step a = try f(x) catch e {}"),
    ("step a = 'it\\'s \"${x}\"'", 'step a = "it\'s \\"\\${x}\\""'),
    ('step a = """${f("b")}"""', "step a = \"\"\"${f('b')}\"\"\""),
    ('step a = "${ b+c }"', 'step a = "${b + c}"'),
    ("step a = r'\\d'", "step a = r'\\d'"),
    ("step a = 0x1F + 1e3 + - 5 + 90s", "step a = 0x1F + 1e3 + -5 + 90s"),
    ("step a = ((b)) + (c * d)", "step a = b + c * d"),
    ("step a = {b:1,c}", "step a = { b: 1, c }"),
    ("step a = {\nb:1,c:2}", "step a = {\n    b: 1\n    c: 2\n  }"),
    ("step a = {\nb:1,c}", "step a = {\n    b: 1,\n    c,\n  }"),
    ("step a = f(x){retry:1,timeout:2s}", "step a = f(x) { retry: 1, timeout: 2s }"),
    ("step a = f(x){\nretry:1,timeout:2s}", "step a = f(x) {\n    retry: 1\n    timeout: 2s\n  }"),
    ("step a = if b { yield 1 } else { yield 2 }", "step a = if b { yield 1 } else { yield 2 }"),
    ("step a = if b { yield 1 } else {\nyield 2 }", "step a = if b {\n    yield 1\n  } else {\n    yield 2\n  }"),
    ("@a @b /// c\nstep d = e", "/// c\n  @a @b step d = e"),
    ("step a = loop x=1 max(n)every(m+1){until x}", "step a = loop x = 1 max n every (m + 1) { until x }"),
    ("input a: map<string>  ?  [ ] = { }", "input a: map<string>?[] = {}"),
    ("step `step` = `a-b` + `c`", "step `step` = `a-b` + c"),
    ("step a = [b'x  y', br'/ /', b'//']", "step a = [b'x  y', br'/ /', b'//']"),
    ('step a = b"""x\n  y"""', "step a = b'x\\x0a  y'"),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "written"), BODY)
def test_statements(statement: str, written: str) -> None:
    made = formatted(f"wf 1.0\nworkflow w {{ {statement} }}")
    assert made == f"wf 1.0\n\nworkflow w {{\n  {written}\n}}\n"
    assert formatted(made) == made


def test_blank_lines_and_comments() -> None:
    text = """// licence
wf 1.0 // edition
import "b" as b


import "c" as c
const A = 1
/// d
record R { // opening
  // above

  x: int, // behind x


  // in between
  y: int
  // closing
}
workflow w {


  step a = f( // first
    x, // behind x
    y) // behind
  // own line

  step b = [1, // one
    2]


  // last
}
// the end
"""
    written = """// licence
wf 1.0

// edition
import "b" as b

import "c" as c

const A = 1

/// d
record R { // opening
  // above

  x: int // behind x

  // in between
  y: int
  // closing
}

workflow w {
  step a = f( // first
    x, // behind x
    y,
  ) // behind
  // own line

  step b = [
    1, // one
    2,
  ]

  // last
}
// the end
"""
    assert formatted(text) == written
    assert formatted(written) == written


def test_long_lines_break() -> None:
    name = "a_rather_long_name_for_something"
    text = f"""wf 1.0
operator f({name}: string, b: {{ {name}: string, c: int }}) -> {{ {name}: string, d: int }} {{ python: "m:f" }}
workflow w {{
  step a = f({name}: {name}, b: {name}, c: {name}.{name})
  step b = {name} + {name} + {name} * {name}
  step c = {name} ? {name} : {name}.{name}
  require {name} && {name} else "{name} {name}"
}}
"""
    written = f"""wf 1.0

operator f(
  {name}: string,
  b: {{ {name}: string, c: int }},
) -> {{ {name}: string, d: int }} {{ python: "m:f" }}

workflow w {{
  step a = f(
    {name},
    b: {name},
    c: {name}.{name},
  )
  step b = {name}
    + {name}
    + {name} * {name}
  step c = {name}
    ? {name}
    : {name}.{name}
  require {name} && {name}
    else "{name} {name}"
}}
"""
    made = formatted(text)
    assert formatted(made) == made
    assert made == written


def test_blocks_of_text_move_with_their_place() -> None:
    text = 'wf 1.0\ninstrument i(a: string) -> string { prompt: """\n   b\n     ${ a }\n\n   c  \n   """ }\n'
    assert formatted(text) == (
        'wf 1.0\n\ninstrument i(a: string) -> string {\n  prompt: """\n    b\n      ${a}\n\n    c  \n    """\n}\n'
    )


@pytest.mark.parametrize("blank", ["", " ", "   ", "\t", "\t\t\t", " \t"])
@pytest.mark.parametrize("indent", ["", "  ", "\t\t"])
def test_blank_lines_of_blocks_may_have_any_blanks(indent: str, blank: str) -> None:
    made = formatted(f'wf 1.0\nconst A = """\n{indent}b\n{blank}\n{indent}c\n{indent}"""\n')
    left = blank.removeprefix(indent) if blank.startswith(indent) else ""
    assert made == f'wf 1.0\n\nconst A = """\n  b\n{"  " if left else ""}{left}\n  c\n  """\n'


@pytest.mark.parametrize("indent", ["", "  ", "        "])
@pytest.mark.parametrize("opening", ["'''", "r'''"])
def test_a_block_in_a_block_is_written_on_one_line(indent: str, opening: str) -> None:
    inserted = f"{opening}\n   b\n      \n     c\n   '''"
    made = formatted(f'wf 1.0\nconst A = """\n{indent}d ${{f({inserted})}}\n{indent}"""\n')
    assert made == 'wf 1.0\n\nconst A = """\n  d ${f(\'b\\n   \\n  c\')}\n  """\n'
    assert formatted(made) == made


def test_a_file_with_mistakes_is_left_alone() -> None:
    with pytest.raises(CannotFormat, match=r"^x\.wf has mistakes"):
        formatted("wf 1.0\nrecord {")


def test_dangling_documentation_is_kept() -> None:
    assert formatted("wf 1.0\nconst A = 1\n/// d\n") == "wf 1.0\n\nconst A = 1\n\n/// d\n"


def test_nothing_but_the_edition() -> None:
    assert formatted("wf   1.0") == "wf 1.0\n"
    assert formatted("wf 1.0\n\n\n// a\n") == "wf 1.0\n\n// a\n"


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("a + b", "a + c"), ("a + b", "a +"), ("// why", "// who"), (" // why", ""), ("/// d\n", "")],
)
def test_what_would_not_mean_the_same_is_not_written(right: str, wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The check before writing, with a printer that makes a mistake: another tree, a broken one, a comment or its text."""
    render = Renderer.render

    def mistaken(self: Renderer, doc: Doc) -> str:
        return render(self, doc).replace(right, wrong)

    file = parse_file("x.wf", "wf 1.0\n/// d\nconst A = a + b // why\n")
    assert "a + b // why" in format_file(file)
    monkeypatch.setattr(Renderer, "render", mistaken)
    with pytest.raises(CannotFormat, match=r"^x\.wf would not mean the same"):
        format_file(file)
