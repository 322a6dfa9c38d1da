"""How something is printed for people. Whoever asks says so: nothing here looks at a terminal or at its environment."""

from __future__ import annotations

from symphony_dsl.base.frozen import frozen

NARROWEST = 20
"""Columns below which nothing could be told apart any more."""


@frozen
class PrettyConfig:
    """`max_depth` is how many blocks within each other are opened: 0 shows those of the workflow itself, closed; None opens all.
    `show_metadata` adds ids, packages, authors and whatever else was only written for people. No line is wider than `width`
    columns; None lets lines be as long as what they say.
    """

    use_colors: bool = False
    indent_size: int = 2
    max_depth: int | None = None
    show_metadata: bool = False
    width: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.indent_size <= 16:
            raise ValueError("`indent_size` is between 0 and 16")
        if self.max_depth is not None and self.max_depth < 0:
            raise ValueError("`max_depth` is 0 or more, or None for all of it")
        if self.width is not None and self.width < NARROWEST:
            raise ValueError(f"`width` is {NARROWEST} or more, or None for lines of any length")
