"""Every rule of a form of block, of a setting and of what runs is broken once, and told with its node."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from tests.model.problems import sound

from symphony_dsl.base.types import BOOL, DURATION, INT, JSON, SECRET, STRING, ListType, MapType, OptionalType, record
from symphony_model.building.builder import WorkflowBuilder
from symphony_model.edges import ControlEdge, DataEdge
from symphony_model.http_request import HttpRequest
from symphony_model.ids import EdgeId, edge_id, node_id
from symphony_model.nodes import (
    ControlType,
    InputNode,
    InstrumentConfig,
    InstrumentTool,
    NodeBase,
    OperatorConfig,
    OperatorTool,
    OperatorType,
)
from symphony_model.ports import Constant, Expression, PortDefinition
from symphony_model.settings import Cache, Concurrency, RateLimit, Resources, Retry, RunSettings, Settings
from symphony_model.workflow import Workflow

EXPRESSION = OperatorType.EXPRESSION


def computed(b: WorkflowBuilder, name: str, source: str, of: Any, **inputs: Any) -> WorkflowBuilder:
    b.operator(name, EXPRESSION).ports(inputs, {"result": of}).config(expression=Expression(source, of))
    return b.select(name)


def loop() -> WorkflowBuilder:
    b = WorkflowBuilder("w").input("start", INT).connect_to("l.loop", "init")
    with b.region("l", "loop", inputs={"init": INT}, maximum=5):
        with b.arm():
            computed(b, "double", "n * 2", INT, n=INT).data_edge("l.loop", "variable", "double", "n")
            computed(b, "until", "d > 9", BOOL, d=INT).data_edge("double", "result", "until", "d").yields()
        with b.arm():
            computed(b, "next", "d + 1", INT, d=INT).data_edge("double", "result", "next", "d").yields()
        with b.arm():
            computed(b, "yield", '"done"', STRING).yields()
    return b.output("end", STRING).connect_to("output.end")


def parallel() -> WorkflowBuilder:
    b = WorkflowBuilder("w")
    with b.region("p", "parallel first", count=2):
        for name in ("a", "b"):
            with b.arm(name):
                computed(b, "yield", "1", INT).yields()
    return b.output("end", ListType(INT)).connect_to("output.end")


def tried() -> WorkflowBuilder:
    b = WorkflowBuilder("w")
    with b.region("t", "try"):
        with b.arm():
            computed(b, "yield", "1", INT).yields()
        with b.arm(when='error.code in ["timeout"]'):
            computed(b, "yield", "2", INT).yields()
        with b.arm():
            computed(b, "yield", "3", INT).yields()
    return b.output("end", INT).connect_to("output.end")


def cleaned() -> WorkflowBuilder:
    b = WorkflowBuilder("w").input("text", STRING).operator("a", OperatorType.TEXT).connect_to("a")
    b.output("end", STRING).connect_to("output.end")
    with b.region("finally", "finally"):
        b.operator("log", OperatorType.TEXT).data_edge("a", "output", "log", "input")
    return b


def items() -> WorkflowBuilder:
    b = WorkflowBuilder("w").input("xs", ListType(INT)).connect_to("f.for", "items")
    with b.region("f", "for", inputs={"items": ListType(INT)}, limit=3):
        b.yields()
    return b.output("end", ListType(INT)).connect_to("output.end")


def asking() -> WorkflowBuilder:
    b = WorkflowBuilder("w").input("text", STRING)
    b.instrument("i", "openai/small").ports({"text": STRING}, {"result": STRING})
    b.config(prompt=Expression("text", STRING)).connect_to("i", "text")
    return b.output("end", STRING).connect_to("output.end")


def operator(of: OperatorType, **config: Any) -> Callable[[], WorkflowBuilder]:
    """A workflow of one operator, fed by a text and a time."""

    def make() -> WorkflowBuilder:
        b = WorkflowBuilder("w").input("text", STRING).input("time", DURATION).operator("o", of)
        b.ports({"prompt": STRING, "duration": DURATION}, {"result": STRING}).config(**config)
        b.connect_to("o", "prompt").data_edge("time", "output", "o", "duration")
        return b.output("end", STRING).data_edge("o", "result", "output.end", "input")

    return make


texts = Expression('{"a": prompt}', MapType(STRING))
request = HttpRequest("GET", ("https://a/", Expression("prompt", STRING)), texts, texts)
get = operator(OperatorType.HTTP, http=request)


TALK = Expression("[]", ListType(record(role=STRING, content=STRING)))

# ---- ways to spoil ----


def config(path: str, **changes: Any) -> Callable[[Workflow], object]:
    def spoil(workflow: Workflow) -> None:
        node: Any = workflow.at(path)
        workflow.replace_node(replace(node, config=replace(node.config, **changes)))

    return spoil


def node(path: str, **changes: Any) -> Callable[[Workflow], object]:
    return lambda workflow: workflow.replace_node(replace(at(workflow, path), **changes))


def at(workflow: Workflow, path: str) -> Any:
    found = workflow.at(path)
    assert found is not None
    return found


def region(where: str, /, **changes: Any) -> Callable[[Workflow], object]:
    def spoil(workflow: Workflow) -> None:
        workflow.regions = tuple(replace(each, **changes) if each.path == where else each for each in workflow.regions)

    return spoil


def unlink(source: str, target: str) -> Callable[[Workflow], object]:
    def spoil(workflow: Workflow) -> None:
        ends = node_id(workflow.id, source), node_id(workflow.id, target)
        for edge in [each for each in workflow.edges if (each.source_node, each.target_node) == ends]:
            workflow.remove_edge(edge.id)

    return spoil


def control(source: str, target: str) -> Callable[[Workflow], object]:
    def spoil(workflow: Workflow) -> None:
        ends = node_id(workflow.id, source), node_id(workflow.id, target)
        workflow.put_edge(ControlEdge(edge_id(workflow.id, "late", source, target), *ends))

    return spoil


def data(source: str, out: str, target: str, into: str) -> Callable[[Workflow], object]:
    def spoil(workflow: Workflow) -> None:
        start, end = node_id(workflow.id, source), node_id(workflow.id, target)
        workflow.put_edge(DataEdge(EdgeId(edge_id(workflow.id, "late", source, into)), start, out, end, into))

    return spoil


def port(path: str, *ports: PortDefinition, outputs: bool = False) -> Callable[[Workflow], object]:
    def spoil(workflow: Workflow) -> None:
        found = at(workflow, path)
        side = {"outputs": (*found.outputs, *ports)} if outputs else {"inputs": (*found.inputs, *ports)}
        workflow.replace_node(replace(found, **side))

    return spoil


def tool(*tools: Any) -> Callable[[Workflow], object]:
    return config("i", tools=tools)


def python(name: str, **more: Any) -> OperatorTool:
    return OperatorTool(name, OperatorType.PYTHON, OperatorConfig(python="m:f", **more))


def late(name: str, of: Any) -> PortDefinition:
    return PortDefinition(name, of, required=False)


def settings(path: str, **said: Any) -> Callable[[Workflow], object]:
    return config(path, settings=Settings(**said))


def run_settings(workflow: Workflow) -> None:
    workflow.update(settings=RunSettings(timeout=-1, concurrency=0))


def both(*steps: Callable[[Workflow], object]) -> Callable[[Workflow], object]:
    return lambda workflow: [step(workflow) for step in steps]


def lost(node: Any) -> Any:
    """A node that waits, in a region that is not there."""
    return replace(node, base=replace(node.base, region="nowhere"), operator_type=OperatorType.ASK)


def a_second_finally(workflow: Workflow) -> None:
    b = cleaned()
    with b.region("again", "finally"):
        b.operator("log", OperatorType.TEXT).data_edge("a", "output", "log", "input")
    other = b.build(validate=False)
    for each in other.nodes.values():
        if each.base.id not in workflow.nodes:
            workflow.add_node(each)
    for edge in other.edges:
        if workflow.get_edge(edge.id) is None and "again" in at_end(other, edge):
            workflow.put_edge(edge)
    workflow.regions = other.regions


def at_end(workflow: Workflow, edge: Any) -> str:
    return workflow.nodes[edge.target_node].base.path + workflow.nodes[edge.source_node].base.path


Spoil = Callable[[Workflow], object]
SPOILED: list[tuple[Callable[[], WorkflowBuilder], str, str, str, Spoil]] = [
    # modes and configurations
    (loop, "WF0612", "l.loop", "`l.loop` is a loop of the mode `each`; one has `until`", config("l.loop", mode="each")),
    (parallel, "WF0612", "p.parallel", "is a parallel of the mode `any`; one has `each`, `all`, `first`", config("p.parallel", mode="any")),
    (parallel, "WF0612", "p.parallel", "opens a block of the mode `first`, which has no `maximum`", config("p.parallel", maximum=3)),
    (items, "WF0612", "f.for", "mode `each`, which has no `count`", config("f.for", count=1)),
    (loop, "WF0612", "l.loop", "mode `until`, which has no `limit`", config("l.loop", limit=1)),
    (tried, "WF0612", "t.try", "mode `try`, which has no `on_error`", config("t.try", on_error="skip")),
    (items, "WF0612", "f.for", "opens a block, but says that it closes `x`", config("f.for", opener="x")),
    (items, "WF0612", "f.for", "conditions of a branch stand on its conditional edges", node("f.for", condition=Expression("true", BOOL))),
    (items, "WF0612", "f", "`f` closes a block, and has no `limit`; say it of the opening node", config("f", limit=1)),
    (items, "WF0612", "f", "`f` closes a block, and has no settings", settings("f", timeout=1)),
    (items, "WF0612", "f", "only the end of a loop has one", node("f", condition=Expression("true", BOOL))),
    (items, "WF0415", "f.for", "`f.for` runs over int; it runs over a list or a map", node("f.for", inputs=(PortDefinition("items", INT),))),
    (items, "WF0503", "f.for", "`limit` of `f.for` is -1, not 0 or more", config("f.for", limit=-1)),
    (loop, "WF0503", "l.loop", "`maximum` of `l.loop` is 0, not 1 or more", config("l.loop", maximum=0)),
    (loop, "WF0503", "l.loop", "`every` of `l.loop` is 0, not 1 or more", config("l.loop", every=0)),
    (parallel, "WF0612", "p.parallel", "waits for 3 branches, but has 2", config("p.parallel", count=3)),
    (parallel, "WF0612", "p.parallel", "waits for 0 branches", config("p.parallel", count=0)),
    (items, "WF0301", "f.for", "the limit of `f.for` is a string; it takes an int", config("f.for", limit=Expression('"x"', STRING))),
    (loop, "WF0301", "l.loop", "the every of `l.loop` is an int; it takes a duration", config("l.loop", every=Expression("1", INT))),
    (loop, "WF0201", "l.loop", "the maximum of `l.loop` cannot be used: `many` is not defined", config("l.loop", maximum=Expression("many", INT))),
    (loop, "WF0201", "l.loop", "the every of `l.loop` cannot be used: `much` is not defined", config("l.loop", every=Expression("much", DURATION))),
    # regions
    (parallel, "WF0607", "p:a", "is opened by a node of the mode `first`, but closed by one of the mode `all`", config("p", mode="all")),
    (loop, "WF0607", "l:again", "has the place 7, not 1", region("l:again", order=7)),
    (loop, "WF0607", "l:extra", "is none of its block; there may be `body`, `again`, `done`, `else`", region("l:again", name="extra", path="l:extra")),
    (loop, "WF0607", "l.loop", "`l.loop` opens no region `body`", region("l:body", name="extra", path="l:extra", order=9)),
    (tried, "WF0607", "t.try", "its regions are `body`, `catch`, `catch2` …", region("t:catch", name="other", path="t:other")),
    (tried, "WF0611", "t.try", "leads into a region that no condition chooses", lambda w: relabelled(w, "body")),
    (tried, "WF0611", "t:catch2", "no conditional edge leads into the region `t:catch2`", unlink("t.try", "t:catch2/yield")),
    (tried, "WF0410", "t.try", "`catch` of `t.try` has no condition and is not the last", lambda w: relabelled(w, None)),
    (tried, "WF0201", "t.try", "the condition `catch` of `t.try` cannot be used", lambda w: recondition(w, "code == 1")),
    (tried, "WF0612", "t.try", "the port `error` of `t.try` is int; what a `try` catches is a record of `code`, `message`, `step`, ", node("t.try", outputs=(PortDefinition("error", INT),))),
    # loops
    (loop, "WF0612", "l.loop", "gives a `variable`, but has no port `init`", node("l.loop", inputs=())),
    (loop, "WF0612", "l", "has a port `until` and a condition", node("l", condition=Expression("until", BOOL))),
    (loop, "WF0612", "l", "has neither a port `until` nor a condition", both(unlink("l:body/until", "l"), lambda w: w.replace_node(replace(at(w, "l"), inputs=at(w, "l").inputs[1:])))),
    (loop, "WF0610", "l:again/next", "does not follow `l:body/until`; join them by a control edge", unlink("l:body/until", "l:again/next")),
    (loop, "WF0610", "l:done/yield", "does not follow `l:body/until`", unlink("l:body/until", "l:done/yield")),
    (loop, "WF0609", "l:done/yield", "leaves a block other than by its closing node", control("l:again/next", "l:done/yield")),
    (loop, "WF0609", "l:body/double", "leaves a block other than by its closing node", control("l:done/yield", "l:body/double")),
    (loop, "WF0609", "l", "brings the value of `body` to the port `yield`; it flows to `until`", both(unlink("l:done/yield", "l"), data("l:body/until", "result", "l", "yield"))),
    (loop, "WF0609", "output.end", "leaves a block other than", control("l:body/double", "output.end")),
    (loop, "WF0608", "l", "`l` closes no region", lambda w: [region(each.path, closer=node_id(w.id, "nowhere"))(w) for each in w.regions]),
    (loop, "WF0419", "l.loop", "nothing keeps the loop `l.loop` from turning for ever: give it a `maximum` of rounds, or `every`", config("l.loop", maximum=None)),
    (loop, "WF0419", "l.loop", "from turning for ever", both(config("l.loop", maximum=None), lambda w: w.replace_node(lost(at(w, "l:done/yield"))))),
    (loop, "WF0419", "l.loop", "from turning for ever", both(config("l.loop", maximum=None), node("l:done/yield", operator_type=OperatorType.ASK))),
    # finally
    (cleaned, "WF0407", "output.end", "`output.end` follows `finally`, but nothing comes behind a `finally`", control("finally", "output.end")),
    (cleaned, "WF0407", "again", "`finally` and `again` stand in one body; it has one `finally`", a_second_finally),
    (cleaned, "WF0407", "finally/log", "`finally/log` asks in a `finally`, which waits for nobody", node("finally/log", operator_type=OperatorType.ASK)),
    (cleaned, "WF0609", "finally", "but a `finally` has no value", both(port("finally", late("x", STRING)), data("finally/log", "output", "finally", "x"))),
    (cleaned, "WF0607", "finally", "is opened by a branch, but not closed by what closes one, a merge", lambda w: region("finally", closer=node_id(w.id, "nowhere"))(w)),
    (cleaned, "WF0607", "finally:finally", "is not called after its closing node", region("finally", path="finally:finally")),
    # settings
    (asking, "WF0503", "i", "`timeout` is 0, and has to be more than nothing", settings("i", timeout=0)),
    (asking, "WF0503", "i", "`deadline` is -1", settings("i", deadline=-1)),
    (asking, "WF0503", "i", "`attempts` of `retry` is 0, not between 1 and 1000", settings("i", retry=Retry(0))),
    (asking, "WF0503", "i", "`delay` of `retry` is -1", settings("i", retry=Retry(1, -1))),
    (asking, "WF0503", "i", "`factor` of `retry` is 0.5", settings("i", retry=Retry(1, 1, 0.5))),
    (asking, "WF0503", "i", "`jitter` of `retry` is 2.0", settings("i", retry=Retry(1, 1, 1.0, 2.0))),
    (asking, "WF0503", "i", "`on_error` is `stop` or `pause`, not `skip`", settings("i", on_error="skip")),
    (asking, "WF0503", "i", "`age` of `cache` is 0", settings("i", cache=Cache(age=0))),
    (asking, "WF0503", "i", "`concurrency` is 0", settings("i", concurrency=Concurrency(0))),
    (asking, "WF0503", "i", "`count` of `rate_limit` is 0", settings("i", rate_limit=RateLimit(0, 1))),
    (asking, "WF0503", "i", "`per` of `rate_limit` is 0", settings("i", rate_limit=RateLimit(1, 0))),
    (asking, "WF0503", "i", "`cpus` of `resources` is 0", settings("i", resources=Resources(0, 1))),
    (asking, "WF0503", "i", "`memory` of `resources` is 0", settings("i", resources=Resources(0.5, 0))),
    (items, "WF0503", "f.for", "`timeout` is 0", settings("f.for", timeout=0)),
    (asking, "WF0503", "w", "the settings of `w` cannot be used: `timeout` is -1", run_settings),
    (asking, "WF0503", "w", "`concurrency` is 0", run_settings),
    (asking, "WF0501", "i", "`i` has no setting `timeot`; did you mean `@timeout`?", port("i", late("@timeot", DURATION))),
    (items, "WF0501", "f.for", "`f.for` has no setting `temperature`; there are `@retry`, `@timeout`, `@deadline`", port("f.for", late("@temperature", DURATION))),
    (items, "WF0501", "f.for", "`f.for` has no setting `concurrency`; there are `retry`, `timeout`, `deadline`, `label`", settings("f.for", concurrency=Concurrency(1))),
    (items, "WF0501", "f", "`f` has no setting `timeout`; it has none", port("f", late("@timeout", DURATION))),
    (asking, "WF0501", "i", "settings only enter a node", port("i", late("@timeout", DURATION), outputs=True)),
    (asking, "WF0301", "i", "the port `@timeout` of `i` is an int; it takes a duration", port("i", late("@timeout", INT))),
    (asking, "WF0301", "i", "the port `@retry` of `i` is a string; it takes an int or a retry", port("i", late("@retry", STRING))),
    (asking, "WF0502", "i", "the setting `timeout` of `i` is written, and comes by the port `@timeout` too", both(port("i", late("@timeout", DURATION)), settings("i", timeout=1))),
    (asking, "WF0502", "i", "the setting `temperature` of `i` is written", both(port("i", late("@temperature", INT)), config("i", temperature=0.5))),
    (asking, "WF0502", "i", "the setting `timeout` of `i` is written", both(port("i", late("@timeout", JSON)), config("i", arguments={"@timeout": Constant("1s")}))),
    # what runs
    (operator(OperatorType.HTTP, http=None), "WF0504", "o", "the operator `o` (http) has no `http`", lambda _: None),
    (get, "WF0612", "o", "the operator `o` (expression) has no `expression`; its configuration has to give one", node("o", operator_type=EXPRESSION, config=OperatorConfig())),
    (get, "WF0503", "o", "the method of `o` is `get`; write it as in `GET`", config("o", http=replace(request, method="get"))),
    (get, "WF0504", "o", "the request of `o` has no address", config("o", http=replace(request, url=()))),
    (get, "WF0301", "o", "the headers of `o` is an int; it takes a map or a record of strings", config("o", http=replace(request, headers=Expression("1", INT)))),
    (get, "WF0301", "o", "the headers of `o` is a map<int>", config("o", http=replace(request, headers=Expression('{"a": 1}', MapType(INT))))),
    (get, "WF0301", "o", "it takes a map or a record without secrets", config("o", http=replace(request, query=Expression("x", record(a=SECRET))))),
    (get, "WF0201", "o", "the headers of `o` cannot be used", config("o", http=replace(request, headers=Expression("nowhere", MapType(STRING))))),
    (get, "WF0201", "o", "the query of `o` cannot be used", config("o", http=replace(request, query=Expression("nowhere", MapType(STRING))))),
    (get, "WF0301", "o", "the query of `o` is a string; it takes a map or a record without secrets", config("o", http=replace(request, query=Expression("prompt", STRING)))),
    (get, "WF0201", "o", "the url of `o` cannot be used", config("o", http=replace(request, url=("https://a/", Expression("nowhere", STRING))))),
    (get, "WF0201", "o", "the body of `o` cannot be used", config("o", http=replace(request, body=Expression("nowhere", STRING)))),
    (get, "WF0508", "o", "runs `m.f`; a Python target is `module:function`", node("o", operator_type=OperatorType.PYTHON, config=OperatorConfig(python="m.f"))),
    (get, "WF0612", "o", "the operator `o` (ask) has no port `prompt`", node("o", operator_type=OperatorType.ASK, inputs=())),
    (get, "WF0301", "o", "the port `duration` of `o` is int, not duration", node("o", operator_type=OperatorType.WAIT, inputs=(PortDefinition("duration", INT),))),
    (asking, "WF0202", "i", "two tools of `i` are called `look`", tool(python("look"), python("look"))),
    (asking, "WF0202", "i", "two tools of `i` are called `look`", tool(InstrumentTool("other", "openai/small", InstrumentConfig("other", tools=(python("look"), python("look")))))),
    (asking, "WF0504", "i", "the operator `i` → `look` (python) has no `python`", tool(replace(python("look"), config=OperatorConfig()))),
    (asking, "WF0201", "i", "the argument `x` of `i` → `look` cannot be used: `nowhere` is not defined here", tool(python("look", arguments={"x": Expression("nowhere", INT)}))),
    (asking, "WF0403", "i", "`i` → `look` has an argument `x`, but no such port; its ports: none", tool(python("look", arguments={"x": Constant(1)}))),
    (get, "WF0403", "o", "`o` has an argument `x`, but no such port; its ports: `duration`, `prompt`", config("o", arguments={"x": Constant(1)})),
    (asking, "WF0209", "i", "`i` → `stop` is no callable that a model could use, but `fail`", tool(OperatorTool("stop", OperatorType.FAIL, OperatorConfig(failure=Expression('"x"', STRING))))),
    (asking, "WF0201", "i", "the prompt of `i` → `other` cannot be used", tool(InstrumentTool("other", "openai/small", InstrumentConfig("other", prompt=Expression("text", STRING))))),
    (asking, "WF0504", "i", "`i` → `deep` (python) has no `python`", tool(InstrumentTool("other", "openai/small", InstrumentConfig("other", tools=(replace(python("deep"), config=OperatorConfig()),))))),
    (asking, "WF0503", "i", "`max_turns` of `i` is 0", config("i", max_turns=0)),
    (asking, "WF0301", "i", "the prompt of `i` is an int; it takes a string, or a list of parts", config("i", prompt=Expression("1", INT))),
    (asking, "WF0509", "i", "`i` has `max_turns`, which counts turns in which tools are called, but has no tools", config("i", max_turns=3)),
    (asking, "WF0505", "i", "`i` says twice what the model is told, by `prompt` and by `messages`", config("i", messages=TALK)),
    (asking, "WF0505", "i", "`i` → `other` says twice", tool(InstrumentTool("other", "openai/small", InstrumentConfig("other", prompt=TALK, messages=TALK)))),
    (asking, "WF0504", "i", "`i` does not name its model", node("i", model_id="")),
    (asking, "WF0612", "", "the node `i` has no path", lambda w: w.replace_node(replace(at(w, "i"), base=replace(at(w, "i").base, path="")))),
    (asking, "WF0612", "i", "`i` has an input port without a name", port("i", late("", STRING))),
    (asking, "WF0202", "input.x", "more than one input is called `text`", lambda w: w.add_node(InputNode(NodeBase(node_id(w.id, "x"), "input.x", "text"), PortDefinition("output", STRING)))),
    (asking, "WF0301", "input.text", "the default of `input.text.output` does not fit: expected a string, found the number 3", node("input.text", port=PortDefinition("output", STRING, has_default=True, default_value=3))),
    (get, "WF0505", "o", "the operator `o` (http) runs by its `http`, but has a `shell` too", config("o", shell="echo")),
    (get, "WF0505", "o", "the operator `o` (text) runs without one, but has a `http` too", node("o", operator_type=OperatorType.TEXT)),
    (asking, "WF0301", "i", "the prompt of `i` → `other` is an int; it takes a string", tool(InstrumentTool("other", "openai/small", InstrumentConfig("other", prompt=Expression("1", INT))))),
    (asking, "WF0301", "i", "the messages of `i` is a string; it takes a list of records with `role` and `content`", config("i", messages=Expression("text", STRING))),
]  # fmt: skip


def relabelled(workflow: Workflow, label: str | None) -> None:
    """Change where the first conditional edge leads, or when."""
    for edge in [each for each in workflow.edges if each.kind == "conditional"][:1]:
        workflow.remove_edge(edge.id)
        workflow.put_edge(replace(edge, label=label) if label else replace(edge, condition=None))  # type: ignore[arg-type, call-arg]


def recondition(workflow: Workflow, source: str) -> None:
    for edge in [each for each in workflow.edges if each.kind == "conditional"][:1]:
        workflow.remove_edge(edge.id)
        workflow.put_edge(replace(edge, condition=Expression(source, BOOL)))  # type: ignore[arg-type, call-arg]


MADE = [loop, parallel, tried, cleaned, items, asking, get]


@pytest.mark.parametrize("make", MADE)
def test_what_is_spoiled_was_sound(make: Callable[[], WorkflowBuilder]) -> None:
    assert make().build().validate().errors == ()


@pytest.mark.parametrize(
    ("make", "code", "path", "part", "how"), SPOILED, ids=[f"{row[1]} {row[3]}" for row in SPOILED]
)
def test_what_is_spoiled_is_found(
    make: Callable[[], WorkflowBuilder], code: str, path: str, part: str, how: Spoil
) -> None:
    workflow = make().build(validate=False)
    how(workflow)
    found = workflow.validate()
    sound(workflow, found)
    problems = found.errors
    shown = [(each.code, each.place, each.message) for each in problems]
    assert [each for each in shown if each[:2] == (code, path) and part in each[2]], shown


def test_facts_of_the_run_are_known_where_it_runs() -> None:
    b = WorkflowBuilder("w")
    computed(b, "a", "run.id + string(run.attempt) + string(run.started)", STRING).output("end", STRING)
    built = b.connect_to("output.end").build()
    assert built.validate().errors == ()
    checked = replace(at(built, "a"), outputs=(replace(at(built, "a").outputs[0], constraints=()),))
    assert checked.outputs == at(built, "a").outputs


def test_settings_and_tools_that_are_right_are_taken() -> None:
    workflow = asking().build()
    fine = Settings(
        Retry(2), 1, "x", 2, Cache(age=3), "pause", Concurrency(1, "b"), RateLimit(1, 1), "k", Resources(1, 1), "local"
    )
    look = python("look")
    other = InstrumentTool("other", "openai/small", InstrumentConfig("other", tools=(look,)))
    config("i", settings=fine, tools=(look, other), max_turns=1, fallback=("local/x",))(workflow)
    port("i", late("@model", STRING), late("@temperature", INT), late("@max_tokens", INT))(workflow)
    workflow.update(settings=RunSettings(1, 1))
    assert workflow.validate().errors == ()
    settings("i", retry=Retry(1_000, 0, 1.0, 1.0))(workflow)
    assert workflow.validate().errors == ()


def test_a_loop_may_end_by_a_condition_over_any_ports_that_its_body_feeds() -> None:
    b = WorkflowBuilder("w").control("l", ControlType.MERGE).ports({"score": INT}, {})
    with b.region("l", "loop", maximum=3), b.arm():
        computed(b, "score", "7", INT).data_edge("score", "result", "l", "score")
    assert (
        b.condition("score > 5").operator("z", OperatorType.TEXT).ports().control_edge("l", "z").build().edge_count == 3
    )


def test_before_a_finally_people_may_be_asked() -> None:
    workflow = cleaned().build()
    node("a", operator_type=OperatorType.ASK)(workflow)
    assert [each.code for each in workflow.validate().errors] == ["WF0612"]  # it has no `prompt`, which is all


@pytest.mark.parametrize("region", ["body", "again"])
@pytest.mark.parametrize("kind", [OperatorType.ASK, OperatorType.WAIT])
def test_a_loop_in_whose_rounds_something_waits_needs_no_most(region: str, kind: OperatorType) -> None:
    b = WorkflowBuilder("w").input("start", INT).connect_to("l.loop", "init")
    with b.region("l", "loop", inputs={"init": INT}):
        with b.arm():
            computed(b, "until", "true", BOOL)
            if region == "body":
                slowly(b, kind)
            b.select("until").yields()
        with b.arm():
            if region == "again":
                slowly(b, kind)
            computed(b, "next", "1", INT).yields()
    assert b.build().validate().errors == ()
    assert b.build().at("l.loop").config.maximum is None  # type: ignore[union-attr]


def slowly(b: WorkflowBuilder, kind: OperatorType) -> None:
    """Something that waits, deep inside."""
    with b.region("slow", "parallel all"), b.arm("one"):
        b.operator("waits", kind).ports({"prompt": STRING, "duration": DURATION})
        b.argument("prompt", "go on?").argument("duration", Expression('duration("1s")', DURATION))


def test_headers_and_queries_may_be_records() -> None:
    parts = Expression("{ a: prompt, b: prompt }", record(a=STRING, b=OptionalType(STRING)))
    workflow = get().build()
    config("o", http=replace(request, headers=parts, query=parts))(workflow)
    assert workflow.validate().errors == ()


def test_a_region_of_a_loop_may_be_empty() -> None:
    workflow = loop().build()
    workflow.remove_node(at(workflow, "l:done/yield").base.id)
    assert workflow.validate().errors == ()


def test_of_a_loop_that_no_closing_node_ends_its_end_is_not_told() -> None:
    workflow = loop().build()
    workflow.regions = tuple(replace(each, closer=each.opener) for each in workflow.regions)
    messages = [each.message for each in workflow.validate().errors]
    assert messages
    assert not [each for each in messages if "says when the loop ends" in each]


@pytest.mark.parametrize("count", [1, 2])
def test_a_parallel_waits_for_one_branch_or_all(count: int) -> None:
    workflow = parallel().build()
    config("p.parallel", count=count)(workflow)
    assert workflow.validate().errors == ()
