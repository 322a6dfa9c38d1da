"""The files of the language: text to tree, and tree to canonical text.

Public names are loaded when they are first used, so that importing this room costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from symphony_dsl.syntax.formatter import CannotFormat, format_file
    from symphony_dsl.syntax.parser import parse_file
    from symphony_dsl.syntax.text import UnicodeProblem, decode
    from symphony_dsl.syntax.tree import File, Island

__all__ = [
    "CannotFormat",
    "File",
    "Island",
    "UnicodeProblem",
    "decode",
    "format_file",
    "parse_file",
]

_HOME = {
    "CannotFormat": "formatter",
    "File": "tree",
    "Island": "tree",
    "UnicodeProblem": "text",
    "decode": "text",
    "format_file": "formatter",
    "parse_file": "parser",
}


def __getattr__(name: str) -> object:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{home}"), name)


def __dir__() -> list[str]:
    return __all__
