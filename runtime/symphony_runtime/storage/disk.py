"""Names in folders: making sure that they outlive the machine's power, and how old they are."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def keep_names(folder: Path) -> None:
    """Wait until the disk knows what stands in a folder. Windows knows it by itself."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def age(path: Path, now: float) -> float:
    """Seconds since a file was written; `now` is in seconds since 1970. One that is gone is new."""
    with suppress(OSError):
        return now - path.stat().st_mtime
    return 0.0
