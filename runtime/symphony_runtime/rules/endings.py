"""What comes of an attempt that ended, by how it ended and what its step may do."""

from __future__ import annotations

from symphony_model.nodes import Effect
from symphony_runtime import entries
from symphony_runtime.entries import Entry
from symphony_runtime.rules.effective import settings_of
from symphony_runtime.rules.inputs import Ended
from symphony_runtime.rules.kinds import DEFAULT_RETRY, HELD, MAX_LOSSES, UNCONFIRMED, delay, retried
from symphony_runtime.rules.state import Instance, RunState
from symphony_runtime.rules.steps import apart, calls_entry, error_data, error_of, failed_entry, for_good, success_entry
from symphony_runtime.task import Calls, Failure


def left(instance: Instance) -> Entry:
    """An attempt whose engine went away."""
    if instance.plan.effect is Effect.ONCE:
        return _after_effect(instance, GONE)
    if instance.scope.draining:
        return failed_entry(instance, error_of(instance, "cancelled", "what is around it failed"), instance.attempt)
    if instance.losses + 1 >= MAX_LOSSES:
        message = f"the engine went away {MAX_LOSSES} times in a row while it ran"
        return _attempt_failed(instance, error_of(instance, "crash_loop", message), then="held", lost=True)
    return _attempt_failed(instance, error_of(instance, GONE.code, GONE.message), then="again", lost=True)


GONE = Failure("crashed", "its engine went away while it ran")


def _after_effect(instance: Instance, failure: Failure) -> Entry:
    """A `once` step that did something already, or may have: then a person decides, unless what is around it has failed."""
    is_unknown = failure.code in UNCONFIRMED
    message = f"{failure.message}; whether it took effect is not known" if is_unknown else failure.message
    if is_unknown and not instance.scope.draining:
        error = error_of(instance, "lost", message)
        return Entry(entries.NODE_LOST, {"error": error}, instance.address, instance.attempt)
    return for_good(instance, error_of(instance, failure.code, message, failure.data), instance.attempt)


def _attempt_failed(instance: Instance, error: dict[str, object], **data: object) -> Entry:
    return Entry(entries.ATTEMPT_FAILED, {"error": error, **data}, instance.address, instance.attempt)


def ended(state: RunState, given: Ended) -> list[Entry]:
    instance = state.open.get(given.address)
    if instance is None or instance.attempt != given.attempt:
        return [
            Entry(entries.LATE_RESULT, {"outcome": type(given.outcome).__name__.lower()}, given.address, given.attempt)
        ]
    if isinstance(given.outcome, Failure):
        return [_after_failure(state, instance, given.outcome, given)]
    if isinstance(given.outcome, Calls):
        return [calls_entry(instance, given.outcome)]
    return [success_entry(instance, given.outcome)]


def ended_in_a_pause(state: RunState, given: Ended) -> list[Entry]:
    """What failed for good is held until the run goes on: a person may still retry it, or skip it."""
    [entry] = ended(state, given)
    if entry.type != entries.NODE_FAILED or state.instances[given.address].scope.draining:
        return [entry]
    data = entry.data | {"then": "held", "until": "resume"}
    return [Entry(entries.ATTEMPT_FAILED, data, entry.address, entry.attempt)]


def passed_on(state: RunState) -> list[Entry]:
    """What was held for a pause alone, when that is over. What fails takes along all that lies in the same block."""
    held = [each for each in state.undecided.values() if each.until_resume]
    return [failed_entry(each, error_data(each.error)) for each in apart(held) if each.error]


def _after_failure(state: RunState, instance: Instance, failure: Failure, given: Ended) -> Entry:
    if instance.plan.effect is Effect.ONCE and not failure.before_effect:
        return _after_effect(instance, failure)
    error = error_of(instance, failure.code, failure.message, failure.data)
    none_yet = {"before_effect": True} if failure.before_effect and instance.plan.effect is Effect.ONCE else {}
    if instance.scope.draining:
        return failed_entry(instance, error, instance.attempt, **none_yet)
    if failure.code == "cancelled" and state.hold:
        return _attempt_failed(instance, error, then="again")
    if failure.code in HELD:
        return _attempt_failed(instance, error, then="held")
    policy = settings_of(state, instance).retry
    budget = (policy or DEFAULT_RETRY).attempts
    if instance.failures + 1 >= budget or not retried(failure.code, policy):
        return for_good(instance, error, instance.attempt, **none_yet)
    ended_at = max(given.at, state.at)  # a clock that was set back does not shorten the wait
    due = ended_at + delay(policy or DEFAULT_RETRY, instance.failures + 1, given.spread)
    deadline = settings_of(state, instance).deadline
    if deadline is not None and due >= instance.began + deadline:
        return for_good(instance, error, instance.attempt, **none_yet)
    return _attempt_failed(instance, error, then="retry", due=due)
