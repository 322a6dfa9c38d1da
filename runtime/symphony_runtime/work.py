"""What is done on the spot when an instance is ready or a scope is over, each as the entries that say so.

Pure steps are computed here and leave one entry, their result. Blocks open, and close with their closer's result in the
same breath. Only tasks take time: for them an attempt begins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from symphony_dsl.base.conform import ConversionError, plain_json, to_json
from symphony_model.nodes import OperatorNode
from symphony_runtime import entries
from symphony_runtime.bindings import BindingError, checked, closed_value, has_feed, inputs_of, output_of
from symphony_runtime.entries import Entry
from symphony_runtime.operators.pure import PURE
from symphony_runtime.places import step_address
from symphony_runtime.plan import Role
from symphony_runtime.redaction import holds_secret
from symphony_runtime.state import Instance, Phase, RunState, Scope
from symphony_runtime.task import Failure, Success

if TYPE_CHECKING:
    from collections.abc import Callable

    from symphony_dsl.base.values import Value
    from symphony_runtime.formula import Formula
    from symphony_runtime.outcome import RunError


class StepError(Exception):
    """A step fails: `code`, `message` and `data` of its failure."""

    def __init__(self, code: str, message: str, data: Any = None) -> None:  # noqa: ANN401 - any JSON value
        super().__init__(message)
        self.code = code
        self.message = message
        self.data = data


def do(state: RunState, instance: Instance) -> list[Entry]:
    """What comes of an instance that is ready, or of a block that has nothing open any more."""
    if instance.phase is Phase.RUNNING:
        return _close(state, instance, instance.error)
    try:
        return DO[instance.plan.role](state, instance)
    except BindingError as problem:
        return [failed_entry(instance, error_of(instance, problem.code, problem.message))]
    except StepError as problem:
        return [failed_entry(instance, error_of(instance, problem.code, problem.message, problem.data))]


def error_of(instance: Instance, code: str, message: str, data: Value = None) -> dict[str, Any]:
    found = {
        "code": code,
        "message": message,
        "node": step_address(instance.address, instance.plan),
        "attempt": instance.attempt or None,
        "data": data,
    }
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


def failed_entry(instance: Instance, error: dict[str, Any], attempt: int | None = None) -> Entry:
    return Entry(entries.NODE_FAILED, {"error": error}, instance.address, attempt)


def success_entry(instance: Instance, success: Success) -> Entry:
    try:
        outputs = {
            port.name: checked(success.outputs.get(port.name), port, convert=False)
            for port in instance.plan.node.outputs
        }
    except BindingError as problem:
        error = error_of(instance, "check", f"the result is not as promised: {problem.message}")
        return failed_entry(instance, error, instance.attempt)
    data: dict[str, Any] = {"outputs": outputs} | ({"usage": success.usage} if success.usage else {})
    return Entry(entries.NODE_COMPLETED, data, instance.address, instance.attempt)


def _done(instance: Instance, outputs: dict[str, Value], room: int = 1) -> list[Entry]:
    """A step that was done on the spot: to the outside it begins and ends with this entry."""
    return [Entry(entries.NODE_COMPLETED, {"outputs": outputs}, instance.address, room=room)]


def _begin(state: RunState, instance: Instance) -> list[Entry]:
    inputs_of(state, instance)
    return [Entry(entries.NODE_STARTED, {}, instance.address, instance.attempt + 1)]


def _expression(state: RunState, instance: Instance) -> list[Entry]:
    assert instance.plan.expression is not None
    port = instance.plan.node.outputs[0]
    value = _run(instance.plan.expression, inputs_of(state, instance))
    return _done(instance, {port.name: checked(value, port, convert=False)})


def _pure(state: RunState, instance: Instance) -> list[Entry]:
    node = instance.plan.node
    assert isinstance(node, OperatorNode)
    outcome = PURE[node.operator_type](node, inputs_of(state, instance))
    if isinstance(outcome, Failure):
        raise StepError(outcome.code, outcome.message, outcome.data)
    return _done(instance, outcome.outputs)


def _require(state: RunState, instance: Instance) -> list[Entry]:
    assert instance.plan.expression is not None
    inputs = inputs_of(state, instance)
    if _run(instance.plan.expression, inputs):
        return _done(instance, {})
    raise _failure(instance, inputs, f"`{instance.plan.expression.source}` does not hold")


def _fail(state: RunState, instance: Instance) -> list[Entry]:
    raise _failure(instance, inputs_of(state, instance), "the workflow says so")


def _failure(instance: Instance, inputs: dict[str, Value], otherwise: str) -> StepError:
    said = _run(instance.plan.failure, inputs) if instance.plan.failure else otherwise
    if not isinstance(said, dict):
        return StepError("failed", str(said))
    return StepError(said.get("code") or "failed", said.get("message") or otherwise, plain_json(said.get("data")))


def _output(state: RunState, instance: Instance) -> list[Entry]:
    outputs = inputs_of(state, instance)
    if holds_secret(outputs):
        raise StepError("secret_leak", "a secret cannot be an output")
    return _done(instance, dict(outputs))


def _branch(state: RunState, instance: Instance) -> list[Entry]:
    inputs, taken = inputs_of(state, instance), None
    for arm in instance.plan.arms:
        if arm.condition is None or _run(arm.condition, inputs):
            taken = arm.name
            break
    skipped = [arm.name for arm in instance.plan.arms if arm.name != taken]
    return [Entry(entries.REGION_DECIDED, {"taken": taken, "skipped": skipped}, instance.address)]


def _each(state: RunState, instance: Instance) -> list[Entry]:
    inputs = inputs_of(state, instance)
    items = inputs["items"]
    data: dict[str, Any] = {"count": len(items), "width": _width(state, instance, inputs)}
    if isinstance(items, dict):
        data["keys"] = sorted(items)
    return [Entry(entries.REGION_OPENED, data, instance.address)]


def _width(state: RunState, instance: Instance, inputs: dict[str, Value]) -> int:
    """How many items run at once: one, so many, or as many as the engine has room for."""
    limit = instance.plan.limit
    if limit is None:
        return 1
    wanted = limit if isinstance(limit, int) else _run(limit, inputs)
    if wanted < 0 or (wanted == 0 and limit != 0):
        raise StepError("check", f"`parallel` must be at least 1, but is {wanted}")
    return min(wanted or state.width, state.width)


def _call(state: RunState, instance: Instance) -> list[Entry]:
    inputs = inputs_of(state, instance)
    plan = state.plans.of(instance.plan.callee)
    for each in plan.top.nodes:
        if each.role is Role.INPUT:
            checked(inputs.get(each.node.base.name), each.node.outputs[0], each.node.base.name)
    return [Entry(entries.REGION_OPENED, {"workflow": instance.plan.callee}, instance.address)]


def _run(formula: Formula, values: dict[str, Value]) -> Value:
    from symphony_dsl.expressions.program import EvaluationError

    try:
        return formula.run(values)
    except EvaluationError as problem:
        raise StepError(problem.code, problem.message) from problem


def close_scope(state: RunState, scope: Scope) -> list[Entry]:
    """What comes of a scope in which nothing is left to wait for."""
    owner = scope.owner
    if owner is None:
        return [_end_run(state, scope)]
    if owner.iteration:
        return [_end_item(owner, scope)]
    return _close(state, owner, scope.error)


def _end_item(owner: Instance, scope: Scope) -> Entry:
    data: dict[str, Any] = {"item": scope.item}
    if scope.error:
        data["error"] = error_data(scope.error)
        data |= {"dropped": True} if owner.plan.drops_items else {}
    return Entry(entries.ITERATION_CLOSED, data, owner.address)


def _close(state: RunState, owner: Instance, error: RunError | None) -> list[Entry]:
    """A block ends: it failed, it was ended with what is around it, or its closer has its value."""
    if error:
        return [Entry(entries.REGION_CLOSED, {"error": error_data(error)}, owner.address)]
    if owner.scope.draining:
        return [Entry(entries.REGION_CLOSED, {"ended": True}, owner.address)]
    if owner.plan.role is Role.CALL:
        return _done(owner, _call_outputs(state, owner), room=0)
    closed = Entry(entries.REGION_CLOSED, {}, owner.address)
    assert owner.plan.closer is not None
    closer = owner.scope.instances[owner.plan.closer.index]
    try:
        return [closed, *_done(closer, _block_outputs(state, owner, closer), room=0)]
    except BindingError as problem:
        return [closed, failed_entry(closer, error_of(closer, problem.code, problem.message))]


def _call_outputs(state: RunState, owner: Instance) -> dict[str, Value]:
    assert owner.inner is not None
    return {name: value for name, value, _ in outputs_of(state, owner.inner)}


def outputs_of(state: RunState, scope: Scope) -> list[tuple[str, Value, Any]]:
    """The outputs of a workflow's scope: name, value, type."""
    found = [each for each in scope.instances if each.plan.role is Role.OUTPUT]
    return [
        (each.plan.node.base.name, output_of(state, each, "input"), each.plan.node.inputs[0].data_type)
        for each in found
    ]


