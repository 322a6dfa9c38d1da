"""Graphs for the tests of the engine, made the way the compiler makes them, and executors that run in the test's loop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from symphony_dsl.base.types import BOOL, INT, JSON, STRING, ListType, Type
from symphony_model.artifact import Artifact, seal
from symphony_model.edges import ConditionalEdge, ControlEdge, DataEdge, DataTransform, Edge, TransformType
from symphony_model.ids import edge_id, node_id
from symphony_model.nodes import (
    ControlConfig,
    ControlNode,
    ControlType,
    Effect,
    InputNode,
    InstrumentConfig,
    InstrumentNode,
    Node,
    NodeBase,
    OperatorConfig,
    OperatorNode,
    OperatorTool,
    OperatorType,
    OutputNode,
    Tool,
)
from symphony_model.ports import Constant, Expression, PortDefinition
from symphony_model.region import Region
from symphony_model.settings import NO_SETTINGS, Settings
from symphony_model.workflow import Workflow
from symphony_runtime.task import Calls, Failure, Outcome, Report, Success, Task

From = tuple[str, str]

X = PortDefinition("x", INT)


def tool(name: str, effect: Effect = Effect.REPEATABLE, settings: Settings = NO_SETTINGS) -> OperatorTool:
    """One that takes `x` and gives an integer."""
    config = OperatorConfig(callee=name, python="a:b", effect=effect, settings=settings)
    return OperatorTool(name, OperatorType.PYTHON, config, None, (X,), (PortDefinition("result", INT),))


class Graph:
    """Adds nodes in the order of a text. Sources are written `(path, port)`."""

    def __init__(self, name: str = "main") -> None:
        self.workflow = Workflow(name)
        self.region: str | None = None
        self.callees: dict[str, Workflow] = {}

    def seal(self) -> Artifact:
        return seal(self.workflow, self.callees, {})

    def _base(self, path: str, name: str | None = None) -> NodeBase:
        full = f"{self.region}/{path}" if self.region else path
        return NodeBase(node_id(self.workflow.id, full), full, name or path.rsplit("/", 1)[-1], region=self.region)

    def _id(self, path: str):
        found = self.workflow.at(path)
        assert found is not None, path
        return found.base.id

    def _add(self, node: Node, sources: Mapping[str, From], after: tuple[str, ...] = (), priority: int = 0) -> str:
        self.workflow.add_node(node)
        for port, source in sources.items():
            self.data(source, (node.base.path, port))
        for path in after:
            self.control(path, node.base.path, priority)
        self._root(node, [*[path for path, _ in sources.values()], *after])
        return node.base.path

    def _root(self, node: Node, sources: list[str]) -> None:
        """A first node of a region hangs on the region's opener."""
        region = next((r for r in self.workflow.regions if r.path == self.region), None)
        if region is None or any(self._node(path).base.region == self.region for path in sources):
            return
        opener = self.workflow.nodes[region.opener]
        if opener.base.path in sources:
            return
        if isinstance(opener, ControlNode) and opener.control_type is ControlType.BRANCH:
            self._conditional(opener.base.path, node.base.path, region.name)
        else:
            self.control(opener.base.path, node.base.path)

    def _node(self, path: str) -> Node:
        return self.workflow.nodes[self._id(path)]

    def data(self, source: From, target: From, transform: str | None = None, of: Type = JSON) -> None:
        by = DataTransform(TransformType.CUSTOM, Expression(transform, of)) if transform else None
        ends = (f"{self._id(source[0])}.{source[1]}", f"{self._id(target[0])}.{target[1]}")
        made = edge_id(self.workflow.id, "data", *ends)
        self.workflow.put_edge(DataEdge(made, self._id(source[0]), source[1], self._id(target[0]), target[1], by))

    def control(self, source: str, target: str, priority: int = 0) -> None:
        made = edge_id(self.workflow.id, "control", str(self._id(source)), str(self._id(target)))
        self.workflow.put_edge(ControlEdge(made, self._id(source), self._id(target), priority))

    def _conditional(self, opener: str, target: str, label: str) -> None:
        order, condition = self.arms[opener][label]
        made = edge_id(self.workflow.id, f"conditional {label}", str(self._id(opener)), str(self._id(target)))
        expression = Expression(condition, BOOL) if condition else None
        self.workflow.put_edge(ConditionalEdge(made, self._id(opener), self._id(target), expression, label, order))

    def input(self, name: str, of: Type = INT, **port: Any) -> From:
        made = InputNode(self._base(f"input.{name}", name), PortDefinition("output", of, **port))
        return self._add(made, {}), "output"

    def output(self, name: str, source: From | None, of: Type = INT, **port: Any) -> str:
        made = OutputNode(self._base(f"output.{name}", name), PortDefinition("input", of, **port))
        return self._add(made, {"input": source} if source else {})

    def task(
        self,
        path: str,
        sources: Mapping[str, From] | None = None,
        *,
        types: Mapping[str, Type] | None = None,
        outputs: Mapping[str, Type] | None = None,
        after: tuple[str, ...] = (),
        priority: int = 0,
        effect: Effect = Effect.REPEATABLE,
        settings: Settings = NO_SETTINGS,
        constants: Mapping[str, Any] | None = None,
    ) -> From:
        """A step that the test's executor runs; its ports are integers where nothing else is said."""
        sources, types, constants = sources or {}, types or {}, constants or {}
        ports = tuple(PortDefinition(name, types.get(name, INT)) for name in (*sources, *constants))
        outs = tuple(PortDefinition(name, of) for name, of in (outputs or {"result": INT}).items())
        given = {name: Constant(value) for name, value in constants.items()}
        config = OperatorConfig(callee=path, python="a:b", effect=effect, settings=settings, arguments=given)
        node = OperatorNode(self._base(path), OperatorType.PYTHON, config, ports, outs)
        return self._add(node, sources, after, priority), "result"

    def expression(self, path: str, source: str, of: Type = INT, after: tuple[str, ...] = (), **sources: From) -> From:
        """An expression over ports, each an integer where its source does not say."""
        ports = tuple(PortDefinition(name, self._type(each)) for name, each in sources.items())
        config = OperatorConfig(expression=Expression(source, of))
        outs = (PortDefinition("result", of),)
        return self._add(
            OperatorNode(self._base(path), OperatorType.EXPRESSION, config, ports, outs), sources, after
        ), "result"

    def pure(
        self, path: str, by: OperatorType, sources: Mapping[str, From], types: Mapping[str, Type], of: Type
    ) -> From:
        ports = tuple(PortDefinition(name, types[name]) for name in sources)
        node = OperatorNode(self._base(path), by, OperatorConfig(callee=by), ports, (PortDefinition("result", of),))
        return self._add(node, sources), "result"

    def _type(self, source: From) -> Type:
        outputs = self._node(source[0]).outputs
        return next(port.data_type for port in outputs if port.name == source[1])

    def require(self, path: str, condition: str, failure: str | None = None, **sources: From) -> str:
        ports = tuple(PortDefinition(name, self._type(each)) for name, each in sources.items())
        said = Expression(failure, STRING if failure and failure.startswith('"') else JSON) if failure else None
        config = OperatorConfig(expression=Expression(condition, BOOL), failure=said)
        return self._add(OperatorNode(self._base(path), OperatorType.REQUIRE, config, ports), sources)

    def fail(self, path: str, failure: str) -> str:
        config = OperatorConfig(failure=Expression(failure, STRING))
        return self._add(OperatorNode(self._base(path), OperatorType.FAIL, config), {})

    def branch(
        self,
        path: str,
        arms: Mapping[str, str | None],
        of: Type | None = INT,
        settings: Settings = NO_SETTINGS,
        **sources: From,
    ) -> Branch:
        """`arms`: the conditions by name of the arm, None for `else`."""
        ports = tuple(PortDefinition(name, self._type(each)) for name, each in sources.items())
        node = ControlNode(self._base(f"{path}.if"), ControlType.BRANCH, ControlConfig("if", settings=settings), ports)
        opener = self._add(node, sources)
        outs = (PortDefinition("result", of, required=False),) if of else ()
        ins = tuple(PortDefinition(arm, of, required=False) for arm in arms) if of else ()
        base = self._base(path)
        config = ControlConfig("if", opener=opener)
        self.workflow.add_node(ControlNode(base, ControlType.MERGE, config, ins, outs))
        self.arms[opener] = {name: (at, condition) for at, (name, condition) in enumerate(arms.items())}
        return Branch(self, opener, base.path, path)

    def each(
        self,
        path: str,
        items: From,
        *,
        limit: int | None = None,
        on_error: str = "stop",
        of: Type | None = INT,
        item: Type = INT,
        settings: Settings = NO_SETTINGS,
    ) -> Each:
        config = ControlConfig("each", limit=limit, on_error=on_error, settings=settings)
        outs = (PortDefinition("item", item), PortDefinition("key", JSON))
        ins = (PortDefinition("items", self._type(items)),)
        opener = self._add(
            ControlNode(self._base(f"{path}.for"), ControlType.PARALLEL, config, ins, outs), {"items": items}
        )
        values = (PortDefinition("value", of),) if of else ()
        results = (PortDefinition("result", ListType(of)),) if of else ()
        base = self._base(path)
        closing = ControlConfig("each", opener=opener)
        self.workflow.add_node(ControlNode(base, ControlType.JOIN, closing, values, results))
        return Each(self, opener, base.path)

    def call(self, path: str, callee: Graph, settings: Settings = NO_SETTINGS, **sources: From) -> From:
        made = callee.seal()
        self.callees |= {made.content_hash: callee.workflow} | callee.callees
        nodes = callee.workflow.nodes.values()
        ins = tuple(
            PortDefinition(n.base.name, n.port.data_type, n.port.required, n.port.has_default, n.port.default_value)
            for n in nodes
            if isinstance(n, InputNode)
        )
        outs = tuple(PortDefinition(n.base.name, n.port.data_type) for n in nodes if isinstance(n, OutputNode))
        config = OperatorConfig(callee=callee.workflow.name, workflow=made.content_hash, settings=settings)
        node = OperatorNode(self._base(path), OperatorType.WORKFLOW, config, ins, outs)
        return self._add(node, sources), outs[0].name if outs else ""

    def instrument(self, path: str, tools: tuple[Tool, ...], settings: Settings = NO_SETTINGS, **sources: From) -> From:
        """A model that gives an integer, and may call tools before."""
        ports = tuple(PortDefinition(name, self._type(each)) for name, each in sources.items())
        config = InstrumentConfig(path, prompt=Expression('"?"', STRING), tools=tools, settings=settings)
        node = InstrumentNode(self._base(path), "test/model", config, ports, (PortDefinition("result", INT),))
        return self._add(node, sources), "result"

    def workflow_tool(self, name: str, callee: Graph) -> OperatorTool:
        """One that takes `x` and gives `r`."""
        made = callee.seal()
        self.callees |= {made.content_hash: callee.workflow} | callee.callees
        config = OperatorConfig(callee=callee.workflow.name, workflow=made.content_hash)
        return OperatorTool(name, OperatorType.WORKFLOW, config, None, (X,), (PortDefinition("r", INT),))

    @property
    def arms(self) -> dict[str, dict[str, tuple[int, str | None]]]:
        return self.__dict__.setdefault("_arms", {})


