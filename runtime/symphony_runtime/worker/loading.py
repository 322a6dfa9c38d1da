"""From "module:function" to the function: beside the workflow first, then in the environment."""

from __future__ import annotations

import importlib
import importlib.machinery
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from symphony_dsl.base.values import Value


class NotLoadableError(Exception):
    """What a step names as its function is none. `str()` says it in a sentence."""


def load(target: str, home: Path) -> Callable[..., Value]:
    """Raises NotLoadableError, or whatever the module itself raises while it is imported."""
    module_name, _, path = target.partition(":")
    found: Value = _module(module_name, home)
    for part in path.split("."):
        found = getattr(found, part, None)
    if found is None:
        raise NotLoadableError(f"the module '{module_name}' has no function '{path}'")
    if not callable(found):
        raise NotLoadableError(f"'{path}' of the module '{module_name}' is no function")
    return found  # type: ignore[no-any-return]  # callable, and more is not known


def _module(name: str, home: Path) -> ModuleType:
    _refuse_shadowed(name.partition(".")[0], home)
    importlib.invalidate_caches()  # an earlier step may have written the module a moment ago
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as problem:
        if problem.name and (name == problem.name or name.startswith(problem.name + ".")):
            raise NotLoadableError(
                f"the module '{name}' is neither beside the workflow nor in the environment"
            ) from None
        raise


def _refuse_shadowed(top: str, home: Path) -> None:
    """A module of ours or of Python's that is loaded already would be taken for the user's."""
    loaded = sys.modules.get(top)
    if loaded is None:
        return
    ours = importlib.machinery.PathFinder.find_spec(top, [str(home)])
    if ours is None or ours.origin in (None, getattr(loaded, "__file__", None)):
        return
    raise NotLoadableError(
        f"the module '{top}' beside the workflow has the name of a module of Python or of this program"
    )
