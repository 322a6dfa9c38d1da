"""The language, the model and the compiler touch nothing outside: text, time and width are given to them."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.house.purity import violations

ROOT = Path(__file__).parents[2]
PURE = ("dsl/symphony_dsl", "model/symphony_model", "compiler/symphony_compiler")


GENERATED = {f"dsl/symphony_dsl/expressions/fast/generate.py calls {name}" for name in ("compile", "exec")}
"""The one place that makes functions: of nodes on a list, without builtins (tests/expressions/test_fast_code.py)."""


@pytest.mark.parametrize("room", PURE)
def test_a_room_is_pure(room: str) -> None:
    files = sorted(path for path in (ROOT / room).rglob("*.py") if path.name != "__main__.py")
    found = [f"{path.relative_to(ROOT)} {each.what}" for path in files for each in violations(path.read_text())]
    assert sorted(found) == sorted(each for each in GENERATED if each.startswith(room))
    assert len(files) > 10


IMPURE = [
    ("import os", "imports os"),
    ("import os.path as p", "imports os.path"),
    ("def f():\n    from pathlib import Path", "imports from pathlib"),
    ("import importlib.util", "imports importlib.util"),
    ("from importlib import metadata", "imports importlib.metadata"),
    ("from uuid import UUID, uuid4", "imports uuid.uuid4"),
    ("x = open('a')", "calls open"),
    ("x = eval('1')", "calls eval"),
    ("from datetime import datetime\nx = datetime.now()", "calls .now"),
    ("import random", "imports random"),
    ("from zoneinfo import ZoneInfo\nx = ZoneInfo('UTC')", "calls ZoneInfo"),
    ("from zoneinfo import available_timezones", "imports zoneinfo.available_timezones"),
]


@pytest.mark.parametrize(("source", "what"), IMPURE)
def test_the_check_finds_what_is_impure(source: str, what: str) -> None:
    assert [found.what for found in violations(source)] == [what]


@pytest.mark.parametrize(
    "source",
    [
        "from importlib.resources import files\nfrom importlib import import_module, resources",
        "from datetime import datetime, timedelta\nfrom uuid import UUID, uuid5",
        "from zoneinfo import ZoneInfo\ndef zone(data):\n    return ZoneInfo.from_file(data)",
        "import os\nif __name__ == '__main__':\n    os.abort()",
        "def load(name):\n    return name.open",
    ],
)
def test_the_check_lets_pass_what_is_pure(source: str) -> None:
    assert violations(source) == []
