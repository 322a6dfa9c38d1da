"""Whole workflows of the cases, run as they are: with their Python modules, and with models behind a real HTTP endpoint."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path

import pytest
from tests.cases.golden import HERE
from tests.end_to_end.wf_process import Wf
from tests.runtime.workers.fake_endpoint import Endpoint, says


def story(name: str, folder: Path) -> Wf:
    """A copy of a case; its Python modules get their own names back."""
    for path in sorted((HERE / name).rglob("*")):
        if path.suffix == ".wf" or path.name.endswith(".py.txt"):
            target = folder / path.relative_to(HERE / name)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target.with_name(target.name.removesuffix(".txt")))
    return Wf(folder)


JOURNEYS = [
    (2, "r-1 for room-1"),
    (5, "nothing booked: the card was refused"),
    (50, "nothing booked: 4580 is more than 1000"),
]


@pytest.mark.parametrize(("nights", "receipt"), JOURNEYS)
def test_a_journey_is_booked_whole_or_not_at_all(tmp_path: Path, nights: int, receipt: str) -> None:
    wf = story("saga", tmp_path)
    journey = json.dumps({"traveller": "Ann", "from": "Bonn", "to": "Rome", "nights": nights})
    outputs = wf.json("run", "main.wf:journey", "-i", f"journey={journey}", "-i", "token=@env:HOME")
    assert outputs == {"receipt": receipt}


def test_what_fails_after_a_booking_gives_it_back_and_goes_up_as_it_was(tmp_path: Path) -> None:
    wf = story("saga", tmp_path)
    module = tmp_path / "travel" / "booking.py"
    module.write_text(
        module.read_text().replace('return {"receipt"', 'raise OSError("no line")\n    return {"receipt"')
    )
    journey = json.dumps({"traveller": "Ann", "from": "Bonn", "to": "Rome", "nights": 2})
    done = wf("run", "main.wf:journey", "-i", f"journey={journey}", "-i", "token=@env:HOME")
    assert (done.returncode, "main.wf:64: receipt:body/paid:body/done: OSError: no line" in done.stderr) == (1, True)
    events = [json.loads(line) for line in wf("events", "last").stdout.splitlines()]
    given_back = [
        each["node"].split("/step")[0]
        for each in events
        if each["type"] == "node_completed" and "catch" in each["node"]
    ]
    assert given_back[:2] == ["receipt:body/paid:catch", "receipt:catch2"]


def test_a_desk_answers_from_its_documents(tmp_path: Path) -> None:
    plan = says('{"queries": ["handbook"], "needs_documents": true}')
    skip = says('{"queries": [], "needs_documents": false}')
    text = says('{"answer": "in the cellar", "cited": ["handbook-0"]}')
    clause = says('{"answer": {"number": "7", "says": "not at all"}, "cited": ["x"]}')

    async def ask() -> dict[str, object]:
        endpoint = Endpoint()
        server = await asyncio.start_server(endpoint.serve, "127.0.0.1", 0)
        url = "http://{}:{}/v1".format(*server.sockets[0].getsockname())
        environment = {"OPENAI_BASE_URL": url, "OPENAI_API_KEY": "k", "NO_PROXY": "127.0.0.1"}
        wf = story("retrieval", tmp_path)
        async with server:
            endpoint.replies = [plan, text]
            question = ("run", "main.wf:handbook", "-i", "question=Where is it?")
            first = await asyncio.to_thread(lambda: wf(*question, **environment))
            endpoint.replies += [skip, clause]
            question = ("run", "main.wf:contracts", "-i", "question=May I?")
            second = await asyncio.to_thread(lambda: wf(*question, **environment))
        return {"first": json.loads(first.stdout), "second": second.stderr}

    found = asyncio.run(ask())
    assert found["first"] == {"answer": "in the cellar", "sources": ["handbook-0"]}
    assert "cites x (made_up)" in str(found["second"])


def test_a_question_goes_to_the_model_that_suffices_and_is_answered_once(tmp_path: Path) -> None:
    need = says('{"effort": "small", "words": 10}')

    async def ask() -> list[object]:
        endpoint = Endpoint()
        server = await asyncio.start_server(endpoint.serve, "127.0.0.1", 0)
        url = "http://{}:{}/v1".format(*server.sockets[0].getsockname())
        environment = {"OPENAI_BASE_URL": url, "OPENAI_API_KEY": "k", "NO_PROXY": "127.0.0.1"}
        wf = story("model_routing", tmp_path)
        found: list[object] = []
        async with server:
            endpoint.replies = [need, says("in the cellar")]
            words = ("run", "main.wf:route", "-i", "question=Where is it kept?")
            for _ in range(2):
                done = await asyncio.to_thread(lambda: wf(*words, **environment))
                found += [done.stdout, len(endpoint.asked)]
            why = await asyncio.to_thread(lambda: wf("why", "last", "need"))
        return [*found, why.stdout]

    first, asked, again, asked_again, why = asyncio.run(ask())
    assert json.loads(str(first)) == {"answer": "in the cellar", "effort": "small", "cost": 10 * 0.000001}
    assert first == again
    assert asked == asked_again == 2
    assert "its result was taken from the cache" in str(why)
