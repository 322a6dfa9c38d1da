"""Why a step stands as it does, from the log and the store alone."""

from __future__ import annotations

import asyncio

import pytest
from tests.runtime.engine_runs import Bench
from tests.runtime.engine_texts import Text

from symphony_dsl.base.errors import UserError
from symphony_runtime import engine
from symphony_runtime.commands import Kind
from symphony_runtime.sending import command, send
from symphony_runtime.task import Failure
from symphony_runtime.watching.why import why


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


def told(bench: Bench, node: str) -> tuple[str, str]:
    """The state of a step, and all that is told of it, without times and runs."""
    (found,) = why(bench.store, bench.run, node)
    sentences = [line[22:] if line[4:5] == "-" else line for line in found.told]
    return found.state, "; ".join(sentences).replace(bench.run, "THIS")


BLOCKS = Text("""
input xs: int[] = [1, 2]
step a = do(x: 1)
step b = if a > 100 { yield do(x: 1) } else { yield do(x: 2) }
step ys = for x in xs { yield do(x) }
step safe = try do(x: 9) { retry: 0 } catch e { yield 1 }
@disabled step off = do(x: 1)
step asked = ask(prompt: "go on?", form: int)
step late = do(x: asked + safe)
output y: int = late + b
finally { step do(x: 1) }
""")


async def waiting(bench: Bench) -> None:
    bench.executor.work["safe:body/yield"] = lambda task, report: Failure("error", "no")
    assert (await bench.go(BLOCKS)).state == "waiting_for_input"


SAYS = [
    ("a", "completed", "it began, since all that it needs was there; it has no `cache`: nothing says that an earlier result is as good; it has its result"),
    ("b", "completed", "it took its arm `else`; it has its result"),
    ("b:then/yield", "not come to", "`b` took its arm `else`"),
    ("ys[1]/yield", "completed", "it began"),
    ("ys[5]/yield", "not come to", "`ys` has 2 items, of which 2 began"),
    ("safe:body/yield", "failed", "it failed (error): no"),
    ("safe", "completed", "`catch` caught a failure (error): no"),
    ("off", "skipped", "it was passed over: it is disabled"),
    ("asked", "waiting", "it asked a person, since all that it needs was there; it waits for a person"),
    ("late", "pending", "it waits for `late.x`"),
    ("late.x", "pending", "it waits for `asked` (waiting)"),
]  # fmt: skip


async def test_what_a_step_waits_for_and_why_it_was_not_come_to(bench):
    await waiting(bench)
    for node, state, sentence in SAYS:
        found = told(bench, node)
        assert (found[0], sentence in found[1]) == (state, True), (node, found)


async def test_a_prefix_means_all_below_it(bench):
    await waiting(bench)
    assert [each.node for each in why(bench.store, bench.run, "ys[0]")] == ["ys[0]/yield"]
    with pytest.raises(UserError, match="there is no such step in the run"):
        why(bench.store, bench.run, "nothing")


async def test_the_place_is_the_steps_own(bench):
    await waiting(bench)
    (found,) = why(bench.store, bench.run, "ys[0]/yield")
    assert found.source is not None
    assert found.source[0] == "main.wf"


CACHED = Text("""
input x: int = 1
input age: duration = duration("1h")
step a = do(x) { cache: age }
step b = once(x) { key: "k-${x}" }
output y: int = a + b
""")


async def test_where_a_result_is_from_and_what_differs_where_it_is_not(bench):
    await bench.go(CACHED)
    assert "the cache had no result of this step" in told(bench, "a")[1]
    assert "no step with the key `k-1` had been done" in told(bench, "b")[1]
    first = bench.run
    await bench.go(CACHED)
    assert told(bench, "a")[1].startswith(f"its result was taken from the cache: run {first} computed it as `a` at ")
    assert told(bench, "b")[1].startswith(
        f"what has its key was done already, and that result was taken: run {first} computed it"
    )
    await bench.go(CACHED, x=5)
    assert f"the cache has a result of this step (of run {first}, " in told(bench, "a")[1]
    assert "with another `input x`" in told(bench, "a")[1]
    await bench.go(CACHED, age="1ms")
    assert f"the cache had its result (of run {first}, " in told(bench, "a")[1]
    assert "but it was older than 1ms" in told(bench, "a")[1]


