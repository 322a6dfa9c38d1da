"""How a project fails towards whoever called it: a check that found errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from symphony_dsl.base.diagnostic import Diagnostic
    from symphony_dsl.base.span import SourceText


@dataclass(frozen=True, slots=True)
class Checked:
    """The diagnostics of some files. `source` gives the text of a path that a diagnostic names, under the name that
    a person reads."""

    diagnostics: tuple[Diagnostic, ...]
    source: Callable[[str], SourceText]


class CheckError(Exception):
    """The text has errors, so nothing can be made of it."""

    def __init__(self, checked: Checked) -> None:
        super().__init__(f"{len(checked.diagnostics)} diagnostics")
        self.checked = checked
