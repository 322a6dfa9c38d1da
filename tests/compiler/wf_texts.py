"""Random workflows without mistakes, as text: declarations in any order, bodies with nested control."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

DECLARATIONS = (
    "enum Kind { one, two, three = 'the third' }",
    "record Item { id: int, name: string = NAME, kind: Kind = Kind.one }",
    "type Items = Item[]",
    "const NAME = 'nobody'",
    "const LIMIT = BASE + 2",
    "const BASE = 1",
    "operator log(text: string) { python: 'm:log' }",
    "operator work(text: string, number: int = LIMIT) -> string { python: 'm:work', retry: 1 }",
    "operator pair(number: int) -> { left: int, right: string } { python: 'm:pair' }",
    "instrument guess(text: string) -> { kind: Kind, sure: float } { model: 'openai/x', prompt: '''guess''' }",
    "workflow inner { input number: int\n output twice: int = number * LIMIT }",
    "policy patient { retry: 3 }",
)


@dataclass
class Body:
    """Lines of a body, and the names in it that hold a value, by type."""

    depth: int
    ints: list[str]
    strings: list[str]
    kinds: list[str]
    records: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def inside(self) -> Body:
        return Body(self.depth + 1, [*self.ints], [*self.strings], [*self.kinds], [*self.records])

    def say(self, text: str) -> None:
        self.lines.append("  " * (self.depth + 1) + text)


@st.composite
def workflow_texts(draw: DrawFn) -> list[str]:
    """The declarations of a file, the workflow `main` among them; each may stand anywhere."""
    body = Body(0, ["count"], ["text"], ["kind"])
    counter = iter(range(10_000))
    for _ in range(draw(st.integers(1, 8))):
        _statement(draw, body, counter)
    outputs = [f"  output o{at}: int = {_int(draw, body)}" for at in range(draw(st.integers(0, 2)))]
    inputs = ["  input count: int = BASE", "  input text: string", "  input kind: Kind", "  input items: Items"]
    main = "\n".join(["/// A workflow.", "workflow main {", *inputs, *body.lines, *outputs, "}"])
    return [*DECLARATIONS, main]


def joined(declarations: list[str]) -> str:
    return "wf 1.0\n\n" + "\n\n".join(declarations) + "\n"


def _pick(draw: DrawFn, names: list[str]) -> str:
    return draw(st.sampled_from(names))


def _int(draw: DrawFn, body: Body) -> str:
    a, b = _pick(draw, body.ints), _pick(draw, body.ints)
    return draw(st.sampled_from([a, f"{a} + {b}", f"{a} * LIMIT", "7", f"{_pick(draw, body.strings)}.size()"]))


def _string(draw: DrawFn, body: Body) -> str:
    a, b = _pick(draw, body.strings), _pick(draw, body.strings)
    return draw(st.sampled_from([a, f"{a} + {b}", '"${' + a + '}!"', "NAME", f"string({_pick(draw, body.ints)})"]))


def _bool(draw: DrawFn, body: Body) -> str:
    a = _pick(draw, body.ints)
    return draw(
        st.sampled_from([f"{a} > LIMIT", f"{_pick(draw, body.kinds)} == Kind.two", f"{_string(draw, body)} != ''"])
    )


def _statement(draw: DrawFn, body: Body, counter) -> None:
    name = f"s{next(counter)}"
    options = [_expression, _call, _record_call, _unnamed, _require, _inner]
    if body.depth < 3:
        options += [_if, _match, _for, _loop, _all, _first, _try]
    draw(st.sampled_from(options))(draw, body, name, counter)


def _expression(draw: DrawFn, body: Body, name: str, counter) -> None:
    if draw(st.booleans()):
        body.say(f"step {name} = {_int(draw, body)}")
        body.ints.append(name)
    else:
        body.say(f"step {name} = {_string(draw, body)}")
        body.strings.append(name)


def _call(draw: DrawFn, body: Body, name: str, counter) -> None:
    number = draw(st.sampled_from(["", f", number: {_int(draw, body)}"]))
    settings = draw(st.sampled_from(["", " { policy: patient }", " { retry: 2, timeout: 5s }"]))
    body.say(f"step {name} = work(text: {_string(draw, body)}{number}){settings}")
    body.strings.append(name)


def _record_call(draw: DrawFn, body: Body, name: str, counter) -> None:
    body.say(f"step {name} = pair(number: {_int(draw, body)})")
    body.ints.append(f"{name}.left")
    body.strings.append(f"{name}.right")
    body.records.append(name)


def _inner(draw: DrawFn, body: Body, name: str, counter) -> None:
    body.say(f"step {name} = inner(number: {_int(draw, body)})")
    body.ints.append(f"{name}.twice")


def _unnamed(draw: DrawFn, body: Body, name: str, counter) -> None:
    body.say(f"step log(text: {_string(draw, body)})")


def _require(draw: DrawFn, body: Body, name: str, counter) -> None:
    body.say(f"require {_bool(draw, body)} else {_string(draw, body)}")


def _statements(draw: DrawFn, body: Body, counter) -> None:
    for _ in range(draw(st.integers(0, 3))):
        _statement(draw, body, counter)


def _block(draw: DrawFn, outer: Body, counter, last: str | None, **more: str) -> list[str]:
    inner = outer.inside()
    if "int" in more:
        inner.ints.append(more["int"])
    _statements(draw, inner, counter)
    if last == "int":
        inner.say(f"yield {_int(draw, inner)}")
    elif last == "record":
        inner.say(f"yield pair(number: {_int(draw, inner)})")
    _finally(draw, inner, outer)
    return inner.lines


def _finally(draw: DrawFn, inner: Body, outer: Body) -> None:
    """Now and then something that runs in every case: it sees what the body has made as what may be absent."""
    if draw(st.integers(0, 4)):
        return
    steps = [name for name in inner.ints if name not in outer.ints and name[1:].isdigit()]
    records = [name for name in inner.records if name not in outer.records]
    inner.say("finally {")
    inner.say(f"  step log(text: string({f'{steps[-1]} ?? 0' if steps else 'LIMIT'}))")
    if records:
        inner.say(f"  step log(text: has({records[-1]}) ? {records[-1]}.right : NAME)")
    inner.say("}")


def _if(draw: DrawFn, body: Body, name: str, counter) -> None:
    body.say(f"step {name} = if {_bool(draw, body)} {{")
    body.lines += _block(draw, body, counter, "int")
    if draw(st.booleans()):
        body.say(f"}} else if {_bool(draw, body)} {{")
        body.lines += _block(draw, body, counter, "int")
    body.say("} else {")
    body.lines += _block(draw, body, counter, "int")
    body.say("}")
    body.ints.append(name)


def _match(draw: DrawFn, body: Body, name: str, counter) -> None:
    body.say(f"step {name} = match {_pick(draw, body.kinds)} {{")
    body.say(f"  one | three => {_int(draw, body)}")
    body.say("  two => {")
    body.lines += _block(draw, body, counter, "int")
    body.say("  }")
    body.say("}")
    body.ints.append(name)


def _for(draw: DrawFn, body: Body, name: str, counter) -> None:
    last = draw(st.sampled_from(["int", "record", None]))
    parallel = draw(st.sampled_from(["", " parallel", " parallel 3"]))
    body.say(f"step {name} = for i{name} in [{_int(draw, body)}, {_int(draw, body)}]{parallel} {{")
    body.lines += _block(draw, body, counter, last, int=f"i{name}")
    body.say("}" + draw(st.sampled_from(["", " with { on_error: skip }"])))
    if last:
        body.ints.append(f"{name}.size()")


def _loop(draw: DrawFn, body: Body, name: str, counter) -> None:
    variable, written = f"v{name}", draw(st.sampled_from(["", ": int"]))
    header = draw(st.sampled_from(["max 3", "every 2s", "max (LIMIT) every 1m", f"max ({_int(draw, body)})"]))
    body.say(f"step {name} = loop {variable}{written} = {_int(draw, body)} {header} {{")
    inner = body.inside()
    inner.ints.append(variable)
    _statements(draw, inner, counter)
    inner.say(f"until {_bool(draw, inner)}")
    seen = replace(inner, ints=[*inner.ints], records=[*inner.records])
    if draw(st.booleans()):
        inner.say(f"yield {_int(draw, inner)}")
    _statements(draw, inner, counter)
    if draw(st.booleans()):
        inner.say(f"next {_int(draw, inner)}")
    _finally(draw, seen, body)
    body.lines += inner.lines
    if draw(st.booleans()):
        body.say("} else {")
        body.lines += _block(draw, body, counter, "int", int=variable)
    body.say("}")
    body.ints.append(name)


def _all(draw: DrawFn, body: Body, name: str, counter) -> None:
    body.say(f"step {name} = parallel all {{")
    body.say(f"  a: {_int(draw, body)}")
    body.say("  b: {")
    body.lines += _block(draw, body, counter, draw(st.sampled_from(["int", "record", None])))
    body.say("  }")
    body.say("}")
    body.ints.append(f"{name}.a")


def _first(draw: DrawFn, body: Body, name: str, counter) -> None:
    count = draw(st.sampled_from(["", " 1", " 2"]))
    body.say(f"step {name} = parallel first{count} {{")
    body.say("  a: {")
    body.lines += _block(draw, body, counter, "int")
    body.say("  }")
    body.say(f"  b: {_int(draw, body)}")
    body.say("}")
    body.ints.append(f"{name}.size()" if count else name)


def _try(draw: DrawFn, body: Body, name: str, counter) -> None:
    body.say(f"step {name} = try {{")
    body.lines += _block(draw, body, counter, "int")
    caught = draw(st.sampled_from(["", ": timeout", ": timeout | failed"]))
    body.say(f"}} catch e{name}{caught} {{")
    body.lines += _block(draw, body, counter, "int")
    if caught and draw(st.booleans()):
        body.say(f"}} catch e{name} {{")
        body.say(draw(st.sampled_from([f"  fail e{name}", f"  yield e{name}.attempt"])))
    body.say("}")
    body.ints.append(name)
