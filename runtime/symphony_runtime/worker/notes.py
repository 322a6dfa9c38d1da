"""What the user's code may tell and ask while it runs."""

from __future__ import annotations

from collections.abc import Callable

_send: Callable[[float, str | None], None] | None = None
_key = ""


def progress(fraction: float, message: str | None = None) -> None:
    """Tell how far a step is, from 0 to 1. Outside of a worker nothing happens, so that code can be tried by itself."""
    if _send is not None:
        _send(min(1.0, max(0.0, float(fraction))), message)


def key() -> str:
    """The same text in every attempt of a step, and in no other step: by it a service recognises what it did already.

    Outside of a worker it is empty.
    """
    return _key


def set_key(of_task: str) -> None:
    global _key  # noqa: PLW0603 - one process does one task at a time
    _key = of_task


def send_progress_to(send: Callable[[float, str | None], None]) -> None:
    global _send  # noqa: PLW0603 - the user's code calls a plain function: the link of its process is process-wide
    _send = send
