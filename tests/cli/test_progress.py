"""The live view: what it counts, and that it fits on a screen whatever the number of items."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from symphony.command.display import View, fitting
from symphony.command.progress import Progress, Row
from symphony.command.runs import elapsed
from symphony_runtime.watching.events import ExecutionEvent


def event(of: str, node: str, **fields: object) -> ExecutionEvent:
    return ExecutionEvent(1, 0, "run", of, node, fields=dict(fields))


@pytest.fixture
def progress() -> Progress:
    rows = [Row("raw", "raw", 0), Row("all", "all", 0, is_for=True), Row("all/mood", "mood", 1), Row("end", "end", 0)]
    return Progress({r.path: r for r in rows}, {"all/yield": "all"}, clock=lambda: 5.0)


def shown(progress: Progress, height: int = 24) -> str:
    file = io.StringIO()
    console = Console(file=file, width=80, height=height, color_system=None)
    console.print(View(progress, console).__rich__())
    return file.getvalue()


def test_ten_thousand_items_are_one_bar(progress: Progress) -> None:
    progress.take(event("node_completed", "raw"))
    progress.take(event("node_started", "all", items=10_000))
    for n in range(4_000):
        progress.take(event("node_started", f"all[{n}]/mood"))
    for n in range(3_990):
        progress.take(event("node_completed", f"all[{n}]/mood"))
        progress.take(event("node_completed", f"all[{n}]/yield"))
    text = shown(progress)
    assert "✓ raw" in text
    assert "3,990/10,000" in text
    assert "10 running, 3,990 done" in text
    assert len(text.splitlines()) == 4


def test_a_retry_is_the_same_instance(progress: Progress) -> None:
    progress.take(event("node_started", "raw"))
    progress.take(ExecutionEvent(1, 0, "run", "node_started", "raw", attempt=2))
    assert progress.rows["raw"].running == 1
    progress.take(event("node_failed", "raw"))
    assert (progress.rows["raw"].running, progress.rows["raw"].failed) == (0, 1)
    assert "✗ raw" in shown(progress)


def test_what_a_model_does_is_told_while_it_runs(progress: Progress) -> None:
    for node, said in (
        ("raw", ""),
        ("raw#1", "turn 1"),
        ("raw#1/look[0]", "turn 1, look"),
        ("raw#1/deep[1]#2", "turn 1, look"),
        ("raw~2#12", "turn 12"),
    ):
        progress.take(event("node_started", node))
        assert progress.rows["raw"].doing == said
    assert "turn 12" in shown(progress)
    progress.take(event("node_completed", "raw"))
    assert "turn" not in shown(progress)


def test_what_is_unknown_is_no_matter(progress: Progress) -> None:
    progress.take(event("node_started", "elsewhere"))
    progress.take(event("log", "raw", message="x"))
    progress.take(ExecutionEvent(1, 0, "run", "state_changed"))
    assert [row.started for row in progress.rows.values()] == [0, 0, 0, 0]


def test_a_small_screen_shows_what_counts() -> None:
    rows = [Row(f"s{n}", f"s{n}", 0, started=1, completed=1) for n in range(100)]
    rows[70].failed, rows[80].completed = 1, 0
    kept = fitting(rows, 5)
    assert [row.path for row in kept if isinstance(row, Row)] == ["s0", "s1", "s70", "s80"]
    assert kept[-1] == 96


def test_a_screen_is_never_overrun(progress: Progress) -> None:
    for n in range(200):
        progress.rows[f"x{n}"] = Row(f"x{n}", f"x{n}", 0)
    assert len(shown(progress, height=10).splitlines()) <= 9


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.04, "0.0 s"), (59.9, "59.9 s"), (65, "1 min 05 s"), (4_020, "1 h 07 min")],
)
def test_times(seconds: float, text: str) -> None:
    assert elapsed(seconds) == text
