"""Python modules found by their path. Nothing of them is run, nor of the packages that they stand in."""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder
from importlib.util import decode_source, find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec


class NoModuleError(Exception):
    """There is no module of this name, or it cannot be read; the text says which."""


def source_of(name: str, home: Path) -> str | None:
    """The source of a module; None for one without source that could be read (built in, compiled).

    Modules beside `wf.toml` or the file come first, then those of the environment.
    """
    spec = _spec(name, home)
    if spec.origin is None and spec.submodule_search_locations is not None:
        return ""  # a folder without `__init__.py`
    if spec.origin is None or not spec.origin.endswith(".py"):
        return None
    try:
        return decode_source(Path(spec.origin).read_bytes())
    except (OSError, SyntaxError, UnicodeDecodeError) as error:
        raise NoModuleError(f"{name!r} cannot be read: {error}") from None


def forget() -> None:
    """Look at the folders anew."""
    PathFinder.invalidate_caches()


def _spec(name: str, home: Path) -> ModuleSpec:
    head, *rest = name.split(".")
    spec, found = PathFinder.find_spec(head, [str(home), *sys.path]) or _elsewhere(head), head
    for part in rest:
        if spec is None:
            break
        if spec.submodule_search_locations is None:
            raise NoModuleError(f"{found!r} is a module, not a package")
        # only the last part of the name: with the whole one the parent would have to be imported
        spec, found = PathFinder.find_spec(part, list(spec.submodule_search_locations)), f"{found}.{part}"
    if spec is None:
        raise NoModuleError(f"there is no module {found!r} beside wf.toml or the file, nor in the environment")
    return spec


def _elsewhere(head: str) -> ModuleSpec | None:
    """Built-in modules, and those of installers' own finders; asking for a name without a dot runs nothing."""
    try:
        return find_spec(head)
    except (ImportError, ValueError):
        return None
