"""Ports and expressions: where data enters and leaves a node, and what is computed on the way."""

from __future__ import annotations

from typing import Any, TypeAlias

from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.types import Constraint, Type

DataType: TypeAlias = Type
"""The type of a port: the language's own type system."""


@frozen
class PortDefinition:
    """`default_value` is a typed value. It counts only where `has_default` is true: no value and the value null differ.

    `wire` is the name of a result's field in JSON, where it has another there. `documentation` is read by people and models.
    """

    name: str
    data_type: DataType
    required: bool = True
    has_default: bool = False
    default_value: Any = None
    constraints: tuple[Constraint, ...] = ()
    wire: str | None = None
    documentation: str | None = None


@frozen
class Expression:
    """Canonical source and the type of its value. Its names are ports of the node it stands in, or `it` on an edge.

    The source is closed: constants are written out and enum values stand as their wire names.
    """

    source: str
    type: DataType


@frozen
class Constant:
    """An argument whose value is known when the text is compiled. The value is what `base.conform.to_json` writes."""

    value: Any


Argument: TypeAlias = Constant | Expression
"""What a node's configuration gives to a port that no edge feeds."""
