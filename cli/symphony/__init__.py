"""Symphony: workflows as text.

What a user's own code needs is `symphony.progress(fraction, message)` and `symphony.key()`, which a step written in Python may
call. The names below are loaded when they are asked for, so that `import symphony` costs nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False  # the one of `typing` costs every start of `wf` several milliseconds

if TYPE_CHECKING:
    from symphony.version import __version__
    from symphony_runtime.worker.notes import key, progress

__all__ = ["__version__", "key", "progress"]

_NOTES = "symphony_runtime.worker.notes"
_HOMES = {"__version__": "symphony.version", "key": _NOTES, "progress": _NOTES}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'symphony' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
