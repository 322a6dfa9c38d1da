"""Which file an `import` means. Paths are text: POSIX, relative to the package root, never looked up here."""

from __future__ import annotations

import re
from collections.abc import Iterator

STD = "std/"
PACKAGE = re.compile(r"[a-z0-9][a-z0-9_-]*(/[a-z0-9][a-z0-9_-]*)?")
"""The names that `wf.toml` allows."""


def is_relative(source: str) -> bool:
    return source.startswith(("./", "../"))


def is_std(source: str) -> bool:
    return source.startswith(STD)


def is_package(source: str) -> bool:
    return PACKAGE.fullmatch(source) is not None and not is_std(source)


def folders(path: str) -> Iterator[str]:
    """The folders that a file lies in, the innermost first."""
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def resolve(importer: str, source: str) -> str:
    """The path of a relative `source` seen from `importer`; what lies above the root keeps its `../`."""
    parts: list[str] = importer.split("/")[:-1]
    for part in source.split("/"):
        if part in ("", "."):
            continue
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def relative(importer: str, path: str) -> str:
    """How a writer in `importer` says `path`."""
    here = importer.split("/")[:-1]
    there = path.split("/")
    shared = 0
    while shared < min(len(here), len(there) - 1) and here[shared] == there[shared]:
        shared += 1
    up = "../" * (len(here) - shared) or "./"
    return up + "/".join(there[shared:])
