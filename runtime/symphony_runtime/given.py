"""The inputs that a person gives to a run, checked all at once before anything starts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from symphony_dsl.base.conform import ConversionError, conform
from symphony_dsl.base.constraints import violation
from symphony_dsl.base.diagnostic import did_you_mean
from symphony_dsl.base.errors import UserError
from symphony_dsl.base.types import OptionalType
from symphony_dsl.base.values import references
from symphony_model.nodes import InputNode
from symphony_runtime.executing.confidential import is_reference, secrets_in
from symphony_runtime.plans.checks import holds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from symphony_dsl.base.values import Value
    from symphony_model.ports import PortDefinition
    from symphony_model.workflow import Workflow


def conformed(workflow: Workflow, given: Mapping[str, Any]) -> dict[str, Value]:
    """Typed values of all inputs. Raises UserError with a sentence for each one that is wrong, missing or unknown."""
    ports = {node.base.name: node.port for node in workflow.nodes.values() if isinstance(node, InputNode)}
    values: dict[str, Value] = {}
    wrong = [_unknown(name, ports) for name in given if name not in ports]
    for name, port in ports.items():
        try:
            values[name] = _value(name, port, given)
        except ValueError as problem:
            wrong.append(str(problem))
    if wrong:
        raise UserError(wrong[0] if len(wrong) == 1 else _listed(wrong), place=f"workflow {workflow.name}")
    return values


def _listed(wrong: list[str]) -> str:
    return f"{len(wrong)} inputs are wrong:\n" + "\n".join(f"  {each}" for each in wrong)


def _unknown(name: str, ports: Mapping[str, PortDefinition]) -> str:
    meant = did_you_mean(name, ports)
    if meant:
        return f"there is no input `{name}`; did you mean `{meant}`?"
    return f"there is no input `{name}`; " + (f"the inputs are {', '.join(ports)}" if ports else "it has none")


def _value(name: str, port: PortDefinition, given: Mapping[str, Any]) -> Value:
    """ValueError with a sentence where the value is wrong or missing."""
    if name not in given and not port.has_default:
        if port.required and not isinstance(port.data_type, OptionalType):
            raise ValueError(f"input `{name}` is missing; it is of type {port.data_type}")
        return None
    try:
        value = conform(given.get(name, port.default_value), port.data_type, check=holds)
    except ConversionError as problem:
        where = f" at `{problem.path}`" if problem.path else ""
        raise ValueError(f"input `{name}`{where}: {problem.message}") from problem
    if not all(is_reference(ref) for secret in secrets_in(value) for ref in references(secret)):
        # the text may be the secret itself: it is not shown
        raise ValueError(f"input `{name}`: a secret comes from `env:NAME` or `file:PATH`, and is never in the open")
    broken = violation(value, port.constraints, "", holds) if value is not None else None
    if broken:
        raise ValueError(f"input `{name}` {broken}")
    return value
