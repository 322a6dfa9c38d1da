"""What a step's result depends on, in parts, each as a hash. Steps with the same parts give the same.

Parts are kept one by one, so that of two steps it can be told what differs. Names, documentation, positions and all that is about
when and how often a step runs (`retry`, `timeout`, limits, `executor`) are no parts. What models are told of results and
of their tools is one: it is a piece of the prompt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from symphony_dsl.base.types import Type
from symphony_dsl.base.values import SecretRef, SecretText, Value
from symphony_model.nodes import InstrumentNode, OperatorNode
from symphony_model.run_names import RUN
from symphony_runtime.executing.ports import change_paths
from symphony_runtime.sharing.callables import callable_parts, parameters, tells_of_run
from symphony_runtime.sharing.hashing import Content, hashed
from symphony_runtime.storage.codec import tagged

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from symphony_dsl.base.values import Secret
    from symphony_model.ports import PortDefinition
    from symphony_runtime.plans.formula import Facts
    from symphony_runtime.task import PastTurn

MODULE = "module"
INPUT = "input "
"""Names of parts; of an input with its name behind."""


class Outside(Protocol):
    """What stands outside of a run and decides on results, as hashes. Each raises UnknownError where it cannot be had."""

    def file(self, path: str) -> str: ...

    def module(self, target: str) -> str: ...

    def secret(self, secret: Secret) -> str: ...


class UnknownError(Exception):
    """Something that a result depends on cannot be had: the step has no fingerprint."""


def fingerprint(parts: Mapping[str, str]) -> str:
    return hashed(sorted(parts.items()))


def parts_of(
    node: InstrumentNode | OperatorNode,
    inputs: Mapping[str, Value],
    outside: Outside,
    turns: Iterable[PastTurn] = (),
    facts: Facts | None = None,
    does: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """All parts of a step with these inputs; `facts` are those of the run, for what tells of them, `does` the parts of the callable
    where they are at hand. Raises UnknownError."""
    found = dict(does or callable_parts(node)) | input_parts(parameters(node), inputs, outside)
    if facts and tells_of_run(node):
        found[RUN] = hashed([facts["id"], facts["started"]])
    if isinstance(node, OperatorNode) and node.config.python:
        found[MODULE] = outside.module(node.config.python)
    return found | turn_parts(turns)


def turn_parts(turns: Iterable[PastTurn]) -> dict[str, str]:
    """What was said in the turns before, of an instrument with tools."""
    past = [[turn.text, *([call.name, call.arguments] for call in turn.calls), *turn.results] for turn in turns]
    return {"turns": hashed(past)} if past else {}


def input_parts(
    ports: Iterable[PortDefinition], inputs: Mapping[str, Value], outside: Outside | None = None
) -> dict[str, str]:
    """Each input, files by their content and secrets by what they are; as they are written if nothing is known of the outside."""
    found: dict[str, str] = {}
    for port in ports:
        value = inputs.get(port.name)
        if outside:
            value = _by_content(value, port.data_type, outside)
        found[f"{INPUT}{port.name}"] = hashed(value)
    return found


def _by_content(value: Value, of: Type, outside: Outside) -> Value:
    return _secrets(change_paths(value, of, lambda path: Content("file", outside.file(path))), outside)


def _secrets(value: Value, outside: Outside) -> Value:
    if isinstance(value, SecretRef | SecretText):
        return [tagged(value), Content("secret", outside.secret(value))]
    if isinstance(value, dict):
        return {key: _secrets(each, outside) for key, each in value.items()}
    if isinstance(value, list):
        return [_secrets(each, outside) for each in value]
    return value
