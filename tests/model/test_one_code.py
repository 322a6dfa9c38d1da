"""A problem has one code, whether it comes from text or from a graph that was made by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from symphony_compiler.workspace import Workspace
from symphony_dsl.base.types import BOOL, INT, SECRET, STRING, ListType, record
from symphony_model.building.builder import WorkflowBuilder
from symphony_model.errors import BuilderError
from symphony_model.nodes import OperatorType
from symphony_model.ports import Expression
from symphony_model.settings import Retry, Settings

DECLARED = """operator f(text: string) -> string { shell: "echo" }
operator g(n: int) -> int { shell: "echo" }
"""


def of_text(text: str) -> set[str]:
    workspace = Workspace()
    workspace.update("main.wf", f"wf 1.0\n{text}")
    for module in workspace.missing_modules():
        workspace.update_module(module, None)
    found = workspace.diagnostics("main.wf")
    return {each.code.code for each in found if each.severity == "error"}


def of_graph(builder: WorkflowBuilder) -> set[str]:
    with pytest.raises(BuilderError) as caught:
        builder.build()
    return {each.code for each in caught.value.errors}


def body(statements: str) -> str:
    return f"{DECLARED}workflow main {{\n{statements}\n}}"


def new() -> WorkflowBuilder:
    return WorkflowBuilder("main").input("x", STRING).output("y", STRING)


def shell(b: WorkflowBuilder, name: str = "a", **settings: object) -> WorkflowBuilder:
    ports = {"text": STRING}, {"result": STRING}
    return b.operator(name, OperatorType.SHELL).ports(*ports).config(shell="echo", **settings)


def joined(b: WorkflowBuilder) -> WorkflowBuilder:
    return shell(b).data_edge("x", "output", "a", "text").data_edge("a", "result", "y", "input")


def limited(limit: int) -> WorkflowBuilder:
    b = WorkflowBuilder("main").input("x", INT).connect_to("r.for", "items")
    with b.region("r", "for", inputs={"items": INT}, limit=limit):
        b.yields()
    return b.output("y", ListType(INT)).connect_to("output.y")


TALK = Expression("[]", ListType(record(role=STRING, content=STRING)))


def told(**config: object) -> WorkflowBuilder:
    b = new().instrument("i", "openai/small").ports({"x": STRING}, {"result": STRING}).config(**config)
    return b.connect_to("i", "x").connect_to("output.y")


def turning(waits_in: str | None) -> WorkflowBuilder:
    """A loop without limits; what waits stands in one of its regions."""
    b = WorkflowBuilder("main").operator("z", OperatorType.TEXT).ports()
    with b.region("l", "loop"):
        with b.arm("body"):
            b.operator("until", OperatorType.EXPRESSION).ports({}, {"result": BOOL})
            b.config(expression=Expression("true", BOOL)).select("until").yields()
        if waits_in:
            with b.arm(waits_in):
                b.operator("yield", OperatorType.ASK).ports({"prompt": STRING}, {"result": BOOL})
                b.argument("prompt", "so?").select("yield").yields()
    return b.control_edge("z", "l.loop")


SAME: list[tuple[str, str, Callable[[], WorkflowBuilder]]] = [
    ("WF0201", body("input x: string\nstep a = f(text: z)\noutput y: string = a"), lambda: new().data_edge("z", "output", "y", "input").control_edge("x", "y")),
    ("WF0202", body("input x: string\nstep a = f(text: x)\nstep a = f(text: x)\noutput y: string = a"), lambda: shell(joined(new())).control_edge("x", "a")),
    ("WF0202", "operator h(a: int, a: int) -> int { shell: \"echo\" }", lambda: joined(new()).select("a").port("text", STRING)),
    ("WF0301", body("input x: string[]\nstep a = f(text: x)\noutput y: string = a"), lambda: WorkflowBuilder("main").input("x", ListType(STRING)).output("y", STRING).connect_to("y")),
    ("WF0301", body("input n: int = \"one\"\noutput y: int = n"), lambda: WorkflowBuilder("main").input("n", INT, default="one").output("y", INT).connect_to("y")),
    ("WF0402", body("step a = f()\noutput y: string = a"), lambda: shell(WorkflowBuilder("main")).output("y", STRING).data_edge("a", "result", "y", "input")),
    ("WF0403", body("input x: string\nstep a = f(text: x, other: x)\noutput y: string = a"), lambda: joined(new()).data_edge("x", "output", "a", "other")),
    ("WF0403", body("step a = f(text: \"a\", other: 1)\noutput y: string = a"), lambda: joined(new()).argument("other", 1)),
    ("WF0404", body("input x: string\nstep a = f(text: x, text: x)\noutput y: string = a"), lambda: joined(new()).data_edge("a", "result", "y", "input").input("z", STRING).data_edge("z", "output", "a", "text")),
    ("WF0415", body("input x: int\nstep r = for i in x { yield i }\noutput y: int[] = r"), lambda: limited(1)),
    ("WF0417", body("input x: secret\noutput y: secret = x"), lambda: WorkflowBuilder("main").input("x", SECRET).output("y", SECRET).connect_to("y")),
    ("WF0419", body("input n: int\nstep l = loop { step r = g(n: n)  until r > 1 }"), lambda: turning(None)),
    ("WF0419", body("input n: int\nstep l = loop { step r = g(n: n)  until r > 1  yield ask(prompt: \"so?\") }"), lambda: turning("done")),
    ("WF0503", body("input x: string\nstep a = f(text: x) { retry: -1 }\noutput y: string = a"), lambda: joined(new()).config(settings=Settings(retry=Retry(0)))),
    ("WF0503", body("input x: string\nstep a = f(text: x) { timeout: 0s }\noutput y: string = a"), lambda: joined(new()).config(settings=Settings(timeout=0))),
    ("WF0504", "operator h() -> int { }", lambda: joined(new()).config(shell=None)),
    ("WF0505", "operator h() -> int { shell: \"echo\", python: \"m:f\" }", lambda: joined(new()).config(python="m:f")),
    ("WF0505", "instrument i(x: string) -> string { model: \"openai/small\", prompt: x, messages: [] }", lambda: told(prompt=Expression("x", STRING), messages=TALK)),
    ("WF0509", "instrument i(x: string) -> string { model: \"openai/small\", prompt: x, max_turns: 3 }", lambda: told(prompt=Expression("x", STRING), max_turns=3)),
    ("WF0508", "operator h() -> int { python: \"m.f\" }", lambda: joined(new()).operator("b", OperatorType.PYTHON).config(python="m.f").control_edge("a", "b").ports()),
    ("WF0301", body("require 1 else \"no\""), lambda: joined(new()).operator("r", OperatorType.REQUIRE).ports().config(expression=Expression("1", INT)).control_edge("a", "r")),
]  # fmt: skip


@pytest.mark.parametrize(("code", "text", "make"), SAME, ids=[f"{row[0]} {row[1].splitlines()[-2:]}" for row in SAME])
def test_the_same_problem_has_the_same_code(code: str, text: str, make: Callable[[], WorkflowBuilder]) -> None:
    assert code in of_text(text)
    assert code in of_graph(make())
