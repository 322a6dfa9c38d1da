"""What the names of a builder's calls mean, once all nodes are there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from symphony_dsl.base.diagnostic import MAX_SUGGESTIONS, did_you_mean
from symphony_model.building.drafts import Reference
from symphony_model.nodes import Node
from symphony_model.port_lookup import PortLookup
from symphony_model.ports import PortDefinition

SOURCES = ("input", "output")
TARGETS = ("output", "input")
"""Which border node a bare name is, where an edge starts and where it ends."""


@dataclass(slots=True)
class Names:
    """`parents` are the regions around regions."""

    nodes: Mapping[str, Node]
    parents: Mapping[str, str | None]
    _near: dict[str, str | None] = field(default_factory=dict)
    _ports: PortLookup = field(default_factory=PortLookup)

    def find(self, reference: Reference, borders: tuple[str, str], fits: Callable[[Node], bool] = bool) -> Node | None:
        """Inside first, then further and further out; a step before an input or output.

        Of several in one place it is the first that fits, so that a step and the output that it feeds may share a name.
        """
        region = reference.region
        while region is not None:
            found = self.nodes.get(f"{region}/{reference.name}")
            if found is not None:
                return found
            region = self.parents.get(region)
        paths = (reference.name, *(f"{border}.{reference.name}" for border in borders))
        called = [self.nodes[path] for path in paths if path in self.nodes]
        return next((node for node in called if fits(node)), called[0] if called else None)

    def start_of(self, node: Node, port: str | None) -> PortDefinition | None:
        """The port that an edge starts at: where none is named, the only one."""
        if port is not None:
            return self._ports.find(node.outputs, port)
        return node.outputs[0] if len(node.outputs) == 1 else None

    def end_of(self, node: Node, port: str) -> PortDefinition | None:
        """The port that an edge ends at."""
        return self._ports.find(node.inputs, port)

    def near(self, name: str) -> str | None:
        """The name that was probably meant. A name may be wrong in thousands of edges, so each is looked for once, and few are."""
        if name not in self._near and len(self._near) < MAX_SUGGESTIONS:
            self._near[name] = did_you_mean(name, self._callable())
        return self._near.get(name)

    def _callable(self) -> dict[str, None]:
        """What nodes may be called, without where they stand."""
        locals_ = (path.rpartition("/")[2] for path in self.nodes)
        return dict.fromkeys((*locals_, *(node.base.name for node in self.nodes.values())))


def listed(ports: tuple[PortDefinition, ...]) -> str:
    return ", ".join(f"`{port.name}`" for port in ports) or "none"
