"""The workflows of plans: sound graphs with blocks in blocks, nodes and edges declared in any order."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import strategies as st
from tests.model.generators.plans import ELSE, FORMS, Block, Body, Step, bodies
from tests.model.generators.shapes import SWAPS, Swaps, swapped

from symphony_dsl.base.types import BOOL, INT, STRING, Field, ListType, OptionalType, RecordType, Type
from symphony_model.edges import ConditionalEdge, ControlEdge, DataEdge, Edge
from symphony_model.ids import EdgeId, NodeId, edge_id, node_id, workflow_id
from symphony_model.nodes import (
    ControlConfig,
    ControlNode,
    ControlType,
    InputNode,
    InstrumentConfig,
    InstrumentNode,
    Node,
    NodeBase,
    OperatorConfig,
    OperatorNode,
    OperatorType,
    OutputNode,
)
from symphony_model.ports import Constant, Expression, PortDefinition
from symphony_model.region import Region
from symphony_model.structure import CLOSER_OF
from symphony_model.workflow import Workflow

NAME = "nested"
ID = workflow_id(NAME)


@dataclass(frozen=True)
class Source:
    """An output port that something may read."""

    path: str
    port: str
    type: Type


TEXT = Source("input.text", "output", STRING)
ITEMS = Source("input.items", "output", ListType(STRING))


def nid(path: str) -> NodeId:
    return node_id(ID, path)


def base(path: str, region: str | None) -> NodeBase:
    return NodeBase(nid(path), path, path.rpartition("/")[2], region=region)


def port(name: str, of: Type, *, required: bool = True) -> PortDefinition:
    return PortDefinition(name, of, required)


@dataclass
class Maker:
    nodes: dict[NodeId, Node] = field(default_factory=dict)
    edges: dict[EdgeId, Edge] = field(default_factory=dict)
    regions: list[Region] = field(default_factory=list)
    steps: int = 0

    def put(self, node: Node) -> None:
        self.nodes[node.base.id] = node

    def data(self, source: Source, target: str, name: str) -> None:
        self.need(source)
        start, end = nid(source.path), nid(target)
        made = edge_id(ID, "data", f"{start}.{source.port}", f"{end}.{name}")
        self.edges[made] = DataEdge(made, start, source.port, end, name)

    def need(self, source: Source) -> None:
        """Inputs are there only where something reads them: otherwise they would be orphans."""
        if source in (TEXT, ITEMS):
            self.put(InputNode(base(source.path, None), port("output", source.type)))

    def control(self, source: str, target: str) -> None:
        made = edge_id(ID, "control", source, target)
        self.edges[made] = ControlEdge(made, nid(source), nid(target))

    def conditional(self, arm: Region, target: str) -> None:
        condition = None if arm.name == ELSE else Expression(f"{arm.order} < 5", BOOL)
        made = edge_id(ID, f"conditional {arm.name}", str(arm.opener), target)
        self.edges[made] = ConditionalEdge(made, arm.opener, nid(target), condition, arm.name, arm.order)

    # Statements

    def body(self, region: str | None, statements: Body, scope: list[Source]) -> Source | None:
        """What the last statement gives. What a body defines is seen below it, within it."""
        scope, above, value = list(scope), "", None
        for statement in statements:
            self.steps += 1
            path = f"{region}/s{self.steps}" if region else f"s{self.steps}"
            if isinstance(statement, Step):
                value = self.step(path, region, statement, scope)
            else:
                value = self.block(path, region, statement, scope)
                if statement.follows and above:
                    self.control(above, opener_of(path, statement.form))
            scope += [value] if value else []
            above = path
        return value

    def step(self, path: str, region: str | None, step: Step, scope: list[Source]) -> Source | None:
        """At the top a step reads something, so that it is not alone."""
        read = chosen(step.reads or (() if region else (0,)), scope)
        node = made(step.kind, base(path, region), ports_for(read))
        self.put(node)
        self.feed(path, read)
        return Source(path, "result", node.outputs[0].data_type) if node.outputs else None

    def feed(self, path: str, read: list[Source]) -> None:
        for at, source in enumerate(read):
            self.data(source, path, f"p{at}")

    def block(self, path: str, region: str | None, block: Block, scope: list[Source]) -> Source | None:
        form, opener = FORMS[block.form], opener_of(path, block.form)
        given = self.open(block.form, opener, region, chosen(block.reads, scope), scope)
        values: dict[str, Source] = {}
        for order, (name, statements) in enumerate(zip(named_arms(block), block.arms, strict=True)):
            own = path if block.form == "each" else f"{path}:{name}"
            arm = Region(own, name, nid(opener), nid(path), order, region)
            self.regions.append(arm)
            value = self.body(own, statements, [*scope, *given])
            values |= {name: value} if value else {}
        result = result_of(block.form, {name: value.type for name, value in values.items()})
        inputs = tuple(port(closing(name), of.type, required=False) for name, of in values.items())
        outputs = (port("result", result),) if result else ()
        config = ControlConfig(block.form, opener=opener)
        self.put(ControlNode(base(path, region), CLOSER_OF[form.opens], config, inputs, outputs))
        for name, value in values.items():
            self.data(value, path, closing(name))
        return Source(path, "result", result) if result else None

    def open(self, form: str, opener: str, region: str | None, read: list[Source], scope: list[Source]) -> list[Source]:
        """The opening node, and what it gives to what stands in its block."""
        lists = [source for source in scope if isinstance(source.type, ListType)]
        items = (lists or [ITEMS])[-1]
        fed = [items] if form == "each" else read
        given = {"each": ("item", items.type.item), "until": ("round", INT)}.get(form)  # type: ignore[attr-defined]  # a list
        outputs = (port(*given),) if given else ()
        self.put(ControlNode(base(opener, region), FORMS[form].opens, ControlConfig(form), ports_for(fed), outputs))
        self.feed(opener, fed)
        return [Source(opener, *given)] if given else []

    # Regions

    def join(self) -> None:
        """First nodes follow their opening node, last ones lead to the closing one, an empty region leads past itself."""
        for region in self.regions:
            inside = [node for node in self.nodes.values() if node.base.region == region.path]
            for node in inside:
                if not self.meets(node, region.path, region.opener, "target_node", "source_node"):
                    self.enter(region, node.base.path)
                if not self.meets(node, region.path, region.closer, "source_node", "target_node"):
                    self.control(node.base.path, self.nodes[region.closer].base.path)
            if not inside:
                self.enter(region, self.nodes[region.closer].base.path)

    def enter(self, region: Region, target: str) -> None:
        opener = self.nodes[region.opener]
        assert isinstance(opener, ControlNode)
        if opener.control_type is ControlType.BRANCH and opener.config.mode != "try":
            self.conditional(region, target)
        else:
            self.control(opener.base.path, target)

    def meets(self, node: Node, region: str, end: NodeId, own: str, other: str) -> bool:
        """Whether a node is joined to others of its region, or to the end; one end of a block within counts for both."""
        if isinstance(node, ControlNode) and (node.config.opener is None) == (own == "source_node"):
            return True
        beside = (getattr(edge, other) for edge in self.edges.values() if getattr(edge, own) == node.base.id)
        return any(each == end or self.nodes[each].base.region == region for each in beside)


def opener_of(path: str, form: str) -> str:
    return f"{path}.{form}"


def named_arms(block: Block) -> tuple[str, ...]:
    """The second arm of a choice is its `else`, unless there are more."""
    names, count = FORMS[block.form].arms, len(block.arms)
    return (*names[: count - 1], ELSE) if count > 1 and names[-1] == ELSE else names[:count]


def closing(arm: str) -> str:
    """The port of a closing node that an arm feeds."""
    return "value" if arm == "each" else arm


def chosen(reads: tuple[int, ...], scope: list[Source]) -> list[Source]:
    return [scope[-1 - at % len(scope)] for at in reads]


def ports_for(read: list[Source]) -> tuple[PortDefinition, ...]:
    return tuple(port(f"p{at}", source.type) for at, source in enumerate(read))


def result_of(form: str, values: dict[str, Type]) -> Type | None:
    if not values:
        return None
    if form == "all":
        return RecordType(tuple(Field(name, of) for name, of in values.items()))
    first = next(iter(values.values()))
    if form == "each":
        return ListType(first)
    return first if isinstance(first, OptionalType) else OptionalType(first)


def made(kind: str, own: NodeBase, inputs: tuple[PortDefinition, ...]) -> Node:
    result = (port("result", STRING),)
    match kind:
        case "python":
            return OperatorNode(own, OperatorType.PYTHON, OperatorConfig(callee="f", python="m:f"), inputs, result)
        case "expression":
            config = OperatorConfig(expression=Expression('"a"', STRING))
            return OperatorNode(own, OperatorType.EXPRESSION, config, inputs, result)
        case "require":
            config = OperatorConfig(expression=Expression("1 < 2", BOOL))
            return OperatorNode(own, OperatorType.REQUIRE, config, inputs)
        case "instrument":
            tone = PortDefinition("tone", STRING)
            arguments = InstrumentConfig("ask", prompt=Expression("tone", STRING), arguments={"tone": Constant("kind")})
            return InstrumentNode(own, "openai/small", arguments, (*inputs, tone), result)
    return OperatorNode(own, OperatorType.TEXT, OperatorConfig(callee="text"), inputs, result)


def nested(plan: Body) -> Workflow:
    """The workflow of a plan, its outer regions first."""
    maker = Maker()
    scope = [ITEMS, TEXT]
    value = maker.body(None, plan, scope) or TEXT
    maker.put(OutputNode(base("output.all", None), port("input", value.type)))
    maker.data(value, "output.all", "input")
    maker.join()
    return Workflow.of(NAME, nodes=maker.nodes.values(), edges=maker.edges.values(), regions=tuple(maker.regions))


def reordered(workflow: Workflow, nodes: Swaps, edges: Swaps) -> Workflow:
    """The same workflow, its nodes and edges declared in another order."""
    parts = swapped(workflow.nodes.values(), nodes), swapped(workflow.edges, edges)
    return Workflow.of(workflow.name, nodes=parts[0], edges=parts[1], regions=workflow.regions)


def nested_workflows(forms: tuple[str, ...] = tuple(FORMS), *, empty: bool = True) -> st.SearchStrategy[Workflow]:
    return st.builds(reordered, bodies(forms, empty=empty).map(nested), SWAPS, SWAPS)
