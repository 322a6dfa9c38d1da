"""The live view of a run on a terminal: a line a step, a bar a `for`, never more lines than the terminal has.

It is drawn on standard error a few times a second, whatever the number of events; lines that steps print scroll by
above it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from symphony.command.progress import Progress, Row, progress_of
from symphony.command.runs import elapsed
from symphony.command.say import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from symphony_model.artifact import Artifact
    from symphony_runtime.watching.events import ExecutionEvent

STYLES = {"error": "red", "warning": "yellow", "debug": "dim"}


@contextmanager
def live(artifact: Artifact) -> Iterator[Callable[[ExecutionEvent], None]]:
    """Shows a run while the block lasts; what it yields takes the events."""
    console = Console(stderr=True, highlight=False)
    view = View(progress_of(artifact.workflow), console)
    with Live(view, console=console, refresh_per_second=8, transient=True, redirect_stdout=False):
        yield view.take
    view.over = True
    console.print(view.last())


class View:
    """Renders itself anew at each refresh."""

    def __init__(self, progress: Progress, console: Console) -> None:
        self.progress = progress
        self.console = console
        self.spinner = Spinner("dots", style="cyan")
        self.over = False

    def take(self, event: ExecutionEvent) -> None:
        if event.type == "log":
            level = str(event.fields.get("level"))
            text = f"{event.node}: {visible(str(event.fields.get('message')))}"
            self.console.print(Text(text, STYLES.get(level, "")))
        self.progress.take(event)

    def __rich__(self) -> RenderableType:
        return self._table(fitting(list(self.progress.rows.values()), max(4, self.console.size.height - 3)))

    def last(self) -> RenderableType:
        """What stays on the screen: the steps of the workflow itself, and what failed."""
        rows = [row for row in self.progress.rows.values() if row.depth == 0 or row.failed]
        return self._table(fitting(rows, max(4, self.console.size.height - 3)))

    def _table(self, rows: list[Row | int]) -> RenderableType:
        table = Table.grid(padding=(0, 1))
        table.add_column(width=1)
        table.add_column(max_width=max(16, self.console.size.width // 2), no_wrap=True, overflow="ellipsis")
        table.add_column(width=20)
        table.add_column(no_wrap=True)
        now = self.progress.clock()
        hidden = [row for row in rows if isinstance(row, int)]
        for row in rows:
            if isinstance(row, Row):
                table.add_row(self._mark(row), _label(row), self._bar(row), self._counts(row, now))
        return Group(table, Text(f"  … and {hidden[0]:,} more", "dim")) if hidden else table

    def _mark(self, row: Row) -> RenderableType:
        if row.failed:
            return Text("✗", "red")
        if row.running:
            return Text("…", "yellow") if self.over else self.spinner
        return Text("✓", "green") if row.completed else Text("·", "dim")

    def _bar(self, row: Row) -> RenderableType:
        if row.is_for and row.total:
            return ProgressBar(total=row.total, completed=row.items_done, width=20)
        if row.running and row.fraction is not None:
            return ProgressBar(total=1.0, completed=row.fraction, width=20)
        return Text("")

    def _counts(self, row: Row, now: float) -> Text:
        parts = []
        if row.is_for and row.total:
            parts.append(f"{row.items_done:,}/{row.total:,}")
        elif row.depth and row.started > 1:
            parts.append(f"{row.running:,} running, {row.completed:,} done")
        if row.failed and row.depth:
            parts.append(f"{row.failed:,} failed")
        if row.doing and row.running == 1:
            parts.append(visible(row.doing))
        seconds = row.seconds(now)
        if seconds is not None and seconds >= 0.1:
            parts.append(elapsed(seconds))
        return Text("  ".join(parts), "dim")


def _label(row: Row) -> Text:
    style = "dim" if not row.started and not row.completed else ""
    return Text("  " * row.depth + visible(row.label), style)


def fitting(rows: list[Row], height: int) -> list[Row | int]:
    """As many rows as there is room for, in their order, the most telling first: failed, running, the top ones.

    Rows inside a block show up once something runs or failed in them. A number at the end is how many were left out.
    """
    wanted = [row for row in rows if row.depth == 0 or row.running or row.failed]
    if len(wanted) <= height:
        return list(wanted)
    ranked = sorted(range(len(wanted)), key=lambda n: (_rank(wanted[n]), n))
    kept = sorted(ranked[: height - 1])
    return [*(wanted[n] for n in kept), len(wanted) - len(kept)]


def _rank(row: Row) -> int:
    if row.failed:
        return 0
    if row.running:
        return 1 if row.depth == 0 else 2
    return 4 if row.is_done else 3
