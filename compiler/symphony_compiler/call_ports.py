"""The ports that parameters and results of callables become."""

from __future__ import annotations

from collections.abc import Mapping

from symphony_compiler.generic import replaced
from symphony_compiler.symbols import OutputPort, Parameter
from symphony_dsl.base.types import UNKNOWN, OptionalType, Type
from symphony_model.ports import PortDefinition


def is_needed(parameter: Parameter) -> bool:
    """Whether a call has to give it; one whose type has an error may be optional."""
    return not (parameter.has_default or isinstance(parameter.type, OptionalType) or parameter.type == UNKNOWN)


def input_port(parameter: Parameter, types: Mapping[str, Type]) -> PortDefinition:
    of = replaced(parameter.type, types)
    return PortDefinition(
        parameter.name,
        of,
        is_needed(parameter),
        parameter.has_default,
        parameter.default,
        parameter.constraints,
        documentation=parameter.doc,
    )


def output_port(port: OutputPort) -> PortDefinition:
    more = (port.has_default, port.default, port.constraints, port.wire, port.doc)
    return PortDefinition(port.name, port.type, True, *more)
