"""The language's own library: `.wf` files that come with the compiler.

`import "std/NAME"` means the file `std:NAME.wf`; no file of a project can have such a path.
"""

from __future__ import annotations

from functools import cache
from pkgutil import get_data

from symphony_compiler.paths import STD, relative
from symphony_dsl.syntax.parser import parse_file
from symphony_dsl.syntax.tree import File

OWN = "std:"
PRELUDE = f"{OWN}prelude.wf"
"""The file whose declarations every other file sees."""


def written(importer: str, path: str) -> str:
    """How a writer in `importer` says `path` behind `import`."""
    return STD + path.removeprefix(OWN) if is_own(path) else relative(importer, path)


def is_own(path: str) -> bool:
    return path.startswith(OWN)


def std_path(source: str) -> str | None:
    """The file that an import from the library means, or None if there is none."""
    path = f"{OWN}{source.removeprefix(STD).removesuffix('.wf')}.wf"
    return path if _text(path) is not None else None


@cache
def _text(path: str) -> str | None:
    name = path.removeprefix(OWN)
    if "/" in name or not name.endswith(".wf"):
        return None
    try:
        data = get_data("symphony_compiler", f"std/{name}")
    except FileNotFoundError:
        return None
    return None if data is None else data.decode("utf-8")


@cache
def own_file(path: str) -> File | None:
    """A file of the library, read."""
    text = _text(path)
    return None if text is None else parse_file(path, text)
