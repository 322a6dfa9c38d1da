"""Steps that are done on the spot: pure ones are computed and leave one entry, their result. Of a task an attempt begins."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from symphony_dsl.base.conform import plain_json
from symphony_dsl.base.times import Duration
from symphony_model.nodes import InstrumentNode, OperatorNode
from symphony_runtime import entries
from symphony_runtime.entries import Entry
from symphony_runtime.executing.redaction import holds_secret
from symphony_runtime.operators.pure import PURE
from symphony_runtime.plans.places import step_address
from symphony_runtime.rules.bindings import BindingError, checked, inputs_of
from symphony_runtime.rules.changing import LEAVES
from symphony_runtime.rules.effective import configured, settings_of
from symphony_runtime.rules.limits import pauses
from symphony_runtime.task import Calls, Failure, Success

if TYPE_CHECKING:
    from symphony_dsl.base.values import Value
    from symphony_runtime.outcome import RunError
    from symphony_runtime.plans.formula import Formula
    from symphony_runtime.rules.state import Instance, RunState, Scope


class StepError(Exception):
    """A step fails: `code`, `message` and `data` of its failure, and the step and attempt that failed first, where it was another."""

    def __init__(
        self,
        code: str,
        message: str,
        data: Any = None,  # noqa: ANN401 - any JSON value
        first: tuple[str, int] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.data = data
        self.first = first


def error_of(
    instance: Instance, code: str, message: str, data: Value = None, first: tuple[str, int] | None = None
) -> dict[str, Any]:
    step, attempt = first or (step_address(instance.address, instance.plan), instance.attempt or None)
    found = {"code": code, "message": message, "node": step, "attempt": attempt, "data": data}
    return {key: value for key, value in found.items() if value is not None}


def error_data(error: RunError) -> dict[str, Any]:
    found = {
        "code": error.code,
        "message": error.message,
        "node": error.node,
        "attempt": error.attempt,
        "data": error.data,
    }
    return {key: value for key, value in found.items() if value is not None}


def failed_entry(instance: Instance, error: dict[str, Any], attempt: int | None = None, **data: object) -> Entry:
    return Entry(entries.NODE_FAILED, {"error": error, **data}, instance.address, attempt)


def for_good(instance: Instance, error: dict[str, Any], attempt: int | None = None, **data: object) -> Entry:
    """What comes of a step that failed for good. With `on_error: pause` a person decides that."""
    if instance.plan.role in LEAVES and not instance.scope.draining and pauses(instance):
        return Entry(entries.ATTEMPT_FAILED, {"error": error, "then": "held"}, instance.address, attempt)
    return failed_entry(instance, error, attempt, **data)


def apart(failing: list[Instance]) -> list[Instance]:
    """What fails takes along all that lies in the same block: the first of each is enough."""
    failed: set[Scope] = set()
    found = []
    for instance in failing:
        if not failed.intersection(_around(instance)):
            failed.add(instance.scope)
            found.append(instance)
    return found


def _around(instance: Instance) -> list[Scope]:
    found = [instance.scope]
    while owner := found[-1].owner:
        found.append(owner.scope)
    return found


def success_entry(instance: Instance, success: Success) -> Entry:
    try:
        outputs = {
            port.name: checked(success.outputs.get(port.name), port, convert=False)
            for port in instance.plan.node.outputs
        }
    except BindingError as problem:
        error = error_of(instance, "check", f"the result is not as promised: {problem.message}")
        return for_good(instance, error, instance.attempt)
    data: dict[str, Any] = {"outputs": outputs} | ({"usage": success.usage} if success.usage else {})
    return Entry(entries.NODE_COMPLETED, data, instance.address, instance.attempt)


def calls_entry(instance: Instance, said: Calls) -> Entry:
    """A turn whose model wants tools called."""
    data: dict[str, Any] = {"outputs": {}, "calls": [asdict(call) for call in said.calls]}
    data |= {"text": said.text} if said.text else {}
    data |= {"usage": said.usage} if said.usage else {}
    return Entry(entries.NODE_COMPLETED, data, instance.address, instance.attempt)


def done(instance: Instance, outputs: dict[str, Value], room: int = 1) -> list[Entry]:
    """A step that was done on the spot: to the outside it begins and ends with this entry."""
    return [Entry(entries.NODE_COMPLETED, {"outputs": outputs}, instance.address, room=room)]


def begin_attempt(state: RunState, instance: Instance) -> list[Entry]:
    inputs = inputs_of(state, instance)
    settings_of(state, instance)  # which may be wrong
    if isinstance(instance.plan.node, InstrumentNode):
        configured(instance.plan.node, inputs)  # which may be, too
    return [Entry(entries.NODE_STARTED, {}, instance.address, instance.attempt + 1)]


def open_ask(state: RunState, instance: Instance) -> list[Entry]:
    prompt = str(inputs_of(state, instance)["prompt"])
    limit = _patience(state, instance)
    due = {} if limit is None else {"due": state.at + limit}
    return [Entry(entries.ASK_OPENED, {"prompt": prompt} | due, instance.address, room=1)]


def expire_ask(state: RunState, instance: Instance) -> list[Entry]:
    limit = Duration(_patience(state, instance) or 0)
    return [for_good(instance, error_of(instance, "timeout", f"nobody answered within {limit}"))]


def _patience(state: RunState, instance: Instance) -> int | None:
    """A question is asked once: what passes first of the time of an attempt and of the step ends it."""
    settings = settings_of(state, instance)
    return min((each for each in (settings.timeout, settings.deadline) if each is not None), default=None)


def begin_wait(state: RunState, instance: Instance) -> list[Entry]:
    """A wait for no time at all is over at once."""
    duration, limit = _to_wait(state, instance)
    due = state.at + max(0, min(duration, limit or duration))
    begun = Entry(entries.NODE_WAITING, {"due": due}, instance.address)
    return [begun] if duration > 0 else [begun, *done(instance, {}, room=0)]


def end_wait(state: RunState, instance: Instance) -> list[Entry]:
    duration, limit = _to_wait(state, instance)
    if limit is None or duration <= limit:
        return done(instance, {}, room=0)
    message = f"it waits for {Duration(duration)}, longer than {Duration(limit)}"
    return [for_good(instance, error_of(instance, "timeout", message))]


def _to_wait(state: RunState, instance: Instance) -> tuple[int, int | None]:
    """For how long, and how long at most."""
    return inputs_of(state, instance)["duration"].ns, _patience(state, instance)


def expression(state: RunState, instance: Instance) -> list[Entry]:
    assert instance.plan.expression is not None
    port = instance.plan.node.outputs[0]
    value = computed(state, instance.plan.expression, inputs_of(state, instance))
    return done(instance, {port.name: checked(value, port, convert=False)})


def builtin(state: RunState, instance: Instance) -> list[Entry]:
    node = instance.plan.node
    assert isinstance(node, OperatorNode)
    outcome = PURE[node.operator_type](node, inputs_of(state, instance))
    if isinstance(outcome, Failure):
        raise StepError(outcome.code, outcome.message, outcome.data)
    return done(instance, outcome.outputs)


def require(state: RunState, instance: Instance) -> list[Entry]:
    assert instance.plan.expression is not None
    inputs = inputs_of(state, instance)
    if computed(state, instance.plan.expression, inputs):
        return done(instance, {})
    raise _failure(state, instance, inputs, f"`{instance.plan.expression.source}` does not hold")


def fail_step(state: RunState, instance: Instance) -> list[Entry]:
    raise _failure(state, instance, inputs_of(state, instance), "the workflow says so")


def _failure(state: RunState, instance: Instance, inputs: dict[str, Value], otherwise: str) -> StepError:
    said = computed(state, instance.plan.failure, inputs) if instance.plan.failure else otherwise
    if not isinstance(said, dict):
        return StepError("failed", str(said))
    first = (str(said["step"]), int(said["attempt"])) if said.get("step") else None  # `fail e`
    data = plain_json(said.get("data"))
    return StepError(said.get("code") or "failed", said.get("message") or otherwise, data, first)


def output_step(state: RunState, instance: Instance) -> list[Entry]:
    outputs = inputs_of(state, instance)
    if holds_secret(outputs):
        raise StepError("secret_leak", "a secret cannot be an output")
    return done(instance, dict(outputs))


def computed(state: RunState, formula: Formula, values: dict[str, Value]) -> Value:
    from symphony_dsl.expressions.program import EvaluationError

    try:
        return formula.run(values, state.facts())
    except EvaluationError as problem:
        raise StepError(problem.code, problem.message) from problem
