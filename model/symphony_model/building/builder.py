"""A fluent way to make a workflow in Python.

A node is called as in text: `input("prompt", …)` makes `input.prompt`, and `prompt` finds it where no step has that name.
A name is looked up in the block that it is said in, then in those around it. Where a step, an input and an output share it,
an edge is joined to the first that has the port: the step, else the input where the edge starts, the output where it ends.
A name may be that of a node that is added later.

The *current* node is where `connect_to` starts. The first node is current, and adding another one does not change that:
the new node is there to be connected to. `connect_to` links the current node to its target and makes the target current,
so that `.input("prompt", STRING).instrument("enhance", "gpt-4").connect_to("enhance", "input")` links prompt to enhance,
and what follows goes on from enhance. `select` makes any node current; entering a block or an arm makes its opening node
current, leaving the block its closing node.

The *newest* node is the one that was added last: `ports`, `config`, `settings`, `at` and the like are about it.

Nothing is refused before `build`, which then tells everything at once. Ids are made of names, so that the same calls give
the same workflow. A builder can go on after `build`; what it built does not change with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Self

from symphony_dsl.base.types import BOOL, Constraint
from symphony_model.building.assembly import assemble
from symphony_model.building.describing import Describing
from symphony_model.building.drafts import ConditionalDraft, ControlDraft, DataDraft, Misuse
from symphony_model.building.regions import Regions
from symphony_model.building.state import INPUT, MISSING, OUTPUT, expression_of, word
from symphony_model.edges import DataTransform
from symphony_model.errors import BuilderError
from symphony_model.nodes import (
    ControlConfig,
    ControlNode,
    ControlType,
    InputNode,
    InstrumentConfig,
    InstrumentNode,
    OperatorConfig,
    OperatorNode,
    OperatorType,
    OutputNode,
)
from symphony_model.ports import DataType, Expression
from symphony_model.validating.validation import ValidationConfig
from symphony_model.workflow import Workflow

_MODES = {ControlType.BRANCH: "if", ControlType.PARALLEL: "all", ControlType.LOOP: "until"}


class WorkflowBuilder(Describing, Regions):
    """Makes one workflow. Every method but `build` and the blocks gives the builder back."""

    # ---- nodes ----

    def input(
        self,
        name: str,
        data_type: DataType,
        *,
        default: Any = MISSING,  # noqa: ANN401 - any value of the type
        constraints: Iterable[Constraint] = (),
    ) -> Self:
        """What the workflow takes; it need not be given where there is a default."""
        port = self._port(name, data_type, default, constraints)
        return self._add(InputNode(self._border(INPUT, name), replace(port, name=OUTPUT)))

    def output(self, name: str, data_type: DataType, *, constraints: Iterable[Constraint] = ()) -> Self:
        """What the workflow gives."""
        return self._add(OutputNode(self._border(OUTPUT, name), self._port(INPUT, data_type, MISSING, constraints)))

    def instrument(self, name: str, model_id: str, *, model_version: str | None = None) -> Self:
        """A call of a model."""
        config = InstrumentConfig(callee=name)
        return self._add(InstrumentNode(self._base(name), model_id, config, (), (), model_version), ported=False)

    def operator(self, name: str, operator_type: OperatorType | str) -> Self:
        """Code, an expression, or the call of another workflow. Raises ModelError for a type that there is not."""
        known = word(OperatorType, operator_type, "type of an operator")
        callee = None if known in _NAMELESS else name
        return self._add(OperatorNode(self._base(name), known, OperatorConfig(callee=callee)), ported=False)

    def control(self, name: str, control_type: ControlType | str) -> Self:
        """An opening or closing node by itself. Without ports its `input` and `output` may stay empty.

        Raises ModelError for a type that there is not.
        """
        known = word(ControlType, control_type, "type of a control node")
        config = ControlConfig(_MODES.get(known, ""))
        return self._add(ControlNode(self._base(name), known, config), ported=False)

    # ---- edges ----

    def select(self, name: str) -> Self:
        """Make a node current."""
        self._current = self._reference(name)
        return self

    def connect_to(self, target: str, port: str = INPUT, *, transform: DataTransform | None = None) -> Self:
        """A data edge from the current node, which has one output port, to the target, which is current from now on."""
        if self._current is None:
            return self._misuse(f"there is no node yet that could be connected to `{target}`")
        reference = self._reference(target)
        self._drafts.edges.append(DataDraft(self._current, None, reference, port, transform))
        self._current = reference
        return self

    def data_edge(
        self, source: str, source_port: str, target: str, target_port: str, *, transform: DataTransform | None = None
    ) -> Self:
        """What comes out of one port goes into the other."""
        ends = self._reference(source), source_port, self._reference(target), target_port
        self._drafts.edges.append(DataDraft(*ends, transform))
        return self

    def control_edge(self, source: str, target: str, *, priority: int = 0) -> Self:
        """The target waits for the source."""
        self._drafts.edges.append(ControlDraft(self._reference(source), self._reference(target), priority))
        return self

    def conditional_edge(
        self, source: str, target: str, condition: Expression | str | None = None, *, label: str | None = None
    ) -> Self:
        """A way out of a branch. The condition is over its ports, None is `else`. Arms are tried in the order of their edges."""
        taken_if = expression_of(condition, BOOL)
        self._drafts.edges.append(ConditionalDraft(self._reference(source), self._reference(target), taken_if, label))
        return self

    # ---- the workflow ----

    def build(self, *, validate: bool = True, config: ValidationConfig | None = None) -> Workflow:
        """The workflow. Raises BuilderError with everything that is wrong; without `validate` it is what stands."""
        made = assemble(self._head, self._drafts)
        errors = (self._still_open() or made.problems(config)) if validate else ()
        if errors:
            raise BuilderError(self._head.name, errors)
        return made.workflow

    def _still_open(self) -> tuple[Misuse, ...]:
        """A block without its closing node is not looked at further."""
        block = self._place.block
        if block is None:
            return ()
        message = f"the block `{block.closer}` is still open; build behind its `with`"
        return (Misuse("WF0615", message, block.closer),)


_NAMELESS = frozenset({OperatorType.EXPRESSION, OperatorType.REQUIRE, OperatorType.FAIL})
"""Operators that call nothing."""
