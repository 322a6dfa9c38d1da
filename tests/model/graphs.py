"""Sound workflows with nested regions, as a strategy: the shapes that the compiler makes, without a compiler."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, timedelta, timezone
from typing import Any

from hypothesis import strategies as st
from tests.base.typed import JSONS, TEXTS, WORDS, values
from tests.model.values import types

from symphony_dsl.base.conform import to_json
from symphony_dsl.base.flows import hidden_in
from symphony_dsl.base.types import BOOL, INT, STRING, Constraint, ListType, OptionalType, Type, record
from symphony_model.artifact import Artifact, seal
from symphony_model.edges import ConditionalEdge, ControlEdge, DataEdge, DataTransform, TransformType
from symphony_model.http_request import HttpRequest
from symphony_model.ids import NodeId, edge_id, node_id
from symphony_model.json_form.workflow import workflow_hash
from symphony_model.metadata import NodeMetadata, WorkflowMetadata
from symphony_model.nodes import (
    ControlConfig,
    ControlNode,
    ControlType,
    Effect,
    InputNode,
    InstrumentConfig,
    InstrumentNode,
    InstrumentTool,
    NodeBase,
    OperatorConfig,
    OperatorNode,
    OperatorTool,
    OperatorType,
    OutputNode,
    Position,
    Tool,
)
from symphony_model.ports import Argument, Constant, Expression, PortDefinition
from symphony_model.region import Region
from symphony_model.settings import (
    NO_RUN_SETTINGS,
    NO_SETTINGS,
    Cache,
    Concurrency,
    RateLimit,
    Resources,
    Retry,
    RunSettings,
    Settings,
)
from symphony_model.structure import closes, opens
from symphony_model.version import Version
from symphony_model.workflow import Workflow

STATEMENTS = ([3, 2, 4], [1, 0, 2], [1, 0], [1, 0])
"""How many statements a body has, by how deeply it is nested."""
DEPTH = len(STATEMENTS) - 1

BOUNDS = (Constraint("one_of", [1, "b", None]), Constraint("min", 0.5), Constraint("check", "it != 7"))

custom = st.dictionaries(TEXTS, JSONS, max_size=2)
some_texts = st.lists(TEXTS, max_size=2).map(tuple)
retries = st.builds(Retry, st.integers(1, 9), st.integers(0, 10**12), st.floats(1, 3), st.floats(0, 1), some_texts)
times = st.none() | st.integers(1, 10**12)
names = st.none() | st.just("desk")
settings = st.just(NO_SETTINGS) | st.builds(
    Settings,
    st.none() | retries,
    times,
    st.none() | TEXTS,
    times,
    st.none() | st.builds(Cache, st.booleans(), times),
    st.sampled_from([None, "stop", "pause"]),
    st.none() | st.builds(Concurrency, st.integers(1, 9), names),
    st.none() | st.builds(RateLimit, st.integers(1, 9), st.integers(1, 10**12), names),
    st.none() | TEXTS,
    st.none() | st.builds(Resources, st.none() | st.just(0.5), st.none() | st.just(1024)),
    names,
)
run_settings = st.just(NO_RUN_SETTINGS) | st.builds(RunSettings, times, st.none() | st.integers(1, 9))
node_metadata = st.just(NodeMetadata()) | st.builds(NodeMetadata, st.none() | TEXTS, some_texts, some_texts, custom)
workflow_metadata = st.builds(
    WorkflowMetadata, st.none() | TEXTS, some_texts, st.none() | TEXTS, st.none() | TEXTS, st.none() | TEXTS, custom
)


moments = st.none() | st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=-5, minutes=30))]))


def expression(source: str, of: Type) -> Expression:
    return Expression(source, of)


TALK = expression('[{role: "user", content: "hello"}]', ListType(record(role=STRING, content=STRING)))

OPERATORS: list[tuple[OperatorType, dict[str, Any]]] = [
    (OperatorType.PYTHON, {"callee": "clean", "python": "desk.text:clean"}),
    (OperatorType.SHELL, {"callee": "run", "shell": "echo $p0"}),
    (OperatorType.SHELL, {"callee": "run", "shell": (expression('"ls"', STRING), expression('"-l"', STRING))}),
    (OperatorType.HTTP, {"callee": "get", "http": HttpRequest("GET", ("https://desk/", expression('"7"', STRING)))}),
    (OperatorType.REQUIRE, {"expression": expression("1 < 2", BOOL), "failure": expression('"no"', STRING)}),
    (OperatorType.FAIL, {"failure": expression('"over"', STRING)}),
    (OperatorType.TEXT, {"callee": "text"}),
]


@dataclass(frozen=True)
class Source:
    """An output port that something may read."""

    path: str
    port: str
    type: Type


@dataclass(frozen=True)
class Pool:
    """What a graph is made of, drawn once: drawing it anew for every node would take most of the time."""

    types: list[tuple[Type, Any]]  # with a value each
    texts: list[str]
    metadata: list[NodeMetadata]
    settings: list[Settings]


@st.composite
def pools(draw: st.DrawFn) -> Pool:
    of = [INT, *draw(st.lists(types, min_size=1, max_size=3))]
    valued = [(each, draw(values(each))) for each in of]
    return Pool(
        valued,
        draw(st.lists(TEXTS, min_size=2, max_size=2)),
        [NodeMetadata(), draw(node_metadata)],
        [NO_SETTINGS, draw(settings)],
    )


@dataclass
class Maker:
    draw: st.DrawFn
    pool: Pool
    workflow: Workflow
    callees: tuple[str, ...] = ()
    count: int = 0

    def pick(self, among: Any) -> Any:
        return self.draw(st.sampled_from(among))

    def type(self) -> Type:
        return self.pick(self.pool.types)[0]

    def fresh(self, region: str | None) -> str:
        self.count += 1
        return f"{region}/s{self.count}" if region else f"s{self.count}"

    def id(self, path: str) -> NodeId:
        return node_id(self.workflow.id, path)

    def base(self, path: str, region: str | None = None, *, synthetic: bool = False) -> NodeBase:
        name, about = self.pick([path, *self.pool.texts]), self.pick([None, *self.pool.texts])
        place, metadata = self.pick([None, Position(-1.5, 2)]), self.pick(self.pool.metadata)
        return NodeBase(self.id(path), path, name, about, place, True, region, synthetic, metadata)

    def border(self, path: str) -> NodeBase:
        """Inputs and outputs are known by their names, so that no two share one."""
        return replace(self.base(path), name=path)

    def data(self, source: Source, target: str, port: str, transform: DataTransform | None = None) -> None:
        start, end = self.id(source.path), self.id(target)
        name = edge_id(self.workflow.id, "data", f"{start}.{source.port}", f"{end}.{port}")
        self.workflow.put_edge(DataEdge(name, start, source.port, end, port, transform))

    def control(self, source: str, target: str) -> None:
        start, end = self.id(source), self.id(target)
        name = edge_id(self.workflow.id, "control", str(start), str(end))
        self.workflow.put_edge(ControlEdge(name, start, end, self.pick([0, 5, -1])))

    def conditional(self, arm: Region, target: str, condition: Expression | None) -> None:
        end = self.id(target)
        name = edge_id(self.workflow.id, "conditional", f"{arm.opener}.{arm.name}", str(end))
        self.workflow.put_edge(ConditionalEdge(name, arm.opener, end, condition, arm.name, arm.order))

    # Steps

    def step(self, region: str | None, scope: list[Source]) -> Source | None:
        """An operator or an instrument, fed by edges, by constants and by nothing."""
        path, read = self.fresh(region), self.some(scope)
        arguments, given = self.constants()
        ports = (*ports_for(read), *given, *self.spare())
        result = self.type()
        outputs = self.pick([(), (PortDefinition("result", result),)])
        build = self.pick([self.instrument, self.operator])
        base = self.base(path, region)
        if not outputs:  # nobody reads what it gives
            base = replace(base, enabled=self.pick([True, False]))
        self.workflow.add_node(build(base, ports, outputs, arguments))
        self.feed(read, path, transforms=True)
        return Source(path, "result", result) if outputs else None

    def some(self, scope: list[Source]) -> list[Source]:
        return [self.pick(scope) for _ in range(self.pick([0, 1, 2]))] if scope else []

    def constants(self) -> tuple[dict[str, Argument], list[PortDefinition]]:
        """Arguments that no edge brings: a value, or an expression that mentions no port."""
        known = [(of, Constant(to_json(value, of))) for of, value in self.pool.types]
        given = {f"c{at}": self.pick([*known, (INT, expression("1 + 1", INT))]) for at in range(self.pick([0, 1]))}
        ports = [PortDefinition(name, of) for name, (of, _) in given.items()]
        written = {name: argument for name, (_, argument) in given.items()}
        return written, ports

    def spare(self) -> list[PortDefinition]:
        """A port that may go without a value."""
        of, value = self.pick(self.pool.types)
        optional = PortDefinition("spare", of, False, constraints=BOUNDS, wire="a-spare", documentation="Not needed.")
        default = PortDefinition("spare", of, True, True, value)
        return self.pick([[], [optional], [default]])

    def feed(self, read: list[Source], target: str, *, transforms: bool = False) -> None:
        for at, source in enumerate(read):
            kind = self.pick([None, *TransformType]) if transforms else None
            self.data(source, target, f"p{at}", DataTransform(kind, expression("it", source.type)) if kind else None)

    def instrument(self, base: NodeBase, inputs: Any, outputs: Any, arguments: Any) -> InstrumentNode:
        hello = expression('"hello"', STRING)
        texts = [self.pick([None, hello]), *self.pick([(None, None), (hello, None), (None, TALK)])]
        warmth, most = self.pick([None, 0.2]), self.pick([None, 9])
        effect, set_ = self.pick(list(Effect)), self.pick(self.pool.settings)
        tools = self.pick([(), self.tools()])
        turns, others = (self.pick([None, 3]) if tools else None), self.pick([(), ("local/other",)])
        rest = self.pick([False, True]), arguments, set_, tools, turns, others
        config = InstrumentConfig("ask", *texts, warmth, most, effect, *rest)
        return InstrumentNode(base, "openai/small", config, inputs, outputs, self.pick([None, "2"]))

    def tools(self) -> tuple[Tool, ...]:
        """An operator or workflow, and an instrument that has it too."""
        calls = [(OperatorType.WORKFLOW, {"callee": "other", "workflow": callee}) for callee in self.callees]
        kind, own = self.pick([*OPERATORS[:4], *calls])
        ports = (PortDefinition("text", STRING),), (PortDefinition("result", self.type()),)
        clean = OperatorTool("clean", kind, OperatorConfig(**own), self.pick(self.pool.texts), *ports)
        config = InstrumentConfig("ask", prompt=expression("text", STRING), tools=(clean,))
        return clean, InstrumentTool("ask", "openai/small", config, None, *ports, self.pick([None, "2"]))

    def operator(self, base: NodeBase, inputs: Any, outputs: Any, arguments: Any) -> OperatorNode:
        calls = [(OperatorType.WORKFLOW, {"callee": "other", "workflow": callee}) for callee in self.callees]
        kind, own = self.pick([*OPERATORS, *calls])
        effect, set_ = self.pick(list(Effect)), self.pick(self.pool.settings)
        config = OperatorConfig(
            effect=effect, record=self.pick([False, True]), arguments=arguments, settings=set_, **own
        )
        return OperatorNode(base, kind, config, inputs, outputs)

    def synthetic(self, region: str | None, scope: list[Source]) -> Source | None:
        """An expression made for an argument of the step behind it."""
        read = self.some(scope)
        if not read:
            return None
        step = self.fresh(region)
        path = f"{step}.p0"
        config = OperatorConfig(expression=expression("p0", read[0].type))
        base, result = self.base(path, region, synthetic=True), (PortDefinition("result", read[0].type),)
        self.workflow.add_node(OperatorNode(base, OperatorType.EXPRESSION, config, ports_for(read), result))
        self.feed(read, path)
        config = OperatorConfig(callee="text", settings=self.pick(self.pool.settings))
        inputs = (PortDefinition("p0", read[0].type),)
        self.workflow.add_node(OperatorNode(self.base(step, region), OperatorType.TEXT, config, inputs))
        self.data(Source(path, "result", read[0].type), step, "p0")
        return None

    # Blocks

    def branch(self, region: str | None, scope: list[Source], depth: int) -> Source | None:
        path, read = self.fresh(region), self.some(scope)
        opener = f"{path}.if"
        config = ControlConfig("if")
        self.workflow.add_node(ControlNode(self.base(opener, region), ControlType.BRANCH, config, ports_for(read)))
        self.feed(read, opener)
        names = self.pick([["then"], ["then", "else"], ["then", "then2", "else"]])
        arms = [
            Region(f"{path}:{name}", name, self.id(opener), self.id(path), at, region) for at, name in enumerate(names)
        ]
        yields = {arm.name: value for arm in arms if (value := self.block(arm, scope, depth))}
        ports = tuple(PortDefinition(name, value.type, required=False) for name, value in yields.items())
        results = [OptionalType(value.type) for value in yields.values()][:1]
        self.closer(path, region, ControlType.MERGE, ControlConfig("if", opener=opener), ports, results)
        for name, value in yields.items():
            self.data(value, path, name)
        for arm in arms:
            condition = None if arm.name == "else" else expression(f"{arm.order} < 2", BOOL)
            self.join(arm, lambda end, arm=arm, condition=condition: self.conditional(arm, end, condition))
        return Source(path, "result", results[0]) if results else None

    def each(self, region: str | None, scope: list[Source], depth: int) -> Source | None:
        lists = [source for source in scope if isinstance(source.type, ListType)]
        if not lists:
            return None
        path, items = self.fresh(region), self.pick(lists)
        opener, item = f"{path}.for", items.type.item
        limit = self.pick([None, 0, 8, expression("2", INT)])
        config = ControlConfig("each", limit=limit, on_error=self.pick(["stop", "skip"]))
        ports = (PortDefinition("items", items.type),), (PortDefinition("item", item),)
        self.workflow.add_node(ControlNode(self.base(opener, region), ControlType.PARALLEL, config, *ports))
        self.data(items, opener, "items")
        inside = Region(path, "each", self.id(opener), self.id(path), 0, region)
        value = self.block(inside, [*scope, Source(opener, "item", item)], depth)
        inputs = (PortDefinition("value", value.type),) if value else ()
        results = [ListType(value.type)] if value else []
        self.closer(path, region, ControlType.JOIN, ControlConfig("each", opener=opener), inputs, results)
        if value:
            self.data(value, path, "value")
        self.join(inside, lambda end: self.control(opener, end))
        return Source(path, "result", results[0]) if results else None

    def closer(
        self, path: str, region: str | None, kind: ControlType, config: ControlConfig, inputs: Any, results: list[Any]
    ) -> None:
        outputs = tuple(PortDefinition("result", of) for of in results)
        self.workflow.add_node(ControlNode(self.base(path, region), kind, config, inputs, outputs))

    def block(self, region: Region, scope: list[Source], depth: int) -> Source | None:
        self.workflow.regions += (region,)
        return self.body(region.path, scope, depth + 1)

    def join(self, region: Region, enter: Callable[[str], None]) -> None:
        """First nodes follow the opener, last ones lead to the closer, an empty region leads past itself."""
        workflow = self.workflow
        inside = [node for node in workflow.nodes.values() if node.base.region == region.path]
        ends = {region.opener, region.closer}
        for node in inside:
            sources = [edge.source_node for edge in workflow.incoming(node.base.id)]
            targets = [edge.target_node for edge in workflow.outgoing(node.base.id)]
            if not closes(node) and not self.meets(sources, region, ends):
                enter(node.base.path)
            if not opens(node) and not self.meets(targets, region, ends):
                self.control(node.base.path, workflow.nodes[region.closer].base.path)
        if not inside:
            enter(workflow.nodes[region.closer].base.path)

    def meets(self, neighbours: Iterable[NodeId], region: Region, ends: set[NodeId]) -> bool:
        return any(node in ends or self.workflow.nodes[node].base.region == region.path for node in neighbours)

    def body(self, region: str | None, scope: list[Source], depth: int) -> Source | None:
        """Some statements, and what the last of them yields. What a body defines is seen below it, within it."""
        scope = list(scope)
        made = [self.statement(region, scope, depth) for _ in range(self.pick(STATEMENTS[depth]))]
        return made[-1] if made else None

    def statement(self, region: str | None, scope: list[Source], depth: int) -> Source | None:
        kinds = ["step", "synthetic"] if depth >= DEPTH else ["branch", "step", "each", "synthetic"]
        kind = self.pick(kinds)
        below = () if kind in ("step", "synthetic") else (depth,)
        made: Source | None = getattr(self, kind)(region, scope, *below)
        if made:
            scope.append(made)
        return made


def ports_for(read: list[Source]) -> tuple[PortDefinition, ...]:
    return tuple(PortDefinition(f"p{at}", source.type) for at, source in enumerate(read))


@st.composite
def workflows(draw: st.DrawFn, callees: tuple[str, ...] = ()) -> Workflow:
    version = Version.parse(draw(st.sampled_from(["0.0.0", "1.4.0", "2.0.0-rc.1"])))
    about = draw(st.none() | TEXTS), draw(workflow_metadata), (), draw(moments), draw(moments), draw(run_settings)
    workflow = Workflow(draw(WORDS), draw(st.just("local") | WORDS), version, *about)
    maker = Maker(draw, draw(pools()), workflow, callees)
    scope = []
    for at, of in enumerate([ListType(INT), *(of for of, _ in maker.pool.types)]):
        path = f"input.i{at}"
        workflow.add_node(InputNode(maker.border(path), PortDefinition("output", of)))
        scope.append(Source(path, "output", of))
    made = maker.body(None, scope, 0)
    last = made if made and not hidden_in(made.type) else scope[0]
    workflow.add_node(OutputNode(maker.border("output.all"), PortDefinition("input", last.type)))
    maker.data(last, "output.all", "input")
    workflow.add_node(OutputNode(maker.border("output.fixed"), PortDefinition("input", INT), Constant(7)))
    return workflow


@st.composite
def artifacts(draw: st.DrawFn) -> Artifact:
    callees = draw(st.lists(workflows(), max_size=1))
    called = {workflow_hash(callee): callee for callee in callees}
    workflow = draw(workflows(tuple(called)))
    places = draw(st.dictionaries(TEXTS, st.tuples(WORDS, st.integers(1, 99)), max_size=2))
    return seal(workflow, called, {workflow_hash(workflow): places}, created_with=draw(TEXTS))
