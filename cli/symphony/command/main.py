"""Where `wf` starts. Nothing is imported here that a bare `wf --version` does not need."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `wf` and return its exit code; whatever goes wrong is a message by then."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        if words in (["--version"], ["-V"]):
            return _version()
        from symphony.command.guard import guarded

        return guarded(words)
    except KeyboardInterrupt:
        return 130


def _version() -> int:
    from symphony.version import __version__

    sys.stdout.write(f"wf {__version__}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
