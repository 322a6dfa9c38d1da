"""The ports of nodes by name, for whoever asks for one edge after the other: a node may have a port for each of its edges."""

from __future__ import annotations

from symphony_model.nodes import port_named
from symphony_model.ports import PortDefinition

FEW = 8
"""Up to so many ports are looked through faster than they are put into a dict."""


class PortLookup:
    """What it has seen it keeps: that two tuples are the same is told by where they are."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: dict[int, tuple[tuple[PortDefinition, ...], dict[str, PortDefinition]]] = {}

    def find(self, ports: tuple[PortDefinition, ...], name: str) -> PortDefinition | None:
        """The first port of that name."""
        if len(ports) <= FEW:
            return port_named(ports, name)
        known = self._known.get(id(ports))
        if known is None:
            known = self._known[id(ports)] = ports, {port.name: port for port in reversed(ports)}
        return known[1].get(name)

    def forget(self) -> None:
        """For when nodes are gone."""
        self._known.clear()
