"""Finds what a pure room must not do: touch files, the clock, the environment, the network, processes or randomness."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

MODULES = frozenset(
    [
        "asyncio",
        "ctypes",
        "fcntl",
        "fileinput",
        "getpass",
        "glob",
        "http",
        "io",
        "locale",
        "logging",
        "mmap",
        "multiprocessing",
        "os",
        "pathlib",
        "platform",
        "random",
        "resource",
        "runpy",
        "secrets",
        "select",
        "selectors",
        "shelve",
        "shutil",
        "signal",
        "site",
        "socket",
        "sqlite3",
        "ssl",
        "subprocess",
        "sys",
        "sysconfig",
        "tempfile",
        "threading",
        "time",
        "urllib",
        "webbrowser",
    ]
)
"""Modules that have no business in a pure room; their submodules neither."""

NAMES = {
    "importlib": frozenset({"metadata", "util", "machinery", "reload"}),
    "importlib.metadata": frozenset({"*"}),
    "importlib.util": frozenset({"*"}),
    "uuid": frozenset({"uuid1", "uuid4", "getnode"}),
    "zoneinfo": frozenset({"TZPATH", "reset_tzpath", "available_timezones"}),
}
"""What is barred of modules that are allowed otherwise; `*` is all."""

ATTRIBUTES = frozenset({"now", "today", "utcnow", "uuid4", "uuid1"})
BUILTINS = frozenset({"open", "print", "input", "eval", "exec", "compile", "__import__", "breakpoint"})
READERS = frozenset({"ZoneInfo"})
"""Classes whose call reads a file of the machine; what they make otherwise, as by `from_file`, is allowed."""


@dataclass(frozen=True)
class Violation:
    line: int
    what: str


def violations(source: str) -> list[Violation]:
    """What is impure in a module; nothing in one that is run as a program (`if __name__ == "__main__"`)."""
    tree = ast.parse(source)
    if any(_is_program(statement) for statement in tree.body):
        return []
    return [found for node in ast.walk(tree) for found in _of(node)]


def _is_program(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.If) and ast.unparse(statement.test) == "__name__ == '__main__'"


def _of(node: ast.AST) -> Iterator[Violation]:
    match node:
        case ast.Import(names=names):
            yield from (Violation(node.lineno, f"imports {name.name}") for name in names if _barred(name.name))
        case ast.ImportFrom(module=str(module), names=names, level=0):
            yield from _imported(node, module, [name.name for name in names])
        case ast.Call(func=ast.Name(id=name)) if name in BUILTINS | READERS:
            yield Violation(node.lineno, f"calls {name}")
        case ast.Call(func=ast.Attribute(attr=name)) if name in ATTRIBUTES:
            yield Violation(node.lineno, f"calls .{name}")


def _imported(node: ast.ImportFrom, module: str, names: list[str]) -> Iterator[Violation]:
    barred = NAMES.get(module, frozenset())
    if _barred(module):
        yield Violation(node.lineno, f"imports from {module}")
    yield from (Violation(node.lineno, f"imports {module}.{name}") for name in names if {name, "*"} & barred)


def _barred(module: str) -> bool:
    return module.partition(".")[0] in MODULES or "*" in NAMES.get(module, ())
