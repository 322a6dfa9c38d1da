"""What would help where an edge does not fit: the ports that there are, and the conversion that would make a value fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symphony_dsl.base.diagnostic import did_you_mean
from symphony_dsl.base.flows import flows
from symphony_dsl.base.types import BOOL, FLOAT, INT, STRING, EnumType, ListType, OptionalType, Type

if TYPE_CHECKING:
    from symphony_model.ports import PortDefinition


def ports_listed(ports: tuple[PortDefinition, ...], name: str) -> str:
    """What there is in place of a port that is not there."""
    names = [port.name for port in ports]
    near = did_you_mean(name, names[:LISTED])
    if near:
        return f"did you mean `{near}`?"
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return f"it has {', '.join(f'`{each}`' for each in names[:LISTED]) or 'none'}{more}"


LISTED = 20
"""More ports than that nobody reads, nor has the time to compare."""

_WRITTEN: dict[Type, str] = {STRING: "string(it)", INT: "int(it)", FLOAT: "float(it)", BOOL: "bool(it)"}
_SCALARS = frozenset({STRING, INT, FLOAT, BOOL})


def conversion_help(source: Type, target: Type) -> str:
    """The conversion that would make it fit, where there is one that a transform of the edge can do."""
    expression = _conversion(source, target)
    return f"; the transform `{expression}` would make it fit" if expression else ""


def _conversion(source: Type, target: Type) -> str | None:
    if isinstance(source, OptionalType) and flows(source.item, target).ok:
        return "it ?? …"
    if isinstance(target, ListType) and flows(source, target.item).ok:
        return "[it]"
    if isinstance(source, ListType) and flows(source.item, target).ok:
        return "it[0]"
    if isinstance(source, ListType) and isinstance(target, ListType):
        inner = _conversion(source.item, target.item)
        return f"it.map(x, {inner.replace('it', 'x', 1)})" if inner and "it" in inner else None
    if target in _WRITTEN and (source in _SCALARS or (isinstance(source, EnumType) and target == STRING)):
        return _WRITTEN[target]
    return None
