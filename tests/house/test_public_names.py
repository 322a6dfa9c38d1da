"""What each room offers is a committed list: a name appears or goes by intent, and each can be imported."""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path

import pytest

LIST = Path(__file__).with_name("public_names.txt")
ROOMS = (
    "symphony",
    "symphony_compiler",
    "symphony_dsl",
    "symphony_dsl.base",
    "symphony_dsl.expressions",
    "symphony_dsl.syntax",
    "symphony_editor",
    "symphony_model",
    "symphony_runtime",
    "symphony_schemas",
)


def offered(room: str) -> list[str]:
    return list(getattr(import_module(room), "__all__", ()))


def typed(room: str) -> set[str] | None:
    """The names that a type checker sees in a room that loads them lazily; None for a room that defines them."""
    tree = ast.parse(Path(str(import_module(room).__file__)).read_text())
    blocks = [part for part in tree.body if isinstance(part, ast.If) and ast.unparse(part.test) == "TYPE_CHECKING"]
    imports = [part for block in blocks for part in block.body if isinstance(part, ast.ImportFrom)]
    return {alias.asname or alias.name for part in imports for alias in part.names} if blocks else None


def test_the_rooms_offer_what_the_list_says() -> None:
    found = [f"{room}.{name}" for room in ROOMS for name in sorted(offered(room))]
    assert found == LIST.read_text().split()


@pytest.mark.parametrize("room", ROOMS)
def test_every_public_name_is_there(room: str) -> None:
    module = import_module(room)
    assert [name for name in offered(room) if getattr(module, name, None) is None] == []
    assert len(set(offered(room))) == len(offered(room))
    assert not hasattr(module, "no_such_name")


@pytest.mark.parametrize("room", [room for room in ROOMS if typed(room) is not None])
def test_a_type_checker_sees_the_same_names(room: str) -> None:
    assert typed(room) == set(offered(room))
