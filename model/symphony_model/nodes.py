"""The nodes of a workflow.

A node's `path` is its static address (`input.ticket`, `kind`, `reply.if`, `reply:then/decision`, `prices/yield`,
`filed.total`); its id is made from it. Its `name` is what people read. `region` is the path of the region that it
stands in, None at the top.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from enum import StrEnum
from typing import ClassVar, TypeAlias

from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.types import optional
from symphony_model.http_request import HttpRequest
from symphony_model.ids import NodeId
from symphony_model.metadata import NodeMetadata
from symphony_model.ports import Argument, DataType, Expression, PortDefinition
from symphony_model.printing.methods import PrettyPrint
from symphony_model.settings import NO_SETTINGS, Settings


@frozen
class Position:
    """Where a drawing puts a node, in pixels to the right and down."""

    x: float
    y: float


class ControlType(StrEnum):
    BRANCH = "branch"
    MERGE = "merge"
    LOOP = "loop"
    PARALLEL = "parallel"
    JOIN = "join"


class OperatorType(StrEnum):
    """What runs an operator node."""

    EXPRESSION = "expression"
    REQUIRE = "require"
    FAIL = "fail"
    WORKFLOW = "workflow"
    PYTHON = "python"
    SHELL = "shell"
    JSON_PARSE = "json_parse"
    JSON_FORMAT = "json_format"
    TEXT = "text"
    READ = "read"
    WRITE = "write"
    ASK = "ask"
    WAIT = "wait"
    HTTP = "http"


WAITING = frozenset({OperatorType.ASK, OperatorType.WAIT})
"""Operators that wait for a person or for a time."""

COMPUTED = frozenset({OperatorType.TEXT, OperatorType.JSON_PARSE, OperatorType.JSON_FORMAT})
"""Operators that are computed on the spot, from their inputs alone."""


class Effect(StrEnum):
    """Whether an attempt may be made again: freely, at least once, or never without a person's word."""

    PURE = "pure"
    REPEATABLE = "repeatable"
    ONCE = "once"


@frozen
class NodeBase:
    """`synthetic` nodes were made by the compiler for an argument; drawings and progress leave them out."""

    id: NodeId
    path: str
    name: str
    description: str | None = None
    position: Position | None = None
    enabled: bool = True
    region: str | None = None
    synthetic: bool = False
    metadata: NodeMetadata = field(default_factory=NodeMetadata)


@frozen
class InstrumentConfig:
    """A model call. Texts are expressions over the node's own ports: `system` is a string, `prompt` one or a list of parts
    (`message_parts`), `messages` is a list of records with `role` and `content`, instead of `prompt`.

    `record`: what it gives is a record with the one field `result`, which its ports do not tell from a value.
    `tools` is what the model may call before it answers, at most in `max_turns` turns. `fallback` are the models that are asked,
    in order, where the one of the node cannot be had.
    """

    callee: str  # the instrument's name
    system: Expression | None = None
    prompt: Expression | None = None
    messages: Expression | None = None
    temperature: float | None = None
    max_tokens: int | None = None
    effect: Effect = Effect.REPEATABLE
    record: bool = False
    arguments: dict[str, Argument] = field(default_factory=dict)
    settings: Settings = NO_SETTINGS
    tools: tuple[Tool, ...] = ()
    max_turns: int | None = None
    fallback: tuple[str, ...] = ()


@frozen
class OperatorConfig:
    """Which of the fields is given depends on the operator's type.

    `callee`: the operator's or workflow's name. `expression`: of `expression`, the condition of `require`.
    `failure`: the error of `require` and `fail`: a string, or a record of code, message and data.
    `python`: "module:function". `shell`: a string for `sh -c`, or an argument list of expressions.
    `workflow`: the content hash of the workflow that is called, found in the artifact's `callees`.
    `http`: the request that is sent. `record`: as of an instrument.

    `ask` has the port `prompt` and gives what its form asks for, the type of its port `result`; `wait` has the port `duration`.
    """

    callee: str | None = None
    expression: Expression | None = None
    failure: Expression | None = None
    python: str | None = None
    shell: str | tuple[Expression, ...] | None = None
    workflow: str | None = None
    effect: Effect = Effect.REPEATABLE
    record: bool = False
    arguments: dict[str, Argument] = field(default_factory=dict)
    settings: Settings = NO_SETTINGS
    http: HttpRequest | None = None


@frozen
class OperatorTool:
    """An operator or workflow that a model may call: `name` is what the model calls it, `inputs` are what it has to give.

    What `config.arguments` gives, the model does not see. A workflow stands in the artifact's `callees`, as one that is called.
    """

    kind: ClassVar[str] = "operator"
    name: str
    operator_type: OperatorType
    config: OperatorConfig
    description: str | None = None
    inputs: tuple[PortDefinition, ...] = ()
    outputs: tuple[PortDefinition, ...] = ()


