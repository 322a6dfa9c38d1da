"""The tables of `docs/execution.md` that the code holds: `python -m tests.runtime.engine_docs` writes them again."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tests.runtime.engine_effects import EFFECTS, ROWS

from symphony_runtime.commands import Kind
from symphony_runtime.entries import TABLE
from symphony_runtime.rules import commanding, kinds
from symphony_runtime.rules import decide as deciding
from symphony_runtime.rules import moves as moving
from symphony_runtime.rules import node_commands as of_nodes
from symphony_runtime.rules.labels import DERIVED, LABELS
from symphony_runtime.rules.moves import MOVES
from symphony_runtime.rules.situations import Situation, Standing
from symphony_runtime.rules.state import SETTLED, Phase
from symphony_runtime.rules.transition import Does

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


def cell(found: Does | str | None) -> str:
    """A refusal has its code, what cannot happen does `never`."""
    if isinstance(found, Does):
        return found.says
    return "never" if found is None else f"`{found}`"


def commands() -> str:
    rows = ((f"`{kind}`", *map(cell, commanding.TABLE[kind].values())) for kind in Kind)
    return table(("command", *Situation), rows)


def node_commands() -> str:
    rows = ((f"`{kind}`", *map(cell, row.values())) for kind, row in of_nodes.TABLE.items())
    return table(("command", *Standing), rows)


def events() -> str:
    rows = ((deciding.WHAT[given], *map(cell, row.values())) for given, row in deciding.TABLE.items())
    return table(("what happens", *Situation), rows)


def derived() -> str:
    rows = ((holds, f"`{label}`" if label else "stays") for holds, _, label in DERIVED)
    return table(("the first of these that holds", "label"), rows)


def moves() -> str:
    named = {f"`{name}`": row for name, row in MOVES.items()} | moving.DERIVED
    return table(("event", *(phase.value for phase in Phase)), ((name, *_moves(row)) for name, row in named.items()))


def _moves(row: moving.Row) -> Iterable[str]:
    for phase in Phase:
        found = row.get(phase, ())
        yield (
            "stays"
            if found == (phase,)
            else " or ".join("stays" if each is phase else f"→ {each.value}" for each in found)
        )


def label_diagram() -> str:
    ways = [f"{before} --> {after}" for before, found in LABELS.items() for after in found]
    return diagram(["[*] --> pending", *ways, *(f"{label} --> [*]" for label, found in LABELS.items() if not found)])


def step_diagram() -> str:
    """What follows for other steps, and what only starts over where it is, would make it a ball of wool."""
    named: dict[tuple[Phase, Phase], list[str]] = {}
    for name, row in MOVES.items():
        for before, found in row.items():
            for after in found:
                if after is not before:
                    named.setdefault((before, after), []).append(name)
    named[Phase.PENDING, Phase.QUEUED] = ["ready"]
    ways = [f"{before.value} --> {after.value} : {', '.join(names)}" for (before, after), names in named.items()]
    return diagram(["[*] --> pending", *ways, *(f"{phase.value} --> [*]" for phase in Phase if phase in SETTLED)])


def diagram(lines: Iterable[str]) -> str:
    return "\n".join(("```mermaid", "stateDiagram-v2", *(f"    {line}" for line in lines), "```"))


def effects() -> str:
    """What comes of an attempt in flight, as `engine_effects.py` has it come about."""
    return table(
        ("what happens", *(f"`{effect}`" for effect in EFFECTS)), ((what, *cells) for what, cells in ROWS.items())
    )


MADE = {
    "commands": commands,
    "derived": derived,
    "effects": effects,
    "entries": entries,
    "events": events,
    "failures": failures,
    "label diagram": label_diagram,
    "labels": labels,
    "moves": moves,
    "node commands": node_commands,
    "step diagram": step_diagram,
}


def written(page: str) -> str:
    for name, make in MADE.items():
        before, start, rest = page.partition(f"<!-- {name} -->\n")
        _, end, after = rest.partition("<!-- end -->")
        page = before + start + make() + "\n" + end + after
    return page


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text()))
