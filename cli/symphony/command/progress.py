"""How far a run is, told from its events: a row a step, a count where a step has many instances.

Rows stand in the order of the text and are known before anything runs. An instance of a step inside a `for` counts in
the row of its static path, so that ten thousand items are as few rows as one.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from symphony_model.nodes import ControlNode, ControlType, InputNode, OperatorNode, OperatorType, OutputNode
from symphony_runtime.plans.places import static_path

if TYPE_CHECKING:
    from symphony_model.nodes import Node
    from symphony_model.workflow import Workflow
    from symphony_runtime.watching.events import ExecutionEvent

_IN_TURN = re.compile(r"(?P<step>.+)#(?P<turn>\d+)(?:/(?P<tool>[^/#]+)\[\d+\])?")
"""The address of a turn of an instrument with tools, or of a call in it."""

_OPENERS = (ControlType.BRANCH, ControlType.PARALLEL, ControlType.LOOP)


@dataclass(slots=True)
class Row:
    """One step. `total` and `items_done` are about the items of a `for`; `total` is known once it has begun."""

    path: str
    label: str
    depth: int
    is_for: bool = False
    total: int | None = None
    items_done: int = 0
    started: int = 0
    completed: int = 0
    failed: int = 0
    fraction: float | None = None
    began: float | None = None
    ended: float | None = None
    doing: str = ""  # of an instrument with tools: its turn, and the tool that was called last

    @property
    def running(self) -> int:
        return max(0, self.started - self.completed - self.failed)

    @property
    def is_done(self) -> bool:
        return self.completed > 0 and not self.running and not self.failed

    def seconds(self, now: float) -> float | None:
        if self.began is None:
            return None
        return (self.ended if self.ended is not None and not self.running else now) - self.began


@dataclass(slots=True)
class Progress:
    """`rows` by static path. `items` are the nodes that end an item of a `for`, with the path of the `for`."""

    rows: dict[str, Row]
    items: dict[str, str]
    clock: Callable[[], float] = time.monotonic

    def take(self, event: ExecutionEvent) -> None:
        if event.node is None:
            return
        path = static_path(event.node)
        if event.type == "node_completed" and path in self.items:
            self.rows[self.items[path]].items_done += 1
        row, handler = self.rows.get(path), _HANDLERS.get(event.type)
        if row is not None and handler is not None:
            handler(self, row, event)
        elif event.type == "node_started":
            self._inside(event.node)

    def _inside(self, address: str) -> None:
        """Turns and calls of tools have no rows of their own."""
        found = _IN_TURN.fullmatch(address)
        row = self.rows.get(static_path(found["step"])) if found else None
        if found and row:
            row.doing = f"turn {found['turn']}" + (f", {found['tool']}" if found["tool"] else "")

    def _started(self, row: Row, event: ExecutionEvent) -> None:
        count = event.fields.get("items")
        if isinstance(count, int):
            row.total = (row.total or 0) + count
        if (event.attempt or 1) == 1:
            row.started += 1
        row.began = self.clock() if row.began is None else row.began

    def _completed(self, row: Row, _: ExecutionEvent) -> None:
        row.began = self.clock() if row.began is None else row.began
        row.completed += 1
        row.started = max(row.started, row.completed + row.failed)  # a run that was resumed began elsewhere
        row.fraction, row.ended = None, self.clock()

    def _failed(self, row: Row, _: ExecutionEvent) -> None:
        row.failed += 1
        row.ended = self.clock()

    def _progressed(self, row: Row, event: ExecutionEvent) -> None:
        share = event.fields.get("percentage")
        row.fraction = float(share) / 100 if isinstance(share, int | float) else row.fraction


_HANDLERS: dict[str, Callable[[Progress, Row, ExecutionEvent], None]] = {
    "node_started": Progress._started,
    "node_completed": Progress._completed,
    "node_failed": Progress._failed,
    "node_progress": Progress._progressed,
}


def progress_of(workflow: Workflow) -> Progress:
    place = {node.base.path: at for at, node in enumerate(workflow.nodes.values())}
    shown = sorted(filter(_is_shown, workflow.nodes.values()), key=lambda node: place[_beginning(node)])
    rows = {node.base.path: _row(node) for node in shown}
    return Progress(rows, _item_ends(workflow, rows))


def _beginning(node: Node) -> str:
    """A block stands where it begins, above what is in it; the node that shows it is the one that ends it."""
    return (isinstance(node, ControlNode) and node.config.opener) or node.base.path


def _item_ends(workflow: Workflow, rows: dict[str, Row]) -> dict[str, str]:
    """For each `for` the node of its region that says that an item is done: its `yield`, else its last statement."""
    ends: dict[str, str] = {}
    for row in rows.values():
        inside = [n.base.path for n in workflow.nodes.values() if n.base.region == row.path and not _is_opener(n)]
        if row.is_for and inside:
            preferred = f"{row.path}/yield"
            ends[preferred if preferred in inside else inside[-1]] = row.path
    return ends


def _is_opener(node: Node) -> bool:
    return isinstance(node, ControlNode) and node.control_type in _OPENERS


def _is_shown(node: Node) -> bool:
    """Steps that a person wrote; what is only computed at the end of a block belongs to the block."""
    if node.base.synthetic or isinstance(node, InputNode | OutputNode) or _is_opener(node):
        return False
    is_expression = isinstance(node, OperatorNode) and node.operator_type is OperatorType.EXPRESSION
    return not (is_expression and node.base.path.endswith("/yield"))


def _row(node: Node) -> Row:
    is_for = isinstance(node, ControlNode) and node.control_type is ControlType.JOIN
    return Row(node.base.path, node.base.name, node.base.path.count("/"), is_for)