def _block_outputs(state: RunState, owner: Instance, closer: Instance) -> dict[str, Value]:
    ports = closer.plan.node.outputs
    if not ports:
        return {}
    if owner.iteration:
        return {
            ports[0].name: [closed_value(state, closer, scope, "value") for scope in owner.iteration.scopes if scope]
        }
    scope = owner.inner
    name = scope.region.name if scope else ""
    value = closed_value(state, closer, scope, name) if scope and has_feed(closer, name) else None
    return {ports[0].name: checked(value, ports[0])}


def _end_run(state: RunState, scope: Scope) -> Entry:
    if scope.error:
        data = {"from": state.label, "to": "failed", "error": error_data(scope.error)}
        return Entry(entries.RUN_STATE, data, room=1)
    try:
        outputs = {name: to_json(value, of) for name, value, of in outputs_of(state, scope)}
    except ConversionError as problem:
        error = {"code": "conversion", "message": f"an output cannot be written as JSON: {problem}"}
        return Entry(entries.RUN_STATE, {"from": state.label, "to": "failed", "error": error}, room=1)
    return Entry(entries.RUN_STATE, {"from": state.label, "to": "completed", "outputs": outputs}, room=1)


DO: dict[Role, Callable[[RunState, Instance], list[Entry]]] = {
    Role.TASK: _begin,
    Role.EXPRESSION: _expression,
    Role.REQUIRE: _require,
    Role.FAIL: _fail,
    Role.PURE: _pure,
    Role.OUTPUT: _output,
    Role.BRANCH: _branch,
    Role.EACH: _each,
    Role.CALL: _call,
}