@frozen
class InstrumentTool:
    """An instrument that another one's model may call."""

    kind: ClassVar[str] = "instrument"
    name: str
    model_id: str
    config: InstrumentConfig
    description: str | None = None
    inputs: tuple[PortDefinition, ...] = ()
    outputs: tuple[PortDefinition, ...] = ()
    model_version: str | None = None


Tool: TypeAlias = OperatorTool | InstrumentTool


@frozen
class ControlConfig:
    """`mode`: `if`, `match` (Branch); `each`, `all`, `first` (Parallel); `until` (Loop); `try`, `finally` (Branch). The closing node
    of a block has the mode of its opening one; `opener` is the path of that. All else is of opening nodes.

    `limit`, of `each`: how many items run at once; None is one at a time, 0 is as many as the engine allows. `on_error`, of
    `each`: `stop` or `skip`. `count`, of `first`: how many branches are waited for, and then the value is a list of so many;
    None is one, and the value is its. `maximum` and `every`, of `until`: how many rounds there are at most, and the time between
    the beginnings of two, in nanoseconds; an expression of it is a duration. Expressions are over the ports of the node.
    """

    mode: str
    opener: str | None = None
    limit: int | Expression | None = None
    on_error: str = "stop"
    maximum: int | Expression | None = None
    every: int | Expression | None = None
    count: int | None = None
    settings: Settings = NO_SETTINGS


@frozen
class InstrumentNode(PrettyPrint):
    kind: ClassVar[str] = "instrument"
    base: NodeBase
    model_id: str
    config: InstrumentConfig
    inputs: tuple[PortDefinition, ...] = ()
    outputs: tuple[PortDefinition, ...] = ()
    model_version: str | None = None


@frozen
class OperatorNode(PrettyPrint):
    kind: ClassVar[str] = "operator"
    base: NodeBase
    operator_type: OperatorType
    config: OperatorConfig
    inputs: tuple[PortDefinition, ...] = ()
    outputs: tuple[PortDefinition, ...] = ()


@frozen
class ControlNode(PrettyPrint):
    kind: ClassVar[str] = "control"
    base: NodeBase
    control_type: ControlType
    config: ControlConfig
    inputs: tuple[PortDefinition, ...] = ()
    outputs: tuple[PortDefinition, ...] = ()
    condition: Expression | None = None


@frozen
class InputNode(PrettyPrint):
    """A workflow's input: one output port called `output`, whose definition carries default and constraints."""

    kind: ClassVar[str] = "input"
    base: NodeBase
    port: PortDefinition

    @property
    def inputs(self) -> tuple[PortDefinition, ...]:
        return ()

    @property
    def outputs(self) -> tuple[PortDefinition, ...]:
        return (self.port,)


@frozen
class OutputNode(PrettyPrint):
    """A workflow's output: one input port called `input`. `argument` is its value where no edge feeds it."""

    kind: ClassVar[str] = "output"
    base: NodeBase
    port: PortDefinition
    argument: Argument | None = None

    @property
    def inputs(self) -> tuple[PortDefinition, ...]:
        return (self.port,)

    @property
    def outputs(self) -> tuple[PortDefinition, ...]:
        return ()


Node: TypeAlias = InstrumentNode | OperatorNode | ControlNode | InputNode | OutputNode


CLOSER_OF = {
    ControlType.BRANCH: ControlType.MERGE,
    ControlType.PARALLEL: ControlType.JOIN,
    ControlType.LOOP: ControlType.MERGE,
}
"""Which kind of node closes what an opening node opens."""


def port_named(ports: tuple[PortDefinition, ...], name: str) -> PortDefinition | None:
    for port in ports:  # a generator takes three times as long, for each edge
        if port.name == name:
            return port
    return None


def tools_of(node: Node) -> Iterator[Tool]:
    """What the model of a node may call, tools of instruments that are tools themselves included."""
    rest = [*reversed(node.config.tools)] if isinstance(node, InstrumentNode) else []
    while rest:
        tool = rest.pop()
        yield tool
        if isinstance(tool, InstrumentTool):
            rest.extend(reversed(tool.config.tools))


def given_by(node: Node, port: PortDefinition) -> DataType:
    """The type of what a port gives: where its node is disabled nothing may come of it.

    What the opening node of a block gives is for the inside of the block, where nothing runs then.
    """
    opens = isinstance(node, ControlNode) and node.control_type in CLOSER_OF
    return port.data_type if node.base.enabled or opens else optional(port.data_type)


def flowing(source: Node, port: PortDefinition, target: Node) -> DataType:
    """The type of what flows from a port to a node; one that is disabled takes nothing."""
    return given_by(source, port) if target.base.enabled else port.data_type
