"""No room has modules that import each other: what two need has a module of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.house.circles import circles, graph

ROOT = Path(__file__).parents[2]
ROOMS = (
    "dsl/symphony_dsl",
    "model/symphony_model",
    "compiler/symphony_compiler",
    "runtime/symphony_runtime",
    "schemas/symphony_schemas",
    "cli/symphony",
    "editor/symphony_editor",
)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_has_no_import_circle(room: str) -> None:
    assert circles(ROOT / room) == []


def test_the_check_sees_what_is_there() -> None:
    found = graph(ROOT / "compiler/symphony_compiler")
    assert {"symphony_compiler.effects", "symphony_compiler.steps"} <= found["symphony_compiler.bodies"]


def planted(folder: Path, **modules: str) -> Path:
    package = folder / "room"
    for name, text in {"__init__": "", **modules}.items():
        file = package / f"{name.replace('__in__', '/')}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return package


CIRCLES = [
    {"a": "import room.b", "b": "from room.a import x"},
    {"a": "from room import b", "b": "def f():\n    from room.a import x"},
    {"a": "from . import b", "b": "from .a import x"},
    {
        "a": "from room.c import y",
        "c": "if True:\n    from room import b",
        "b": "try:\n    import room.a\nfinally:\n    x = 1",
    },
    {
        "a": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    pass\nelse:\n    import room.b",
        "b": "import room.a",
    },
    {"a": "import room.sub.b", "sub__in__b": "from ..a import x", "sub__in____init__": ""},
]


@pytest.mark.parametrize("modules", CIRCLES)
def test_a_planted_circle_is_found(tmp_path: Path, modules: dict[str, str]) -> None:
    names = {f"room.{name.replace('__in__', '.')}" for name, text in modules.items() if text}
    assert circles(planted(tmp_path, **modules)) == [sorted(names)]


NO_CIRCLES = [
    {"a": "import room.b", "b": "import room.c", "c": "import sys"},
    {"a": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import room.b", "b": "import room.a"},
    {"a": "import other.b", "b": "import room.a"},
    {"a": "from room import a"},
]


@pytest.mark.parametrize("modules", NO_CIRCLES)
def test_what_is_no_circle_is_left_alone(tmp_path: Path, modules: dict[str, str]) -> None:
    assert circles(planted(tmp_path, **modules)) == []
