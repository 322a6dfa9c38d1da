"""Where in a workflow a pass stands while it makes nodes: the body with its names, order and region."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from symphony_compiler.bindings import Binding, Frame, Port
from symphony_compiler.graph import Graph
from symphony_compiler.layout import dotted
from symphony_compiler.names import define
from symphony_compiler.notes import NO_NOTES, PASSED_OVER, NodeNotes, summary
from symphony_compiler.order import Order
from symphony_compiler.site import Site
from symphony_compiler.symbols import CallableSymbol
from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.span import Span
from symphony_dsl.base.types import NEVER, UNKNOWN, Type
from symphony_dsl.syntax.tree import Body, Fail, Lead, Node, Statement
from symphony_model.ids import NodeId
from symphony_model.nodes import ControlNode, InputNode, InstrumentNode, NodeBase, OperatorNode, OutputNode
from symphony_model.settings import NO_SETTINGS, Settings

Hash = Callable[[CallableSymbol], str | None]
"""The content hash of a workflow's graph; None where it has none because of an error."""


class Home(Enum):
    """What statements are the body of, which says what may stand among them and which of them gives their value."""

    WORKFLOW = auto()
    BLOCK = auto()
    ROUND = auto()  # of a loop, down to its `until`
    AGAIN = auto()  # of a loop, below its `until`
    DONE = auto()  # of a loop: its `yield`
    FINALLY = auto()


@frozen
class Part:
    """Statements of a body that are worked on together. `lost`: some of them could not be read."""

    statements: tuple[Statement, ...]
    home: Home
    lost: bool = False


Content = Body | Node | Fail | Part
"""What stands in a block, an arm or a branch."""

NOWHERE = Span(0, 0)


@frozen
class Place:
    """A node to be made: its path, its name, what was said in front of it, and where it was written.

    `span` is that of the statement, `word` that of the word that its control block starts with. A `barrier` stands in line; `after` are the nodes that it names, with their priorities.
    """

    path: str
    name: str
    span: Span
    word: Span = NOWHERE
    notes: NodeNotes = NO_NOTES
    barrier: bool = False
    after: tuple[tuple[NodeId, int], ...] = ()
    synthetic: bool = False

    def inside(self, name: str) -> Place:
        """A node that the compiler adds for this one, and that is passed over with it."""
        notes = PASSED_OVER if self.notes.disabled else NO_NOTES
        return Place(f"{self.path}.{name}", name, self.span, self.word, notes, synthetic=True)

    def saying(self, value: Span, word: str) -> Place:
        return replace(self, word=Span(value.start, value.start + len(word)))

    def opening(self, word: str) -> Place:
        return replace(self, path=f"{self.path}.{word}")


@frozen
class Made:
    """What a value became: `node` is where it ends. `type` is None where there is no value."""

    node: NodeId
    type: Type | None
    ports: dict[str, Port]
    is_record: bool = False

    def bind(self, name: str, span: Span, what: str = "step") -> Binding:
        return Binding(name, what, span, self.type, self.ports, self.is_record, self.node)

    @property
    def returns(self) -> bool:
        return self.type != NEVER


@frozen
class Block:
    """A block that has been worked on. `value` is what it yields; `ends` is what its end waits for.

    `returns` is false where it always fails. `lost`: what it yields may be among what could not be read. `empty`: the way
    leads from the opening to the closing node directly.
    """

    name: str
    value: Made | None
    ends: tuple[NodeId, ...]
    returns: bool = True
    lost: bool = False

    @property
    def empty(self) -> bool:
        return not self.ends


LowerBlock = Callable[["Spot", Content, str, "Type | None"], Block]


@dataclass(slots=True)
class Spot:
    """`symbol` is the workflow's own, `outputs` and `bindings` are what it has defined so far. `defaults` are those of the workflow, `outer`
    those of the file. `final`: somewhere in a `finally`."""

    site: Site
    graph: Graph
    frame: Frame
    order: Order
    hash_of: Hash
    symbol: CallableSymbol
    lower_block: LowerBlock
    outputs: dict[str, Span] = field(default_factory=dict)
    bindings: list[Binding] = field(default_factory=list)
    region: str | None = None
    final: bool = False
    defaults: Settings = NO_SETTINGS
    outer: Settings = NO_SETTINGS

    def block(self, content: Content, name: str, expected: Type | None) -> Block:
        """Work on a block that stands here: control statements hold bodies, and bodies hold control statements."""
        return self.lower_block(self, content, name, expected)

    def path(self, name: str) -> str:
        return f"{self.region}/{name}" if self.region else name

    def base(self, place: Place) -> NodeBase:
        label = place.notes.label or place.name
        metadata = place.notes.metadata
        return NodeBase(
            id=self.graph.id(place.path),
            path=place.path,
            name=label,
            description=summary(metadata.documentation),
            position=self.graph.positions.get(dotted(place.path)) if self.graph.positions else None,
            enabled=not place.notes.disabled,
            region=self.region,
            synthetic=place.synthetic,
            metadata=metadata,
        )

    def keep_id(self, place: Place, lead: Lead) -> None:
        """Give a node the id that the text says, which it keeps over a rename."""
        given = place.notes.id
        if given is None:
            return
        span = next(each.span for each in lead.annotations if each.name.name == "id")
        if self.symbol.kind == "template":
            message = "a template gives no ids, which are those of one workflow: they follow from the name that it is filled in under"
            self.site.report("WF0214", span, message)
            return
        if given in self.graph.kept.values():
            self.site.report("WF0202", span, f'another node has the id "{given}" already')
            return
        self.graph.kept[place.path] = given

    def add(self, node: InstrumentNode | OperatorNode | ControlNode | InputNode | OutputNode, place: Place) -> NodeId:
        return self.graph.add(node, self.site.location(place.span).span.start)

    def enter(self, node: NodeId, place: Place) -> None:
        """A node has its data edges: now the order that the text gives it."""
        for source, priority in place.after:
            self.graph.control(source, node, priority)
            self.order.linked(source, node)
        self.order.entered(node, barrier=place.barrier)

    def define(self, binding: Binding) -> None:
        if define(self.site, self.frame, binding):
            self.bindings.append(binding)

    def leave(self, node: NodeId, place: Place) -> None:
        self.order.left(node, barrier=place.barrier)


def nothing(node: NodeId) -> Made:
    """What stands for a value that has an error: it fits everywhere."""
    return Made(node, UNKNOWN, {})
