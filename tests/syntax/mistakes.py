"""Reads `data/mistakes.txt`: texts with mistakes, and what is said of each.

A case is a line `=== name`, the text, a line `---`, and one line for each message: place, code, sentence. Where the text
does not start with `wf`, the edition is put in front of it, so that its first line is line 3.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from symphony_dsl.base.span import SourceText
from symphony_dsl.syntax.parser import parse_file

if TYPE_CHECKING:
    from symphony_dsl.base.diagnostic import Diagnostic, Fix

FILE = Path(__file__).with_name("data") / "mistakes.txt"
EDITION = "wf 1.0\n\n"


@dataclass(frozen=True)
class Case:
    name: str
    source: str
    expected: str

    @property
    def text(self) -> str:
        return self.source if self.source.startswith("wf") or self.name == "no edition" else EDITION + self.source


def cases() -> list[Case]:
    made = []
    for part in FILE.read_text("utf-8").split("=== ")[1:]:
        name, _, rest = part.partition("\n")
        source, _, expected = rest.partition("---\n")
        made.append(Case(name, source, expected.strip()))
    return made


def said(text: str) -> list[str]:
    source = SourceText("x.wf", text)
    return [line(source, found) for found in parse_file("x.wf", text).all_diagnostics]


def line(source: SourceText, found: Diagnostic) -> str:
    start, end = (source.position(offset) for offset in found.location.span)
    labels = "".join(f" [{label.text}]" for label in found.labels)
    return f"{start.line}:{start.column}-{end.line}:{end.column} {found.code} {found.message}{labels}"


def mended(text: str, fix: Fix) -> str:
    for edit in sorted(fix.edits, key=lambda edit: edit.location.span, reverse=True):
        text = text[: edit.location.span.start] + edit.replacement + text[edit.location.span.end :]
    return text


def main() -> None:
    """Write what is said of each case: `python -m tests.syntax.mistakes`, then read the difference."""
    parts = [f"=== {case.name}\n{case.source}---\n" + "\n".join([*said(case.text), ""]) for case in cases()]
    FILE.write_text("\n".join(parts), "utf-8")


if __name__ == "__main__":
    main()
