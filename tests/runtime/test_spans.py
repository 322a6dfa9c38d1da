"""A run as a tree of what took how long, and what decided when it ended."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.runtime.engine_runs import Bench
from tests.runtime.engine_texts import Text

from symphony_dsl.base.values import SecretRef
from symphony_runtime.task import Failure, Outcome, Report, Success, Task
from symphony_runtime.watching.bars import LONGEST, page_of
from symphony_runtime.watching.spans import Group, Span, spans_of

BLOCKS = """\
step slow = do(x: 1)
step quick = do(x: 2)
step all = for n in [1, 2, 3] parallel { step one = do(x: n + quick) { retry: { attempts: 2, delay: 1ms } } yield one }
step sure = try { step x = once(x: slow) yield x } catch e { yield 7 }
output out: int = sure + all.sum()
"""


@dataclass
class InOrder:
    """`slow` ends when all items have; one of them fails at first, `x` for good."""

    left: int = 3
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self, task: Task, report: Report) -> Outcome:
        if task.address == "sure:body/x":
            return Failure("no", "never", before_effect=True)
        if task.address == "slow":
            await self.over.wait()
            await asyncio.sleep(0.01)
        elif task.address == "all[1]/one" and task.attempt == 1:
            return Failure("timeout", "not yet")
        elif task.address != "quick":
            self.left -= 1
            if not self.left:
                self.over.set()
        return Success({"result": task.inputs["x"]})

    async def close(self) -> None:
        return


def flat(group: Group) -> Iterator[Span]:
    for span in group.spans:
        yield span
        for each in span.groups:
            yield from flat(each)


@pytest.fixture
async def bench(tmp_path: Path) -> Bench:
    made = Bench(tmp_path)
    made.executor = InOrder()  # type: ignore[assignment]  # it stands for the one of the tests
    await made.go(Text(BLOCKS))
    return made


async def test_blocks_hold_what_ran_inside_and_steps_their_attempts(bench: Bench) -> None:
    run = spans_of(bench.store, bench.run)
    assert run.top is not None
    by_address = {span.address: span for span in flat(run.top)}
    every = by_address["all"]
    assert [group.name for group in every.groups] == ["all[0]", "all[1]", "all[2]"]
    assert [group.name for group in by_address["sure"].groups] == ["sure:body", "sure:catch"]
    one = by_address["all[1]/one"]
    assert [(each.number, each.error.code if each.error else None) for each in one.attempts] == [
        (1, "timeout"),
        (2, None),
    ]
    assert (one.error, one.phase) == (None, "completed")
    x = by_address["sure:body/x"]
    assert x.error is not None
    assert (x.error.code, x.phase) == ("no", "failed")
    for span in flat(run.top):
        if span.began is not None and span.ended is not None:
            assert span.began <= span.ended
            inner = [each for group in span.groups for each in group.spans if each.began is not None]
            assert all(span.began <= (each.began or 0) for each in inner)
            assert all((each.ended or 0) <= span.ended for each in inner)


async def test_what_decided_the_end_is_found_through_blocks_and_what_they_read_from_outside(bench: Bench) -> None:
    run = spans_of(bench.store, bench.run)
    assert run.top is not None
    critical = {span.address for span in flat(run.top) if span.critical}
    assert {"slow", "sure", "sure:body/x"} <= critical
    assert not {"quick", "all", "all[0]/one", "all[1]/one"} & critical


async def test_a_page_has_values_cut_to_size_and_no_secrets(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    body = "input key: secret\nstep long = say(key: key)\noutput size: int = long.size()"
    more = 'repeatable operator say(key: secret) -> string { shell: "echo" }\n'
    text = Text(body.replace("\\\n", "\n"), more.replace("\\\n", "\n"))
    bench.executor.work["long"] = lambda task, report: "x" * (LONGEST * 2)
    await bench.go(text, key=SecretRef("env:HOME"))
    page = page_of(spans_of(bench.store, bench.run))
    [bar] = [each for each in page["bars"] if each["name"] == "long"]  # type: ignore[union-attr, index, call-overload]
    assert bar["inputs"] == {"key": "(holds a secret)"}  # type: ignore[index, call-overload]
    shown = str(bar["outputs"]["result"])  # type: ignore[index, call-overload]
    assert shown.endswith(f"({LONGEST * 2 + 2:,} characters)")
    assert len(shown) < LONGEST + 50
    assert json.loads(json.dumps(page)) == page


async def test_a_run_that_goes_on_has_bars_without_ends(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    await bench.go(
        Text('step a = do(x: 1)\nstep sure = ask(prompt: "sure?")\noutput ok: bool = sure'.replace("\\\n", "\n"))
    )
    run = spans_of(bench.store, bench.run)
    assert run.top is not None
    by_name = {span.name: span for span in run.top.spans}
    assert by_name["a"].ended is not None
    assert by_name["sure"].began is not None
    assert by_name["sure"].ended is None
    assert by_name["output.ok"].began is None
