"""Where the imports of a file lead, and the files that lead back to themselves."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping

from symphony_compiler.library import std_path
from symphony_compiler.ordering import shown_way
from symphony_compiler.paths import is_package, is_relative, is_std, relative, resolve
from symphony_dsl.base.frozen import frozen
from symphony_dsl.syntax.tree import File, Import


@frozen
class Link:
    """The file that an import means, or why it means none; `instead` is what may have been meant."""

    path: str | None
    problem: str | None = None
    code: str = "WF0207"
    instead: str | None = None


Links = dict[str, Link]
"""By the text behind `import`."""


def link(file: File, packages: Mapping[str, str]) -> Links:
    """`packages` are the main files of those that are there, by name."""
    imports = (island.declaration for island in file.islands if isinstance(island.declaration, Import))
    return {each.source: _link(file.path, each.source, packages) for each in imports}


def _link(importer: str, source: str, packages: Mapping[str, str]) -> Link:
    if is_std(source):
        return _library(source)
    if is_package(source):
        return _package(source, packages)
    if not is_relative(source):
        return _not_a_path(source)
    path = resolve(importer, source)
    if path.endswith(".wf"):
        return Link(path)
    if source.endswith("/"):
        return Link(None, f'an import names a `.wf` file, not a folder: "{source}NAME.wf"')
    return Link(None, f'an import names a `.wf` file: "{source}.wf"', instead=f"{source}.wf")


def _library(source: str) -> Link:
    path = std_path(source)
    if path is not None:
        return Link(path)
    instead = f"{source}.wf" if std_path(f"{source}.wf") else None
    return Link(None, f'the standard library has no "{source}"', instead=instead)


def _package(source: str, packages: Mapping[str, str]) -> Link:
    if source in packages:
        return Link(packages[source])
    file = f"./{source.rpartition('/')[2]}.wf"
    message = (
        f'"{source}" is a package, and this version fetches none: put its files beside yours, and import them by path, '
        f'such as "{file}"'
    )
    return Link(None, message, "WF0901")


def _not_a_path(source: str) -> Link:
    if "://" in source:
        return Link(None, 'an import reads files, not addresses: put the file beside yours, and import "./NAME.wf"')
    if source.endswith(".wf") and not source.startswith("/"):
        written = f"./{source}"
        return Link(None, f'a file is named from where this one stands: "{written}"', instead=written)
    return Link(None, 'a file is named from where this one stands: "./NAME.wf" or "../NAME.wf"')


def circles(paths: Iterable[str], needs: Callable[[str], Iterable[str]]) -> dict[str, int]:
    """The files that can be reached from themselves, with a number that those of one circle share (Tarjan)."""
    numbers: dict[str, int] = {}
    lowest: dict[str, int] = {}
    open_: dict[str, None] = {}
    found: dict[str, int] = {}
    for root in paths:
        if root in numbers:
            continue
        work = [(root, iter(tuple(needs(root))))]
        numbers[root] = lowest[root] = len(numbers)
        open_[root] = None
        while work:
            path, rest = work[-1]
            following = next(rest, None)
            if following is None:
                work.pop()
                _close(path, numbers, lowest, open_, found)
                if work:
                    lowest[work[-1][0]] = min(lowest[work[-1][0]], lowest[path])
            elif following not in numbers:
                numbers[following] = lowest[following] = len(numbers)
                open_[following] = None
                work.append((following, iter(tuple(needs(following)))))
            elif following in open_:
                lowest[path] = min(lowest[path], numbers[following])
    return found


def _close(
    path: str, numbers: dict[str, int], lowest: dict[str, int], open_: dict[str, None], found: dict[str, int]
) -> None:
    if lowest[path] != numbers[path]:
        return
    while True:
        member, _ = open_.popitem()
        found[member] = numbers[path]
        if member == path:
            return


def way_back(start: str, first: str, needs: Callable[[str], Iterable[str]]) -> tuple[str, ...]:
    """The shortest way from a file by one of its imports back to itself."""
    came: dict[str, str] = {first: start}
    queue = deque([first])
    while queue:
        path = queue.popleft()
        if path == start:
            break
        for following in needs(path):
            if following not in came:
                came[following] = path
                queue.append(following)
    way = [start]
    while (before := came.get(way[-1])) is not None and (len(way) == 1 or way[-1] != start):
        way.append(before)
    return tuple(reversed(way))


def cycle_message(importer: str, way: tuple[str, ...]) -> str:
    if len(way) == 2:
        return "a file cannot import itself"
    return f"these files import each other: {shown_way([relative(importer, path) for path in way])}"
