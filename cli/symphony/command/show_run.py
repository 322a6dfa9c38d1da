"""`wf show RUN`: what a run did, as a tree with times, retries and values cut to size."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from symphony.command import say
from symphony.command.runs import COLOURS, elapsed

if TYPE_CHECKING:
    from symphony_runtime.watching.spans import Group, RunSpan, Span

MARKS = {"completed": ("✓", "green"), "failed": ("✗", "red"), "skipped": ("-", "dim"), "running": ("…", "cyan")}
WAITS = ("⏸", "yellow")
"""Of a step that waits: for a person, for time, for a decision."""

NOT_BEGUN = ("·", "dim")
VALUE = 60
"""Characters of a value."""

MANY = 12
"""Scopes of a block that are shown whole: with more, the first few, and those in which something failed."""

FEW = 5

RUN = re.compile(r"last|[0-9a-f][0-9a-f-]{3,35}")


def means_run(target: str) -> bool:
    """A file of that name goes before."""
    return RUN.fullmatch(target) is not None and not Path(target).exists()


def show_run(text: str, store: str | None) -> None:
    from symphony.command.stores import open_store
    from symphony_runtime.watching.spans import spans_of

    opened = open_store(store)
    run = spans_of(opened, opened.find(text))
    paint = say.painter(sys.stdout)
    state = run.state
    name, label = state.plans.main.workflow.name, state.label
    head = f"{paint(name, 'bold')}  {paint(label, COLOURS.get(label, 'bold'))}  {took(state.started, run.at)}  run {state.execution_id}"
    lines = [head, *(_line(*each, paint) for each in rows(run))]
    if state.error:
        where = f"{state.error.node}: " if state.error.node else ""
        lines.append(paint("error", "red") + f": {say.visible(where + state.error.message)} ({state.error.code})")
    say.result("\n".join(lines) + "\n")


Row = tuple[int, "Span | Group | str"]


def rows(run: RunSpan) -> Iterator[Row]:
    """(depth, what stands there), outer ones before those in them; a text stands for what is left out."""
    from symphony_runtime.watching.spans import Span

    rest: list[Row] = [(0, span) for span in reversed(run.top.spans)] if run.top else []
    while rest:
        depth, each = rest.pop()
        if isinstance(each, Span):
            yield depth, each
            rest.extend(reversed([(depth + 1, one) for one in _groups(each)]))
        elif isinstance(each, str):
            yield depth, each
        else:
            rest.extend((depth + 1 if each.name else depth, span) for span in reversed(each.spans))
            if each.name:
                yield depth, each


def _groups(span: Span) -> list[Group | str]:
    if len(span.groups) <= MANY:
        return list(span.groups)
    shown = [group for place, group in enumerate(span.groups) if place < FEW or _has_failed(group)][:MANY]
    left = Counter("with a failure" if _has_failed(group) else "" for group in span.groups if group not in shown)
    more = f"… {sum(left.values()):,} more"
    return [*shown, f"{more}, {left['with a failure']:,} of them with a failure" if left["with a failure"] else more]


def _has_failed(group: Group) -> bool:
    return any(span.phase in ("failed", "held", "lost") for span in group.spans)


def _line(depth: int, what: Span | Group | str, paint: say.Painter) -> str:
    from symphony_runtime.watching.spans import Span

    indent = "  " * (depth + 1)
    if isinstance(what, str):
        return indent + paint(what, "dim")
    if not isinstance(what, Span):
        return indent + paint(say.visible(what.name), "dim")
    mark, colour = _mark(what)
    return f"{indent}{paint(mark, colour)} {say.visible(what.name)}{_told(what, paint)}"


def _mark(span: Span) -> tuple[str, str]:
    if span.began is None and span.phase != "skipped":
        return NOT_BEGUN
    return MARKS.get(span.phase, WAITS)


def _told(span: Span, paint: say.Painter) -> str:
    from symphony_runtime.watching.bars import outputs_shown

    parts = []
    if span.began is not None and span.ended is not None and span.ended > span.began:
        parts.append(paint(took(span.began, span.ended), "dim"))
    if len(span.attempts) > 1:
        parts.append(paint(f"{len(span.attempts)} attempts", "yellow"))
    if span.error:
        parts.append(paint(_cut(f"{span.error.code}: {span.error.message}"), "red"))
    values = outputs_shown(span.instance)
    if values and span.phase == "completed":
        single = len(values) == 1
        parts.append("= " + ", ".join(_cut(text if single else f"{name}: {text}") for name, text in values.items()))
    return "".join("  " + part for part in parts)


def _cut(text: str) -> str:
    shown = say.visible(text.replace("\n", " "))
    return shown if len(shown) <= VALUE else shown[: VALUE - 1] + "…"


def took(began: int, ended: int) -> str:
    seconds = (ended - began) / 1e9
    return f"{1000 * seconds:.0f} ms" if seconds < 1 else elapsed(seconds)
