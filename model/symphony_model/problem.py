"""What is wrong with a graph."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """`code` is one of the table of codes (WF06xx); `path` is the node or region that it is about."""

    code: str
    message: str
    path: str
