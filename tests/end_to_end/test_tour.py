"""What the tour says of its files is what a reader sees who types them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.end_to_end.wf_process import Wf

TOUR = Path(__file__).parents[2] / "docs" / "tour.md"
BLOCK = re.compile(r"^```wf\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LAST = re.compile(r"^workflow (\w+)", re.MULTILINE)
TRAVEL = """
def book_train(to): return {"id": "t", "price": 100.0}
def book_room(to, nights): return {"id": "r", "price": 90.0 * nights}
def pay(amount, card): return f"paid {amount}"
def give_back(booking): print("back", booking["id"])
"""


@pytest.fixture
def wf(tmp_path: Path) -> Wf:
    """A folder with the files of the tour, each by the name of its last workflow."""
    for block in BLOCK.findall(TOUR.read_text(encoding="utf-8")):
        (tmp_path / f"{LAST.findall(block)[-1]}.wf").write_text(block, encoding="utf-8")
    (tmp_path / "a").write_text("one two three\n")
    (tmp_path / "b").write_text("four\n")
    (tmp_path / "travel.py").write_text(TRAVEL)
    return Wf(tmp_path)


RUNS = [
    ("hello", ["name=Ada"], {"greeting": "Hello, Ada!"}),
    ("letters", ["letter=a", "reply=b"], {"difference": 2}),
    (
        "parcels",
        ['parcels=[{"id": "a", "weight": 30.5}]'],
        {"ids": ["a"], "notes": ["no note"], "total": 30.5},
    ),
    ("desk", ["kind=complaint", "text=broken"], {"answer": "paged: broken", "note": ""}),
    (
        "sizes",
        ['paths=["a", "missing", "b"]'],
        {"sizes": [{"path": "a", "bytes": 14}, {"path": "b", "bytes": 5}], "message": "2 of 3 files"},
    ),
    ("report:report", ['paths=["a", "b"]'], {"text": "0 and 2"}),
    ("journey", ["to=Rome", "card=@env:HOME"], {"receipt": "paid 190.0"}),
]


@pytest.mark.parametrize(("name", "inputs", "outputs"), RUNS, ids=[name for name, _, _ in RUNS])
def test_a_file_of_the_tour_gives(wf: Wf, name: str, inputs: list[str], outputs: object) -> None:
    file, _, workflow = name.partition(":")
    given = [part for each in inputs for part in ("-i", each)]
    assert wf.json("run", f"{file}.wf" + (f":{workflow}" if workflow else ""), *given) == outputs


def test_the_saga_of_the_tour_waits_for_a_person_and_gives_back_what_was_booked(wf: Wf) -> None:
    asked = wf("run", "journey.wf", "-i", "to=Rome", "-i", "nights=9", "-i", "card=@env:HOME")
    assert (asked.returncode, "910 for Rome" in asked.stderr) == (3, True)
    answered = wf("input", "last", "receipt:body/paid:body/agreed:then/yield", "--value", "false")
    assert answered.returncode == 0, answered.stderr
    assert wf.json("run", "--resume", "last") == {"receipt": "not booked: 910 was too much"}
    events = [json.loads(line) for line in wf("events", "last").stdout.splitlines()]
    assert [each["message"] for each in events if each["type"] == "log"][-3:] == [
        "back r",
        "back t",
        "Rome: not booked: 910 was too much",
    ]
