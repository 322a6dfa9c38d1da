"""Which file an `import` means. Paths are text: POSIX, relative to the package root, never looked up here."""

from __future__ import annotations

STD = "std/"


def is_relative(source: str) -> bool:
    return source.startswith(("./", "../"))


def is_std(source: str) -> bool:
    return source.startswith(STD)


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
