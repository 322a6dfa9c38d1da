"""A fingerprint changes with every part that decides on a result, and with nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symphony_dsl.base.times import Duration, Timestamp
from symphony_dsl.base.types import FILE, FOLDER, INT, JSON, SECRET, STRING, Constraint, Field, ListType, RecordType
from symphony_dsl.base.values import SecretRef, secret_text
from symphony_model.http_request import HttpRequest
from symphony_model.ids import node_id
from symphony_model.nodes import (
    Effect,
    InstrumentConfig,
    InstrumentNode,
    NodeBase,
    OperatorConfig,
    OperatorNode,
    OperatorTool,
    OperatorType,
    Position,
)
from symphony_model.ports import Constant, Expression, PortDefinition
from symphony_model.settings import Cache, Concurrency, RateLimit, Retry, Settings
from symphony_model.workflow import Workflow
from symphony_runtime.plans.formula import facts_of
from symphony_runtime.sharing.fingerprint import UnknownError, fingerprint, parts_of
from symphony_runtime.sharing.outside import Stamps, World
from symphony_runtime.task import PastTurn, ToolCall

BASE = NodeBase(node_id(Workflow("w").id, "a"), "a", "a")
TEXT = Expression('"Say " + text', STRING)
RESULT = PortDefinition("result", RecordType((Field("words", INT, doc="how many"),), "Words"))
TOOL = OperatorTool(
    "look", OperatorType.PYTHON, OperatorConfig(python="m:f"), "Looks it up.", (PortDefinition("q", STRING),)
)
ASK = InstrumentNode(
    BASE,
    "openai/small",
    InstrumentConfig(
        "say", system=TEXT, prompt=TEXT, temperature=0.5, max_tokens=9, tools=(TOOL,), fallback=("openai/x",)
    ),
    (PortDefinition("text", STRING),),
    (RESULT,),
    "2026-01",
)
SHELL = OperatorNode(
    BASE,
    OperatorType.SHELL,
    OperatorConfig("run", shell=(TEXT,)),
    (PortDefinition("text", STRING),),
    (PortDefinition("result", STRING),),
)
REQUEST = HttpRequest("GET", ("http://x/", TEXT), headers=Expression("{}", JSON))
HTTP = replace(SHELL, operator_type=OperatorType.HTTP, config=OperatorConfig("get", http=REQUEST))
PYTHON = replace(SHELL, operator_type=OperatorType.PYTHON, config=OperatorConfig("f", python="mod:f"))
INPUTS = {"text": "x"}
Node = InstrumentNode | OperatorNode


def config(**changes: Any) -> Callable[[Any], Any]:
    return lambda node: replace(node, config=replace(node.config, **changes))


def base(**changes: Any) -> Callable[[Any], Any]:
    return lambda node: replace(node, base=replace(node.base, **changes))


OTHER_RESULT = RecordType((Field("words", INT, doc="how many"), Field("more", INT)), "Words")
OTHER_TOOL = replace(TOOL, description="Looks something up.")

DECIDES: list[tuple[str, Node, Callable[[Any], Any]]] = [
    ("model", ASK, lambda node: replace(node, model_id="openai/large")),
    ("model", ASK, lambda node: replace(node, model_version="2026-02")),
    ("model", ASK, config(fallback=())),
    ("parameters", ASK, config(temperature=0.6)),
    ("parameters", ASK, config(max_tokens=10)),
    ("prompt", ASK, config(prompt=Expression('"Tell " + text', STRING))),
    ("prompt", ASK, config(system=None)),
    ("prompt", ASK, config(messages=TEXT)),
    ("tools", ASK, config(tools=(OTHER_TOOL,))),
    ("tools", ASK, config(tools=(replace(TOOL, config=OperatorConfig(python="m:g")),))),
    ("tools", ASK, config(tools=(replace(TOOL, config=replace(TOOL.config, arguments={"q": Constant("x")})),))),
    ("tools", ASK, config(tools=())),
    ("result", ASK, config(record=True)),
    ("result", ASK, lambda node: replace(node, outputs=(replace(RESULT, data_type=OTHER_RESULT),))),
    ("result", ASK, lambda node: replace(node, outputs=(replace(RESULT, constraints=(Constraint("min", 1),)),))),
    ("result", ASK, lambda node: replace(node, outputs=(replace(RESULT, documentation="for models"),))),
    ("signature", ASK, lambda node: replace(node, inputs=(PortDefinition("text", JSON),))),
    ("shell", SHELL, config(shell=(TEXT, TEXT))),
    ("shell", SHELL, config(shell="echo")),
    ("kind", SHELL, lambda node: replace(node, operator_type=OperatorType.PYTHON)),
    ("http", HTTP, config(http=replace(REQUEST, method="POST"))),
    ("http", HTTP, config(http=replace(REQUEST, url=("http://y/", TEXT)))),
    ("http", HTTP, config(http=replace(REQUEST, body=TEXT))),
    ("python", PYTHON, config(python="mod:g")),
]

SAYS_NOTHING: list[tuple[Node, Callable[[Any], Any]]] = [
    *((node, base(path="b/c", name="c", id=node_id(Workflow("v").id, "c"))) for node in (ASK, SHELL, HTTP, PYTHON)),
    *((node, base(description="what it does", position=Position(1, 2), region="r")) for node in (ASK, SHELL)),
    *((node, config(callee="another", effect=Effect.PURE)) for node in (ASK, SHELL)),
    *(
        (
            node,
            config(
                settings=Settings(Retry(9), 1, "label", 2, Cache(age=3), "pause", Concurrency(1), RateLimit(1, 1), "k")
            ),
        )
        for node in (ASK, SHELL)
    ),
    (ASK, config(max_turns=3)),
    (ASK, lambda node: replace(node, outputs=(replace(RESULT, data_type=replace(RESULT.data_type, name="Other")),))),
    (SHELL, lambda node: replace(node, inputs=(replace(node.inputs[0], documentation="for people"),))),
    (SHELL, lambda node: replace(node, inputs=(*node.inputs, PortDefinition("@timeout", INT)))),
]


@pytest.fixture
def world(tmp_path: Path) -> World:
    (tmp_path / "mod.py").write_text("def f(text): return text\n")
    return World(tmp_path, {"TOKEN": "s3cr3t"}, lambda: b"salt")


@pytest.mark.parametrize(("part", "node", "change"), DECIDES, ids=[f"{row[0]} {at}" for at, row in enumerate(DECIDES)])
def test_what_decides_on_a_result_changes_its_own_part(world: World, part: str, node: Node, change: Any) -> None:
    one, other = parts_of(node, INPUTS, world), parts_of(change(node), INPUTS, world)
    assert one.get(part) != other.get(part)
    assert fingerprint(one) != fingerprint(other)


@pytest.mark.parametrize(("node", "change"), SAYS_NOTHING)
def test_what_does_not_changes_nothing(world: World, node: Node, change: Any) -> None:
    assert parts_of(node, INPUTS, world) == parts_of(change(node), INPUTS, world)


def taking(of: Any) -> OperatorNode:
    return replace(SHELL, inputs=(PortDefinition("text", of),))


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=5)
    | st.binary(max_size=5)
    | st.builds(Timestamp, st.integers(0, 10**18))
    | st.builds(Duration, st.integers(0, 10**18)),
    lambda each: (
        st.lists(each, max_size=3) | st.dictionaries(st.text(max_size=3) | st.just("$timestamp"), each, max_size=3)
    ),
    max_leaves=8,
)


def shown(value: Any) -> str:
    """What tells values apart: their types as well, and not the order of the keys of a map."""
    if isinstance(value, dict):
        return "{" + ",".join(sorted(f"{key!r}:{shown(each)}" for key, each in value.items())) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(shown, value)) + "]"
    return repr((type(value).__name__, value))


@given(VALUES, VALUES)
def test_equal_inputs_have_equal_parts_and_no_others(one: Any, other: Any) -> None:
    world = World(Path("/nowhere"), {}, lambda: b"")
    parts = [parts_of(taking(JSON), {"text": value}, world) for value in (one, other)]
    assert (parts[0] == parts[1]) == (shown(one) == shown(other))
    assert parts[0].keys() == parts[1].keys()


def test_the_order_of_the_keys_of_a_map_is_no_part(world: World) -> None:
    one, other = ({"text": {"a": 1, "b": 2}}, {"text": {"b": 2, "a": 1}})
    assert parts_of(taking(JSON), one, world) == parts_of(taking(JSON), other, world)


@pytest.mark.parametrize("of", [FILE, ListType(FILE)])
def test_files_count_by_their_content(world: World, of: Any) -> None:
    def parts(name: str) -> dict[str, str]:
        return parts_of(taking(of), {"text": name if of == FILE else [name]}, world)

    (world.home / "a.txt").write_text("same")
    (world.home / "b.txt").write_text("same")
    before = parts("a.txt")
    assert before == parts("b.txt") == parts(str(world.home / "a.txt"))
    (world.home / "a.txt").write_text("other")
    assert parts("a.txt")["input text"] != before["input text"]
    (world.home / "a.txt").write_text("same")
    assert parts("a.txt") == before


def test_folders_count_by_all_that_is_in_them(world: World) -> None:
    def parts() -> dict[str, str]:
        return parts_of(taking(FOLDER), {"text": "d"}, world)

    (world.home / "d" / "e").mkdir(parents=True)
    (world.home / "d" / "e" / "f").write_text("1")
    before = parts()
    (world.home / "d" / "g").write_text("1")
    assert parts() != before
    (world.home / "d" / "g").unlink()
    assert parts() == before


def test_for_another_try_files_and_folders_count_by_size_and_time(world: World) -> None:
    (world.home / "d" / "e").mkdir(parents=True)
    file = world.home / "d" / "e" / "f"
    file.write_text("1")
    stamps = Stamps(world)

    def told() -> tuple[str, str]:
        return stamps.file("d"), stamps.file("d/e/f")

    before = told()
    assert told() == before
    file.write_text("22")
    assert all(one != other for one, other in zip(told(), before, strict=True))
    assert stamps.file("missing") == "none"


def test_a_salt_that_cannot_be_read_leaves_a_secret_without_a_hash(world: World) -> None:
    def refused() -> bytes:
        raise PermissionError("no")

    with pytest.raises(UnknownError):
        World(world.home, world.environ, refused).secret(SecretRef("env:TOKEN"))


def test_what_cannot_be_read_has_no_fingerprint(world: World) -> None:
    with pytest.raises(UnknownError):
        parts_of(taking(FILE), {"text": "missing"}, world)
    with pytest.raises(UnknownError):
        parts_of(taking(SECRET), {"text": SecretRef("env:MISSING")}, world)


def test_secrets_count_by_their_place_and_what_they_are(world: World) -> None:
    def part(secret: Any, **changes: Any) -> str:
        other = World(world.home, changes.get("environ", world.environ), lambda: changes.get("key", b"salt"))
        return parts_of(taking(SECRET), {"text": secret}, other)["input text"]

    token = SecretRef("env:TOKEN")
    assert part(token) == part(SecretRef("env:TOKEN"))
    environ = {"TOKEN": "s3cr3t", "OTHER": "s3cr3t"}
    others = [
        part(SecretRef("env:OTHER"), environ=environ),
        part(token, environ={"TOKEN": "changed"}),
        part(token, key=b"of another store"),
        part(secret_text("Bearer ", token)),
    ]
    assert len({part(token), *others}) == 5


def test_a_module_counts_by_its_source(world: World) -> None:
    before = parts_of(PYTHON, INPUTS, world)
    (world.home / "mod.py").write_text("def f(text): return text.upper()\n")
    after = parts_of(PYTHON, INPUTS, world)
    assert {name for name in before if before[name] != after[name]} == {"module"}
    package = config(python="pack.inner:f")(PYTHON)
    (world.home / "pack").mkdir()
    (world.home / "pack" / "inner.py").write_text("f = str\n")
    assert parts_of(package, INPUTS, world)["module"] not in (before["module"], after["module"])


def test_a_module_of_the_environment_counts_too(world: World) -> None:
    both = [parts_of(config(python=name)(PYTHON), INPUTS, world)["module"] for name in ("json:dumps", "time:sleep")]
    assert len(set(both)) == 2


def test_what_tells_of_its_run_is_another_one_in_each(world: World) -> None:
    facts = [facts_of(run, started, 1) for run, started in (("r", 1), ("s", 1), ("r", 2))]
    tells = config(shell=(Expression("text + run.id", STRING),))(SHELL)
    assert len({fingerprint(parts_of(tells, INPUTS, world, facts=each)) for each in facts}) == 3
    for plain in ('text + " run.id"', "text.map(run, run)"):
        silent = config(shell=(Expression(plain, STRING),))(SHELL)
        assert len({fingerprint(parts_of(silent, INPUTS, world, facts=each)) for each in facts}) == 1


def test_a_port_that_is_called_run_tells_nothing_of_the_run(world: World) -> None:
    node = replace(
        SHELL, inputs=(PortDefinition("run", STRING),), config=OperatorConfig("f", shell=(Expression("run", STRING),))
    )
    assert "run" not in parts_of(node, {"run": "x"}, world, facts=facts_of("r", 1, 1))


def test_the_turns_before_are_a_part_of_the_next(world: World) -> None:
    turns = [
        (),
        (PastTurn("", (ToolCall("1", "look", "{}"),), ("7",)),),
        (PastTurn("", (ToolCall("1", "look", "{}"),), ("8",)),),
        (PastTurn("hm", (ToolCall("1", "look", '{"q": 1}'),), ("7",)),),
    ]
    assert len({fingerprint(parts_of(ASK, INPUTS, world, each)) for each in turns}) == len(turns)
