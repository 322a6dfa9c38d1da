"""What is kept of a bug of ours: where it happened, and nothing of the user's data.

Messages of exceptions can quote data, so only their kinds and the places in the code are written down.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import traceback
from typing import TYPE_CHECKING

from symphony.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def report_bug(error: BaseException, words: Sequence[str]) -> str:
    """Write the crash file and return the one line that the user reads."""
    what = f"this is a bug in Symphony {__version__} ({type(error).__name__})"
    try:
        handle, path = tempfile.mkstemp(prefix="symphony-crash-", suffix=".txt", text=True)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write("\n".join(_lines(error, words)) + "\n")
    except OSError:
        return f"{what}; run again with --debug to see where"
    return f"{what}; please report it with {path}, which holds no data of yours"


def _lines(error: BaseException, words: Sequence[str]) -> Iterator[str]:
    yield f"symphony {__version__}"
    yield f"python {platform.python_version()} on {sys.platform} {platform.machine()}"
    yield f"command: {_shape(words)}"
    current: BaseException | None = error
    while current is not None:
        yield f"\n{type(current).__module__}.{type(current).__qualname__}"
        for frame in traceback.extract_tb(current.__traceback__):
            yield f"  {frame.filename}:{frame.lineno} in {frame.name}"
        current = current.__cause__ or current.__context__


def _shape(words: Sequence[str]) -> str:
    """The command and the names of its options, without any value."""
    from symphony.command.group import COMMANDS

    known = [word for word in words[:1] if word in COMMANDS]
    options = [word.partition("=")[0] for word in words if word.startswith("--")]
    return " ".join(["wf", *known, *options])
