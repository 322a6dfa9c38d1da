"""From syntax trees to graphs: modules, names, types, lowering, and the workspace that keeps it all up to date."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from symphony_compiler.workspace import Workspace

__all__ = ["Workspace"]


def __getattr__(name: str) -> object:
    if name == "Workspace":
        from symphony_compiler.workspace import Workspace

        return Workspace
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
