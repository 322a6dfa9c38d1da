"""`shell`: a command line with the ports as variables, or an argument list of expressions."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest
from tests.runtime.workers.watching import pids_in, until_gone
from tests.runtime.workers.worker_nodes import shell, task

from symphony_dsl.base.times import Duration
from symphony_dsl.base.types import (
    BOOL,
    BYTES,
    DURATION,
    FILE,
    FLOAT,
    INT,
    JSON,
    SECRET,
    STRING,
    EnumType,
    ListType,
    OptionalType,
    record,
)
from symphony_dsl.base.values import SecretRef, secret_text
from symphony_runtime.operators import shell as shell_module
from symphony_runtime.task import Begun, Failure, LogLine, Success, Task, Waiting


async def test_ports_are_variables(run, tmp_path):
    types = {"name": STRING, "n": INT, "x": FLOAT, "yes": BOOL, "by": DURATION, "path": FILE, "rest": JSON}
    command = r"printf '%s|' "
    command += " ".join(f'"${name}"' for name in types)
    node = shell(command, types, STRING)
    inputs = {"name": "a  b'$(x)", "n": 3, "x": 0.5, "yes": True, "by": Duration.parse("90s"), "path": "in.txt"}
    outcome = await run(task(node, tmp_path, **inputs, rest={"b": [1, None], "a": "ä"}))
    expected = f"a  b'$(x)|3|0.5|true|1m30s|{tmp_path / 'in.txt'}|" + '{"a":"ä","b":[1,null]}|'
    assert outcome == Success({"result": expected})


async def test_an_absent_optional_is_no_variable(run, tmp_path):
    node = shell('echo "${x-unset}"', {"x": OptionalType(STRING)}, STRING)
    assert await run(task(node, tmp_path, x=None)) == Success({"result": "unset"})


async def test_a_command_may_tell_of_its_run(run, tmp_path):
    facts = [f"string(run.{name})" for name in ("id", "started", "attempt")]
    node = shell(["'echo'", *facts], {}, STRING)
    assert await run(Task("R-1", "s", 3, node, {}, tmp_path, "key", 90_000_000_000)) == Success(
        {"result": "R-1 1970-01-01T00:01:30Z 3"}
    )


async def test_a_parameter_called_run_goes_before_the_facts(run, tmp_path):
    node = shell(["'echo'", "string(run)"], {"run": INT}, STRING)
    assert await run(task(node, tmp_path, run=7)) == Success({"result": "7"})


async def test_it_runs_in_the_home_with_a_clean_environment(run, tmp_path, environ):
    environ["UNRELATED"] = "x"
    outcome = await run(task(shell("pwd; env", {}, STRING), tmp_path))
    folder, *variables = outcome.outputs["result"].splitlines()
    assert folder == str(tmp_path)
    assert {line.partition("=")[0] for line in variables} <= {
        "PATH",
        "HOME",
        "LANG",
        "TMPDIR",
        "PWD",
        "OLDPWD",
        "SHLVL",
        "SYMPHONY_LEASH",
        "SYMPHONY_KEY",
        "_",
    }


@pytest.mark.parametrize(
    ("command", "of", "value"),
    [
        ("printf 'a\\n\\n'", STRING, "a\n"),
        ("printf a", STRING, "a"),
        ("printf 'a\\n'", OptionalType(STRING), "a"),
        ("echo b", EnumType("E", (("a", "a"), ("b", "b"))), "b"),
        ("echo 90s", DURATION, Duration.parse("90s")),
        ("printf '\\377\\n'", BYTES, b"\xff\n"),
        ("echo 42", INT, 42),
        ("echo '[1, 2]'", ListType(FLOAT), [1.0, 2.0]),
        ("echo '{\"a\": 1}'", record(a=INT), {"a": 1}),
        ('echo \'{"result": "a"}\'', {"result": STRING}, "a"),
        ('echo \'{"result": "a"}\'', STRING, '{"result": "a"}'),
        ("echo null", JSON, None),
        ("cat", STRING, ""),
    ],
)
async def test_standard_output_is_the_result(run, tmp_path, command, of, value):
    assert await run(task(shell(command, {}, of), tmp_path)) == Success({"result": value})


async def test_a_record_has_a_port_a_field(run, tmp_path):
    node = shell("""echo '{"a": 1, "b": "x"}'""", {}, {"a": INT, "b": STRING})
    assert await run(task(node, tmp_path)) == Success({"a": 1, "b": "x"})


@pytest.mark.parametrize(
    ("command", "of", "message"),
    [
        ("echo no", INT, "the output is no JSON: Expecting value: line 1 column 1 (char 0)"),
        ("echo '\"x\"'", INT, 'what `f` gave does not fit: expected an int, found the string "x"'),
        ("printf '\\377'", STRING, "the output is no UTF-8 text (byte 1)"),
    ],
)
async def test_a_result_that_does_not_fit(run, tmp_path, command, of, message):
    outcome = await run(task(shell(command, {}, of), tmp_path))
    assert (outcome.code, outcome.message) == ("conversion", message)


async def test_without_a_result_all_that_it_writes_is_logged(run, tmp_path, reports):
    assert await run(task(shell("echo out; echo err >&2; printf end"), tmp_path)) == Success({})
    assert sorted(reports.lines) == ["end", "err", "out"]
    assert {type(report) for report in reports.all} == {Waiting, Begun, LogLine}


@pytest.mark.parametrize(
    ("command", "failure"),
    [
        ("echo one >&2; echo 'two ' >&2; exit 3", Failure("error", "exited with 3: two", {"exit_code": 3})),
        ("exit 1", Failure("error", "exited with 1", {"exit_code": 1})),
        ("kill -KILL $$", Failure("crashed", "was killed by SIGKILL", {"exit_code": -9})),
    ],
)
async def test_a_command_that_fails(run, tmp_path, command, failure):
    assert await run(task(shell(command, {}, STRING), tmp_path)) == failure


async def test_secrets_are_given_and_hidden(run, tmp_path, reports, environ):
    environ["TOKEN"] = "hunter2"
    node = shell('echo "Bearer $token" >&2; exit 1', {"token": SECRET})
    outcome = await run(task(node, tmp_path, token=SecretRef("env:TOKEN")))
    assert outcome == Failure("error", "exited with 1: Bearer [secret]", {"exit_code": 1})
    assert reports.lines == ["Bearer [secret]"]


async def test_a_text_made_with_a_secret_is_given_and_hidden(run, tmp_path, reports, environ):
    environ["TOKEN"] = "hunter2"
    node = shell('echo "$auth" >&2; echo "${auth#Bearer }" >&2; exit 1', {"auth": SECRET})
    outcome = await run(task(node, tmp_path, auth=secret_text("Bearer ", SecretRef("env:TOKEN"))))
    assert outcome == Failure("error", "exited with 1: [secret]", {"exit_code": 1})
    assert reports.lines == ["[secret]", "[secret]"]


async def test_what_is_left_running_ends_with_the_command(run, tmp_path):
    outcome = await run(task(shell('sleep 1000 & echo "$$ $!" > pids; echo done', {}, STRING), tmp_path))
    assert outcome == Success({"result": "done"})
    await until_gone(*await pids_in(tmp_path / "pids"))


async def test_what_has_a_session_of_its_own_ends_with_the_command_too(run, tmp_path):
    stray = "(setsid sh -c 'sleep 1000 & echo \"$$ $!\" > pids; wait' >/dev/null 2>&1 &)"
    command = f"{stray}; while ! test -s pids; do sleep 0.01; done; echo done"
    assert await run(task(shell(command, {}, STRING), tmp_path)) == Success({"result": "done"})
    await until_gone(*await pids_in(tmp_path / "pids"))


async def test_cancelling_kills_the_group(run, tmp_path):
    command = "trap '' TERM; sleep 1000 & echo \"$$ $!\" > pids; wait"
    running = asyncio.ensure_future(run(task(shell(command), tmp_path)))
    pids = await pids_in(tmp_path / "pids")
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await until_gone(*pids)


async def test_kill_9_of_the_command(run, tmp_path):
    running = asyncio.ensure_future(run(task(shell('echo "$$ $$" > pids; sleep 1000'), tmp_path)))
    os.kill((await pids_in(tmp_path / "pids"))[0], signal.SIGKILL)
    assert await running == Failure("crashed", "was killed by SIGKILL", {"exit_code": -9})


async def test_endless_output_is_stopped(run, tmp_path, monkeypatch):
    monkeypatch.setattr(shell_module, "MAX_OUTPUT", 1 << 20)
    outcome = await run(task(shell("yes", {}, STRING), tmp_path))
    assert outcome == Failure("error", "the command wrote more than 1 MiB")


async def test_a_value_that_no_variable_holds(run, tmp_path):
    outcome = await run(task(shell("true", {"x": STRING}), tmp_path, x="a\0b"))
    assert outcome == Failure(
        "error", "a value holds the character NUL, which no command can be given", before_effect=True
    )


async def test_a_value_that_is_too_long_for_a_variable(run, tmp_path):
    outcome = await run(task(shell("true", {"x": STRING}), tmp_path, x="x" * 4_000_000))
    assert outcome == Failure("error", "the command cannot be started: Argument list too long", before_effect=True)


async def test_a_home_that_is_not_there(run, tmp_path):
    outcome = await run(task(shell("true"), tmp_path / "none"))
    assert outcome == Failure("error", "the command cannot be started: No such file or directory", before_effect=True)


# --- argument lists


async def test_an_argument_list_needs_no_quoting(run, tmp_path):
    node = shell(
        ["'printf'", "'%s|'", "text", "string(n + 1)", "path"], {"text": STRING, "n": INT, "path": FILE}, STRING
    )
    outcome = await run(task(node, tmp_path, text="$(x) 'a' \"b\"\n;", n=1, path="a"))
    assert outcome == Success({"result": f"$(x) 'a' \"b\"\n;|2|{tmp_path / 'a'}|"})


async def test_an_absent_argument_is_left_out(run, tmp_path):
    node = shell(["'printf'", "'%s|'", "a", "b"], {"a": OptionalType(STRING), "b": STRING}, STRING)
    assert await run(task(node, tmp_path, a=None, b="b")) == Success({"result": "b|"})


async def test_a_program_beside_the_workflow(run, tmp_path):
    (tmp_path / "tool").write_text("#!/bin/sh\necho mine\n")
    (tmp_path / "tool").chmod(0o755)
    assert await run(task(shell(["'./tool'"], {}, STRING), tmp_path)) == Success({"result": "mine"})


async def test_a_command_that_is_not_there(run, tmp_path):
    outcome = await run(task(shell(["'no-such-command'"], {}, STRING), tmp_path))
    assert outcome == Failure("error", "there is no command 'no-such-command' on the PATH", before_effect=True)


async def test_an_empty_command(run, tmp_path):
    outcome = await run(task(shell(["x"], {"x": STRING}), tmp_path, x=""))
    assert outcome == Failure("error", "the command is empty", before_effect=True)


async def test_an_argument_that_has_no_value(run, tmp_path):
    outcome = await run(task(shell(["'echo'", "string(1 / n)"], {"n": INT}, STRING), tmp_path, n=0))
    assert outcome.message.startswith("an argument of the command: ")
    assert outcome.before_effect
