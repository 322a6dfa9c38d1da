"""Steps and blocks that are disabled: nothing of them is done, and what reads them finds nothing there."""

from __future__ import annotations

import pytest
from tests.runtime.engine_laws import check_log, check_state, folded, picture
from tests.runtime.engine_runs import Bench
from tests.runtime.engine_texts import Text

from symphony_runtime import engine
from symphony_runtime.watching import events

CALLEE = """
workflow called {
  input x: int
  step a = do(x)
  output y: int = a
}
"""

BODY = """
input x: int = 1
@disabled step s = do(x)
@disabled step b = if x > 0 { yield do(x) } else { yield 0 }
@disabled step each = for n in 1 / (x - 1) > x ? [1] : [2] { yield do(x: n) }
@disabled step p = parallel all { u: do(x), v: do(x) }
@disabled step t = try do(x) catch why { yield 0 }
@disabled step l = loop n = 0 max 3 { step m = do(x: n)  until m > 3  next m } else { yield 0 }
@disabled step c = called(x)
@disabled step d = do(x: s ?? x)
step z = do(x: s ?? b ?? t ?? l ?? c.y ?? 7) after b
output y: int = z
output found: int[]? = each
"""


@pytest.fixture
async def bench(tmp_path):
    bench = Bench(tmp_path)
    text = Text(BODY, CALLEE)
    result = await bench.go(text)
    assert (result.state, result.outputs, result.error) == ("completed", {"y": 8, "found": None}, None)
    check_log(bench.entries(), final=True)
    state = engine.recover(bench.store, bench.run)
    check_state(state)
    assert picture(state) == picture(folded(text.seal(), bench.entries()))
    return bench


async def test_nothing_of_them_is_done(bench):
    assert bench.executor.ran == [("z", 1)]


async def test_each_is_told_once(bench):
    told = [each.node for each in events.read(bench.store, bench.run) if each.type == "node_skipped"]
    assert sorted(each for each in told if "." not in each) == ["b", "c", "d", "each", "l", "p", "s", "t"]
