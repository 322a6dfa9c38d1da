"""What comes of a step when it was looked for a result that is there already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symphony_runtime import entries
from symphony_runtime.entries import Entry
from symphony_runtime.rules.bindings import BindingError, checked
from symphony_runtime.rules.inputs import Alone, Elsewhere, Taken
from symphony_runtime.rules.steps import error_of, failed_entry
from symphony_runtime.rules.work import do

if TYPE_CHECKING:
    from symphony_dsl.base.values import Value
    from symphony_runtime.rules.inputs import Found
    from symphony_runtime.rules.state import Instance, RunState

OF_COMPLETION = frozenset({"outputs", "calls", "text"})
"""What is taken over of a completion; what it cost is not paid again."""


def with_found(state: RunState, instance: Instance, found: Found) -> list[Entry]:
    if isinstance(found, Taken):
        return [_taken(instance, found)]
    if isinstance(found, Elsewhere):
        waits_for = {"kind": found.kind, "run": found.run, "address": found.address}
        return [Entry(entries.NODE_WAITING, {"for": waits_for}, instance.address)]
    return _begun(do(state, instance), found)


def _begun(done: list[Entry], found: Alone) -> list[Entry]:
    if done and done[0].type == entries.NODE_STARTED:
        done[0].data |= {"parts": found.parts} if found.parts else {}
        done[0].data |= {"differs": list(found.differs)} if found.differs else {}
        done[0].data |= {"stale": found.stale} if found.stale else {}
    return done


def _taken(instance: Instance, found: Taken) -> Entry:
    """A key may bring what another version of the callable gave."""
    given = found.data["outputs"]
    try:
        outputs: dict[str, Value] = {}
        if "calls" not in found.data:
            outputs = {port.name: checked(given.get(port.name), port) for port in instance.plan.node.outputs}
    except BindingError as problem:
        message = f"the result that is there does not fit: {problem.message}"
        return failed_entry(instance, error_of(instance, problem.code, message))
    data = {name: value for name, value in found.data.items() if name in OF_COMPLETION}
    parts = {"parts": found.parts} if found.parts else {}
    return Entry(
        entries.NODE_COMPLETED, data | {"outputs": outputs, "from": found.source} | parts, instance.address, room=1
    )
