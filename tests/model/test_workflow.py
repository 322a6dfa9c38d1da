"""A workflow keeps its index; its names make its ids; what a writer says of it is added without changing it."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4, uuid5

import pytest
from hypothesis import given
from tests.base.typed import TEXTS, WORDS
from tests.model.samples import Sample, control, nid, python

from symphony_model.codec import workflow_from_json
from symphony_model.ids import NAMESPACE, NodeId, edge_id, node_id, workflow_id
from symphony_model.json_form.workflow import workflow_to_json
from symphony_model.metadata import WorkflowMetadata
from symphony_model.version import Version
from symphony_model.workflow import Workflow
from symphony_schemas import load


def test_a_node_is_found_by_id_and_by_path() -> None:
    workflow = Sample().workflow()
    node = workflow.at("kind")
    assert node is not None
    assert workflow.get_node(nid("kind")) is node
    assert workflow.at("sort") is None
    assert workflow.get_node(nid("sort")) is None
    assert (workflow.node_count, workflow.edge_count) == (13, 14)


def test_a_path_and_an_id_are_taken_once() -> None:
    workflow = Sample().workflow()
    other = python("other")
    with pytest.raises(ValueError, match="`kind` is there already"):
        workflow.add_node(python("kind"))
    with pytest.raises(ValueError, match="is there already"):
        workflow.add_node(replace(other, base=replace(other.base, id=nid("kind"))))


def test_an_edge_ends_at_nodes() -> None:
    with pytest.raises(ValueError, match="is no node of `desk`"):
        Sample().workflow().add_edge(control("kind", "nowhere"))


def test_ids_come_of_package_and_name_alone() -> None:
    assert Workflow("desk", version=Version(2, 0, 0)).id == Workflow("desk").id == workflow_id("desk", "local")
    assert len({workflow_id("desk"), workflow_id("desk", "acme"), workflow_id("acme", "desk")}) == 3
    assert str(workflow_id("desk")) == "b395ca7c-eebd-516f-99c3-435c728823c6"  # for ever


def test_an_id_that_names_do_not_make_is_refused() -> None:
    data = workflow_to_json(Sample().workflow())
    data["id"] = str(workflow_id("other"))
    with pytest.raises(ValueError, match="not the one that its package and name make"):
        workflow_from_json(data)


def test_metadata_is_added_to_a_copy() -> None:
    plain = WorkflowMetadata()
    full = plain.with_author("Ada").with_tag("a").with_tag("b").with_custom("cost", 3)
    assert (full.author, full.tags, full.get_custom("cost"), full.get_custom("none")) == ("Ada", ("a", "b"), 3, None)
    assert plain == WorkflowMetadata()


def test_a_schema_is_loaded_once_and_an_unknown_one_refused() -> None:
    assert load("workflow", "1.0.0") is load("workflow", "1.0.0")
    with pytest.raises(KeyError, match=r"workflow-9\.0\.0"):
        load("workflow", "9.0.0")


@given(WORDS, TEXTS)
def test_an_id_is_what_uuid5_makes(package: str, name: str) -> None:
    space = uuid5(UUID(NAMESPACE), package)
    workflow = workflow_id(name, package)
    assert workflow.uuid == uuid5(space, name)
    assert node_id(workflow, name).uuid == uuid5(workflow.uuid, name)
    assert edge_id(workflow, "data", "a.x", "b.y").uuid == uuid5(workflow.uuid, "data a.x b.y")
    assert NodeId(workflow.uuid) == NodeId(str(workflow.uuid)) == workflow


def test_an_id_may_come_from_elsewhere() -> None:
    made = uuid4()
    workflow = Workflow("desk")
    node = python("kind")
    workflow.add_node(replace(node, base=replace(node.base, id=NodeId(made))))
    again = workflow_from_json(workflow_to_json(workflow))
    assert again == workflow
    assert again.get_node(NodeId(made)) == workflow.at("kind")
