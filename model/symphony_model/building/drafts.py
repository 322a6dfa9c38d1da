"""What a builder has been told, before anything of it is looked up."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, TypeAlias

from symphony_dsl.base.frozen import frozen
from symphony_model.building.forms import Form
from symphony_model.edges import ConditionalEdge, ControlEdge, DataEdge, DataTransform
from symphony_model.nodes import Node
from symphony_model.ports import DataType, Expression
from symphony_model.problem import Problem

OTHERWISE = "else"


@frozen
class Misuse(Problem):
    """A call of the builder that makes nothing where it stands."""

    kind: ClassVar[str] = "misuse"


@frozen
class Reference:
    """A name as it was written, and the region that it was written in."""

    name: str
    region: str | None = None


@dataclass(slots=True)
class NodeDraft:
    """`ported`: its ports were given. `computed`: they come from what its block yields."""

    node: Node
    ported: bool = False
    computed: bool = False


@frozen
class DataDraft:
    """Without a source port it is the source's only one."""

    kind: ClassVar[str] = DataEdge.kind
    source: Reference
    source_port: str | None
    target: Reference
    target_port: str
    transform: DataTransform | None = None


@frozen
class ControlDraft:
    kind: ClassVar[str] = ControlEdge.kind
    source: Reference
    target: Reference
    priority: int = 0


@frozen
class ConditionalDraft:
    """Without a label it is the branch's next arm."""

    kind: ClassVar[str] = ConditionalEdge.kind
    source: Reference
    target: Reference
    condition: Expression | None
    label: str | None = None


EdgeDraft: TypeAlias = "DataDraft | ControlDraft | ConditionalDraft"


@dataclass(slots=True)
class ArmDraft:
    """A region of a block. `path` is the region's."""

    path: str
    name: str
    order: int
    condition: Expression | None = None
    value: DataDraft | None = None


@dataclass(slots=True)
class BlockDraft:
    """Opener and closer are paths; `region` is where both stand."""

    form: Form
    opener: str
    closer: str
    region: str | None
    result: DataType | None = None
    count: int | None = None
    arms: list[ArmDraft] = field(default_factory=list)


@dataclass(slots=True)
class Drafts:
    """`blocks` are in the order in which they ended, those inside before those around them; `regions` in that of their
    beginning."""

    nodes: list[NodeDraft] = field(default_factory=list)
    edges: list[EdgeDraft] = field(default_factory=list)
    blocks: list[BlockDraft] = field(default_factory=list)
    regions: list[tuple[BlockDraft, ArmDraft]] = field(default_factory=list)
    misuses: list[Misuse] = field(default_factory=list)
