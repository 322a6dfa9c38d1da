"""No step that makes something durable is without a failpoint, so that each is a place where the tests kill the engine."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from symphony_runtime.storage import failpoints
from symphony_runtime.storage.failpoints import POINTS

RUNTIME = Path(__file__).parents[2] / "runtime/symphony_runtime"
STORAGE = sorted((RUNTIME / "storage").glob("*.py"))

DURABLE = {
    *("rename", "replace", "unlink", "rmtree", "mkdir", "touch", "symlink_to", "hardlink_to"),
    *("write", "write_text", "write_bytes", "truncate", "fsync", "executemany", "executescript"),
    *("INSERT", "UPDATE", "DELETE", "flock"),
}
"""What a file, a folder or a database is changed by: names that are called, words that a statement begins with."""

SMALL = {"_write", "_lock", "keep_names", "_insert", "_keep", "_remove", "_changing", "_has_room", "_may_begin"}
"""Parts of one step, called by functions that have the failpoint."""

UNDONE = {"making", "_put_anew"}
"""What is half made is thrown away: a kill in the middle leaves what a kill before it leaves."""


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def calls(node: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for each in ast.walk(node):
        if isinstance(each, ast.Call):
            of = each.func
            name = of.attr if isinstance(of, ast.Attribute) else of.id if isinstance(of, ast.Name) else ""
            words = [arg.value for arg in each.args[:1] if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            statement = words[0].split()[0] if name == "execute" and words and words[0].split() else name
            yield statement, each


def unmarked(source: str) -> list[str]:
    """Functions that change something and whose last change is not followed by a failpoint."""
    found = []
    for function in functions(ast.parse(source)):
        if function.name in SMALL | UNDONE:
            continue
        told = list(calls(function))
        changes = [call.end_lineno or 0 for name, call in told if name in DURABLE | SMALL]
        reached = [call.lineno for name, call in told if name == "reach"]
        if changes and (not reached or max(reached) < max(changes)) and not _is_cleanup(function, changes, reached):
            found.append(function.name)
    return found


def _is_cleanup(function: ast.AST, changes: list[int], reached: list[int]) -> bool:
    """Whether all that comes behind the last failpoint stands where a failure is answered."""
    handled = {
        line
        for node in ast.walk(function)
        if isinstance(node, ast.ExceptHandler)
        for line in range(node.lineno, (node.end_lineno or 0) + 1)
    }
    return bool(reached) and all(line in handled for line in changes if line > max(reached))


def names() -> list[str]:
    """The failpoints that the code reaches, by their literal names."""
    found = []
    for path in RUNTIME.rglob("*.py"):
        for name, call in calls(ast.parse(path.read_text())):
            if name == "reach":
                (given,) = call.args
                assert isinstance(given, ast.Constant), "a failpoint has its name where it is"
                found.append(str(given.value))
    return found


def test_whatever_is_made_durable_has_a_failpoint():
    assert {path.name: unmarked(path.read_text()) for path in STORAGE} == {path.name: [] for path in STORAGE}


def test_only_storage_makes_anything_of_a_run_durable():
    """Elsewhere entries are committed through a log, which has its failpoints."""
    elsewhere = [path for path in RUNTIME.rglob("*.py") if path not in STORAGE]
    theirs = {"operators", "worker", "audit", "leash.py"}
    # files of the user's, values on their way to a worker, a copy of what logs say, who is alive
    found = [
        path.name
        for path in elsewhere
        if not theirs & set(path.relative_to(RUNTIME).parts) and unmarked_files(path.read_text())
    ]
    assert found == []


def unmarked_files(source: str) -> bool:
    files = {"rename", "unlink", "rmtree", "mkdir", "write_text", "write_bytes", "fsync", "executemany", "INSERT"}
    return any(name in files for name, _ in calls(ast.parse(source)))


def test_every_failpoint_is_told_and_there():
    assert set(names()) == POINTS.keys()


def test_a_change_without_a_failpoint_is_found():
    assert unmarked("def f(path):\n    path.rename('a')\n") == ["f"]
    assert unmarked("def f(path):\n    reach('a')\n    path.unlink()\n") == ["f"]
    assert unmarked("def f(path):\n    path.unlink()\n    reach('a')\n") == []
    assert unmarked("def f(db):\n    db.execute('INSERT INTO a VALUES (1)')\n") == ["f"]
    assert unmarked("def f(db):\n    db.execute('SELECT 1')\n") == []


def test_nothing_is_watched_unless_a_program_asks(monkeypatch):
    for name in ("SYMPHONY_FAILPOINT", "SYMPHONY_FAILPOINTS", "FAILPOINTS"):
        monkeypatch.setenv(name, "log.appended")
    failpoints.reach("log.appended")
    seen = []
    failpoints.watch(seen.append)
    failpoints.reach("log.appended")
    failpoints.watch(None)
    failpoints.reach("log.appended")
    assert seen == ["log.appended"]
