"""Nothing of a workflow is left out when it is written: each field of each class has a member in the table of its JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import pytest

from symphony_dsl.base.types import EnumType, Field, FunctionType, RecordType
from symphony_model.codec import GRAPH
from symphony_model.json_form import configs as json_configs
from symphony_model.json_form import edges as json_edges
from symphony_model.json_form import nodes as json_nodes
from symphony_model.json_form import parts as json_parts
from symphony_model.json_form import settings as json_settings
from symphony_model.json_form import workflow as json_workflow
from symphony_model.json_form.tables import Table
from symphony_model.ports import PortDefinition
from symphony_model.workflow import Workflow
from symphony_schemas import load, newest

MODULES = (json_configs, json_edges, json_nodes, json_parts, json_settings, json_workflow)

WRITTEN_ELSEWHERE = {PortDefinition: {"has_default", "default_value"}}
"""A default is there where its member is."""

WHAT_TO_DO = """{name}.{field} stands in no table, so that nobody writes it, and a workflow that is read again has lost it.
Give the table of {name} a member for it; the schema has changed by that, and tests/schemas/test_history.py says what to do."""


def tables() -> Iterator[Table[Any]]:
    for module in MODULES:
        for found in vars(module).values():
            yield from (each for each in (found.values() if isinstance(found, dict) else [found]) if is_table(each))


def is_table(found: object) -> bool:
    return isinstance(found, Table) and is_dataclass(found.build)


def members(table: Table[Any]) -> set[str]:
    return {member.name for member in table.members}


BY_CLASS = {table.build: table for table in tables()}
NODES = {table.build for table in json_nodes.NODES.values()}


def demand_all(name: str, has: set[str], written: set[str]) -> None:
    for field in sorted(has - written):
        raise AssertionError(WHAT_TO_DO.format(name=name, field=field))
    assert written - has == set()


@pytest.mark.parametrize("of", BY_CLASS, ids=lambda of: of.__name__)
def test_each_field_has_a_member(of: Any) -> None:
    has = {field.name for field in fields(of)} - WRITTEN_ELSEWHERE.get(of, set())
    if of in NODES:
        has.remove("base")  # its members stand among those of the node
    demand_all(of.__name__, has, members(BY_CLASS[of]))


def test_each_field_of_a_workflow_has_a_member() -> None:
    has = {field.name for field in fields(Workflow) if field.init} - {"unknown"}
    demand_all("Workflow", has, members(json_workflow.WORKFLOW) | (members(GRAPH) & has))


@pytest.mark.parametrize(
    ("of", "kind"), [(Field, None), (RecordType, "record"), (EnumType, "enum"), (FunctionType, "function")]
)
def test_each_field_of_a_type_has_a_member(of: Any, kind: str | None) -> None:
    definitions = load("workflow", newest("workflow"))["$defs"]
    options = {
        name: option for each in definitions["type"]["anyOf"] for name, option in each.get("properties", {}).items()
    }
    schema = definitions["field"] if kind is None else options[kind]
    demand_all(of.__name__, {field.name for field in fields(of)} - {"has_default"}, {*schema["properties"]})
