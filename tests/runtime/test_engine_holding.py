"""`wf run --on-failure hold`: a person decides what becomes of a step that failed, where nothing else is said and nothing deals with it."""

from __future__ import annotations

import json

import pytest
from tests.runtime.engine_laws import check_log, folded, picture
from tests.runtime.engine_record import LOGS
from tests.runtime.engine_runs import Bench
from tests.runtime.engine_texts import Text

from symphony_runtime import engine
from symphony_runtime.commands import Kind
from symphony_runtime.sending import command, send
from symphony_runtime.storage.store import Store
from symphony_runtime.task import Failure
from symphony_runtime.watching import events

INNER = "workflow inner {\n  step a = do(x: 1)\n  output y: int = a\n}"

HELD = {
    "step a = do(x: 1)\noutput y: int = a": "a",
    "step b = if true { yield do(x: 1) } else { yield 0 }\noutput y: int = b": "b:then/yield",
    "step b = inner()\noutput y: int = b.y": "b/a",
    "step z = 0\nstep a = 4 / z\noutput y: int = a": "a",
    "step b = try 1 catch e { yield do(x: 1) }\nstep a = do(x: b)\noutput y: int = a": "a",
}

DEALT_WITH = {
    "step b = try do(x: 1) catch e { yield 5 }\noutput y: int = b": {"y": 5},
    "step b = for x in [1, 2] { yield do(x: x) } with { on_error: skip }\noutput y: int = b.size()": {"y": 0},
    "step b = parallel first {\n  a: do(x: 1)\n  c: 5\n}\noutput y: int = b": {"y": 5},
    "step a = do(x: 1) { on_error: stop }\noutput y: int = a": None,
    'fail "no"': None,
    "step c = 3\noutput y: int = c\nfinally { step a = do(x: 1) }": None,
}


async def go(tmp_path, body: str) -> tuple[Bench, engine.RunResult]:
    bench = Bench(tmp_path)
    bench.executor.work = {name: lambda task, report: Failure("error", "no") for name in ("a", "yield", "do")}
    text = Text(body, INNER)
    bench.run = engine.create(bench.store, text.seal(), {}, tmp_path, durability="process", holds=True)
    result = await bench.drive()
    assert picture(engine.recover(bench.store, bench.run)) == picture(folded(text.seal(), bench.entries()))
    return bench, result


@pytest.mark.parametrize("body", HELD)
async def test_what_nothing_deals_with_is_held(tmp_path, body):
    bench, result = await go(tmp_path, body)
    assert (result.state, list(result.undecided)) == ("paused", [HELD[body]])
    assert any("; a person decides what becomes of it" in str(each.fields.get("message")) for each in bench.seen)
    assert send(bench.store, bench.run, command(Kind.SKIP_NODE, HELD[body], value=7, has_value=True)).done
    assert (await bench.drive()).outputs == {"y": 7}
    check_log(bench.entries())


@pytest.mark.parametrize("body", DEALT_WITH)
async def test_what_something_deals_with_goes_its_way(tmp_path, body):
    bench, result = await go(tmp_path, body)
    assert (result.state, result.outputs) == ("completed" if DEALT_WITH[body] else "failed", DEALT_WITH[body])
    check_log(bench.entries())


async def test_another_try_of_a_run_holds_as_the_first_did(tmp_path):
    bench, _ = await go(tmp_path, "step a = do(x: 1)")
    assert send(bench.store, bench.run, command(Kind.FAIL_NODE, "a")).done
    assert (await bench.drive()).state == "failed"
    bench.run = engine.retry(bench.store, bench.run)
    assert (await bench.drive()).state == "paused"


def test_who_watches_hears_what_becomes_of_what_failed_in_a_pause():
    store = Store(LOGS / "6")
    run = json.loads((store.root / "expected.json").read_text())["runs"]["failing"]
    assert any("this fails it when it goes on" in str(each.fields.get("message")) for each in events.read(store, run))
