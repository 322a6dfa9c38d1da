"""A workflow that was made in Python is sealed, written down, and run by the engine like any other."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.end_to_end.wf_process import Wf
from tests.runtime.engine_graphs import InLoop

from symphony_dsl.base.types import INT, JSON, STRING, ListType, record
from symphony_model.artifact import seal
from symphony_model.artifact_codec import artifact_from_text, artifact_to_text
from symphony_model.building.builder import WorkflowBuilder
from symphony_model.nodes import OperatorType
from symphony_model.ports import Expression
from symphony_model.workflow import Workflow
from symphony_runtime import engine
from symphony_runtime.storage.store import Store


def words() -> Workflow:
    """Says of each word how long it is, and of all of them whether they are many."""
    b = WorkflowBuilder("words").input("text", STRING)
    b.operator("split", OperatorType.EXPRESSION).ports({"text": STRING}, {"result": ListType(STRING)})
    b.config(expression=Expression('text.split(" ")', ListType(STRING))).connect_to("split", "text")
    b.connect_to("sizes.for", "items")
    with b.region("sizes", "for", inputs={"items": ListType(STRING)}, limit=0):
        b.operator("size", OperatorType.EXPRESSION).ports({"word": STRING}, {"result": INT})
        b.config(expression=Expression("word.size()", INT)).connect_to("size", "word").yields()
    b.select("split").connect_to("many.if", "words")
    with b.region("many", "if", inputs={"words": ListType(STRING)}):
        for name, when in (("yes", "words.size() > 2"), ("no", None)):
            with b.arm(when=when):
                b.operator(name, OperatorType.EXPRESSION).ports({}, {"result": STRING})
                b.config(expression=Expression(f'"{name}"', STRING)).select(name).yields()
    b.operator("shown", OperatorType.JSON_FORMAT).ports({"value": JSON}, {"result": STRING})
    b.select("sizes").connect_to("shown", "value").output("sizes", STRING).connect_to("sizes")
    return b.select("many").output("many", STRING).connect_to("output.many").build()


def test_it_is_run_by_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "words.wf.json").write_text(artifact_to_text(seal(words(), {}, {})))
    wf = Wf(tmp_path)
    assert wf.json("run", "words.wf.json", "--input", "text=a bc def") == {"sizes": "[1,2,3]", "many": "yes"}


def test_it_is_run_by_the_engine(tmp_path: Path) -> None:
    artifact = artifact_from_text(artifact_to_text(seal(words(), {}, {})))
    store = Store(tmp_path / ".symphony")
    run = engine.create(store, artifact, {"text": "one"}, tmp_path, durability="process")
    result = asyncio.run(engine.drive(store, run, executor=InLoop()))
    assert result.outputs == {"sizes": "[3]", "many": "no"}


def test_functions_of_ones_own_are_called(tmp_path: Path) -> None:
    (tmp_path / "desk.py").write_text("def greet(name, times):\n    return {'text': f'Hello {name}! ' * times}\n")
    b = WorkflowBuilder("greeting").input("name", STRING).operator("greet", OperatorType.PYTHON)
    b.ports({"name": STRING, "times": INT}, {"text": STRING}).config(python="desk:greet", record=True)
    b.argument("times", 2).settings(retry=1, label="Greeting").connect_to("greet", "name")
    b.output("said", record(text=STRING)).operator("whole", OperatorType.EXPRESSION)
    b.ports({"t": STRING}, {"result": record(text=STRING)}).config(
        expression=Expression("{text: t}", record(text=STRING))
    )
    b.connect_to("whole", "t").connect_to("said")
    (tmp_path / "greeting.wf.json").write_text(artifact_to_text(seal(b.build(), {}, {})))
    assert Wf(tmp_path).json("run", "greeting.wf.json", "--input", "name=Ada") == {
        "said": {"text": "Hello Ada! Hello Ada! "}
    }
