"""What would help where an edge does not fit: the ports that there are, and the conversion that would make a value fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symphony_dsl.base.diagnostic import did_you_mean
from symphony_model.conversions import conversion

if TYPE_CHECKING:
    from symphony_dsl.base.types import Type
    from symphony_model.ports import PortDefinition


LISTED = 20
"""More ports than that nobody reads, nor has the time to compare."""


def near_port(ports: tuple[PortDefinition, ...], name: str) -> str | None:
    """The name of the port that was probably meant."""
    return did_you_mean(name, [port.name for port in ports[:LISTED]])


def ports_listed(ports: tuple[PortDefinition, ...], name: str) -> str:
    """What there is in place of a port that is not there."""
    near = near_port(ports, name)
    if near:
        return f"did you mean `{near}`?"
    more = f" and {len(ports) - LISTED} more" if len(ports) > LISTED else ""
    return f"it has {', '.join(f'`{port.name}`' for port in ports[:LISTED]) or 'none'}{more}"


def conversion_help(source: Type, target: Type) -> str:
    """The conversion that would make a value fit, where there is one that a transform of the edge can do."""
    expression = conversion(source, target)
    if expression is None:
        return ""
    when = ", where the data fits" if "dyn(" in expression else ""
    return f"; the transform `{expression}` would make it fit{when}"
