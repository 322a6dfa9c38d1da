"""Where `wf` starts. Nothing is imported here that a bare `wf --version` does not need, nor anything that takes time
before Ctrl-C is listened to."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `wf` and return its exit code; whatever goes wrong is a message by then."""
    if arguments is None:
        _leave(_coded_as_process())
    return _coded(list(arguments))


def _coded_as_process() -> int:
    """SIGTERM is Ctrl-C here. Once all is said, neither can change how it ends."""
    try:
        import signal

        for number in (signal.SIGTERM, signal.SIGALRM):
            signal.signal(number, signal.default_int_handler)
        _settle_asides(shown="--debug" in sys.argv)
        code = _coded(sys.argv[1:])
        _ignore_interrupts()
    except KeyboardInterrupt:  # one more, while the first was told
        _ignore_interrupts()
        code = INTERRUPTED
    return code


def _settle_asides(*, shown: bool) -> None:
    """Python's own remarks are for programmers. Of Ctrl-C it makes one where that meets a callback, such as imports have, and
    goes on: it comes again a moment later."""
    import signal
    import warnings

    told = sys.unraisablehook

    def unraisable(met: sys.UnraisableHookArgs) -> None:
        if met.exc_type is KeyboardInterrupt:
            signal.setitimer(signal.ITIMER_REAL, 0.001)
        elif shown:
            told(met)

    sys.unraisablehook = unraisable
    if not shown and not sys.warnoptions:
        warnings.simplefilter("ignore")


def _ignore_interrupts() -> None:
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


def _coded(words: list[str]) -> int:
    try:
        if words in (["--version"], ["-V"]):
            return _version()
        from symphony.command.guard import guarded

        return guarded(words)
    except KeyboardInterrupt:  # before the guard was up
        sys.stderr.write("interrupted\n")
        return INTERRUPTED


def _leave(code: int) -> NoReturn:
    """End the process with this code, and at once: Python would look all that was made over once more, to free what ends
    anyway. And where Ctrl-C met an `exec`, as dataclasses have, it would end by the signal, whatever was made of it."""
    from contextlib import suppress

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
