"""The import circles of a package, whether an import stands at the top of a module or inside a function.

Imports for type checking only are left out: at run time they are not there.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

TYPES_ONLY = ("TYPE_CHECKING", "typing.TYPE_CHECKING")
Graph = Mapping[str, set[str]]


def circles(package: Path) -> list[list[str]]:
    """Each group of modules that import each other, directly or by way of others."""
    return sorted(sorted(group) for group in groups(graph(package)) if len(group) > 1)


def graph(package: Path) -> Graph:
    """The modules of a package with those of it that they import."""
    files = {name_of(package, path): path for path in sorted(package.rglob("*.py"))}
    return {name: set(imported(name, path, files.keys())) - {name} for name, path in files.items()}


def name_of(package: Path, path: Path) -> str:
    parts = path.relative_to(package.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(name: str, path: Path, modules: set[str]) -> Iterator[str]:
    for node in at_run_time(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names if each.name in modules)
        elif isinstance(node, ast.ImportFrom):
            source = absolute(node, name, is_package=path.name == "__init__.py")
            found = [f"{source}.{each.name}" for each in node.names if f"{source}.{each.name}" in modules]
            yield from found or ([source] if source in modules else [])


def absolute(node: ast.ImportFrom, name: str, *, is_package: bool) -> str:
    if not node.level:
        return node.module or ""
    parts = name.split(".")
    outer = parts[: len(parts) - node.level + is_package]
    return ".".join([*outer, *([node.module] if node.module else [])])


def at_run_time(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes but those below `if TYPE_CHECKING:`."""
    rest = [tree]
    while rest:
        node = rest.pop()
        yield node
        skipped = node.body if isinstance(node, ast.If) and ast.unparse(node.test) in TYPES_ONLY else []
        rest.extend(child for child in ast.iter_child_nodes(node) if child not in skipped)


def groups(graph: Graph) -> list[set[str]]:
    """Nodes that reach each other, each group once."""
    reached = {name: reach(graph, name) for name in graph}
    found = [{name, *(other for other in reached[name] if name in reached[other])} for name in graph]
    return [group for at, group in enumerate(found) if group not in found[:at]]


def reach(graph: Graph, name: str) -> set[str]:
    found: set[str] = set()
    rest = [name]
    while rest:
        new = graph.get(rest.pop(), set()) - found
        found |= new
        rest.extend(new)
    return found
