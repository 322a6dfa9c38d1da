"""Blocks: what opens and closes, what is skipped, what fails, and who is waited for."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from tests.runtime.engine_graphs import Graph
from tests.runtime.engine_runs import Bench

from symphony_dsl.base.errors import UserError
from symphony_dsl.base.types import FLOAT, INT, JSON, STRING, Constraint, ListType, MapType, OptionalType, record
from symphony_model.nodes import OperatorType
from symphony_model.ports import Expression
from symphony_model.settings import NO_SETTINGS, Retry, Settings
from symphony_runtime.task import Failure, Success


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


def each(limit: int | None = None, on_error: str = "stop", settings: Settings = NO_SETTINGS) -> Graph:
    graph = Graph()
    items = graph.input("items", ListType(INT))
    prices = graph.each("prices", items, limit=limit, on_error=on_error)
    with prices.body() as body:
        body.yielded = graph.task("yield", {"x": prices.item}, settings=settings)
    graph.output("prices", prices.result, ListType(INT))
    return graph


@pytest.mark.parametrize(("limit", "most"), [(None, 1), (2, 2), (0, 5)])
async def test_each_item_is_a_step_of_its_own_and_so_many_run_at_once(bench, limit, most):
    all_there = asyncio.Event()

    async def patient(task, report):  # a busy machine begins them one by one
        if bench.executor.now == most:
            all_there.set()
        await all_there.wait()
        await asyncio.sleep(0.001)
        return task.inputs["x"] + 1

    bench.executor.work["yield"] = patient
    result = await bench.go(each(limit), items=[10, 20, 30, 40, 50])
    assert result.outputs == {"prices": [11, 21, 31, 41, 51]}
    assert bench.executor.most == most
    addresses = [f"prices[{at}]/yield" for at in range(5)]
    assert sorted(bench.said("node.started")) == addresses
    completed = sorted(event.node for event in bench.seen if event.type == "node_completed")
    assert completed == ["output.prices", "prices", *addresses]


async def test_no_items_give_an_empty_list(bench):
    assert (await bench.go(each(), items=[])).outputs == {"prices": []}


async def test_results_stand_in_the_order_of_the_items(bench):
    async def slow_first(task, report):
        await asyncio.sleep((3 - task.inputs["x"]) * 0.02)
        return task.inputs["x"]

    bench.executor.work = {"yield": slow_first}
    assert (await bench.go(each(0), items=[0, 1, 2])).outputs == {"prices": [0, 1, 2]}


async def test_an_item_is_tried_again_by_itself(bench):
    def second_fails(task, report):
        return Failure("error", "no") if task.inputs["x"] == 2 and task.attempt == 1 else task.inputs["x"]

    bench.executor.work = {"yield": second_fails}
    result = await bench.go(each(0, settings=Settings(retry=Retry(2, delay=1000))), items=[1, 2, 3])
    assert result.outputs == {"prices": [1, 2, 3]}
    assert sorted(bench.executor.ran) == [
        ("prices[0]/yield", 1), ("prices[1]/yield", 1), ("prices[1]/yield", 2), ("prices[2]/yield", 1),
    ]  # fmt: skip


def refuses(*values: int):
    def work(task, report):
        return Failure("error", "refused") if task.inputs["x"] in values else task.inputs["x"]

    return work


async def test_failed_items_are_left_out_where_that_is_said(bench):
    bench.executor.work = {"yield": refuses(1, 4)}
    result = await bench.go(each(2, "skip"), items=[1, 2, 3, 4])
    assert result.outputs == {"prices": [2, 3]}
    assert [event.fields["message"] for event in bench.seen if event.type == "log"] == [
        "item 0 is left out (error): refused",
        "item 3 is left out (error): refused",
    ]


async def test_a_failed_item_fails_the_block_and_no_item_begins_after_it(bench):
    bench.executor.work = {"yield": refuses(2)}
    result = await bench.go(each(), items=[1, 2, 3, 4])
    assert (result.state, result.error.node, result.error.code) == ("failed", "prices[1]/yield", "error")
    assert bench.executor.ran == [("prices[0]/yield", 1), ("prices[1]/yield", 1)]
    assert [event.node for event in bench.seen if event.type == "node_failed"] == ["prices[1]/yield", "prices"]


async def test_items_of_a_map_go_in_the_order_of_their_keys(bench):
    graph = Graph()
    items = graph.input("items", MapType(INT))
    every = graph.each("every", items)
    with every.body() as body:
        body.yielded = graph.task("yield", {"x": every.item, "k": every.key}, types={"k": STRING})
    graph.output("y", every.result, ListType(INT))
    bench.executor.work = {"yield": lambda task, report: task.inputs["x"] + len(task.inputs["k"])}
    result = await bench.go(graph, items={"zz": 20, 'a"/b': 10})
    assert result.outputs == {"y": [14, 22]}
    assert [name for name, _ in bench.executor.ran] == ['every["a\\"/b"]/yield', 'every["zz"]/yield']
    assert {event.node for event in bench.seen if event.type == "node_started"} >= {'every["a\\"/b"]/yield'}


async def test_an_index_is_a_number(bench):
    graph = Graph()
    every = graph.each("every", graph.input("items", ListType(INT)))
    with every.body() as body:
        body.yielded = graph.task("yield", {"x": every.item, "k": every.key})
    graph.output("y", every.result, ListType(INT))
    assert (await bench.go(graph, items=[10, 10])).outputs == {"y": [11, 12]}


async def test_blocks_in_blocks_and_captures_from_outside(bench):
    graph = Graph()
    rows = graph.input("rows", ListType(ListType(INT)))
    base = graph.task("base", {"x": graph.input("x")})
    outer = graph.each("outer", rows, limit=2, of=ListType(INT), item=ListType(INT))
    with outer.body() as around:
        plus = graph.task("plus", {"b": base})
        inner = graph.each("inner", outer.item, limit=2)
        with inner.body() as body:
            body.yielded = graph.task("yield", {"i": inner.item, "k": outer.key, "b": base, "p": plus})
        around.yielded = inner.result
    graph.output("y", outer.result, ListType(ListType(INT)))
    result = await bench.go(graph, rows=[[1, 2], [], [3]], x=100)
    assert result.outputs == {"y": [[1 + 0 + 101 + 102 + 1, 2 + 0 + 101 + 102 + 1], [], [3 + 2 + 101 + 102 + 1]]}
    assert "outer[2]/inner[0]/yield" in bench.said("node.completed")


async def test_a_block_opens_before_what_it_captures_has_settled(bench):
    graph = Graph()
    slow = graph.task("slow")
    every = graph.each("every", graph.input("items", ListType(INT)))
    with every.body() as body:
        first = graph.task("first", {"x": every.item})
        body.yielded = graph.task("yield", {"x": first, "s": slow})
    graph.output("y", every.result, ListType(INT))
    went = asyncio.Event()

    async def wait(task, report):
        await went.wait()
        return 1000

    def go(task, report):
        went.set()
        return 1

    bench.executor.work = {"slow": wait, "first": go}
    async with asyncio.timeout(5):
        assert (await bench.go(graph, items=[1])).outputs == {"y": [1002]}


async def test_a_failure_outside_ends_the_block_without_new_items(bench):
    graph = each()
    graph.task("bad")
    count, begun = 0, asyncio.Event()

    async def slow(task, report):
        nonlocal count
        count += 1
        begun.set()
        await asyncio.sleep(0.05)
        return 1

    async def bad(task, report):
        await begun.wait()
        return Failure("error", "no")

    bench.executor.work = {"yield": slow, "bad": bad}
    result = await bench.go(graph, items=[1, 2, 3])
    assert (result.state, result.error.node, count) == ("failed", "bad", 1)


def doubler() -> Graph:
    callee = Graph("doubler")
    x = callee.input("x")
    one = callee.task("one", {"x": x})
    two = callee.task("two", {"x": one})
    callee.output("once", one)
    callee.output("twice", two)
    return callee


async def test_a_workflow_is_called_like_a_step(bench):
    graph = Graph()
    graph.call("call", doubler(), x=graph.input("x"))
    graph.output("a", ("call", "once"))
    graph.output("b", ("call", "twice"))
    result = await bench.go(graph, x=5)
    assert result.outputs == {"a": 6, "b": 7}
    assert [name for name, _ in bench.executor.ran] == ["call/one", "call/two"]
    told = [(event.type, event.node) for event in bench.seen if event.node and event.node.startswith("call")]
    assert told == [
        ("node_started", "call"), ("node_started", "call/one"), ("node_completed", "call/one"),
        ("node_started", "call/output.once"), ("node_completed", "call/output.once"), ("node_started", "call/two"),
        ("node_completed", "call/two"), ("node_started", "call/output.twice"), ("node_completed", "call/output.twice"),
        ("node_completed", "call"),
    ]  # fmt: skip


async def test_calls_inside_items_and_calls_of_calls(bench):
    outer = Graph("outer")
    outer.call("call", doubler(), x=outer.input("x"))
    outer.output("r", ("call", "twice"))
    graph = Graph()
    every = graph.each("every", graph.input("items", ListType(INT)), limit=0)
    with every.body() as body:
        body.yielded = graph.call("yield", outer, x=every.item)
    graph.output("y", every.result, ListType(INT))
    assert (await bench.go(graph, items=[1, 2])).outputs == {"y": [3, 4]}
    assert "every[1]/yield/call/two" in bench.said("node.completed")


async def test_a_failure_inside_a_call_fails_the_call(bench):
    graph = Graph()
    graph.call("call", doubler(), x=graph.input("x"))
    graph.task("after", after=("call",))
    bench.executor.work = {"two": lambda task, report: Failure("error", "no")}
    result = await bench.go(graph, x=5)
    assert (result.state, result.error.node) == ("failed", "call/two")
    assert [event.node for event in bench.seen if event.type == "node_failed"] == ["call/two", "call"]
    assert ("after", 1) not in bench.executor.ran


async def test_a_failure_inside_an_item_leaves_out_the_item_with_all_in_it(bench):
    graph = Graph()
    every = graph.each("every", graph.input("items", ListType(INT)), limit=0, on_error="skip")
    with every.body() as body:
        body.yielded = (graph.call("yield", doubler(), x=every.item)[0], "twice")
    graph.output("y", every.result, ListType(INT))
    bench.executor.work = {"one": refuses(2)}
    assert (await bench.go(graph, items=[1, 2, 3])).outputs == {"y": [2, 4]}


def choice(**arms: str | None) -> Graph:
    graph = Graph()
    x = graph.input("x")
    block = graph.branch("reply", arms, x=x)
    for name in arms:
        with block.arm(name) as arm:
            arm.yielded = graph.task("yield", {"x": x})
    graph.output("y", block.result)
    return graph


@pytest.mark.parametrize(("x", "arm"), [(9, "then"), (5, "then2"), (1, "else")])
async def test_the_first_arm_that_holds_is_taken_and_no_other(bench, x, arm):
    result = await bench.go(choice(then="x > 7", then2="x > 3", **{"else": None}), x=x)
    assert result.outputs == {"y": x + 1}
    assert bench.executor.ran == [(f"reply:{arm}/yield", 1)]
    decided = next(entry for entry in bench.entries() if entry.type == "region.decided")
    assert decided.data["taken"] == arm
    assert sorted([arm, *decided.data["skipped"]]) == ["else", "then", "then2"]


async def test_without_an_arm_that_holds_there_is_no_value(bench):
    graph = Graph()
    x = graph.input("x")
    block = graph.branch("reply", {"then": "x > 7"}, OptionalType(INT), x=x)
    with block.arm("then") as arm:
        arm.yielded = graph.task("yield", {"x": x})
    graph.output("y", block.result, OptionalType(INT))
    result = await bench.go(graph, x=1)
    assert (result.outputs, bench.executor.ran) == ({"y": None}, [])


async def test_an_empty_arm_is_over_at_once(bench):
    graph = Graph()
    x = graph.input("x")
    block = graph.branch("reply", {"then": "x > 7", "else": None}, None, x=x)
    with block.arm("then"):
        pass
    with block.arm("else"):
        graph.task("step", {"x": x})
    graph.task("late", after=("reply",))
    assert (await bench.go(graph, x=8)).state == "completed"
    assert bench.executor.ran == [("late", 1)]


async def test_a_condition_that_fails_fails_the_block(bench):
    result = await bench.go(choice(then="10 / x > 7", **{"else": None}), x=0)
    assert (result.state, result.error.node) == ("failed", "reply")
    assert "zero" in result.error.message


async def test_expressions_over_ports_of_a_record_step(bench):
    graph = Graph()
    graph.task("kind", outputs={"label": STRING, "score": FLOAT})
    node = {"kind.label": ("kind", "label"), "kind.score": ("kind", "score")}
    graph.expression("said", "kind.label + string(kind.score)", STRING, **node)
    graph.output("y", ("said", "result"), STRING)
    bench.executor.work = {"kind": lambda task, report: Success({"label": "a", "score": 0.5})}
    assert (await bench.go(graph)).outputs == {"y": "a0.5"}


async def test_a_transform_on_the_way(bench):
    graph = Graph()
    items = graph.input("items", ListType(INT))
    graph.output("y", None)
    graph.data(items, ("output.y", "input"), "it.map(x, x * 2).sum()", INT)
    assert (await bench.go(graph, items=[1, 2, 3])).outputs == {"y": 12}


@pytest.mark.parametrize(
    ("failure", "code", "message"),
    [
        (None, "failed", "`x > 1` does not hold"),
        ('"too small"', "failed", "too small"),
        ('{"code": "small", "message": "it is too small"}', "small", "it is too small"),
    ],
)
async def test_require(bench, failure, code, message):
    graph = Graph()
    x = graph.input("x")
    graph.require("require.12345678", "x > 1", failure, x=x)
    graph.task("below", after=("require.12345678",))
    result = await bench.go(graph, x=1)
    assert (result.error.code, result.error.message, bench.executor.ran) == (code, message, [])
    assert (await bench.go(graph, x=2)).state == "completed"


async def test_fail(bench):
    graph = Graph()
    block = graph.branch("b", {"then": "x > 1"}, None, x=graph.input("x"))
    with block.arm("then"):
        graph.fail("fail.12345678", '"never"')
    result = await bench.go(graph, x=2)
    assert (result.error.code, result.error.message, result.error.node) == ("failed", "never", "b:then/fail.12345678")


async def test_pure_operators_are_computed_on_the_spot(bench):
    graph = Graph()
    text = graph.input("text", STRING)
    graph.pure("parsed", OperatorType.JSON_PARSE, {"text": text}, {"text": STRING}, ListType(INT))
    graph.output("y", ("parsed", "result"), ListType(INT))
    assert (await bench.go(graph, text="[1, 2]")).outputs == {"y": [1, 2]}
    assert bench.executor.ran == []
    result = await bench.go(graph, text="[1, ")
    assert (result.error.code, result.error.node) == ("conversion", "parsed")


async def test_arms_and_keys_with_any_text_keep_their_places(bench):
    graph = Graph()
    kind = graph.input("kind", STRING)
    arm_name = '"a[0]/b:\\"x"'
    block = graph.branch("reply", {arm_name: "kind == 'a'", "else": None}, None, kind=kind)
    with block.arm(arm_name):
        every = graph.each("every", graph.expression("items", "{'k/[1]': 1}", MapType(INT)), of=None)
        with every.body():
            graph.expression("step", "x + 1", INT, x=every.item)
    assert (await bench.go(graph, kind="a")).state == "completed"
    completed = [event.node for event in bench.seen if event.type == "node_completed"]
    assert completed == [f"reply:{arm_name}/{rest}" for rest in ("items", 'every["k/[1]"]/step', "every")] + ["reply"]
    assert [event.type for event in bench.seen if event.node == completed[1]] == ["node_started", "node_completed"]


async def bound(bench, of, given, **port):
    """How a run ends in which a value of any kind of data meets a port of a type."""
    graph = Graph()
    data = graph.input("data", JSON)
    graph.task("a", {"x": data}, types={"x": of})
    port and graph.workflow.nodes.update(_with_port(graph, **port))
    bench.executor.work = {"a": lambda task, report: Success({"result": 1})}
    return await bench.go(graph, data=given)


def _with_port(graph: Graph, **changes):
    node = graph.workflow.at("a")
    return {node.base.id: replace(node, inputs=(replace(node.inputs[0], **changes),))}


@pytest.mark.parametrize(
    ("of", "given", "message"),
    [
        (INT, "x", '`x`: expected an int, found the string "x"'),
        (ListType(INT), [1, "x"], '`x[1]`: expected an int, found the string "x"'),
        (record(n=INT), {"n": "x"}, '`x.n`: expected an int, found the string "x"'),
    ],
)
async def test_a_value_that_does_not_fit_its_port_is_named_with_its_place(bench, of, given, message):
    result = await bound(bench, of, given)
    assert (result.error.code, result.error.message, result.error.node) == ("conversion", message, "a")
    assert (bench.executor.ran, bench.said("node.started")) == ([], [])


async def test_an_absent_value_takes_the_default_or_fails_to_bind(bench):
    result = await bound(bench, INT, None)
    assert (result.error.code, result.error.message) == ("binding", "`x` has no value")
    assert (await bound(bench, INT, None, has_default=True, default_value=7)).state == "completed"
    assert (await bound(bench, OptionalType(INT), None)).state == "completed"


async def test_constraints_of_a_port_are_checked_with_the_value_shown(bench):
    least = (Constraint("min", 3),)
    result = await bound(bench, INT, 2, constraints=least)
    assert (result.error.code, result.error.message) == ("check", "`x` must be at least 3, but is 2")
    even = (Constraint("check", "it % 2 == 0"),)
    assert (await bound(bench, INT, 4, constraints=even)).state == "completed"
    result = await bound(bench, INT, 5, constraints=even)
    assert result.error.message == "`x` must keep `it % 2 == 0`, but is 5"


async def test_a_transform_that_fails_names_its_port(bench):
    graph = Graph()
    graph.output("y", None)
    graph.data(graph.input("x"), ("output.y", "input"), "10 / it", INT)
    result = await bench.go(graph, x=0)
    assert (result.error.node, result.error.message) == ("output.y", "`y`: a whole number is divided by zero")


async def test_a_result_that_breaks_its_promise_fails_the_step(bench):
    graph = Graph()
    graph.task("a")
    node = graph.workflow.at("a")
    promised = replace(node.outputs[0], constraints=(Constraint("max", 3),))
    graph.workflow.nodes[node.base.id] = replace(node, outputs=(promised,))
    bench.executor.work = {"a": lambda task, report: 4}
    result = await bench.go(graph)
    assert result.error.code == "check"
    assert result.error.message == "the result is not as promised: `result` must be at most 3, but is 4"


async def test_constants_and_defaults_of_ports(bench):
    graph = Graph()
    graph.output("y", graph.task("a", constants={"x": 41}))
    assert (await bench.go(graph)).outputs == {"y": 42}


@pytest.mark.parametrize("limit", [0, -1])
async def test_a_computed_width_has_to_be_one_at_least(bench, limit):
    graph = each()
    node = graph.workflow.at("prices.for")
    config = replace(node.config, limit=Expression(f"{limit}", INT))
    graph.workflow.nodes[node.base.id] = replace(node, config=config)
    result = await bench.go(graph, items=[1])
    assert (result.error.code, result.error.node) == ("check", "prices")
    assert result.error.message == f"`parallel` must be at least 1, but is {limit}"


def test_what_this_version_cannot_run_is_refused_before_anything_is_made(bench):
    graph = Graph()
    graph.call("call", doubler(), x=graph.input("x"))
    node = graph.workflow.at("input.x")
    graph.workflow.nodes[node.base.id] = replace(node, base=replace(node.base, enabled=False))
    with pytest.raises(UserError, match=r"WF0901.*`input.x` needs an input or an output that is disabled"):
        bench.create(graph, x=1)
    graph = each()
    node = graph.workflow.at("prices.for")
    graph.workflow.nodes[node.base.id] = replace(node, config=replace(node.config, mode="some"))
    with pytest.raises(UserError, match=r"prices\.for: this version cannot run a block of the mode `some`"):
        bench.create(graph, items=[])
    assert bench.store.runs() == []
