"""How far a run is, told from its events: a row a step, a count where a step has many instances.

Rows stand in the order of the text and are known before anything runs. An instance of a step inside a `for` counts in
the row of its static path, so that ten thousand items are as few rows as one.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from symphony_model.nodes import ControlNode, ControlType, InputNode, OperatorNode, OperatorType, OutputNode

if TYPE_CHECKING:
    from symphony_model.nodes import Node
    from symphony_model.workflow import Workflow
    from symphony_runtime.events import ExecutionEvent

_INSTANCE = re.compile(r"\[(?:\d+|\"(?:[^\"\\]|\\.)*\")\]|#\d+|~\d+")
_OPENERS = (ControlType.BRANCH, ControlType.PARALLEL, ControlType.LOOP)


def static_path(address: str) -> str:
    """The path of the node that an instance belongs to: `prices[3]/yield` is one of `prices/yield`."""
    return _INSTANCE.sub("", address)


@dataclass(slots=True)
class Row:
    """`total` is known for a `for` once it has begun; `done` then counts its items."""

    path: str
    label: str
    depth: int
    is_for: bool = False
    total: int | None = None
    started: int = 0
    completed: int = 0
    failed: int = 0
    fraction: float | None = None
    began: float | None = None
    ended: float | None = None

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
    """`rows` by static path; `openers` are the paths of opening nodes, with the path of the row that shows them."""

    rows: dict[str, Row]
    openers: dict[str, str]
    items: dict[str, str]  # the node that ends an item, and the row of its `for`
    counts: dict[str, int] = field(default_factory=dict)
    clock: Callable[[], float] = time.monotonic
    failures: int = 0

    def take(self, event: ExecutionEvent) -> None:
        if event.node is None:
            return
        path = static_path(event.node)
        row = self.rows.get(self.openers.get(path, path))
        if event.type == "node_completed" and path in self.items:
            of = self.items[path]
            self.counts[of] = self.counts.get(of, 0) + 1
        if row is None:
            return
        handler = _HANDLERS.get(event.type)
        if handler is not None:
            handler(self, row, event, path in self.openers)

    def items_done(self, row: Row) -> int:
        return self.counts.get(row.path, 0)

    def _started(self, row: Row, event: ExecutionEvent, is_opener: bool) -> None:
        count = event.fields.get("items")
        if is_opener and isinstance(count, int):
            row.total = (row.total or 0) + count
        if (event.attempt or 1) == 1:
            row.started += 1
        row.began = self.clock() if row.began is None else row.began

    def _completed(self, row: Row, _: ExecutionEvent, is_opener: bool) -> None:
        if is_opener:
            return
        row.began = self.clock() if row.began is None else row.began
        row.completed += 1
        row.started = max(row.started, row.completed + row.failed)
        row.fraction, row.ended = None, self.clock()

    def _failed(self, row: Row, event: ExecutionEvent, is_opener: bool) -> None:
        if is_opener or event.fields.get("retry"):
            return
        row.failed += 1
        self.failures += 1
        row.ended = self.clock()

    def _progressed(self, row: Row, event: ExecutionEvent, _: bool) -> None:
        share = event.fields.get("percentage")
        row.fraction = float(share) / 100 if isinstance(share, int | float) else row.fraction


_HANDLERS: dict[str, Callable[[Progress, Row, ExecutionEvent, bool], None]] = {
    "node_started": Progress._started,
    "node_completed": Progress._completed,
    "node_failed": Progress._failed,
    "node_progress": Progress._progressed,
}


def progress_of(workflow: Workflow) -> Progress:
    nodes = [node for node in workflow.nodes.values() if _is_shown(node)]
    rows = {node.base.path: _row(node) for node in nodes}
    openers = {
        node.config.opener: node.base.path
        for node in nodes
        if isinstance(node, ControlNode) and node.config.opener is not None
    }
    return Progress(rows, openers, _item_ends(workflow, rows))


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
