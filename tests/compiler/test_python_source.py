"""What can be told of a Python module without running it."""

from __future__ import annotations

from symphony_compiler.python_source import Function, module_of

SOURCE = """
import json as j
from os import path
from shutil import which as find

LIMIT = 3
typed: int = 4
only_declared: int

def plain(a, b=1, *, c, d=2): ...
async def waits(a): ...
def anything(a, /, *rest, **more): ...

@decorated
def wrapped(): ...

class Thing:
    def method(self): ...

if LIMIT:
    def conditional(): ...
else:
    def otherwise(): ...
try:
    def tried(): ...
except ImportError:
    def caught(): ...
"""


def test_functions_are_found_with_what_they_take() -> None:
    found = module_of(SOURCE).functions
    assert found["plain"] == Function(10, by_name=("a", "b", "c", "d"), required=("a", "c"))
    assert found["waits"].required == ("a",)
    assert found["anything"] == Function(12, required=("a",), by_position_only=("a",), takes_any=True)


def test_names_that_cannot_be_looked_into_are_there_all_the_same() -> None:
    found = module_of(SOURCE).functions
    assert all(found[name].opaque for name in ("j", "path", "find", "LIMIT", "typed", "wrapped", "Thing"))
    assert all(name in found for name in ("conditional", "otherwise", "tried", "caught"))
    assert "method" not in found
    assert "only_declared" not in found


def test_a_module_may_offer_more_than_its_source_tells() -> None:
    assert module_of("from x import *").open
    assert module_of("def __getattr__(name): ...").open
    assert not module_of(SOURCE).open


def test_what_is_no_python_is_said() -> None:
    assert module_of("x = 1\ndef f(:\n").problem == "line 2: invalid syntax"
    assert module_of("x = '\0'").problem is not None
    assert module_of("(" * 5000).problem is not None
