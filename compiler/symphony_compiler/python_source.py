"""What a Python module offers, found by reading its source; nothing is ever run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache

from symphony_dsl.base.frozen import frozen


@frozen
class Function:
    """`opaque`: something of that name is there, but how it is called cannot be told from the source."""

    line: int
    by_name: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    by_position_only: tuple[str, ...] = ()
    takes_any: bool = False
    opaque: bool = False


@frozen
class Module:
    """`problem` says why the source cannot be read. `open`: it may offer names that cannot be told from the source."""

    functions: dict[str, Function]
    open: bool = False
    problem: str | None = None


@lru_cache(maxsize=256)
def module_of(source: str) -> Module:
    try:
        tree = ast.parse(source)
    except SyntaxError as problem:
        return Module({}, problem=f"line {problem.lineno}: {problem.msg}")
    except (ValueError, RecursionError, MemoryError) as problem:
        return Module({}, problem=str(problem) or "it is too complex")
    found: dict[str, Function] = {}
    is_open = False
    for statement in _statements(tree.body):
        found.update(_offered(statement))
        is_open = is_open or _is_open(statement)
    return Module(found, is_open)


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that run when a module is imported, those of its conditions and blocks included."""
    rest = [iter(body)]
    while rest:
        statement = next(rest[-1], None)
        if statement is None:
            rest.pop()
            continue
        yield statement
        if isinstance(statement, ast.If | ast.Try | ast.With | ast.For | ast.While):
            rest.append(iter(_inner(statement)))


def _inner(statement: ast.stmt) -> list[ast.stmt]:
    blocks = [getattr(statement, name, []) for name in ("body", "orelse", "finalbody")]
    handlers = [handler.body for handler in getattr(statement, "handlers", [])]
    return [each for block in (*blocks, *handlers) for each in block]


def _offered(statement: ast.stmt) -> dict[str, Function]:
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return {statement.name: _function(statement)}
        case ast.ClassDef():
            return {statement.name: Function(statement.lineno, opaque=True)}
        case ast.Import() | ast.ImportFrom():
            names = [alias.asname or alias.name.split(".")[0] for alias in statement.names]
        case ast.Assign(targets=targets):
            names = [part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is not None:
            names = [name]
        case _:
            names = []
    return {name: Function(statement.lineno, opaque=True) for name in names}


def _is_open(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.ImportFrom):
        return any(alias.name == "*" for alias in statement.names)
    return isinstance(statement, ast.FunctionDef) and statement.name == "__getattr__"


def _function(found: ast.FunctionDef | ast.AsyncFunctionDef) -> Function:
    if found.decorator_list:
        return Function(found.lineno, opaque=True)
    arguments = found.args
    positional = [each.arg for each in (*arguments.posonlyargs, *arguments.args)]
    needed = positional[: len(positional) - len(arguments.defaults)]
    only = [each.arg for each, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if value is None]
    return Function(
        found.lineno,
        by_name=tuple(each.arg for each in (*arguments.args, *arguments.kwonlyargs)),
        required=(*needed, *only),
        by_position_only=tuple(each.arg for each in arguments.posonlyargs),
        takes_any=arguments.kwarg is not None,
    )
