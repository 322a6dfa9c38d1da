"""Ids of runs: UUIDv7 (RFC 9562), so that they sort by the time at which they were made."""

from __future__ import annotations

import secrets
from uuid import UUID


def new_execution_id(at: int) -> str:
    """`at` is in nanoseconds since 1970."""
    number = (at // 1_000_000) << 80 | secrets.randbits(80)
    number &= ~(0xF << 76) & ~(0x3 << 62)
    return str(UUID(int=number | 0x7 << 76 | 0x2 << 62))
