"""Schemas have a history: what was released stays as it is, and the newest is what the model makes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import jsonschema
import jsonschema_rs
import pytest
from tests.schemas.generated import FROZEN, GENERATE, schema_file

from symphony_model.schema_forms import told_apart
from symphony_schemas import KINDS, load, newest

ALL = [(kind, version) for kind, versions in KINDS.items() for version in versions]

WHAT_TO_DO = """{file} is not what the model makes: its first difference is at {place}.
The shape of what is written has changed, so it needs a new version:
1. append the version to symphony_schemas.KINDS[{kind!r}] (SemVer: a member more is a minor version, one less a major one);
2. for a workflow, give `migrations_known` the migration from {version}, and tests/data/artifacts a file that `wf build` writes then;
3. `python -m tests.schemas.rewrite` writes the new schema and prints its hash; read it;
4. put the hash into FROZEN of tests/schemas/generated.py when it is released.
A change of descriptions alone is a patch version, by the same steps; its migration leaves the data as it is."""


def first_difference(one: Any, other: Any, place: str = "$") -> str | None:
    if isinstance(one, dict) and isinstance(other, dict):
        if odd := [key for key in [*other, *one] if key not in one or key not in other]:
            return f"{place}.{odd[0]}"
        if list(one) != list(other):  # binary layouts have the order of the schema
            return place
        pairs = [(one[key], other[key], f"{place}.{key}") for key in one]
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = [(a, b, f"{place}[{at}]") for at, (a, b) in enumerate(zip(one, other, strict=True))]
    else:
        return None if one == other else place
    return next((found for pair in pairs if (found := first_difference(*pair))), None)


@pytest.mark.parametrize("kind", GENERATE)
def test_the_newest_schema_is_what_the_model_makes(kind: str) -> None:
    version = newest(kind)
    made = json.loads(json.dumps(GENERATE[kind](version)))
    place = first_difference(load(kind, version), made)
    file = schema_file(kind, version).name
    assert place is None, WHAT_TO_DO.format(kind=kind, version=version, file=file, place=place)


def test_a_difference_is_found_where_it_is() -> None:
    changed = json.loads(json.dumps(load("workflow", "1.0.0")))
    changed["$defs"]["expression"]["properties"]["source"]["minLength"] = 2
    place = first_difference(load("workflow", "1.0.0"), changed)
    assert place == "$.$defs.expression.properties.source.minLength"
    changed["$defs"]["expression"]["properties"]["colour"] = {}
    assert first_difference(load("workflow", "1.0.0"), changed) == "$.$defs.expression.properties.colour"
    turned = dict(reversed(load("workflow", "1.0.0").items()))
    assert first_difference(load("workflow", "1.0.0"), turned) == "$"


@pytest.mark.parametrize("name", FROZEN)
def test_a_frozen_schema_does_not_change(name: str) -> None:
    kind, _, version = name.partition("-")
    assert sha256(schema_file(kind, version).read_bytes()).hexdigest() == FROZEN[name], (
        f"{name} was released: restore it, and make a new version"
    )


def test_every_kind_has_what_makes_it_and_every_version_a_file() -> None:
    assert set(GENERATE) == set(KINDS)
    files = {path.name for path in schema_file("workflow", "1.0.0").parent.glob("*.json")}
    assert files == {schema_file(kind, version).name for kind, version in ALL}


@pytest.mark.parametrize(("kind", "version"), ALL)
def test_a_schema_is_a_schema_and_says_its_name(kind: str, version: str) -> None:
    schema = load(kind, version)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema_rs.meta.validate(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"urn:symphony-wf:schema:{kind}:{version}"
    if "schema_version" in schema["properties"]:
        assert schema["properties"]["schema_version"] == {"const": version}


@pytest.mark.parametrize(("kind", "version"), ALL)
def test_every_choice_is_told_apart(kind: str, version: str) -> None:
    found = dict(parts(told_apart(load(kind, version))))
    assert [place for place, part in found.items() if "anyOf" in part or "oneOf" in part] == []


def parts(schema: Any, place: str = "$") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object and list inside of a schema that is an object, with its place."""
    if isinstance(schema, dict):
        yield place, schema
        for key, part in schema.items():
            yield from parts(part, f"{place}.{key}")
    elif isinstance(schema, list):
        for at, part in enumerate(schema):
            yield from parts(part, f"{place}[{at}]")


@pytest.mark.parametrize("kind", KINDS)
def test_each_definition_that_is_an_object_is_described(kind: str) -> None:
    undescribed = [
        name
        for name, each in load(kind, newest(kind))["$defs"].items()
        if each.get("type") == "object" and not each.get("description")
    ]
    assert undescribed == []


@pytest.mark.parametrize("kind", KINDS)
def test_each_example_fits_what_it_is_an_example_of(kind: str) -> None:
    schema = load(kind, newest(kind))
    found = [(place, part) for place, part in parts(schema) if isinstance(part.get("examples"), list)]
    assert found
    for place, part in found:
        alone = {**part, "$defs": schema["$defs"]}
        for example in part["examples"]:
            assert jsonschema.Draft202012Validator(alone).is_valid(example), place
            assert jsonschema_rs.validator_for(alone).is_valid(example), place
