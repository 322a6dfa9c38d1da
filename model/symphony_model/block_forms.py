"""The forms of blocks: which node opens one, what its regions are called, and where what each of them gives flows to.

Validation, inference and the builder read this table; `docs/language.md` says what each form means.
"""

from __future__ import annotations

from dataclasses import field
from types import MappingProxyType
from typing import TYPE_CHECKING

from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.types import INT, JSON, STRING, Field, RecordType
from symphony_model.nodes import ControlType

if TYPE_CHECKING:
    from collections.abc import Mapping

FAILURE = RecordType(
    (
        Field("code", STRING),
        Field("message", STRING),
        Field("step", STRING),
        Field("attempt", INT),
        Field("data", JSON),
    ),
    "error",
)
"""What a `catch` is given: the port `error` of the opening node of a `try`."""


@frozen
class BlockForm:
    """`config` are the fields of the opening node's ControlConfig that the form has, besides those that all have.

    `regions` are their names where they are fixed, each at its place in the order; the first is always there. `ports` are
    those of the closing node, by region, where they are not called as it is; None where there is no value. `alone`: there is
    one region, which is called by the closing node's path alone.
    """

    opens: ControlType
    config: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    ports: Mapping[str, str | None] = field(default_factory=lambda: MappingProxyType({}))
    alone: bool = False


FORMS: dict[str, BlockForm] = {
    "if": BlockForm(ControlType.BRANCH),
    "match": BlockForm(ControlType.BRANCH),
    "try": BlockForm(ControlType.BRANCH),
    "finally": BlockForm(ControlType.BRANCH, regions=("finally",), ports={"finally": None}, alone=True),
    "each": BlockForm(
        ControlType.PARALLEL, ("limit", "on_error"), regions=("each",), ports={"each": "value"}, alone=True
    ),
    "all": BlockForm(ControlType.PARALLEL),
    "first": BlockForm(ControlType.PARALLEL, ("count",)),
    "until": BlockForm(
        ControlType.LOOP,
        ("maximum", "every"),
        regions=("body", "again", "done", "else"),
        ports={"body": "until", "again": "next", "done": "yield"},
    ),
}
"""By the mode of the opening and the closing node."""

BODY = "body"
CATCH = "catch"
AGAIN, DONE = "again", "done"
UNTIL = "until"
"""The port of a loop's closing node that says whether it ends."""


def is_alone(mode: str) -> bool:
    """Whether the one region of a block is called by the path of its closing node."""
    form = FORMS.get(mode)
    return form is not None and form.alone


def value_port(mode: str, region: str) -> str | None:
    """The port of the closing node that a region's value flows to."""
    form = FORMS.get(mode)
    return form.ports.get(region, region) if form else region


def is_chosen(mode: str, region: str) -> bool:
    """Whether conditional edges lead into a region."""
    return mode in ("if", "match") or (mode == "try" and region != BODY)
