"""Artifacts that were changed anywhere, and sealed again: refused with a place, or read, and then whatever is done with a workflow can be done.

No hash tells that something was changed, so that every check behind it has its turn.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any, TypeVar

import jsonschema
from hypothesis import given
from hypothesis import strategies as st

from symphony_dsl.base.errors import UserError
from symphony_model.json_form.workflow import json_hash
from symphony_model.migrations_known import built_in
from symphony_model.printing.config import PrettyConfig
from symphony_model.printing.pretty import pretty_print_with_config
from symphony_model.schema_check import first_violation
from symphony_model.serialize_errors import UnknownMembersWarning
from symphony_model.versioned import VersionedWorkflow
from symphony_model.versions import KNOWN
from symphony_model.workflow import Workflow
from symphony_schemas import load

T = TypeVar("T")
FIXTURES = [
    json.loads(path.read_text(encoding="utf-8"))
    for path in sorted((Path(__file__).parents[1] / "data" / "artifacts").glob("*.wf.json"))
]
ORACLES = {str(each): jsonschema.Draft202012Validator(load("workflow", str(each))) for each in KNOWN}


def places(data: Any) -> list[tuple[Any, Any]]:
    """Every (container, key), but for the hash, the version and what the hash does not cover."""
    found: list[tuple[Any, Any]] = []
    rest = [data["workflow"]]
    while rest:
        part = rest.pop()
        keys = list(part) if isinstance(part, dict) else list(range(len(part))) if isinstance(part, list) else []
        found.extend((part, key) for key in keys)
        rest.extend(part[key] for key in keys)
    return found


def _seen() -> dict[Any, list[Any]]:
    """What stands under each name in any artifact; what stands in lists, under `0`."""
    found: dict[Any, list[Any]] = {}
    for fixture in FIXTURES:
        for container, key in places(fixture):
            found.setdefault(key if isinstance(key, str) else 0, []).append(container[key])
    return found


SEEN = _seen()
NAMES = [name for name in SEEN if name]
ODD: list[Any] = [
    None, True, 0, -1, 1, 2**63, -(2**70), 10**400, 1.0, -0.0, 0.5, 1e300, "", "x", "\0", "😀", "1.0.0", "a/b", "2026-01-31T08:00:00Z",
    "sha256:" + "0" * 64, "00000000-0000-0000-0000-000000000001", [], {}, [[]], {"a": 1}, "int", "json", {"list": "int"},
    {"optional": {"optional": "int"}}, {"record": {"fields": []}}, {"enum": {"name": "E", "values": []}},
]  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, Any]:
    whole: dict[str, Any] = deepcopy(draw(st.sampled_from(FIXTURES)))
    for _ in range(draw(st.integers(1, 4))):
        there = places(whole)
        container, key = there[draw(st.integers(0, 10**6)) % len(there)]
        how = draw(st.sampled_from(["like others", "odd", "gone", "twice", "more"]))
        alike = SEEN.get(key if isinstance(key, str) else 0, ODD)  # a name may be one that was put there before
        if how == "like others":
            container[key] = deepcopy(alike[draw(st.integers(0, 10**6)) % len(alike)])
        elif how == "gone":
            del container[key]
        elif how == "twice" and isinstance(container, list):
            container.insert(key, deepcopy(container[key]))
        elif how == "more" and isinstance(container, dict):
            container[draw(st.sampled_from(NAMES))] = deepcopy(draw(st.sampled_from(ODD)))
        else:
            container[key] = deepcopy(draw(st.sampled_from(ODD)))
    whole["content_hash"] = json_hash(whole["workflow"])
    return whole


def tried(call: Callable[[], T]) -> T | UserError:
    """What comes of it, or why not: in a sentence."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UnknownMembersWarning)
            return call()
    except UserError as error:
        return error


def read(data: Any) -> Workflow | None:
    found = tried(lambda: Workflow.from_json(json.dumps(data)))
    if isinstance(found, Workflow):
        return found
    assert (found.place or "").startswith("$")
    assert len(str(found)) < 1_000
    return None


@given(mutated())
def test_what_is_read_can_be_written_and_read_again(data: dict[str, Any]) -> None:
    workflow = read(data)
    if workflow is None:
        return
    again = read(json.loads(workflow.to_json()))
    assert again == workflow
    assert again.to_json() == workflow.to_json()
    for write, reader in ((Workflow.to_msgpack, Workflow.from_msgpack), (Workflow.to_bincode, Workflow.from_bincode)):
        written = tried(lambda write=write: write(workflow))
        if isinstance(written, bytes):
            assert reader(written) == workflow
        else:  # a number of more than 64 bits, which has a place, or what a newer release said
            assert written.place or workflow.unknown


@given(mutated())
def test_what_is_read_can_be_looked_at(data: dict[str, Any]) -> None:
    workflow = read(data)
    if workflow is not None:
        workflow.validate()
        assert pretty_print_with_config(workflow, PrettyConfig(show_metadata=True, width=60))
        assert workflow.pretty_print_compact()


@given(mutated())
def test_two_validators_agree_on_all_versions(data: dict[str, Any]) -> None:
    version = data["schema_version"]
    assert (first_violation("workflow", version, data) is None) == ORACLES[version].is_valid(data)


@given(mutated(), st.sampled_from(KNOWN))
def test_what_is_migrated_fits_its_version(data: dict[str, Any], target: Any) -> None:
    before = VersionedWorkflow.of_data(data)
    kept = deepcopy(data)
    made = tried(lambda: built_in().migrate(before, target))
    if isinstance(made, UserError):
        assert (made.place or "").startswith("$")
    else:
        wrong = first_violation("workflow", str(target), made.to_data())
        assert wrong is None or wrong.may_be_unknown
    assert data == kept
