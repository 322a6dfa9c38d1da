"""Payloads that are too long for a frame travel as files in a scratch folder; whoever opens a parcel removes it.

The folder is made when there is something to put into it. Its name cannot be guessed.
"""

from __future__ import annotations

from pathlib import Path

from symphony_runtime.worker.protocol import MAX_FRAME, Payload

INLINE_LIMIT = MAX_FRAME // 2
"""Half of a frame: the other half is for what stands beside the payload."""


def wrap(data: bytes, scratch: Path, name: str) -> Payload:
    if len(data) <= INLINE_LIMIT:
        return data
    scratch.mkdir(mode=0o700, exist_ok=True)
    (scratch / name).write_bytes(data)
    return name


def unwrap(payload: Payload, scratch: Path) -> bytes:
    if isinstance(payload, bytes):
        return payload
    file = scratch / Path(payload).name
    data = file.read_bytes()
    file.unlink()
    return data
