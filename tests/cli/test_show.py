"""`wf show`: which workflows and steps are meant, and how they are printed."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from tests.cli.conftest import Wf
from tests.cli.test_run import COMMAND

from symphony_model.binary.compression import Compression
from symphony_model.workflow import Workflow

COLOUR = re.compile(r"\x1b\[[0-9;]*m")

FIXTURE = Path(__file__).parents[1] / "data" / "artifacts" / "page-1.2.0.wf.json"

SHOP = """\
wf 1.0

/// What one costs.
workflow price 1.2.0 {
  input name: string
  output cents: int = name.size() * 100
}

workflow bill {
  input names: string[]
  step prices = for name in names parallel 4 {
    step one = price(name)
    yield one.cents
  }
  step total = prices.sum()
  output total: int
}
"""
PRICE = """\
workflow price 1.2.0
  What one costs.

inputs
  name  string

outputs
  cents  int ← name.size() * 100
"""
BILL = """\
workflow bill

inputs
  names  string[]

outputs
  total  int

steps  4 in 2 levels
  1 prices: int[] = for item in names parallel 4
    1 one = price  workflow
        name  string ← item
        → cents: int
    2 yield one.cents → int
  2 total: int = prices.sum()
"""


@pytest.fixture
def shop(here: Path) -> Path:
    (here / "shop.wf").write_text(SHOP)
    return here


def test_a_file_shows_all_its_workflows(wf: Wf, shop: Path) -> None:
    assert wf("show", "shop.wf").out == f"{PRICE}\n{BILL}"


def test_a_name_and_a_folder_and_an_artifact(wf: Wf, shop: Path) -> None:
    assert wf("show", "shop.wf:bill").out == BILL
    assert wf("show", ".").out == wf("show").out == f"{PRICE}\n{BILL}"
    assert wf("build").code == 0
    assert wf("show", "build/bill.wf.json").out == f"{BILL}\n{PRICE}"
    assert wf("show", "build/bill.wf.json:price").out == PRICE


def test_one_line_each(wf: Wf, shop: Path) -> None:
    assert wf("show", "shop.wf", "--compact").out.splitlines() == [
        "price 1.2.0  0 steps  (name: string) → (cents: int)",
        "bill  4 steps in 2 levels  (names: string[]) → (total: int)",
    ]


def test_depth_width_and_metadata(wf: Wf, shop: Path) -> None:
    closed = wf("show", "shop.wf:bill", "--depth", "0").out
    assert "  1 prices: int[] = for item in names parallel 4  … 2 steps\n  2 total" in closed
    assert max(map(len, wf("show", "shop.wf", "--width", "24").out.splitlines())) == 24
    assert re.search(r"path prices/one · id [0-9a-f-]{36}\n", wf("show", "shop.wf", "-m").out)


def test_a_step_by_name_and_by_path(wf: Wf, shop: Path) -> None:
    one = wf("show", "shop.wf", "--step", "prices/one").out
    assert one.startswith("operator prices/one  price  workflow\n")
    assert wf("show", "shop.wf", "--step", "one").out == one
    assert wf("show", "shop.wf", "--step", "prices[3]/one").out == one
    block = wf("show", "shop.wf", "--step", "prices").out
    assert block.startswith("block prices  for item in names parallel 4\n")
    assert "  holds\n    1 one = price  workflow\n" in block
    assert wf("show", "shop.wf", "--step", "one", "--compact").out.startswith("prices/one  price  workflow  (")


def test_a_name_of_several_steps_lists_them(wf: Wf, shop: Path) -> None:
    (shop / "more.wf").write_text(SHOP)
    said = wf("show", ".", "--step", "total")
    assert said.err == "2 steps are called 'total'; to see one whole, say its path, and FILE:WORKFLOW\n"
    assert said.out.splitlines() == ["total  prices.sum()  (prices: int[]) → (result: int)"] * 2


def test_colours_are_added_where_they_are_asked_for(wf: Wf, shop: Path) -> None:
    coloured = wf("show", "shop.wf", "--color", "always").out
    assert "\x1b[1mbill\x1b[0m" in coloured
    assert COLOUR.sub("", coloured) == wf("show", "shop.wf").out == f"{PRICE}\n{BILL}"


def shown_on_terminal(*words: str, **environment: str) -> str:
    """What `wf show` prints where standard output is a terminal."""
    ours, theirs = pty.openpty()
    terminal = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "40", **environment}
    running = subprocess.Popen([*COMMAND, "show", *words], stdin=theirs, stdout=theirs, stderr=theirs, env=terminal)
    os.close(theirs)
    seen = b""
    with suppress(OSError):  # the other end is closed
        while piece := os.read(ours, 4096):
            seen += piece
    running.wait(60)
    os.close(ours)
    return seen.decode().replace("\r\n", "\n")


def test_a_terminal_has_colours_and_columns(shop: Path) -> None:
    seen = shown_on_terminal("shop.wf")
    assert "\x1b[1mbill\x1b[0m" in seen
    lines = COLOUR.sub("", seen).splitlines()
    assert max(map(len, lines)) == 40
    assert "  1 prices: int[] = for item in names p…" in lines
    assert shown_on_terminal("shop.wf", NO_COLOR="1").splitlines() == lines
    assert "\x1b" in shown_on_terminal("shop.wf", "--color", "always", NO_COLOR="1")
    assert shown_on_terminal("shop.wf", "--color", "never", "--width", "100") == f"{PRICE}\n{BILL}"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["shop.wf:bil"], "there is no workflow 'bil'"),
        (["shop.wf", "--step", "totl"], "there is no step 'totl'; did you mean 'total'?"),
        (["none.wf"], "there is no such file"),
        (["shop.wf", "--width", "3"], "3 is not in the range"),
        (["shop.wf", "--color", "blue"], "'blue' is none of auto, always, never"),
    ],
)
def test_what_is_not_there(wf: Wf, shop: Path, words: list[str], message: str) -> None:
    said = wf("show", *words)
    assert (said.code, said.out) == (2, "")
    assert message in said.err


def test_mistakes_are_told_as_by_check(wf: Wf, here: Path) -> None:
    (here / "wrong.wf").write_text("wf 1.0\n\nworkflow w {\n  output x: int = y\n}\n")
    said = wf("show", "wrong.wf")
    assert said.code == 1
    assert "WF0201" in said.err
    (here / "empty.wf").write_text("wf 1.0\n")
    assert "there is no workflow in this file" in wf("show", "empty.wf").err


def test_a_changed_artifact_is_refused(wf: Wf, shop: Path) -> None:
    wf("build")
    path = shop / "build" / "price.wf.json"
    data = json.loads(path.read_text())
    data["workflow"]["name"] = "other"
    path.write_text(json.dumps(data))
    assert wf("show", "build/price.wf.json").code == 2


WRITERS: dict[str, Callable[[Workflow], bytes]] = {
    "page.msgpack": Workflow.to_msgpack,
    "page.zstd.msgpack": lambda workflow: workflow.to_compressed(Compression.ZSTD),
    "page.lz4.msgpack": lambda workflow: workflow.to_compressed(Compression.LZ4),
    "page.bincode": Workflow.to_bincode,
}


@pytest.mark.parametrize("name", WRITERS)
def test_an_artifact_of_any_format_is_shown(wf: Wf, here: Path, name: str) -> None:
    data = WRITERS[name](Workflow.from_json(FIXTURE.read_bytes()))
    (here / name).write_bytes(data)
    assert wf("show", name) == wf("show", FIXTURE)
    (here / name).write_bytes(data[:-9])
    said = wf("show", name)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(f"error: {name}: byte {len(data) - 9}: ")


@pytest.mark.parametrize("path", sorted(FIXTURE.parent.glob("*.wf.json")), ids=lambda path: path.name)
def test_an_artifact_of_any_version_is_shown(wf: Wf, path: Path) -> None:
    said = wf("show", path)
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("workflow ")


@pytest.mark.parametrize("data", [b"", b"\x80", b"\x81\xa1a\x01", b"wf 1.0\n"])
def test_a_file_that_is_called_an_artifact_and_is_none(here: Path, wf: Wf, data: bytes) -> None:
    (here / "x.wf.msgpack").write_bytes(data)
    text = "error: x.wf.msgpack: this is no artifact: it opens like none of the formats\n  hint: build it again with `wf build`\n"
    assert wf("show", "x.wf.msgpack") == type(wf("--version"))(2, "", text)
