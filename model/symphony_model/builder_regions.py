"""Blocks as `with` statements: an opening node, what is added inside, a closing node."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Self

from symphony_dsl.base.diagnostic import did_you_mean
from symphony_dsl.base.types import BOOL, INT
from symphony_model.builder_drafts import OTHERWISE, ArmDraft, BlockDraft, DataDraft, NodeDraft, Reference
from symphony_model.builder_forms import EACH, SHAPES, Form, arm_name, opener_outputs
from symphony_model.builder_state import BuilderState, Place, Ports, expression_of
from symphony_model.edges import DataTransform
from symphony_model.errors import ModelError
from symphony_model.nodes import ControlConfig, ControlNode, NodeBase
from symphony_model.ports import DataType, Expression
from symphony_model.structure import CLOSER_OF, opens


class Regions(BuilderState):
    """Of a block, `inputs` are the ports of the opening node; `result` is the type of its value where that is not the type of
    what its arms yield; `limit` is how many items of a `for` run at once (None is one, 0 as many as may be), how many arms
    of a `parallel first` are waited for, how many rounds a `loop` has.
    """

    @contextmanager
    def region(
        self,
        name: str,
        form: Form | str,
        *,
        inputs: Ports = (),
        result: DataType | None = None,
        limit: int | Expression | str | None = None,
        on_error: str = "stop",
    ) -> Iterator[Self]:
        """A block: its opening node is `NAME.WORD`, its closing node NAME; control nodes of these names are taken.

        Raises ModelError for a form that there is not.
        """
        known = _form(form)
        most = expression_of(limit, INT) if isinstance(limit, Expression | str) else limit
        before = self._place
        opener, closer = replace(self._base(f"{name}.{known.word}"), name=name), self._base(name)
        block = BlockDraft(known, opener.path, closer.path, before.region, result, most)
        self._open(block, opener, inputs, on_error)
        self._place = Place(block, self._arm(block, EACH, None) if known is Form.FOR else None)
        try:
            yield self
        finally:
            self._place = before
        self._close(block, closer)

    def _open(self, block: BlockDraft, base: NodeBase, inputs: Ports, on_error: str) -> None:
        shape, ports = SHAPES[block.form], self._ports(inputs)
        config = ControlConfig(shape.mode, limit=block.limit, on_error=on_error)
        outputs = opener_outputs(block.form, ports)
        self._end(ControlNode(base, shape.opens, config, ports, outputs))

    def _close(self, block: BlockDraft, base: NodeBase) -> None:
        shape = SHAPES[block.form]
        config = ControlConfig(shape.mode, opener=block.opener)
        draft = self._end(ControlNode(base, CLOSER_OF[shape.opens], config))
        draft.computed = not draft.ported
        self._drafts.edges += [arm.value for arm in block.arms if arm.value]
        self._drafts.blocks.append(block)

    def _end(self, node: ControlNode) -> NodeDraft:
        """One of the two nodes of a block, current from now on: the one that is there already, or this."""
        draft = self._controls.get(node.base.path)
        if draft is None:
            draft = self._draft(node, ported=opens(node))
        else:
            self._take(draft, node)
        self._newest = draft
        self._current = Reference(node.base.path)
        return draft

    def _take(self, draft: NodeDraft, wanted: ControlNode) -> None:
        found, path = draft.node, wanted.base.path
        assert isinstance(found, ControlNode), "no other node is a control node"
        if found.control_type is not wanted.control_type:
            self._misuse(f"`{path}` is a {found.control_type}; this block needs a {wanted.control_type} there", path)
        draft.node = replace(found, config=wanted.config)

    # ---- arms ----

    @contextmanager
    def arm(self, name: str | None = None, when: Expression | str | None = None) -> Iterator[Self]:
        """An arm of the block around it. `when` is over the ports of the opening node; an `if` without it is the `else`."""
        before = self._place
        if before.block is None or before.arm is not None:
            self._misuse("an arm stands directly in a block that has arms", before.region)
        else:
            self._place = Place(before.block, self._arm(before.block, name, expression_of(when, BOOL)))
            self._current = Reference(before.block.opener)
        try:
            yield self
        finally:
            self._place = before

    def _arm(self, block: BlockDraft, name: str | None, when: Expression | None) -> ArmDraft:
        called = name or self._next_name(block, when)
        if when is not None and not SHAPES[block.form].conditional:
            self._misuse(
                f"the arms of `{block.closer}` have no conditions, since it is no `if` or `match`", block.closer
            )
        there = next((arm for arm in block.arms if arm.name == called), None)
        if there is not None:
            self._misuse(f"`{block.closer}` has an arm `{called}` already", block.closer)
            return there
        path = block.closer if block.form is Form.FOR else f"{block.closer}:{called}"
        arm = ArmDraft(path, called, len(block.arms), when)
        block.arms.append(arm)
        self._drafts.regions.append((block, arm))
        return arm

    def _next_name(self, block: BlockDraft, when: Expression | None) -> str:
        count = len(block.arms)
        if SHAPES[block.form].conditional and when is None:
            return OTHERWISE
        name = arm_name(block.form, count)
        if name is None:
            self._misuse(f"an arm of `{block.closer}` needs a name", block.closer)
        return name or f"arm{count + 1}"

    def yields(
        self, source: str | None = None, port: str | None = None, *, transform: DataTransform | None = None
    ) -> Self:
        """What the arm, or the item of a `for`, gives: a port of a node, of the current one where none is named."""
        block, arm, current = self._place.block, self._place.arm, self._current
        if block is None or arm is None or current is None:
            return self._misuse("`yields` stands in an arm or in a `for`, and there is none around it")
        if arm.value is not None:
            return self._misuse(f"`{arm.path}` yields a value already", arm.path)
        start = self._reference(source) if source else current
        arm.value = DataDraft(start, port, Reference(block.closer), SHAPES[block.form].port or arm.name, transform)
        return self


def _form(form: Form | str) -> Form:
    try:
        return Form(form)
    except ValueError:
        near = did_you_mean(form, list(Form))
        listed = f"did you mean `{near}`?" if near else f"there are {', '.join(f'`{each}`' for each in Form)}"
        raise ModelError(f"there is no form of a block `{form}`; {listed}") from None
