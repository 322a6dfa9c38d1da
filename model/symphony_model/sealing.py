"""Content hashes in the JSON of an artifact: whether they are right, and what they are after something changed.

A workflow names those that it calls by their hashes, so that a change of one changes all that call it, however far.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from symphony_dsl.base.values import Json
from symphony_model.json_form.places import path_text
from symphony_model.json_form.workflow import json_hash


def broken_hash(data: Json) -> str | None:
    """The place of the first workflow of an envelope whose hash is another one than the envelope says."""
    if json_hash(data["workflow"]) != data["content_hash"]:
        return "$.workflow"
    callees = data.get("callees", {})
    return next((path_text(("callees", key)) for key, callee in callees.items() if json_hash(callee) != key), None)


def resealed(data: dict[str, Json]) -> dict[str, Json]:
    """An envelope with the hashes that its workflows have now, and calls and sources by these.

    Raises ValueError for workflows that call each other in a circle, of which there is no hash.
    """
    callees = data.get("callees", {})
    hashes: dict[str, str] = {}
    made: dict[str, Json] = {}
    for key in _in_order(callees):
        callee = _calling(callees[key], hashes)
        hashes[key] = json_hash(callee)
        made[hashes[key]] = callee
    workflow = _calling(data["workflow"], hashes)
    hashes[data["content_hash"]] = json_hash(workflow)
    found = {**data, "content_hash": hashes[data["content_hash"]], "workflow": workflow}
    if "callees" in data:
        found["callees"] = {key: made[key] for key in sorted(made)}
    if "sources" in data:
        found["sources"] = {hashes.get(key, key): places for key, places in data["sources"].items()}
    return found


def _in_order(callees: dict[str, Json]) -> list[str]:
    """The callees, each behind those that it calls."""
    waits = {key: sorted(_called(callee) & callees.keys()) for key, callee in callees.items()}
    try:
        return list(TopologicalSorter(waits).static_order())
    except CycleError:
        raise ValueError("workflows call each other in a circle") from None


def _configs(workflow: Json) -> Iterator[dict[str, Json]]:
    """The configurations of a workflow's nodes, and of the tools that they have."""
    rest = [node["config"] for node in workflow["nodes"] if "config" in node]
    while rest:
        config = rest.pop()
        yield config
        rest.extend(tool["config"] for tool in config.get("tools", ()))


def _called(workflow: Json) -> set[str]:
    return {config["workflow"] for config in _configs(workflow) if "workflow" in config}


def _calling(workflow: dict[str, Json], hashes: dict[str, str]) -> dict[str, Json]:
    """A workflow that calls others by their new hashes: itself where those are as before."""
    if all(hashes.get(each, each) == each for each in _called(workflow)):
        return workflow
    made: dict[str, Json] = json.loads(json.dumps(workflow))
    for config in _configs(made):
        if "workflow" in config:
            config["workflow"] = hashes.get(config["workflow"], config["workflow"])
    return made
