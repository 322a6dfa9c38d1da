"""Models that call tools, with everything real but the model: processes, requests, `kill -9`, people at other terminals."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import stat
import subprocess
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from tests.end_to_end.test_stories import story
from tests.end_to_end.wf_process import Wf
from tests.runtime.workers.fake_endpoint import Endpoint, calls, listening, says, stalls, status

from symphony_runtime.storage.store import Store
from symphony_runtime.watching import events

DESK = """wf 1.0

record Page { title: string, size: int }

/// Counts up to a number.
operator count(@min(0) to: int, how: string = "up") -> int[] { python: "desk:count" }

operator words(text: string) -> int { shell: "printf %s \\"$text\\" | wc -w" }

operator page(name: string) -> Page { http: { url: "ADDRESS/${name}" } }

operator wait_here(x: int) -> int { python: "desk:wait_here" }

once operator pay(amount: float) -> string { python: "desk:pay" }

instrument help(question: string) -> { answer: string, sure: float } {
  model: "openai/large"
  prompt: question
  tools: [count, words, page, wait_here, pay, ask]
}

workflow desk {
  input question: string

  step help = help(question) { retry: { attempts: 3, delay: 1ms } }

  output answer: string = help.answer
}
"""

MODULE = """
import os, pathlib, time

def note(line):
    with open("ledger", "a") as file:
        file.write(line + "\\n")

def count(to, how):
    note(f"count {to}")
    print("counting", how)
    if to > 5:
        raise ValueError("that is too far")
    return list(range(to))

def wait_here(x):
    note(f"wait_here {x}")
    while not pathlib.Path("go").exists():
        time.sleep(0.01)
    return x

def pay(amount):
    note(f"pay {amount}")
    os.kill(os.getpid(), 9)
