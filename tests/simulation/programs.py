"""Random workflows, written as text: every construct in every other, with settings of every kind.

All values are integers below a thousand, so that anything can stand anywhere. `steady` programs have outputs that do not
depend on what comes first: no race, no limit of time, nobody who is asked, no failure but one that is caught on the spot.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from tests.runtime.engine_texts import Text

from symphony_model.artifact import Artifact

DECLARATIONS = """
pure operator pure(x: int) -> int { shell: "echo" }
record Answer { n: int }
policy narrow { concurrency: 2 }
policy patient { retry: { attempts: 4, delay: 3s, factor: 2.0 }, timeout: 8s }
policy slow { rate_limit: { count: 2, per: 3s } }
workflow twofold {
  input x: int
  step one = do(x)
  output twice: int = one * 2
}
instrument plain(x: int) -> int { model: "openai/small", prompt: "${x}", tools: [do, twofold] }
instrument bold(x: int) -> int { model: "openai/large", prompt: "${x}", tools: [do, once, twofold, ask], max_turns: 3 }
"""

SETTINGS = (
    "retry: 1",
    "retry: { attempts: 3, delay: 2s, factor: 2.0, jitter: 0.5 }",
    'retry: { attempts: 3, delay: 100ms, on: ["boom", "connection"] }',
    "cache: true",
    "cache: 10m, retry: 1",
    "timeout: 5s",
    "timeout: 5s, retry: 2",
    "deadline: 20s",
    "deadline: 6s, timeout: 4s",
    "on_error: pause",
    "on_error: pause, retry: 0",
    "concurrency: 1",
    "policy: narrow",
    "policy: patient",
    "policy: slow",
    "policy: narrow, rate_limit: { count: 1, per: 1s }",
)
OF_BLOCKS = (
    "retry: 1",
    "timeout: 20s",
    "deadline: 1m",
    "retry: { attempts: 2, delay: 3s }, timeout: 30s",
    "policy: patient",
)
OF_CALLS = (
    *OF_BLOCKS, "on_error: pause", "on_error: pause, retry: 1", "concurrency: 1", "policy: narrow", "rate_limit: { count: 1, per: 2s }",
)  # fmt: skip
STEADY_OF_BLOCKS = ("retry: 1", "policy: narrow")
STEADY_SETTINGS = ("cache: true", "retry: 1", "concurrency: 1", "policy: narrow", "policy: slow", "on_error: pause")
COMPUTED = ("retry: {a} % 3", "concurrency: {a} % 3 + 1")
RUN_SETTINGS = ("timeout: 90s", "concurrency: 2", "timeout: 5m, concurrency: 3", "timeout: 40s")


@dataclass
class Program:
    body: str
    more: str

    def seal(self) -> Artifact:
        return Text(self.body, self.more).seal()

    def __str__(self) -> str:
        return f"{self.more}\nworkflow main {{\n{self.body}\n}}\n"


def program_of(chance: Random, *, steady: bool = False) -> Program:
    writer = Writer(chance, steady, left=chance.choice((3, 6, 10, 16, 24)))
    head = ["input x: int = 3"]
    if not steady and chance.random() < 0.3:
        head.insert(0, f"settings {{ {chance.choice(RUN_SETTINGS)} }}")
    lines, seen = writer.body(["x"], 0)
    outputs = [f"output y{at}: int = {name}" for at, name in enumerate(seen[-3:])]
    return Program("\n".join([*head, *lines, *outputs, *writer.last(seen, 0.3)]), DECLARATIONS + "".join(writer.more))


@dataclass
class Writer:
    """Each kind of statement writes its lines, and answers what of it can be read below: an expression of type int, or nothing."""

    chance: Random
    steady: bool
    left: int
    count: int = 0
    more: list[str] = field(default_factory=list)
    in_line: bool = True  # a step without a name, or one that may fail, fits here

    def body(self, seen: list[str], depth: int) -> tuple[list[str], list[str]]:
        """Lines, and all that can be read below them."""
        lines: list[str] = []
        seen = list(seen)
        for _ in range(self.chance.randint(1, 5 if depth == 0 else 3)):
            made = self.statement(seen, depth, lines)
            if made:
                seen.append(made)
        return lines, seen

    def statement(self, seen: list[str], depth: int, lines: list[str]) -> str | None:
        self.left -= 1
        kinds = BLOCKS if depth < 3 and self.left > 0 and self.chance.random() < 0.6 else LEAVES
        allowed = [kind for kind in kinds if not (self.steady and kind in UNSTEADY)]
        return self.chance.choice(allowed)(self, seen, depth, lines)

    def name(self) -> str:
        self.count += 1
        return f"s{self.count}"

    def any(self, seen: list[str]) -> str:
        return self.chance.choice(seen[-4:] if self.chance.random() < 0.7 else seen)

    def inner(self, seen: list[str], depth: int, final: str = "yield {}") -> str:
        """A body in braces with a value."""
        lines, found = self.body(seen, depth + 1)
        last = [] if self.steady and self.chance.random() < 0.5 else self.last(found, 0.1)
        return "{\n" + "\n".join([*lines, final.format(found[-1]), *last]) + "\n}"

    def last(self, seen: list[str], odds: float) -> list[str]:
        """A `finally`, which sees what stands in its own body as what may be absent."""
        if self.chance.random() > odds:
            return []
        name, read = (
            self.name(),
            next((each for each in reversed(seen) if each.isidentifier() and each[0] == "s"), None),
        )
        value = f"{read} ?? 2" if read else "2"
        settings = f" {{ {self.chance.choice(STEADY_SETTINGS)} }}" if self.chance.random() < 0.3 else ""
        return ["finally {", f"step {name} = do(x: {value}){settings}", "}"]

    def settings(self, seen: list[str]) -> str:
        pick = self.chance.random()
        if pick > 0.35:
            return ""
        if self.steady:
            return f" {{ {self.chance.choice(STEADY_SETTINGS)} }}"
        if pick < 0.05:
            return f" {{ {self.chance.choice(COMPUTED).format(a=seen[-1])} }}"
        return f" {{ {self.chance.choice(SETTINGS)} }}"

    def of_block(self, *more: str) -> str:
        settings = [*more]
        if self.chance.random() < 0.15:
            settings.append(self.chance.choice(STEADY_OF_BLOCKS if self.steady else OF_BLOCKS))
        return f" with {{ {', '.join(settings)} }}" if settings else ""

    def of_call(self) -> str:
        if self.chance.random() < 0.7:
            return ""
        return f" {{ {self.chance.choice(STEADY_OF_BLOCKS if self.steady else OF_CALLS)} }}"

    def behind(self, seen: list[str]) -> str:
        steps = [each for each in seen if each.startswith("s") and "." not in each and " " not in each]
        if not steps or self.chance.random() > 0.15:
            return ""
        return f" after {self.chance.choice(steps)} priority {self.chance.randint(-2, 2)}"

    # leaves

    def call(self, seen: list[str], depth: int, lines: list[str]) -> str:
        name, operator = self.name(), "do" if self.steady else self.chance.choice(("do", "do", "do", "once", "pure"))
        lines.append(f"step {name} = {operator}(x: {self.any(seen)}){self.settings(seen)}{self.behind(seen)}")
        return name

    def model(self, seen: list[str], depth: int, lines: list[str]) -> str:
        name, instrument = self.name(), "plain" if self.steady else self.chance.choice(("plain", "bold"))
        lines.append(f"step {name} = {instrument}(x: {self.any(seen)}){self.settings(seen)}")
        return name

    def computed(self, seen: list[str], depth: int, lines: list[str]) -> str:
        name = self.name()
        lines.append(f"step {name} = ({self.any(seen)} + {self.any(seen)} * 3 + 1) % 1000")
        return name

    def unnamed(self, seen: list[str], depth: int, lines: list[str]) -> None:
        lines.append(f"step do(x: {self.any(seen)}){self.settings(seen)}")

    def disabled(self, seen: list[str], depth: int, lines: list[str]) -> str:
        name = self.name()
        lines.append(f"@disabled step {name} = do(x: {self.any(seen)})")
        return f"({name} ?? 5)"

    def wait(self, seen: list[str], depth: int, lines: list[str]) -> None:
        lines.append(f"step wait(duration: {self.chance.choice(('0s', '10ms', '3s', '40s'))})")

    def ask(self, seen: list[str], depth: int, lines: list[str]) -> str:
        name = self.name()
        limit = self.chance.choice(("", "", " { timeout: 30s }", " { deadline: 1h }"))
        lines.append(f'step {name} = ask(prompt: "what of ${{{self.any(seen)}}}?", form: Answer){limit}')
        return f"{name}.n"

    def require(self, seen: list[str], depth: int, lines: list[str]) -> None:
        code = self.chance.choice(('"too small"', '{ code: "boom", message: "too small" }'))
        lines.append(f"require {self.any(seen)} % 8 > 0 else {code}")

    # blocks

    def branch(self, seen: list[str], depth: int, lines: list[str]) -> str:
        name, otherwise = self.name(), self.inner(seen, depth)
        if not self.steady and self.chance.random() < 0.15:
            otherwise = '{ fail { code: "boom", message: "no" } }'
        lines.append(
            f"step {name} = if {self.any(seen)} % 3 > 0 {self.inner(seen, depth)} else {otherwise}{self.of_block()}"
        )
        return name

    def match(self, seen: list[str], depth: int, lines: list[str]) -> str:
        name, value = self.name(), self.any(seen)
        arms = f"0 => do(x: {value}){self.settings(seen)}\n1 | 2 => {self.inner(seen, depth)}\nelse => {value}"
        lines.append(f"step {name} = match {value} % 4 {{\n{arms}\n}}{self.of_block()}")
        return name

    def each(self, seen: list[str], depth: int, lines: list[str]) -> str:
        name, item, value = self.name(), f"i{self.count}", self.any(seen)
        limit = self.chance.choice(("", " parallel", " parallel 2"))
        settings = self.of_block(*(("on_error: skip",) if self.chance.random() < 0.4 else ()))
        names = self.chance.choice((item, f"k{self.count}, {item}"))
        items = (
            f"[{value}, {value} + 1, {value} + 2]" if names == item or self.steady else f'{{ "a": {value}, "b/c]": 7 }}'
        )
        lines.append(f"step {name} = for {names} in {items}{limit} {self.inner([*seen, item], depth)}{settings}")
        return f"({name}.sum() % 1000)"

    def loop(self, seen: list[str], depth: int, lines: list[str]) -> str:
        name, variable = self.name(), f"n{self.count}"
        every = self.chance.choice(("", "", " every 2s"))
        above, found = self.body([*seen, variable], depth + 1)
        until = f"until ({found[-1]} + {variable}) % 3 == 0"
        ending = self.chance.choice((f"yield {found[-1]}", f"yield do(x: {found[-1]})", None))
        below, more = self.body(found, depth + 1) if self.chance.random() < 0.6 else ([], found)
        tail = [until, *([ending] if ending else []), *below, f"next ({more[-1]} + 1) % 1000"]
        otherwise = " else { yield 4 }" if self.steady or self.chance.random() < 0.7 else ""
        text = "\n".join([*above, *tail])
        lines.append(
            f"step {name} = loop {variable} = {self.any(seen)} max 3{every} {{\n{text}\n}}{otherwise}{self.of_block()}"
        )
        return name

    def all(self, seen: list[str], depth: int, lines: list[str]) -> str:
        name = self.name()
        branches = f"p: do(x: {self.any(seen)}){self.settings(seen)}\nq: {self.inner(seen, depth)}"
        if self.chance.random() < 0.4:
            branches += f"\nr: {self.inner(seen, depth)}"
        lines.append(f"step {name} = parallel all {{\n{branches}\n}}{self.of_block()}")
        return f"(({name}.p + {name}.q) % 1000)"

    def first(self, seen: list[str], depth: int, lines: list[str]) -> str:
        name, wanted = self.name(), self.chance.choice(("", " 1", " 2"))
        branches = f"p: do(x: {self.any(seen)}){self.settings(seen)}\nq: {self.inner(seen, depth)}"
        branches += f"\nr: {self.inner(seen, depth)}"
        lines.append(f"step {name} = parallel first{wanted} {{\n{branches}\n}}{self.of_block()}")
        return f"({name}.sum() % 1000)" if wanted else name

    def attempt(self, seen: list[str], depth: int, lines: list[str]) -> str:
        name = self.name()
        error = f"e{self.count}"
        named = f"catch {error}: boom | timeout | error {{ yield {error}.attempt + {self.any(seen)} }}"
        text = f"step {name} = try {self.inner(seen, depth)} {'' if self.steady else named}"
        if self.steady or self.chance.random() < 0.7:
            text += f" catch {error} {self.inner(seen, depth)}"
        lines.append(text + self.of_block())
        return name

    def caught(self, seen: list[str], depth: int, lines: list[str]) -> str:
        """A failure that is caught where nothing else could have failed."""
        name, value = self.name(), self.any(seen)
        lines.append(
            f'step {name} = try {{ require {value} % 2 > 0 else "no"\nyield {value} }} catch e{name} {{ yield 8 }}'
        )
        return name

    def callee(self, seen: list[str], depth: int, lines: list[str]) -> str:
        name = self.name()
        inner, found = self.body(["x"], depth + 1)
        last = self.last(found, 0.1)
        text = "\n".join([*inner, f"output r: int = {found[-1]}", *last])
        head = (
            "" if self.steady or self.chance.random() < 0.8 else f"settings {{ {self.chance.choice(RUN_SETTINGS)} }}\n"
        )
        self.more.append(f"workflow w{name} {{\n{head}input x: int\n{text}\n}}\n")
        lines.append(f"step {name} = w{name}(x: {self.any(seen)}){self.of_call()}{self.behind(seen)}")
        return f"{name}.r"


Statement = Callable[[Writer, list[str], int, list[str]], str | None]

LEAVES: tuple[Statement, ...] = (
    Writer.call, Writer.call, Writer.call, Writer.call, Writer.computed, Writer.unnamed, Writer.disabled,
    Writer.wait, Writer.ask, Writer.require, Writer.caught, Writer.model,
)  # fmt: skip
BLOCKS: tuple[Statement, ...] = (
    Writer.branch, Writer.match, Writer.each, Writer.each, Writer.loop, Writer.all, Writer.first, Writer.attempt,
    Writer.callee,
)  # fmt: skip
UNSTEADY: frozenset[Statement] = frozenset({Writer.ask, Writer.require, Writer.first})
