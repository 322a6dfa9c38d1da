"""Where `wf` starts. Nothing is imported here that a bare `wf --version` does not need."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `wf` and return its exit code; whatever goes wrong is a message by then."""
    code = _coded(list(sys.argv[1:] if arguments is None else arguments))
    if arguments is None and code == INTERRUPTED:
        _leave(code)
    return code


def _coded(words: list[str]) -> int:
    try:
        if words in (["--version"], ["-V"]):
            return _version()
        from symphony.command.guard import guarded

        return guarded(words)
    except KeyboardInterrupt:  # before the guard was up
        sys.stderr.write("interrupted\n")
        return INTERRUPTED


def _leave(code: int) -> None:
    """End the process with this code. Where Ctrl-C met an `exec`, as dataclasses have, Python remembers it as unhandled
    and would end by the signal, whatever was made of it."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):
            stream.flush()
    os._exit(code)


def _version() -> int:
    from symphony.version import __version__

    sys.stdout.write(f"wf {__version__}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
