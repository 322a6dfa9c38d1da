"""What a test of a workflow is for who runs it, and the workflow that it is about while it is checked.

A value is JSON. A step is named by its path in the graph, a callable by the name that it was declared with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from symphony_compiler.layout import dotted
from symphony_compiler.site import Site
from symphony_compiler.symbols import CallableSymbol
from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.types import Field, RecordType, Type
from symphony_dsl.base.values import Json
from symphony_model.nodes import InputNode, InstrumentNode, Node, OperatorNode, OutputNode, given_by
from symphony_model.workflow import Workflow

Graphs = Mapping[tuple[str, str], Workflow]
"""By file and name."""


@frozen
class MockCase:
    """What stands for every call of `callee`, or for the node at `path`: a value, or a failure `{ code, message, data }`."""

    callee: str | None
    path: str | None
    value: Json = None
    failure: Json = None


@frozen
class Question:
    """What a name of an expectation stands for: of the node at `path`, what it gave (`value`), or whether it was `reached`,
    `skipped` or `failed`, or how often it began (`calls`)."""

    about: str
    path: str


@frozen
class ExpectCase:
    """A condition over inputs, outputs and `questions`; `types` are those of its names. `start` is its place in the file."""

    condition: str
    types: Mapping[str, Type]
    questions: Mapping[str, Question]
    start: int


@frozen
class TestCase:
    """`workflow` is known by its file and name."""

    __test__ = False  # no test of ours

    title: str
    workflow: tuple[str, str]
    given: Mapping[str, Json]
    mocks: tuple[MockCase, ...]
    expects: tuple[ExpectCase, ...]


@dataclass(slots=True)
class Bench:
    """The workflow that is tested. `nodes` are by dotted path; none where its graph has an error."""

    site: Site
    symbol: CallableSymbol
    graphs: Graphs
    graph: Workflow | None = field(init=False)
    nodes: dict[str, Node] = field(init=False)

    def __post_init__(self) -> None:
        self.graph = self.graphs.get((self.symbol.location.path, self.symbol.name))
        nodes = self.graph.nodes.values() if self.graph else ()
        self.nodes = {dotted(node.base.path): node for node in nodes}

    def steps(self) -> list[str]:
        """The paths of what a writer has written as steps."""
        nodes = self.nodes.items()
        return [path for path, each in nodes if not (each.base.synthetic or isinstance(each, InputNode | OutputNode))]


def type_of(node: Node) -> Type | None:
    """What a node gives as one value; None where it gives nothing."""
    if not node.outputs:
        return node.inputs[0].data_type if isinstance(node, OutputNode) else None
    is_record = isinstance(node, InstrumentNode | OperatorNode) and node.config.record
    if [port.name for port in node.outputs] in (["result"], ["output"]) and not is_record:
        return given_by(node, node.outputs[0])
    ports = node.outputs
    fields = (Field(each.name, given_by(node, each), constraints=each.constraints) for each in ports)
    return RecordType(tuple(fields))


def meant(wanted: str, paths: Iterable[str]) -> str | None:
    """The path that a wrong one leaves a part out of: `reply.then` of `reply.then.yield`, `tries.draft` of `tries.body.draft`."""
    known = list(paths)
    longer = [path for path in known if path.startswith(f"{wanted}.")]
    ends = wanted.split(".")
    around = [path for path in known if len(ends) > 1 and _ends(path) == (ends[0], ends[-1])]
    return min(longer or around, key=len, default=None)


def _ends(path: str) -> tuple[str, str]:
    parts = path.split(".")
    return parts[0], parts[-1]