@dataclass
class Inside:
    """The statements of a region, in a `with` block; what ends it is wired to the closer."""

    graph: Graph
    opener: str
    closer: str
    region: Region
    port: str
    before: str | None = None
    yielded: From | None = None

    def __enter__(self) -> Inside:
        self.before, self.graph.region = self.graph.region, self.region.path
        self.graph.workflow.regions = (*self.graph.workflow.regions, self.region)
        return self

    def __exit__(self, *problem: object) -> None:
        graph = self.graph
        graph.region = self.before
        inside = [node for node in graph.workflow.nodes.values() if node.base.region == self.region.path]
        names = {node.base.id for node in inside}
        if self.yielded:
            graph.data(self.yielded, (self.closer, self.port))
        for node in inside:
            following = graph.workflow.outgoing(node.base.id)
            opens = isinstance(node, ControlNode) and node.config.opener is None
            if not opens and not any(edge.target_node in names for edge in following) and not _leads(following, self):
                graph.control(node.base.path, self.closer)
        if not inside and isinstance(graph._node(self.opener), ControlNode) and self.opener in graph.arms:
            graph._conditional(self.opener, self.closer, self.region.name)


def _leads(edges: list[Edge], inside: Inside) -> bool:
    closer = inside.graph._id(inside.closer)
    return any(edge.target_node == closer for edge in edges)


