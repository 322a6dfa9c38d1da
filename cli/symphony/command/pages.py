"""The pages that explain the codes: one Markdown file each in `symphony/codes`, with a wrong and a right example."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

from symphony_dsl.base.codes import CODES

BANDS = {
    "WF00": "Files",
    "WF01": "Syntax",
    "WF02": "Names and modules",
    "WF03": "Types and expressions",
    "WF04": "Nodes, bodies and control",
    "WF05": "Settings and what runs",
    "WF06": "Graphs made by hand",
    "WF09": "What this version does not have",
}
FENCE = "```"


@dataclass(frozen=True, slots=True)
class Example:
    """A fenced part of a page; `name` is a file's where it is not the one that is meant."""

    language: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    code: str
    text: str
    wrong: tuple[Example, ...]
    right: tuple[Example, ...]


def page(code: str) -> Page:
    """The page of a code. Raises KeyError where there is no such code."""
    text = files("symphony").joinpath("codes", f"{CODES[code].code}.md").read_text("utf-8")
    _, _, behind = text.partition("\n## Wrong\n")
    wrong, _, right = behind.partition("\n## Right\n")
    return Page(code, text, _examples(wrong), _examples(right))


def _examples(text: str) -> tuple[Example, ...]:
    parts = text.split(FENCE)[1::2]
    heads = (part.partition("\n") for part in parts)
    return tuple(Example(*_named(head), body) for head, _, body in heads)


def _named(head: str) -> tuple[str, str]:
    language, _, name = head.partition(" ")
    return language, name


def index() -> str:
    """Every code with its name and what it stands for, by band, as Markdown."""
    parts = []
    for band, title in BANDS.items():
        rows = [
            f"| {each.code} | {each.name} | {each.severity} | {each.what} |"
            for each in CODES.values()
            if each.code.startswith(band)
        ]
        parts.append("\n".join([f"## {title}", "", "| code | name | | what |", "| --- | --- | --- | --- |", *rows, ""]))
    return "\n".join(parts)
