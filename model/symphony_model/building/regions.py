"""Blocks as `with` statements: an opening node, what is added inside, a closing node."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any, Self, TypeAlias, TypedDict, Unpack

from symphony_dsl.base.types import BOOL, DURATION, INT
from symphony_model.block_forms import FORMS, is_chosen
from symphony_model.building.drafts import OTHERWISE, ArmDraft, BlockDraft, DataDraft, NodeDraft, Reference
from symphony_model.building.forms import Form, arm_name, arm_port, opener_outputs
from symphony_model.building.settings import nanoseconds
from symphony_model.building.state import BuilderState, Place, Ports, expression_of, word
from symphony_model.edges import DataTransform
from symphony_model.nodes import CLOSER_OF, ControlConfig, ControlNode, NodeBase, port_named
from symphony_model.ports import DataType, Expression
from symphony_model.structure import opens

Most: TypeAlias = "int | Expression | str | None"
"""A number, or an expression over the ports of the opening node."""


class BlockSaid(TypedDict, total=False):
    """The fields of ControlConfig, of which each form has its own."""

    limit: Most
    on_error: str
    count: int | None
    maximum: Most
    every: timedelta | Expression | str | None


class Regions(BuilderState):
    """Of a block, `inputs` are the ports of the opening node; `result` is the type of its value where that is not the type of
    what its arms yield.

    `limit` is how many items of a `for` run at once (None is one, 0 as many as may be), and `on_error` what a failed one does;
    `count` is how many arms of a `parallel first` are waited for (None is one, whose value it is); `maximum` is how many rounds
    a `loop` has, and `every` the time between the beginnings of two. `settings` are said of the opening node, which is the newest
    one when the block begins.
    """

    @contextmanager
    def region(
        self,
        name: str,
        form: Form | str,
        *,
        inputs: Ports = (),
        result: DataType | None = None,
        **said: Unpack[BlockSaid],
    ) -> Iterator[Self]:
        """A block: its opening node is `NAME.WORD`, its closing node NAME; control nodes of these names are taken.

        Raises ModelError for a form that there is not.
        """
        known = word(Form, form, "form of a block")
        config = self._config(known, said)
        before = self._place
        opener, closer = replace(self._base(f"{name}.{known.word}"), name=name), self._base(name)
        block = BlockDraft(known, opener.path, closer.path, before.region, result, config.count)
        self._open(block, opener, inputs, config)
        self._place = Place(block, self._arm(block, known.only, None) if known.only else None)
        try:
            yield self
        finally:
            self._place = before
        self._close(block, closer)

    def _config(self, form: Form, said: BlockSaid) -> ControlConfig:
        """What a form has no use for is told."""
        lacks = f"a block `{form}` has no"
        given = self._known(
            {name: value for name, value in said.items() if value is not None}, [*FORMS[form.mode].config], lacks
        )
        return ControlConfig(form.mode, **{name: _READ.get(name, _as_it_is)(value) for name, value in given.items()})

    def _open(self, block: BlockDraft, base: NodeBase, inputs: Ports, config: ControlConfig) -> None:
        ports = self._ports(inputs)
        if block.form is Form.FOR and ports and port_named(ports, "items") is None:
            self._misuse(
                f"the block `{block.closer}` runs over its input `items`, and has none of that name", base.path
            )
        self._end(ControlNode(base, block.form.opens, config, ports, opener_outputs(block.form, ports)))

    def _close(self, block: BlockDraft, base: NodeBase) -> None:
        if not block.arms:
            self._misuse(f"the block `{block.closer}` has no arms; open one by `arm`", block.closer)
        config = ControlConfig(block.form.mode, opener=block.opener)
        draft = self._end(ControlNode(base, CLOSER_OF[block.form.opens], config))
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
        draft.node = replace(found, config=replace(wanted.config, settings=found.config.settings))

    # ---- arms ----

    @contextmanager
    def arm(self, name: str | None = None, when: Expression | str | None = None) -> Iterator[Self]:
        """An arm of the block around it. `when` is over the ports of the opening node, for a `catch` over its `error`; an arm of
        an `if` without it is the `else`.
        """
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
        if when is not None and not is_chosen(block.form.mode, called):
            self._misuse(f"`{called}` of `{block.closer}` is entered without a condition", block.closer)
        there = next((arm for arm in block.arms if arm.name == called), None)
        if there is not None:
            self._misuse(f"`{block.closer}` has an arm `{called}` already", block.closer)
            return there
        path = block.closer if block.form.only else f"{block.closer}:{called}"
        arm = ArmDraft(path, called, self._order(block, called), when)
        block.arms.append(arm)
        self._drafts.regions.append((block, arm))
        return arm

    def _order(self, block: BlockDraft, name: str) -> int:
        """The arms of a loop have places of their own, whichever of them are there."""
        names = FORMS[block.form.mode].regions
        if names and name not in names:
            listed = ", ".join(f"`{each}`" for each in names)
            self._misuse(f"`{block.closer}` has no arm `{name}`; there may be {listed}", block.closer)
        return names.index(name) if name in names else len(block.arms)

    def _next_name(self, block: BlockDraft, when: Expression | None) -> str:
        count = len(block.arms)
        if block.form in (Form.IF, Form.MATCH) and when is None:
            return OTHERWISE
        name = arm_name(block.form, count)
        if name is None:
            self._misuse(f"an arm of `{block.closer}` needs a name", block.closer)
        return name or f"arm{count + 1}"

    def yields(
        self, source: str | None = None, port: str | None = None, *, transform: DataTransform | None = None
    ) -> Self:
        """What the arm, or the item of a `for`, gives: a port of a node, of the current one where none is named.

        The `body` of a loop gives whether it ends, `again` the variable of the next round, `done` and `else` its value.
        """
        block, arm, current = self._place.block, self._place.arm, self._current
        if block is None or arm is None or current is None:
            return self._misuse("`yields` stands in an arm or in a `for`, and there is none around it")
        if arm.value is not None:
            return self._misuse(f"`{arm.path}` yields a value already", arm.path, "WF0408")
        start = self._reference(source) if source else current
        arm.value = DataDraft(start, port, Reference(block.closer), arm_port(block.form, arm.name), transform)
        return self


def _as_it_is(given: Any) -> Any:  # noqa: ANN401 - of any type
    return given


def _pause(given: timedelta | Expression | str | None) -> int | Expression | None:
    return nanoseconds(given) if isinstance(given, timedelta) else expression_of(given, DURATION)


def _most(given: Most) -> int | Expression | None:
    return expression_of(given, INT) if isinstance(given, Expression | str) else given


_READ: dict[str, Callable[[Any], Any]] = {"limit": _most, "maximum": _most, "every": _pause}
