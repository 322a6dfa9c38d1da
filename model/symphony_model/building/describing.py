"""What a builder is told about its newest node, and about the workflow."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import fields, replace
from typing import Any, Self, Unpack, cast

from symphony_dsl.base.types import BOOL, Constraint
from symphony_model.building.settings import TAKES, SettingsSaid, read_settings
from symphony_model.building.state import INPUT, MISSING, BuilderState, Ports, canonical, expression_of
from symphony_model.metadata import NodeMetadata, WorkflowMetadata
from symphony_model.nodes import ControlNode, InputNode, InstrumentNode, Node, OperatorNode, OutputNode, Position
from symphony_model.ports import Constant, DataType, Expression
from symphony_model.settings import RunSettings
from symphony_model.structure import opens
from symphony_model.version import Version


class Describing(BuilderState):
    # ---- the workflow ----

    def version(self, version: Version | str) -> Self:
        """A text that is no version is told by `build`."""
        try:
            self._head.version = Version.parse(version) if isinstance(version, str) else version
        except ValueError as problem:
            self._misuse(str(problem), code="WF0103")
        return self

    def author(self, author: str) -> Self:
        self._head.metadata = self._head.metadata.with_author(author)
        return self

    def tag(self, tag: str) -> Self:
        self._head.metadata = self._head.metadata.with_tag(tag)
        return self

    # ---- the newest node, or the workflow before there is one ----

    def description(self, description: str) -> Self:
        if self._newest is None:
            self._head.description = description
            return self
        return self._change("a description", description=description)

    def with_metadata(self, key: str, value: Any) -> Self:  # noqa: ANN401 - any JSON value
        """An entry of `custom`."""
        return self.metadata(custom={**self._metadata().custom, key: value})

    def metadata(self, **given: Any) -> Self:  # noqa: ANN401 - fields of WorkflowMetadata or NodeMetadata
        """The fields of WorkflowMetadata or NodeMetadata."""
        metadata = self._metadata()
        known = [field.name for field in fields(metadata)]
        changes = self._known(given, known, f"{type(metadata).__name__} has no field")
        own: dict[str, Any] = {name: _written(value) for name, value in changes.items()}
        return self._describe(replace(metadata, **own))

    def _metadata(self) -> WorkflowMetadata | NodeMetadata:
        return self._newest.node.base.metadata if self._newest else self._head.metadata

    def _describe(self, metadata: WorkflowMetadata | NodeMetadata) -> Self:
        if isinstance(metadata, WorkflowMetadata):
            self._head.metadata = metadata
            return self
        return self._change("metadata", metadata=metadata)

    # ---- the newest node ----

    def at(self, x: float, y: float) -> Self:
        """Where a drawing puts it."""
        return self._change("a position", position=Position(x, y))

    def disabled(self) -> Self:
        """Leave it out of runs."""
        return self._change("`disabled`", enabled=False)

    def ports(self, inputs: Ports = (), outputs: Ports = ()) -> Self:
        """All its ports, instead of what it has."""
        node = self._with_ports()
        if node is None:
            return self
        return self._replace(replace(node, inputs=self._ports(inputs), outputs=self._ports(outputs)))

    def port(
        self,
        name: str,
        data_type: DataType,
        *,
        output: bool = False,
        required: bool = True,
        default: Any = MISSING,  # noqa: ANN401 - any value of the type
        constraints: Iterable[Constraint] = (),
    ) -> Self:
        """One more port."""
        node = self._with_ports()
        if node is None:
            return self
        port = self._port(name, data_type, default, constraints, required=required)
        if output:
            return self._replace(replace(node, outputs=(*node.outputs, port)))
        return self._replace(replace(node, inputs=(*node.inputs, port)))

    def _with_ports(self) -> InstrumentNode | OperatorNode | ControlNode | None:
        node = self._newest.node if self._newest else None
        if isinstance(node, InstrumentNode | OperatorNode | ControlNode):
            return node
        self._misuse(_refusal("ports", "an instrument, an operator or a control node", node))
        return None

    def _replace(self, node: Node) -> Self:
        assert self._newest is not None, "there is a node to be replaced"
        self._newest.node = node
        self._newest.ported = True
        return self

    def config(self, **given: Any) -> Self:  # noqa: ANN401 - fields of the node's configuration
        """Fields of its configuration, such as `prompt` of an instrument or `python` of an operator."""
        node = self._newest.node if self._newest else None
        if self._newest is None or not isinstance(node, InstrumentNode | OperatorNode | ControlNode):
            return self._misuse(_refusal("configuration", "an instrument, an operator or a control node", node))
        known = [field.name for field in fields(node.config)]
        changes = self._known(given, known, f"the configuration of `{node.base.path}` has no field")
        written = {name: _written(value) for name, value in changes.items()}
        self._newest.node = replace(node, config=replace(node.config, **written))  # type: ignore[arg-type] # each has its own
        return self

    def settings(self, **said: Unpack[SettingsSaid]) -> Self:
        """What is not given stays as it is.

        A setting that is computed comes by an edge into the node's port of its name with `@` before it. Before the first node
        settings are those of the run, `timeout` and `concurrency`.
        """
        known = self._known({**said}, [*SettingsSaid.__annotations__], "there is no setting", "WF0501")
        return self._set(read_settings(cast("SettingsSaid", self._fitting(known))))

    def _fitting(self, said: dict[str, Any]) -> dict[str, Any]:
        """The settings that are said as they may be; the others are told."""
        wrong = [name for name, value in said.items() if value is not None and not isinstance(value, TAKES[name])]
        for name in wrong:
            takes = " or ".join(f"`{each.__name__}`" for each in TAKES[name])
            self._misuse(f"the setting `{name}` is given as {said[name]!r}; it takes {takes}", code="WF0503")
        return {name: value for name, value in said.items() if name not in wrong}

    def _set(self, given: dict[str, Any]) -> Self:
        node = self._newest.node if self._newest else None
        if node is None:
            return self._set_run(given)
        if not isinstance(node, InstrumentNode | OperatorNode) and not opens(node):
            return self._misuse(_refusal("settings", "an instrument, an operator or the beginning of a block", node))
        assert not isinstance(node, InputNode | OutputNode), "those open nothing"
        self.config(settings=replace(node.config.settings, **given))
        return self._change("a label", name=given["label"]) if "label" in given else self

    def _set_run(self, given: dict[str, Any]) -> Self:
        """How many attempts of a run run at once is a number: it has no bucket."""
        shared = given.get("concurrency")
        changes = {**given, **({"concurrency": shared.count} if shared else {})}
        known = [field.name for field in fields(RunSettings)]
        self._head.settings = replace(
            self._head.settings, **self._known(changes, known, "a run has no setting", "WF0501")
        )
        return self

    def argument(self, name: str, value: Any) -> Self:  # noqa: ANN401 - any JSON value, or an Argument
        """What a port gets that no edge feeds."""
        argument = _written(value) if isinstance(value, Constant | Expression) else Constant(deepcopy(value))
        node = self._newest.node if self._newest else None
        if isinstance(node, InstrumentNode | OperatorNode):
            return self.config(arguments={**node.config.arguments, name: argument})
        if isinstance(node, OutputNode) and self._newest and name == INPUT:
            self._newest.node = replace(node, argument=argument)
            return self
        return self._misuse(_refusal(f"an argument `{name}`", "an instrument, an operator or an output", node))

    def condition(self, condition: Expression | str) -> Self:
        """Of the closing node of a loop, over its ports: the loop ends when it holds. `until` of the loop's body says the same."""
        node = self._newest.node if self._newest else None
        if self._newest is None or not isinstance(node, ControlNode):
            return self._misuse(_refusal("a condition", "a control node", node))
        self._newest.node = replace(node, condition=expression_of(condition, BOOL))
        return self


def _refusal(what: str, takers: str, node: Node | None) -> str:
    if node is None:
        return f"there is no node yet that {what} could be given to"
    kind = "an input" if isinstance(node, InputNode) else f"{'an' if node.kind[0] in 'aeiou' else 'a'} {node.kind}"
    return f"`{node.base.path}` is {kind}; {what} can be given to {takers}"


def _written(value: Any) -> Any:  # noqa: ANN401 - a field of any type
    """A value of the caller's that nobody changes from now on, lists as tuples, expressions as the compiler writes them."""
    if isinstance(value, Expression):
        return canonical(value)
    if isinstance(value, list | tuple):
        return tuple(_written(each) for each in value)
    return deepcopy(value)
