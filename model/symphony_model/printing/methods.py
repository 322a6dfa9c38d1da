"""Printing as methods of what is printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symphony_dsl.base.deferred import deferred

if TYPE_CHECKING:
    from symphony_model.printing import pretty
    from symphony_model.printing.config import PrettyConfig
else:
    pretty = deferred("symphony_model.printing.pretty")


class PrettyPrint:
    """What knows how it is shown to people: several lines, or a single one, without a line break at the end."""

    __slots__ = ()

    def pretty_print(self) -> str:
        return pretty.pretty_print(self)

    def pretty_print_compact(self) -> str:
        return pretty.pretty_print_compact(self)

    def pretty_print_with_config(self, config: PrettyConfig) -> str:
        return pretty.pretty_print_with_config(self, config)