@dataclass
class Branch:
    graph: Graph
    opener: str
    path: str
    local: str

    def arm(self, name: str) -> Inside:
        ids = self.graph._id(self.opener), self.graph._id(self.path)
        order = self.graph.arms[self.opener][name][0]
        region = Region(f"{self.path}:{name}", name, *ids, order, self.graph.region)
        return Inside(self.graph, self.opener, self.path, region, name)

    @property
    def result(self) -> From:
        return self.path, "result"


@dataclass
class Each:
    graph: Graph
    opener: str
    path: str

    def body(self) -> Inside:
        ids = self.graph._id(self.opener), self.graph._id(self.path)
        region = Region(self.path, "each", *ids, 0, self.graph.region)
        return Inside(self.graph, self.opener, self.path, region, "value")

    @property
    def item(self) -> From:
        return self.opener, "item"

    @property
    def key(self) -> From:
        return self.opener, "key"

    @property
    def result(self) -> From:
        return self.path, "result"


Work = Callable[[Task, Callable[[Report], None]], "Awaitable[Any] | Any"]


@dataclass
class InLoop:
    """Runs tasks by the name of their step: `work` answers a value, an Outcome, or raises; without it inputs are added up."""

    work: dict[str, Work] = field(default_factory=dict)
    ran: list[tuple[str, int]] = field(default_factory=list)
    now: int = 0
    most: int = 0

    async def run(self, task: Task, report: Callable[[Report], None]) -> Outcome:
        self.ran.append((task.address, task.attempt))
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            work = self.work.get(task.address) or self.work.get(task.node.base.name) or total
            found = work(task, report)
            if isinstance(found, Awaitable):
                found = await found
        finally:
            self.now -= 1
        return found if isinstance(found, Success | Failure | Calls) else Success({"result": found})

    async def close(self) -> None:
        await asyncio.sleep(0)


async def total(task: Task, report: Callable[[Report], None]) -> int:
    await asyncio.sleep(0)
    return sum(value for value in task.inputs.values() if isinstance(value, int)) + 1
