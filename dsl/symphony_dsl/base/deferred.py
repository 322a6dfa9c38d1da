"""Modules that are loaded when something of them is first used: most commands need a part of what they could do.

if TYPE_CHECKING:
    from symphony_model.validating import validation
else:
    validation = deferred("symphony_model.validating.validation")
"""

from __future__ import annotations

from importlib import import_module
from typing import Any


class Deferred:
    """Stands for a module. What is asked of it once is at hand from then on."""

    def __init__(self, name: str) -> None:
        self.__name__ = name

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the module has
        found = getattr(import_module(self.__name__), name)
        setattr(self, name, found)
        return found


def deferred(name: str) -> Any:  # noqa: ANN401 - a module, to whoever reads the types
    return Deferred(name)
