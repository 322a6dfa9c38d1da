"""Ids of runs: UUIDv7 (RFC 9562), so that they sort by the time at which they were made."""

from __future__ import annotations

import secrets
from uuid import UUID

MILLISECOND = 1_000_000


def new_execution_id(at: int) -> str:
    """`at` is in nanoseconds since 1970; what is below a millisecond counts to a 4096th of one."""
    whole, rest = divmod(at, MILLISECOND)
    number = whole << 80 | 0x7 << 76 | (rest * 4096 // MILLISECOND) << 64 | 0x2 << 62 | secrets.randbits(62)
    return str(UUID(int=number))
