"""Every name that the specification of the model gives is there under its Python spelling, with what it lists of each."""

from __future__ import annotations

import inspect
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import get_args

import pytest
from tests.model.blocks import drawn

import symphony_model
from symphony_model import (
    Edge,
    MigrationRegistry,
    Node,
    PrettyPrint,
    SchemaVersion,
    ValidationError,
    VersionedWorkflow,
    Workflow,
    WorkflowBuilder,
    WorkflowMetadata,
)

FIELDS = {
    "Version": "major minor patch",
    "Position": "x y",
    "NodeBase": "id name description position enabled metadata",
    "InstrumentNode": "base model_id model_version config inputs outputs",
    "OperatorNode": "base operator_type config inputs outputs",
    "ControlNode": "base control_type condition",
    "InputNode": "base",
    "OutputNode": "base",
    "PortDefinition": "name data_type required default_value",
    "DataEdge": "id source_node source_port target_node target_port transform",
    "ControlEdge": "id source_node target_node priority",
    "ConditionalEdge": "id source_node target_node condition label",
    "DataTransform": "transform_type",
    "WorkflowMetadata": "author tags category icon color custom",
    "NodeMetadata": "documentation examples warnings custom",
    "CycleDetectionResult": "has_cycle cycle_path",
    "NodeDependencies": "node_id direct_dependencies all_dependencies direct_dependents all_dependents",
    "ValidationResult": "is_valid errors warnings",
    "ValidationConfig": "check_cycles check_types check_connectivity allow_orphan_nodes",
    "ValidationWarning": "code message place",
    "CycleDetected": "path",
    "OrphanNode": "node_id",
    "DisconnectedInput": "node_id port",
    "TypeMismatch": "edge_id expected found",
    "MissingRequiredInput": "node_id port",
    "DuplicateNodeId": "id",
    "InvalidEdge": "edge_id reason",
    "SchemaVersion": "major minor patch",
    "VersionedWorkflow": "schema_version created_with workflow",
    "Migration": "from_version to_version migrate",
    "PrettyConfig": "use_colors indent_size max_depth show_metadata",
}

CHOICES = {
    "ControlType": "BRANCH MERGE LOOP PARALLEL JOIN",
    "TransformType": "MAP FILTER REDUCE FLATTEN CUSTOM",
    "TraversalOrder": "BREADTH_FIRST DEPTH_FIRST TOPOLOGICAL_ORDER",
    "VisitResult": "CONTINUE SKIP STOP",
    "Compression": "NONE LZ4 ZSTD",
}

METHODS = {
    Workflow: "add_node add_edge remove_node get_node node_count edge_count detect_cycles would_create_cycle topological_sort "
    "execution_levels get_dependencies get_predecessors get_successors critical_path traverse ancestors descendants "
    "find_path all_paths validate validate_structure validate_types validate_connectivity "
    "rename replace_node remove_edge update remove_node_with_edges subgraph affected_by order_redundant copy diff content_hash "
    "to_json to_json_pretty from_json to_json_writer from_json_reader "
    "to_msgpack from_msgpack to_bincode from_bincode to_compressed from_compressed",
    PrettyPrint: "pretty_print pretty_print_compact pretty_print_with_config",
    WorkflowBuilder: "instrument operator control input output connect_to data_edge control_edge at with_metadata build "
    "conditional_edge region ports settings",
    SchemaVersion: "is_compatible requires_migration",
    VersionedWorkflow: "wrap unwrap",
    MigrationRegistry: "register migrate can_migrate",
    WorkflowMetadata: "with_author with_tag with_custom get_custom",
}

OTHERS = """WorkflowId NodeId EdgeId DataType Expression OperatorType InstrumentConfig OperatorConfig Edge Node NodeVisitor CycleError
EdgeError BuilderError ValidationError
SerializeError DeserializeError MigrationError MigrationV1_0ToV1_1 pretty_print pretty_print_compact"""

WHOLE = ("id", "name", "description", "version", "nodes", "edges", "metadata", "created_at", "updated_at")


@pytest.mark.parametrize("name", FIELDS)
def test_a_class_has_its_fields(name: str) -> None:
    found = getattr(symphony_model, name)
    assert is_dataclass(found)
    assert set(FIELDS[name].split()) <= {each.name for each in fields(found)}


@pytest.mark.parametrize("name", CHOICES)
def test_an_enumeration_has_its_members(name: str) -> None:
    found = getattr(symphony_model, name)
    assert issubclass(found, Enum)
    assert [each.name for each in found] == CHOICES[name].split()


@pytest.mark.parametrize("of", METHODS)
def test_a_class_has_its_methods(of: type) -> None:
    for name in METHODS[of].split():
        found = inspect.getattr_static(of, name)
        assert callable(found) or isinstance(found, (property, classmethod))


def test_everything_else_can_be_imported() -> None:
    assert [name for name in OTHERS.split() if not hasattr(symphony_model, name)] == []
    workflow = Workflow("w")
    assert [name for name in WHOLE if not hasattr(workflow, name)] == []


def test_the_unions_have_their_kinds() -> None:
    assert {each.__name__ for each in get_args(Node)} == {
        "InstrumentNode", "OperatorNode", "ControlNode", "InputNode", "OutputNode",
    }  # fmt: skip
    assert {each.__name__ for each in get_args(Edge)} == {"DataEdge", "ControlEdge", "ConditionalEdge"}
    kinds = {
        "CycleDetected",
        "OrphanNode",
        "DisconnectedInput",
        "TypeMismatch",
        "MissingRequiredInput",
        "DuplicateNodeId",
    }
    assert kinds | {"InvalidEdge"} <= {each.__name__ for each in get_args(ValidationError)}


def test_whatever_a_graph_is_made_of_can_be_printed() -> None:
    assert all(issubclass(each, PrettyPrint) for each in (Workflow, *get_args(Node), *get_args(Edge)))


def test_a_failed_sort_says_the_way_round() -> None:
    with pytest.raises(symphony_model.CycleError) as caught:
        drawn("a > b", "b > a").topological_sort()
    assert len(caught.value.cycle_path) == 2
