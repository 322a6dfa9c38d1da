"""Instruments with tools for the tests of the engine: models that say what a script says, turn by turn."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from tests.runtime.engine_graphs import InLoop
from tests.runtime.engine_laws import check_log, check_state
from tests.runtime.engine_runs import Bench
from tests.runtime.engine_texts import Text

from symphony_runtime import engine
from symphony_runtime.outcome import RunResult
from symphony_runtime.task import Calls, Failure, Success, Task, ToolCall
from symphony_runtime.watching import events

TOOLS = """
/// Looks a number up.
repeatable operator look(
  /// Which.
  @max(9) x: int,
  more: string?,
  times: int = 1,
) -> int { shell: "echo" }
once operator pay(x: int) -> int { shell: "echo" }
operator note(text: string) { shell: "echo" }
instrument brief(text: string) -> string { model: "openai/small", prompt: text }
instrument deep(text: string) -> string { model: "openai/small", prompt: text, tools: [look] }
workflow twofold {
  input x: int
  step one = do(x)
  output twice: int = one * 2
}
instrument help(question: string) -> string {
  model: "openai/large"
  prompt: question
  tools: [look, pay, note, brief, deep, twofold, ask, text]
  max_turns: 3
}
"""

BODY = """
step help = help(question: "how many?")
output answer: string = help
"""

Step = str | Calls | Failure | Success


def helping(body: str = BODY, more: str = "") -> Text:
    return Text(body, TOOLS + more)


def call(name: str, arguments: Any = None, **given: Any) -> tuple[str, str]:
    """A call; `arguments` is what the model writes, where that is no JSON object."""
    return name, json.dumps(given) if arguments is None else arguments


def calls(*wanted: tuple[str, str], text: str = "", usage: int = 0) -> Calls:
    made = tuple(ToolCall(f"c{at}", *each) for at, each in enumerate(wanted))
    return Calls(made, text, {"total_tokens": usage} if usage else {})


class Model:
    """Says what stands in its script, by the turn; a text is the answer. `heard` are the turns that it was asked for."""

    def __init__(self, *script: Step) -> None:
        self.script = script
        self.heard: list[Task] = []

    def __call__(self, task: Task, report: Any) -> Step:
        self.heard.append(task)
        return self.script[len(task.turns)]

    @property
    def told(self) -> list[str]:
        """What came of the calls of the turn before, as it was told."""
        return list(self.heard[-1].turns[-1].results)


async def go(bench: Bench, asked: Model, body: str | None = None, more: str = "", **work: Any) -> RunResult:
    """Run `help` with a model and what its tools do; the laws hold."""
    bench.executor = InLoop({"help": asked, **work})
    bench.seen.clear()
    result = await bench.go(helping(body, more) if body else helping(more=more))
    check(bench)
    return result


async def hang(task: Any, report: Any) -> None:
    await asyncio.sleep(60)


def check(bench: Bench) -> None:
    check_log(bench.entries(), final=False)
    check_state(engine.recover(bench.store, bench.run))
    read = [event.to_json() for event in events.read(bench.store, bench.run)]
    assert all(event.to_json() in read for event in bench.seen)
