"""Subprocess workers for the user's code. `progress` is what that code may call."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from symphony_runtime.worker.notes import progress

__all__ = ["progress"]


def __getattr__(name: str) -> object:
    if name == "progress":
        from symphony_runtime.worker import notes

        return notes.progress
    raise AttributeError(name)
