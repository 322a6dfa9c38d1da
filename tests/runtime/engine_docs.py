"""The tables of `docs/execution.md` that the code holds: `python -m tests.runtime.engine_docs` writes them again."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tests.runtime.engine_effects import EFFECTS, ROWS
from tests.runtime.engine_laws import LABELS

from symphony_runtime.commands import Kind
from symphony_runtime.entries import TABLE
from symphony_runtime.rules import kinds
from symphony_runtime.rules.commanding import TABLE as TABLE_OF_COMMANDS
from symphony_runtime.rules.commanding import Situation

PAGE = Path(__file__).parents[2] / "docs" / "execution.md"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def entries() -> str:
    rows = ([f"`{name}`", of.group, of.what, of.data and f"`{of.data}`"] for name, of in TABLE.items())
    return table(("type", "class", "what it says", "data"), rows)


def failures() -> str:
    def words(codes: Iterable[str]) -> str:
        return ", ".join(f"`{code}`" for code in sorted(codes))

    rows = [
        (words(kinds.RETRIED), "yes"),
        (words(kinds.RETRIED_IF_ASKED) + ", codes of user code", "where `retry` is written"),
        (words(kinds.NEVER), "only where `retry` names it in `on`"),
        (words(kinds.HELD), "held: tried again when the run is resumed"),
    ]
    return table(("kind of failure", "tried again"), rows)


def labels() -> str:
    return table(("from", "to"), ((before, ", ".join(sorted(after)) or "(final)") for before, after in LABELS.items()))


def commands() -> str:
    """What is done is `✓`; a refusal has its code."""
    rows = (
        (f"`{kind}`", *(f"`{cell}`" if isinstance(cell, str) else "✓" for cell in TABLE_OF_COMMANDS[kind].values()))
        for kind in Kind
    )
    return table(("command", *Situation), rows)


def effects() -> str:
    """What comes of an attempt in flight, as `engine_effects.py` has it come about."""
    return table(
        ("what happens", *(f"`{effect}`" for effect in EFFECTS)), ((what, *cells) for what, cells in ROWS.items())
    )


MADE = {"commands": commands, "effects": effects, "entries": entries, "failures": failures, "labels": labels}


def written(page: str) -> str:
    for name, make in MADE.items():
        before, start, rest = page.partition(f"<!-- {name} -->\n")
        _, end, after = rest.partition("<!-- end -->")
        page = before + start + make() + "\n" + end + after
    return page


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text()))
