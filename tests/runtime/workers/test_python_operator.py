"""`python:`: what goes in, what comes back, and what is said when it does not."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from tests.runtime.workers.worker_nodes import python, shell, task

from symphony_dsl.base.times import Duration, Timestamp
from symphony_dsl.base.types import (
    BYTES,
    DURATION,
    FILE,
    FLOAT,
    INT,
    JSON,
    SECRET,
    STRING,
    TIMESTAMP,
    Constraint,
    ListType,
    OptionalType,
    record,
)
from symphony_dsl.base.values import SecretRef, secret_text
from symphony_model.ports import PortDefinition
from symphony_runtime.task import Begun, Failure, LogLine, Success, Waiting


async def test_arguments_go_by_name_and_the_result_comes_back(run, module, tmp_path):
    module("def join(left, right='?'):\n    return left + right\n")
    node = python("mine:join", {"left": STRING, "right": STRING}, STRING)
    assert await run(task(node, tmp_path, right="b", left="a")) == Success({"result": "ab"})


async def test_values_look_like_python_inside_and_are_typed_outside(run, module, tmp_path):
    module(
        """
        import datetime

        def later(at, by, data, path, words):
            assert at.tzinfo is not None
            assert words == ["x"]
            return {"at": at + by, "by": by * 2, "data": data + b"!", "path": path, "words": tuple(words)}
        """
    )
    types = {"at": TIMESTAMP, "by": DURATION, "data": BYTES, "path": FILE, "words": ListType(STRING)}
    at, by = Timestamp.parse("2026-01-31T08:00:00.25Z"), Duration.parse("1h30m")
    outcome = await run(
        task(python("mine:later", types, types), tmp_path, at=at, by=by, data=b"\x00", path="in/a.txt", words=["x"])
    )
    assert outcome == Success(
        {
            "at": Timestamp.parse("2026-01-31T09:30:00.25Z"),
            "by": Duration.parse("3h"),
            "data": b"\x00!",
            "path": str(tmp_path / "in/a.txt"),
            "words": ["x"],
        }
    )


async def test_paths_inside_of_data_are_whole_too(run, module, tmp_path):
    module("def same(files):\n    return files\n")
    of = ListType(record(file=FILE, note=STRING))
    files = [{"file": "a", "note": "a"}, {"file": "/b/../c", "note": "b"}]
    outcome = await run(task(python("mine:same", {"files": of}, of), tmp_path, files=files))
    assert outcome == Success({"result": [{"file": str(tmp_path / "a"), "note": "a"}, {"file": "/c", "note": "b"}]})


async def test_a_record_of_a_field_result_is_no_value(run, module, tmp_path):
    module("def f():\n    return {'result': 1}\n")
    assert await run(task(python("mine:f", {}, {"result": INT}), tmp_path)) == Success({"result": 1})
    assert await run(task(python("mine:f", {}, record(result=INT)), tmp_path)) == Success({"result": {"result": 1}})
    assert (await run(task(python("mine:f", {}, INT), tmp_path))).code == "conversion"


async def test_a_coroutine_is_awaited(run, module, tmp_path):
    module("import asyncio\n\nasync def slow(n):\n    await asyncio.sleep(0)\n    return n + 1\n")
    assert await run(task(python("mine:slow", {"n": INT}, INT), tmp_path, n=1)) == Success({"result": 2})


async def test_a_method_and_a_package_beside_the_workflow(run, module, tmp_path):
    module("", "pack/__init__.py")
    module("class Tool:\n    @staticmethod\n    def two():\n        return 2\n", "pack/tools.py")
    assert await run(task(python("pack.tools:Tool.two", {}, INT), tmp_path)) == Success({"result": 2})


async def test_a_module_of_the_environment(run, tmp_path):
    node = python("posixpath:basename", {"p": STRING}, STRING)
    assert await run(task(node, tmp_path, p="a/b")) == Success({"result": "b"})


async def test_beside_the_workflow_comes_before_the_environment(run, module, tmp_path):
    module("def parse():\n    return 'mine'\n", "colorsys.py")
    assert await run(task(python("colorsys:parse", {}, STRING), tmp_path)) == Success({"result": "mine"})


async def test_where_no_result_is_asked_for_it_may_be_anything(run, module, tmp_path):
    module("def f():\n    return object()\n")
    assert await run(task(python("mine:f"), tmp_path)) == Success({})


async def test_secrets_that_no_frame_holds(run, tmp_path):
    (tmp_path / "key").write_text("x" * 2_000_000)
    outcome = await run(task(python("mine:f", {"k": SECRET}), tmp_path, k=SecretRef("file:key")))
    assert outcome == Failure("error", "the secrets of mine:f are too long to be passed on", before_effect=True)


async def test_an_absent_optional_is_none_both_ways(run, module, tmp_path):
    module("def same(x):\n    assert x is None\n    return {'a': x}\n")
    types = {"a": OptionalType(INT), "b": OptionalType(INT)}
    outcome = await run(task(python("mine:same", {"x": OptionalType(INT)}, types), tmp_path, x=None))
    assert outcome == Success({"a": None, "b": None})


async def test_large_values_travel_both_ways(run, module, tmp_path):
    module("def twice(text):\n    return text + text\n")
    text = "ä" * 700_000
    outcome = await run(task(python("mine:twice", {"text": STRING}, STRING), tmp_path, text=text))
    assert outcome == Success({"result": text + text})


async def test_the_environment_of_the_engine_stays_outside(run, module, tmp_path, environ):
    environ["UNRELATED"] = "x"
    module("import os\n\ndef names():\n    return sorted(os.environ)\n")
    outcome = await run(task(python("mine:names", {}, ListType(STRING)), tmp_path))
    assert "PATH" in outcome.outputs["result"]
    assert "UNRELATED" not in outcome.outputs["result"]


async def test_what_a_function_sets_is_not_seen_by_the_next_and_what_its_module_sets_is(run, module, tmp_path):
    module(
        """
        import os

        os.environ["MODULE"] = "1"

        def f():
            before = [os.environ.get("FUNCTION", ""), os.environ.get("MODULE", ""), os.getcwd()]
            os.environ["FUNCTION"] = "1"
            del os.environ["MODULE"]
            os.chdir("/")
            return before
        """
    )
    for _ in range(2):
        outcome = await run(task(python("mine:f", {}, ListType(STRING)), tmp_path))
        assert outcome.outputs["result"] == ["", "1", str(tmp_path)]


# --- what is printed


async def test_all_that_is_written_is_logged_and_nothing_else_sees_it(run, module, tmp_path, reports, capfd):
    module(
        """
        import ctypes, os, subprocess, sys

        def talk():
            print("print")
            print("error", file=sys.stderr)
            os.write(1, b"descriptor\\n")
            subprocess.run(["echo", "child"])
            ctypes.CDLL(None).printf(b"C, without a line break")
            return 1
        """
    )
    assert await run(task(python("mine:talk", {}, INT), tmp_path)) == Success({"result": 1})
    assert reports.lines == ["print", "error", "descriptor", "child", "C, without a line break"]
    assert capfd.readouterr() == ("", "")


async def test_output_while_a_module_is_imported_is_logged(run, module, tmp_path, reports):
    module("print('hello')\n\ndef f():\n    return None\n")
    await run(task(python("mine:f"), tmp_path))
    assert reports.all == [Waiting(), Begun(), LogLine("info", "hello")]


async def test_many_lines_are_all_there_before_the_result(run, module, tmp_path, reports):
    module("def f():\n    for n in range(20000):\n        print('line', n)\n")
    await run(task(python("mine:f"), tmp_path))
    assert reports.lines == [f"line {n}" for n in range(20000)]


async def test_reading_standard_input_gives_nothing(run, module, tmp_path):
    module("import sys\n\ndef f():\n    return sys.stdin.read()\n")
    assert await run(task(python("mine:f", {}, STRING), tmp_path)) == Success({"result": ""})


async def test_progress(run, module, tmp_path, reports):
    module(
        """
        from symphony_runtime.worker import progress

        def f():
            progress(0.5, "half")
            progress(7)
        """
    )
    await run(task(python("mine:f"), tmp_path))
    assert reports.progress == [(0.5, "half"), (1.0, None)]


def test_progress_outside_of_a_worker_does_nothing():
    from symphony_runtime import worker

    assert worker.progress(0.5) is None
    with pytest.raises(AttributeError):
        _ = worker.nothing


# --- what goes wrong


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("nothing:f", "the module 'nothing' is neither beside the workflow nor in the environment"),
        ("mine.sub:f", "the module 'mine.sub' is neither beside the workflow nor in the environment"),
        ("mine:nothing", "the module 'mine' has no function 'nothing'"),
        ("mine:number", "'number' of the module 'mine' is no function"),
        (
            "mine:strict",
            "mine:strict(a, b) cannot be called with x: missing a required argument: 'a'",
        ),
    ],
)
async def test_what_cannot_be_called(run, module, tmp_path, target, message):
    module("number = 1\n\ndef strict(a, b):\n    pass\n")
    outcome = await run(task(python(target, {"x": INT}), tmp_path, x=1))
    assert outcome == Failure("error", message, before_effect=True)


async def test_a_module_that_hides_one_of_python_is_refused(run, module, tmp_path):
    module("def f():\n    return 1\n", "queue.py")
    outcome = await run(task(python("queue:f", {}, INT), tmp_path))
    assert outcome.code == "error"
    assert outcome.message.startswith("the module 'queue' beside the workflow has the name of a module of Python")


async def test_an_exception_names_its_place_without_values(run, module, tmp_path):
    module(
        """
        def inner(password):
            raise ValueError("no good")

        def f(x):
            inner("hunter2")
        """
    )
    outcome = await run(task(python("mine:f", {"x": INT}), tmp_path, x=1))
    assert outcome == Failure(
        "error", "ValueError: no good at mine.py:3", {"trace": ["mine.py:6 in f", "mine.py:3 in inner"]}
    )


async def test_an_exception_below_the_users_code_names_the_users_line(run, module, tmp_path):
    module("import json\n\ndef f():\n    json.loads('{')\n")
    outcome = await run(task(python("mine:f"), tmp_path))
    assert outcome.message.startswith("JSONDecodeError: Expecting property name")
    assert outcome.message.endswith("at mine.py:4")


async def test_a_module_that_does_not_compile(run, module, tmp_path):
    module("def f(:\n")
    outcome = await run(task(python("mine:f"), tmp_path))
    assert (outcome.code, outcome.message) == ("error", "SyntaxError: invalid syntax at mine.py:1")


async def test_a_module_that_imports_what_is_not_there(run, module, tmp_path):
    module("import not_there\n")
    outcome = await run(task(python("mine:f"), tmp_path))
    assert outcome.message == "ModuleNotFoundError: No module named 'not_there' at mine.py:1"


@pytest.mark.parametrize(
    "how", ["sys.exit(3)", "raise KeyboardInterrupt", "raise Broken", "raise Fatal", "raise ValueError('\\udc80')"]
)
async def test_whatever_is_raised_is_a_failure_and_the_worker_goes_on(run, module, tmp_path, how):
    module(
        f"""
        import os, sys

        class Broken(Exception):
            def __str__(self):
                raise RuntimeError

        class Fatal(Exception):
            def __str__(self):
                sys.exit(9)

        def f():
            {how}

        def pid():
            return os.getpid()
        """
    )
    before = await run(task(python("mine:pid", {}, INT), tmp_path))
    outcome = await run(task(python("mine:f"), tmp_path))
    assert (outcome.code, outcome.before_effect) == ("error", False)
    assert outcome.message.endswith("at mine.py:13")
    assert await run(task(python("mine:pid", {}, INT), tmp_path)) == before


async def test_a_long_message_is_cut(run, module, tmp_path):
    module("def f():\n    raise ValueError('x' * 100000)\n")
    outcome = await run(task(python("mine:f"), tmp_path))
    assert len(outcome.message) < 2100


@pytest.mark.parametrize(
    ("result", "message"),
    [
        ("{'a': ['x']}", 'what `f` gave does not fit at a[0]: expected an int, found the string "x"'),
        ("{}", "what `f` gave does not fit at a: expected a list of int, found nothing"),
        ("3", "what `f` gave does not fit: expected"),
        ("{'a': {1, 2}}", "mine:f returned what cannot be used: the value at a is of the Python type set"),
        ("{3: 4}", "mine:f returned what cannot be used: the value has the key 3, which is no text"),
        ("{'a': '\\ud800'}", "mine:f returned what cannot be used: the value at a is a text that is not valid"),
        ("deep()", "mine:f returned what cannot be used: the value at [0][0]"),
    ],
)
async def test_a_result_that_does_not_fit(run, module, tmp_path, result, message):
    module(f"def deep():\n    x = []\n    x.append(x)\n    return x\n\ndef f():\n    return {result}\n")
    outcome = await run(task(python("mine:f", {}, {"a": ListType(INT)}), tmp_path))
    assert outcome.code == "conversion"
    assert outcome.message.startswith(message.split("a list of int")[0])


@pytest.mark.parametrize(
    ("constraint", "words"),
    [
        (Constraint("max", 1), "must be at most 1, but is 2.0"),
        (Constraint("check", "it < 2.0"), "must keep `it < 2.0`, but is 2.0"),
    ],
)
async def test_a_constraint_of_the_result(run, module, tmp_path, constraint, words):
    module("def f():\n    return 2.0\n")
    port = PortDefinition("result", FLOAT, constraints=(constraint,))
    node = python("mine:f", {}, FLOAT)
    outcome = await run(task(type(node)(node.base, node.operator_type, node.config, (), (port,)), tmp_path))
    assert outcome == Failure("conversion", f"what `f` gave does not fit: {words}", {"path": ""})


async def test_numbers_beyond_64_bits_are_json_only(run, module, tmp_path):
    module("def same(x):\n    return x\n")
    assert await run(task(python("mine:same", {"x": JSON}, JSON), tmp_path, x=2**80)) == Success({"result": 2**80})
    outcome = await run(task(python("mine:same", {"x": JSON}, INT), tmp_path, x=-(2**80)))
    assert (outcome.code, outcome.message.endswith("too large for an int, which has 64 bits")) == ("conversion", True)


# --- secrets


async def test_a_secret_is_its_value_inside_and_hidden_outside(run, module, tmp_path, environ, reports):
    environ["TOKEN"] = "hunter2-hunter2"
    (tmp_path / "key").write_text("line one of it\nline two of it\n")
    module(
        """
        def f(token, more):
            assert token == "hunter2-hunter2", token
            assert more == {"key": "line one of it\\nline two of it"}
            print("using", token, more["key"])
            raise ValueError(f"bad {token}")
        """
    )
    node = python("mine:f", {"token": SECRET, "more": record(key=SECRET)})
    inputs = {"token": SecretRef("env:TOKEN"), "more": {"key": SecretRef("file:key")}}
    outcome = await run(task(node, tmp_path, **inputs))
    assert outcome.message == "ValueError: bad [secret] at mine.py:6"
    assert reports.lines == ["using [secret] [secret]", "[secret]"]


async def test_a_secret_in_a_result_fails_the_step(run, module, tmp_path, environ):
    environ["TOKEN"] = "hunter2"
    module("def f(token):\n    return [{'x': 'Bearer ' + token}]\n")
    node = python("mine:f", {"token": SECRET}, JSON)
    outcome = await run(task(node, tmp_path, token=SecretRef("env:TOKEN")))
    assert outcome == Failure("secret_leak", "the result holds a secret in the open")


async def test_a_text_made_with_secrets_is_whole_inside_and_hidden_outside(run, module, tmp_path, environ, reports):
    environ |= {"USER_KEY": "ab", "TOKEN": "cd"}
    module(
        """
        def f(auth, mode):
            assert auth == "user ab:cd"
            print("using", auth, "user:", "cd")
            return auth if mode == "leak" else "user "
        """
    )
    node = python("mine:f", {"auth": SECRET, "mode": STRING}, STRING)
    auth = secret_text("user ", SecretRef("env:USER_KEY"), ":", SecretRef("env:TOKEN"))
    assert await run(task(node, tmp_path, auth=auth, mode="")) == Success({"result": "user "})
    assert reports.lines == ["using [secret] user: [secret]"]
    leaked = await run(task(node, tmp_path, auth=auth, mode="leak"))
    assert leaked == Failure("secret_leak", "the result holds a secret in the open")


async def test_a_part_of_a_secret_text_that_is_not_there(run, tmp_path: Path):
    auth = secret_text("Bearer ", SecretRef("env:NONE"))
    outcome = await run(task(python("mine:f", {"auth": SECRET}), tmp_path, auth=auth))
    message = "the environment variable NONE, which holds a secret, is not set"
    assert outcome == Failure("secret_unavailable", message, before_effect=True)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("env:NONE", "the environment variable NONE, which holds a secret, is not set"),
        ("file:none", "the file 'none', which holds a secret: No such file or directory"),
        ("file:latin", "the file 'latin', which holds a secret, is no UTF-8 text"),
        ("vault:x", "a secret comes from env:NAME or file:PATH, and from nowhere else"),
    ],
)
async def test_a_secret_that_is_not_there(run, tmp_path: Path, source, message):
    (tmp_path / "latin").write_bytes(b"\xe4")
    outcome = await run(task(python("mine:f", {"token": SECRET}), tmp_path, token=SecretRef(source)))
    assert outcome == Failure("secret_unavailable", message, before_effect=True)


async def test_tasks_run_side_by_side(run, module, tmp_path):
    """Each waits for the other: they only end if both run at once."""
    module(
        """
        import time
        from pathlib import Path

        def meet(me, other):
            Path(me).touch()
            while not Path(other).exists():
                time.sleep(0.01)
        """
    )
    node = python("mine:meet", {"me": STRING, "other": STRING})
    both = await asyncio.gather(
        run(task(node, tmp_path, me="a", other="b")), run(task(node, tmp_path, me="b", other="a"))
    )
    assert both == [Success({}), Success({})]


async def test_a_step_knows_its_key_in_every_attempt(run, module, tmp_path):
    module("import symphony\ndef f():\n    return symphony.key()\n")
    made = task(python("mine:f", {}, STRING), tmp_path)
    assert await run(made) == await run(replace(made, attempt=2)) == Success({"result": "key"})
    assert await run(task(shell('echo "$SYMPHONY_KEY"', {}, STRING), tmp_path)) == Success({"result": "key"})
