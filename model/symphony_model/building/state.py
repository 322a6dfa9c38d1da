"""What a builder keeps between two calls: its drafts, where it stands, its current and its newest node."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any, Final, Self, TypeAlias, TypeVar

from symphony_dsl.base.conform import ConversionError, conform
from symphony_dsl.base.diagnostic import did_you_mean
from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.types import KINDS, UNKNOWN, Constraint, OptionalType
from symphony_dsl.expressions.parser import ExpressionSyntaxError, parse_expression
from symphony_dsl.expressions.unparse import unparse
from symphony_model.building.drafts import ArmDraft, BlockDraft, Drafts, Misuse, NodeDraft, Reference
from symphony_model.errors import ModelError
from symphony_model.ids import LOCAL_PACKAGE, node_id
from symphony_model.nodes import ControlNode, InputNode, Node, NodeBase, OutputNode
from symphony_model.ports import DataType, Expression, PortDefinition
from symphony_model.workflow import Workflow

Ports: TypeAlias = "Mapping[str, DataType] | Iterable[PortDefinition]"
"""Ports by name and type, or as they are defined."""

INPUT: Final = "input"
OUTPUT: Final = "output"


Word = TypeVar("Word", bound=StrEnum)


class Missing:
    """Stands for a value that was not given, where None is one."""


MISSING: Final = Missing()


@frozen
class Place:
    """The block that a builder stands in, and the arm of it."""

    block: BlockDraft | None = None
    arm: ArmDraft | None = None

    @property
    def region(self) -> str | None:
        if self.arm is not None:
            return self.arm.path
        return self.block.region if self.block else None


class BuilderState:
    def __init__(self, name: str, package: str = LOCAL_PACKAGE) -> None:
        self._head = Workflow(name, package)
        self._id = self._head.id
        self._drafts = Drafts()
        self._place = Place()
        self._current: Reference | None = None
        self._newest: NodeDraft | None = None
        self._controls: dict[str, NodeDraft] = {}

    def _misuse(self, message: str, place: str | None = None, code: str = "WF0615") -> Self:
        self._drafts.misuses.append(Misuse(code, message, place or self._head.name))
        return self

    def _known(self, given: dict[str, Any], known: list[str], lacks: str, code: str = "WF0615") -> dict[str, Any]:
        """The fields that are there; the others are told."""
        for name in (each for each in given if each not in known):
            near = did_you_mean(name, known)
            self._misuse(f"{lacks} `{name}`" + (f"; did you mean `{near}`?" if near else ""), code=code)
        return {name: value for name, value in given.items() if name in known}

    def _reference(self, name: str) -> Reference:
        return Reference(name, self._place.region)

    def _base(self, name: str) -> NodeBase:
        region = self._place.region
        path = f"{region}/{name}" if region else name
        return NodeBase(node_id(self._id, path), path, name, region=region)

    def _border(self, side: str, name: str) -> NodeBase:
        path = f"{side}.{name}"
        return NodeBase(node_id(self._id, path), path, name)

    def _add(self, node: Node, *, ported: bool = True) -> Self:
        self._draft(node, ported=ported)
        return self

    def _draft(self, node: Node, *, ported: bool = False) -> NodeDraft:
        path, place = node.base.path, self._place
        if path and not node.base.name:  # without a path it is told anyway
            self._misuse("a node needs a name", path)
        if place.block and not place.arm and not isinstance(node, InputNode | OutputNode):
            block = place.block.closer
            self._misuse(f"`{path}` stands in the block `{block}`, but in none of its arms; open one by `arm`", path)
        draft = self._newest = NodeDraft(node, ported)
        self._drafts.nodes.append(draft)
        if isinstance(node, ControlNode):
            self._controls.setdefault(path, draft)
        self._current = self._current or Reference(path)
        return draft

    def _change(self, what: str, **changes: Any) -> Self:  # noqa: ANN401 - fields of any node
        """Change fields of the newest node's base."""
        if self._newest is None:
            return self._misuse(f"there is no node yet that {what} could be said of")
        node = self._newest.node
        self._newest.node = replace(node, base=replace(node.base, **changes))
        return self

    def _port(
        self,
        name: str,
        data_type: DataType,
        default: Any,  # noqa: ANN401 - any value of the type
        constraints: Iterable[Constraint] = (),
        *,
        required: bool = True,
    ) -> PortDefinition:
        """A port as the compiler makes them: what may be absent is not required."""
        data_type = self._type(name, data_type)
        needed = required and default is MISSING and not isinstance(data_type, OptionalType)
        port = PortDefinition(name, data_type, needed, constraints=tuple(constraints))
        if default is MISSING:
            return port
        try:
            return replace(port, has_default=True, default_value=conform(default, data_type))
        except ConversionError as problem:
            self._misuse(f"the default of `{name}` does not fit: {problem}", name, "WF0301")
            return port

    def _ports(self, ports: Ports) -> tuple[PortDefinition, ...]:
        if isinstance(ports, Mapping):
            return tuple(self._port(name, of, MISSING) for name, of in ports.items())
        return tuple(replace(port, data_type=self._type(port.name, port.data_type)) for port in ports)

    def _type(self, port: str, data_type: DataType) -> DataType:
        """What is no type is told, and then fits everywhere."""
        if isinstance(data_type, KINDS):
            return data_type
        self._misuse(
            f"the type of `{port}` is given as {data_type!r}, which is none; there are STRING, INT, ListType(STRING) and "
            "others in symphony_dsl.base.types",
            port,
            "WF0201",
        )
        return UNKNOWN


def word(kind: type[Word], given: str, what: str) -> Word:
    """One of the words of an enum, which may come as a text. Raises ModelError for any other."""
    try:
        return kind(given)
    except ValueError:
        near = did_you_mean(given, list(kind))
        listed = f"did you mean `{near}`?" if near else f"there are {', '.join(f'`{each}`' for each in kind)}"
        raise ModelError(f"there is no {what} `{given}`; {listed}") from None


def canonical(expression: Expression) -> Expression:
    """The same as the compiler writes it, so that both ways give one graph; what cannot be read is told by `build`."""
    try:
        return Expression(unparse(parse_expression(expression.source)), expression.type)
    except (ExpressionSyntaxError, ValueError):
        return expression


def expression_of(given: Expression | str | None, of: DataType) -> Expression | None:
    if given is None:
        return None
    return canonical(Expression(given, of) if isinstance(given, str) else given)