async def test_the_nearest_of_many_results_is_compared(bench):
    graph = Text(
        "input x: int\ninput y: int\nstep a = f(x, y) { cache: true }\noutput z: int = a",
        'repeatable operator f(x: int, y: int) -> int { shell: "echo" }',
    )
    for x, y in ((1, 1), (2, 2), (1, 2)):
        await bench.go(graph, x=x, y=y)
    sentence = told(bench, "a")[1]
    assert "with another `input x`;" in sentence or "with another `input y`;" in sentence


async def test_why_a_step_waited_for_another(bench):
    graph = Text("""
step xs = for i in [1, 1] parallel { yield do(x: i) { cache: true } }
output y: int[] = xs
""")
    await bench.go(graph)
    state, sentences = told(bench, "xs[1]/yield")
    assert state == "completed"
    assert sentences.startswith(
        "it waited for `xs[0]/yield` of run THIS, which computes the same; its result was taken from the cache"
    )


async def test_what_the_earlier_run_had_and_what_has_changed(bench):
    graph = Text("input n: int\nstep a = do(x: 1)\nstep b = f(at: string(a) + run.id)\nstep c = do(x: b)\noutput y: int = c",
                 'repeatable operator f(at: string) -> int { shell: "echo" }')  # fmt: skip
    bench.executor.work["c"] = lambda task, report: Failure("failed", "no")
    await bench.go(graph, n=1)
    earlier = bench.run
    bench.run = engine.retry(bench.store, earlier)
    await bench.drive()
    assert told(bench, "a")[1].startswith(
        f"the earlier run had finished it, and nothing that it depends on has changed: run {earlier}"
    )
    assert "the earlier run had finished it, but with another `input at`" in told(bench, "b")[1]
    assert "it failed (failed): no" in told(bench, "c")[1]


async def test_what_was_ended_with_its_block(bench):
    graph = Text("""
step both = parallel all {
  one: { step a = do(x: 1) { retry: 0 }
         yield a }
  two: { step b = do(x: 2)
         step c = do(x: b)
         yield c }
}
step then = do(x: both.one)
output y: int = then
""")

    async def slowly(task, report):
        await asyncio.sleep(0.05)
        return 1

    bench.executor.work |= {"both:one/a": lambda task, report: Failure("error", "no"), "both:two/b": slowly}
    assert (await bench.go(graph)).state == "failed"
    for node in ("both:two/c", "then"):
        state, sentences = told(bench, node)
        assert state == "skipped"
        assert sentences == "it had not begun when the failure of `both:one/a` ended its block (error): no"


async def test_what_a_person_did_is_told(bench):
    graph = Text("step a = once(x: 1) { on_error: pause }\noutput y: int = a")
    bench.executor.work["a"] = lambda task, report: Failure("error", "no")
    assert (await bench.go(graph)).state == "paused"
    assert "it was held until a person decides" in told(bench, "a")[1]
    assert send(bench.store, bench.run, command(Kind.RETRY_NODE, "a")).done
    await bench.drive()
    assert "it got another chance" in told(bench, "a")[1]
    assert send(bench.store, bench.run, command(Kind.SKIP_NODE, "a", value=1, has_value=True)).done
    assert told(bench, "a")[1].endswith("a person skipped it, and gave the value that others read")


async def test_a_run_that_is_paused_holds_what_is_ready(bench):
    bench.create(Text("step a = do(x: 1)\noutput y: int = a"))
    assert told(bench, "a")[1] == "the run has not begun"


async def test_the_rounds_of_a_block_are_told(bench):
    more = "workflow inner {\n input x: int\n step a = do(x: x)\n output a: int = a\n}\n"
    text = "step b = inner(x: 1) { retry: { attempts: 2, delay: 1ms }, timeout: 30ms }\noutput b: int = b.a"

    async def late(task, report):
        await asyncio.sleep(60)

    bench.executor.work = {"b/a": lambda task, report: Failure("error", "no"), "b~2/a": late}
    await bench.go(Text(text, more))
    state, sentences = told(bench, "b")
    assert state == "failed"
    assert sentences.partition("its round")[2].startswith(" failed (error): no; all of it was to be done again at ")
    assert sentences.endswith(
        "what was in flight in it was stopped: it took longer than 30ms; it failed (timeout): it took longer than 30ms"
    )