"""

ANSWER = says('{"answer": "three", "sure": 1}')


@pytest.fixture
async def endpoint(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Endpoint]:
    async with listening() as made:
        for name, value in {"OPENAI_BASE_URL": made.url, "OPENAI_API_KEY": "k", "NO_PROXY": "127.0.0.1"}.items():
            monkeypatch.setenv(name, value)
        yield made


def desk(folder: Path, address: str = "https://shop.example") -> Wf:
    (folder / "desk.wf").write_text(DESK.replace("ADDRESS", address))
    (folder / "desk.py").write_text(MODULE)
    return Wf(folder)


async def run(wf: Wf, *more: str) -> subprocess.CompletedProcess[str]:
    return await asyncio.to_thread(wf, "run", "desk.wf", "-i", "question=How many?", *more)


def told(endpoint: Endpoint, request: int = -1) -> list[str]:
    """What the model heard of its calls."""
    messages: Any = endpoint.asked[request]["messages"]
    return [each["content"] for each in messages if each["role"] == "tool"]


def ledger(wf: Wf) -> list[str]:
    file = wf.folder / "ledger"
    return file.read_text().splitlines() if file.exists() else []


async def test_the_desk_of_the_case(tmp_path, endpoint, monkeypatch):
    wf = story("tools", tmp_path)
    for name, text in {"orders": 'echo "{\\"result\\": [\\"o-1 of $1\\"]}"', "pay": 'echo "paid $1"'}.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / name).chmod(stat.S_IRWXU)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    endpoint.replies = [
        calls(("orders_of", '{"customer": "Ann"}')),
        calls(("refund", '{"order": "o-1", "amount": 500}'), ("brief", '{"text": "long"}')),
        says("short"),
        says('{"answer": "too much", "sure": 0.9}'),
    ]
    done = await asyncio.to_thread(wf, "run", "main.wf:desk", "-i", "question=My money!")
    assert json.loads(done.stdout) == {"answer": "too much"}
    found, refused, brief = told(endpoint)
    assert json.loads(found) == {"result": ["o-1 of Ann"]}
    assert "`amount`" in json.loads(refused)["error"]
    assert brief == "short"
    offered = [each["function"]["name"] for each in endpoint.asked[0]["tools"]]
    assert (offered, [each["model"] for each in endpoint.asked]) == (
        ["orders_of", "refund", "brief"],
        ["large", "large", "small", "large"],
    )


async def shop(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    known = (await reader.readuntil(b"\r\n\r\n")).startswith(b"GET /home ")
    body = b'{"title": "Home", "size": 3}' if known else b"no such page"
    line = "200 OK" if known else "404 Not Found"
    writer.write(f"HTTP/1.1 {line}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)
    await writer.drain()
    writer.close()


async def test_tools_of_python_shell_and_http_good_and_bad(tmp_path, endpoint):
    server = await asyncio.start_server(shop, "127.0.0.1", 0)
    wf = desk(tmp_path, "http://{}:{}".format(*server.sockets[0].getsockname()))
    endpoint.replies = [
        status(500),
        calls(("count", '{"to": 3}'), ("words", '{"text": "$(date) a b"}'), ("page", '{"name": "home"}')),
        calls(("count", '{"to": 6}'), ("page", '{"name": "../x"}'), ("page", '{"name": "home", "key": "env:HOME"}')),
        calls(("count", '{"to": -1}'), ("count", "to: 3"), ("counts", "{}")),
        ANSWER,
    ]
    async with server:
        done = await run(wf)
    assert json.loads(done.stdout) == {"answer": "three"}, done.stderr
    good, bad, wrong = (told(endpoint)[at : at + 3] for at in (0, 3, 6))
    assert good == ["[0, 1, 2]", "3", '{"title": "Home", "size": 3}']
    assert [json.loads(each).get("code") for each in bad] == ["error", "error", None]
    assert "that is too far" in bad[0]
    assert json.loads(bad[1])["data"] == {"status": 404, "body": "no such page"}
    assert json.loads(bad[2]) == {"error": "`page` has no parameter `key`; its parameters: `name`"}
    assert ["`to`" in wrong[0], "JSON object" in wrong[1], "no tool `counts`" in wrong[2]] == [True] * 3
    told_of = [json.loads(line) for line in (await asyncio.to_thread(wf, "events", "last")).stdout.splitlines()]
    said = [each["node"] for each in told_of if each["type"] == "log" and each["message"] == "counting up"]
    assert said == ["help#1/count[0]", "help#2/count[0]"]


def waits_there(wf: Wf) -> None:
    """Come back when the tool has begun that waits."""
    until = time.monotonic() + 60
    while not any(line.startswith("wait_here") for line in ledger(wf)):
        assert time.monotonic() < until
        time.sleep(0.01)


def has_completed(wf: Wf, address: str) -> None:
    """Come back when the log says so."""
    store, until = Store(wf.folder / ".symphony"), time.monotonic() + 60
    run = store.find("last")
    while not any(e.type == "node_completed" and e.node == address for e in events.read(store, run)):
        assert time.monotonic() < until
        time.sleep(0.05)


def kill(process: subprocess.Popen[str]) -> None:
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)


async def test_killed_in_a_call_and_in_a_turn_nothing_finished_is_asked_or_done_again(tmp_path, endpoint):
    wf, begun = desk(tmp_path), asyncio.Event()
    endpoint.replies = [
        calls(("count", '{"to": 1}'), ("count", '{"to": 2}')),
        calls(("count", '{"to": 3}'), ("wait_here", '{"x": 7}')),
        stalls("let me", begun),
        ANSWER,
    ]
    process = wf.start("run", "desk.wf", "-i", "question=How many?")
    await asyncio.to_thread(waits_there, wf)
    await asyncio.to_thread(has_completed, wf, "help#2/count[0]")
    await asyncio.to_thread(kill, process)
    assert len(endpoint.asked) == 2
    (tmp_path / "go").touch()
    process = wf.start("run", "--resume", "last")
    await asyncio.wait_for(begun.wait(), 60)
    await asyncio.to_thread(kill, process)
    done = await asyncio.to_thread(wf, "run", "--resume", "last")
    assert json.loads(done.stdout) == {"answer": "three"}, done.stderr
    assert len(endpoint.asked) == 4
    assert endpoint.asked[2] == endpoint.asked[3]
    assert told(endpoint) == ["[0]", "[0, 1]", "[0, 1, 2]", "7"]
    assert sorted(ledger(wf)) == ["count 1", "count 2", "count 3", "wait_here 7", "wait_here 7"]


async def test_a_person_says_what_became_of_a_call_and_answers_another(tmp_path, endpoint):
    wf = desk(tmp_path)
    endpoint.replies = [calls(("pay", '{"amount": 2}'), ("ask", '{"prompt": "Really?"}')), ANSWER]
    held = await run(wf)
    assert held.returncode == 3
    assert "help#1/pay[0]" in held.stderr
    for said in (
        ("skip", "last", "help#1/pay[0]", "--value", '"by hand"'),
        ("input", "last", "help", "--value", "true"),
    ):
        done = await asyncio.to_thread(wf, *said)
        assert done.returncode == 0, done.stderr
    done = await asyncio.to_thread(wf, "run", "--resume", "last")
    assert json.loads(done.stdout) == {"answer": "three"}, done.stderr
    assert (told(endpoint), ledger(wf)) == (["by hand", "true"], ["pay 2.0"])


async def test_cancelled_in_a_call_its_process_is_gone(tmp_path, endpoint):
    wf = desk(tmp_path)
    endpoint.replies = [calls(("wait_here", '{"x": 7}'))]
    process = wf.start("run", "desk.wf", "-i", "question=?")
    await asyncio.to_thread(waits_there, wf)
    cancelled = await asyncio.to_thread(wf, "cancel", "last", "--reason", "enough")
    assert cancelled.returncode == 0, cancelled.stderr
    _, said = await asyncio.to_thread(process.communicate, timeout=60)
    assert "enough" in said
    assert len(endpoint.asked) == 1
