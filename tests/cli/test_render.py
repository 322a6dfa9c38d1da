"""Diagnostics as text, as JSON and as annotations."""

from __future__ import annotations

import json

from symphony.command.formats import as_github, as_json
from symphony.command.render import columns, render, summary
from symphony.command.say import Painter
from symphony_dsl.base.codes import CODES
from symphony_dsl.base.diagnostic import Diagnostic, Fix, Label, Location, Severity, TextEdit
from symphony_dsl.base.span import SourceText, Span

TEXT = "wf 1.0\n\nstep x: float = nmae\nstep name = 1\n"
PLAIN = Painter(on=False)


def diagnostic(
    text: str = TEXT, meant: str = "nmae", message: str = "there is no 'nmae'", **more: object
) -> Diagnostic:
    start = text.index(meant)
    where = Location("a.wf", Span(start, start + len(meant)))
    return Diagnostic(CODES["WF0201"], Severity.ERROR, message, where, **more)  # type: ignore[arg-type] - fields of the test


def rendered(found: Diagnostic, text: str = TEXT) -> str:
    return render(found, lambda _: SourceText("dir/a.wf", text), PLAIN)


def full() -> Diagnostic:
    where = TEXT.index("name")
    label = Label(Location("a.wf", Span(where, where + 4)), "it is defined below")
    start = TEXT.index("nmae")
    fix = Fix("write name", (TextEdit(Location("a.wf", Span(start, start + 4)), "name"),))
    return diagnostic(labels=(label,), notes=("a name is defined above its use",), fixes=(fix,))


def test_a_whole_diagnostic() -> None:
    assert rendered(full()) == (
        "error[WF0201]: there is no 'nmae'\n"
        "  --> dir/a.wf:3:17\n"
        "   |\n"
        " 3 | step x: float = nmae\n"
        "   |                 ^^^^\n"
        "   = it is defined below:\n"
        "  --> dir/a.wf:4:6\n"
        "   |\n"
        " 4 | step name = 1\n"
        "   |      ^^^^\n"
        "   = note: a name is defined above its use\n"
        "   = fix: write name\n"
    )


def carets(text: str, meant: str) -> tuple[str, str]:
    lines = rendered(diagnostic(text, meant), text).splitlines()
    return lines[3], lines[4]


def test_carets_stand_below_wide_and_combining_characters() -> None:
    line, marks = carets("s = '日本' + nmae", "nmae")
    assert columns(line[: line.index("nmae")]) == marks.index("^")
    line, marks = carets("s = 'e\u0301' + nmae", "nmae")
    assert columns(line[: line.index("nmae")]) == marks.index("^")


def test_tabs_become_spaces() -> None:
    line, marks = carets("\t\tx = nmae", "nmae")
    assert "\t" not in line
    assert line.index("nmae") == marks.index("^")


def test_a_range_over_lines_is_marked_to_the_end_of_its_first() -> None:
    line, marks = carets("step a = f(\n  b\n)", "f(\n  b\n)")
    assert line.endswith("step a = f(")
    assert marks.strip(" |") == "^^"


def test_an_empty_range_has_one_caret() -> None:
    found = Diagnostic(CODES["WF0101"], Severity.ERROR, "more is expected", Location("a.wf", Span(999, 999)))
    assert rendered(found, "ab").endswith(" 1 | ab\n   |   ^\n")


def test_a_long_line_is_cut_around_the_place() -> None:
    line, marks = carets("x" * 5000 + " nmae " + "y" * 5000, "nmae")
    assert len(line) < 140
    assert line.index("nmae") == marks.index("^")


def test_control_characters_reach_no_terminal() -> None:
    text = "x = '\x1b[2J\x07' + nmae"
    assert "\x1b" not in rendered(diagnostic(text, message="bad \x1b[31m name"), text)


def test_a_file_that_was_not_read_has_no_excerpt() -> None:
    assert rendered(diagnostic(), "") == "error[WF0201]: there is no 'nmae'\n  --> dir/a.wf:1:1\n"


def test_colours_change_nothing_but_colours() -> None:
    import re

    painted = render(full(), lambda _: SourceText("dir/a.wf", TEXT), Painter(on=True))
    assert "\x1b[31;1m" in painted
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted) == rendered(full())


def test_counts() -> None:
    warning = Diagnostic(CODES["WF0201"], Severity.WARNING, "w", Location("a.wf", Span(0, 1)))
    assert summary([diagnostic(), warning, diagnostic()]) == "2 errors, 1 warning"
    assert summary([]) == ""


def test_json() -> None:
    text = "😀 nmae\n"
    found = diagnostic(text, fixes=full().fixes)
    (only,) = json.loads(as_json([(found, lambda _: SourceText("dir/a.wf", text))]))
    assert only == {
        "code": "WF0201",
        "severity": "error",
        "message": "there is no 'nmae'",
        "file": "dir/a.wf",
        "start": {"line": 1, "column": 3},
        "end": {"line": 1, "column": 7},
        "labels": [],
        "fixes": [
            {
                "title": "write name",
                "edits": [
                    {
                        "file": "dir/a.wf",
                        "start": {"line": 2, "column": 1},
                        "end": {"line": 2, "column": 1},
                        "replacement": "name",
                    }
                ],
            }
        ],
    }
    assert json.loads(as_json([])) == []


def test_annotations() -> None:
    found = diagnostic(message="100% wrong:\r\nreally, yes")
    text = as_github([(found, lambda _: SourceText("a,b:c.wf", TEXT))])
    assert text == (
        "::error file=a%2Cb%3Ac.wf,line=3,endLine=3,col=17,endColumn=21,title=WF0201::100%25 wrong:%0D%0Areally, yes\n"
    )
