"""`wf show RUN` and `wf timeline`: what a run did, when it is over or while it goes on."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.cli.conftest import Wf

TIME = re.compile(r"  \d+(\.\d)? m?s\b")
"""How long something took; what takes less than anybody can tell says nothing."""
FLOW = """\
wf 1.0

repeatable operator broken(n: int) -> int { shell: "echo '</script><b>' >&2; exit 1" }

workflow flow {
  input key: secret
  input count: int = 2
  step all = for n in math.range(count) {
    step double = n * 2
    yield double
  }
  step worse = try {
    step x = broken(n: all.sum()) { retry: { attempts: 2, delay: 1ms } }
    yield x
  } catch e {
    yield 7
  }
  step sure = ask(prompt: "sure?")
  output out: int = worse
}
"""


@pytest.fixture
def ran(wf: Wf, here: Path) -> Path:
    text = FLOW.replace("math.range(count)", "[0, 1]")
    (here / "flow.wf").write_text(text)
    assert wf("run", "flow.wf", "-i", "key=@env:HOME").code == 3
    return here


def test_a_run_is_shown_as_a_tree(wf: Wf, ran: Path) -> None:
    lines = [TIME.sub("", line).rstrip() for line in wf("show", "last").out.splitlines()]
    assert lines[0].startswith("flow  waiting_for_input  run ")
    assert lines[1:] == [
        "  ✓ all.for.items  = [0, 1]",
        "  ✓ all  = [0, 2]",
        "    all[0]",
        "      ✓ double  = 0",
        "      ✓ yield  = 0",
        "    all[1]",
        "      ✓ double  = 2",
        "      ✓ yield  = 2",
        "  ✓ worse  = 7",
        "    worse:body",
        "      ✗ x  2 attempts  error: exited with 1: </script><b>",
        "      - yield",
        "    worse:catch",
        "      ✓ yield  = 7",
        "  ⏸ sure",
        "  ✓ output.out  = 7",
    ]


def test_of_many_items_the_first_and_those_with_failures_are_shown(wf: Wf, here: Path) -> None:
    items = ", ".join(map(str, range(30)))
    (here / "many.wf").write_text(
        f"wf 1.0\n\nworkflow many {{\n  step all = for n in [{items}] parallel 3 {{\n    require n != 20 else 'no'\n    yield n\n  }} with {{ on_error: skip }}\n"
        "  output all: int[]\n}\n"
    )
    said = wf("run", "many.wf")
    assert said.code == 0, said.err
    lines = [line.strip() for line in wf("show", "last").out.splitlines()]
    assert [line for line in lines if line.startswith("all[")] == [f"all[{n}]" for n in (0, 1, 2, 3, 4, 20)]
    assert "… 24 more" in lines


def test_a_page_needs_nothing_but_itself(wf: Wf, ran: Path) -> None:
    said = wf("timeline", "last", "--html", "run.html")
    assert (said.code, said.err) == (0, "run.html written\n")
    text = (ran / "run.html").read_text()
    assert not re.search(r"(src|href)\s*=|https?://|@import|url\(", text)
    assert text.count("</script>") == 2
    found = re.search(r'<script type="application/json" id="data">(.*)</script>\n<script>', text)
    assert found is not None
    page = json.loads(found[1])
    assert (page["workflow"], page["state"]) == ("flow", "waiting_for_input")
    by_address = {bar["address"]: bar for bar in page["bars"] if bar["kind"] == "step"}
    x = by_address["worse:body/x"]
    assert [each["error"]["code"] for each in x["attempts"]] == ["error", "error"]
    assert (x["inputs"], x["source"]) == ({"n": "2"}, "flow.wf:13")
    assert by_address["sure"]["ended"] is None
    assert wf("timeline", "last", "--html", "-").out == text


def test_what_cannot_be_written_or_found_is_told(wf: Wf, ran: Path) -> None:
    assert "cannot be written" in wf("timeline", "last", "--html", "no/such/run.html").err
    assert "there is no such run" in wf("show", "ffff").err
    (ran / "last").mkdir()
    assert "no .wf file" in wf("show", "last").err
