"""What holds of every log and of every state, whatever happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from symphony_model.artifact import Artifact
from symphony_runtime.entries import Entry
from symphony_runtime.plans.plan import Role
from symphony_runtime.plans.planning import Plans
from symphony_runtime.rules.evolve import fold
from symphony_runtime.rules.labels import LABELS
from symphony_runtime.rules.outstanding import outstanding
from symphony_runtime.rules.slots import buckets
from symphony_runtime.rules.state import FINAL, SETTLED, Instance, Phase, RunState
from symphony_runtime.storage.codec import decode, encode

ENDS = ("node.completed", "node.failed", "node.lost", "attempt.failed")


def check_log(entries: list[Entry], *, final: bool = True) -> None:
    """The laws that a log keeps by itself."""
    assert [entry.seq for entry in entries] == sorted({entry.seq for entry in entries})
    assert [entry.at for entry in entries] == sorted(entry.at for entry in entries)
    check_labels(entries)
    check_attempts(entries, final=final)
    completed = [entry.address for entry in entries if entry.type == "node.completed"]
    assert len(completed) == len(set(completed)), "each finished step has one completion"


def check_labels(entries: list[Entry]) -> None:
    label = "pending"
    for entry in entries:
        if entry.type == "run.state":
            assert entry.data["from"] == label
            assert entry.data["to"] in LABELS[label]
            label = entry.data["to"]
    assert label not in FINAL or entries[-1].type == "run.state"


def check_attempts(entries: list[Entry], *, final: bool) -> None:
    """At most one attempt of a step is open, its number grows by one, and each ends once."""
    open_attempts: dict[str | None, int] = {}
    last: dict[str | None, int] = {}
    done: set[str | None] = set()
    for entry in entries:
        if entry.type == "node.started":
            assert entry.address not in open_attempts
            assert entry.address not in done, "a finished step never runs again"
            assert entry.attempt == last.get(entry.address, 0) + 1
            open_attempts[entry.address] = last[entry.address] = entry.attempt
        elif entry.type in ENDS:
            if entry.attempt is not None:
                assert open_attempts.pop(entry.address) == entry.attempt
            if entry.type in ("node.completed", "node.failed"):
                done.add(entry.address)
    assert not final or not open_attempts


def folded(artifact: Artifact, entries: Iterable[Entry]) -> RunState:
    """The state that the log gives after it was written and read."""
    state = RunState("run", Plans(artifact), Path())
    fold(state, (stored(entry) for entry in entries))
    return state


def stored(entry: Entry) -> Entry:
    data = decode(encode(entry.data))
    return Entry(entry.type, data, entry.address, entry.attempt, 0, entry.seq, entry.at, entry.epoch)


def picture(state: RunState) -> dict[str, Any]:
    """All that a state means, without what is only at hand."""
    instances = {
        each.address: (
            each.phase, each.attempt, each.failures, each.losses, each.due, each.needs, each.outputs, each.error,
            each.scope.unsettled, each.scope.running, each.scope.draining, each.scope.closed, each.scope.error,
            talk(each),
        )
        for each in state.instances.values()
    }  # fmt: skip
    return {
        "instances": instances,
        "run": (state.label, state.hold, state.seq, state.at, state.epoch, state.width, state.error, state.outputs),
        "lists": (list(state.open), list(state.waiting), list(state.undecided), list(state.asks)),
    }


def talk(each: Instance) -> Any:
    """What was said in the turns of an instrument with tools."""
    turns = each.turns
    said = [(turn.instance.address, turn.text, turn.calls, turn.wrong) for turn in turns.calling] if turns else []
    return turns and (turns.maximum, turns.usage, said)


def check_slots(state: RunState) -> None:
    """Only what is in flight holds a slot: an attempt, or a call of which only so many run at once."""
    calls = [each for each in state.instances.values() if each.plan.role is Role.CALL and each.phase is Phase.RUNNING]
    holding = [*state.open.values(), *(each for each in calls if each.plan.takes_slots)]
    held = Counter(name for each in holding if each.settings for name, _ in buckets(each, each.settings))
    assert {name: count for name, count in state.slots.running.items() if count} == held


def check_state(state: RunState) -> None:
    """The laws of a state at any time."""
    for each in state.instances.values():
        assert (each.address in state.open) == (each.phase is Phase.RUNNING and each.attempt > 0)
        between_rounds = each.phase is Phase.RUNNING and each.due > 0
        waits = each.address in state.waiting or each.address in state.asks
        assert waits == (each.phase is Phase.WAITING or between_rounds)
        assert (each.address in state.undecided) == (each.phase in (Phase.LOST, Phase.HELD))
    check_slots(state)
    left = outstanding(state)
    assert not any(each.phase in SETTLED for each in (*left.attempts, *left.undecided))
    if state.final:
        assert all(each.phase in SETTLED for each in state.instances.values())
        assert (state.open, state.waiting, state.undecided, state.asks) == ({}, {}, {}, {})
