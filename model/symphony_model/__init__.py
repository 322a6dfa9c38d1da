"""The graph: workflows, their nodes, edges and regions, and everything that is done with a graph but running it.

Public names are loaded when they are first used, so that importing this room costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from symphony_model.arms import InferredRegions, infer_regions, with_regions
    from symphony_model.artifact import Artifact, seal
    from symphony_model.artifact_codec import (
        artifact_from_text,
        artifact_to_text,
    )
    from symphony_model.artifact_formats import artifact_from_bytes, artifact_to_bytes
    from symphony_model.binary.compression import Compression
    from symphony_model.binary.recognition import ArtifactFormat
    from symphony_model.building.builder import WorkflowBuilder
    from symphony_model.building.drafts import Misuse
    from symphony_model.codec import workflow_from_json
    from symphony_model.critical_path import Schedule
    from symphony_model.cycles import CycleDetectionResult
    from symphony_model.dependencies import NodeDependencies
    from symphony_model.diff import Changed, Changes, WorkflowDiff
    from symphony_model.drawing import dot, mermaid
    from symphony_model.edges import (
        ConditionalEdge,
        ControlEdge,
        DataEdge,
        DataTransform,
        Edge,
        TransformType,
    )
    from symphony_model.errors import (
        BuilderError,
        CycleError,
        DuplicateEdgeError,
        DuplicateNodeError,
        EdgeError,
        ModelError,
        TypeMismatchError,
        UnknownNodeError,
        UnknownPortError,
    )
    from symphony_model.http_request import HttpRequest
    from symphony_model.ids import (
        EdgeId,
        NodeId,
        WorkflowId,
        edge_id,
        node_id,
        workflow_id,
    )
    from symphony_model.json_form.workflow import workflow_hash, workflow_to_json
    from symphony_model.limits import Limits
    from symphony_model.metadata import NodeMetadata, WorkflowMetadata
    from symphony_model.migrations import Migration, MigrationError, MigrationRegistry
    from symphony_model.migrations_known import MIGRATIONS, MigrationV1_0ToV1_1, MigrationV1_1ToV1_2
    from symphony_model.nodes import (
        ControlConfig,
        ControlNode,
        ControlType,
        Effect,
        InputNode,
        InstrumentConfig,
        InstrumentNode,
        InstrumentTool,
        Node,
        NodeBase,
        OperatorConfig,
        OperatorNode,
        OperatorTool,
        OperatorType,
        OutputNode,
        Position,
        Tool,
    )
    from symphony_model.order import topological
    from symphony_model.ports import (
        Argument,
        Constant,
        DataType,
        Expression,
        PortDefinition,
    )
    from symphony_model.printing.config import PrettyConfig
    from symphony_model.printing.methods import PrettyPrint
    from symphony_model.printing.pretty import (
        PRINTERS,
        Printer,
        pretty_print,
        pretty_print_compact,
        pretty_print_with_config,
    )
    from symphony_model.problem import (
        CycleDetected,
        DisconnectedInput,
        DuplicateNodeId,
        InvalidEdge,
        InvalidExpression,
        InvalidNode,
        InvalidRegion,
        InvalidValue,
        MissingRequiredInput,
        OrphanNode,
        OverfedInput,
        Problem,
        TypeMismatch,
        ValidationError,
        ValidationWarning,
    )
    from symphony_model.region import Region
    from symphony_model.sameness import MISSING, Difference
    from symphony_model.serialize_errors import DeserializeError, SerializeError, UnknownMembersWarning
    from symphony_model.settings import (
        Cache,
        Concurrency,
        RateLimit,
        Resources,
        Retry,
        RunSettings,
        Settings,
    )
    from symphony_model.traversal import NodeVisitor, TraversalOrder, VisitResult
    from symphony_model.validating.validation import ValidationConfig, ValidationResult
    from symphony_model.version import Version
    from symphony_model.versioned import VersionedWorkflow
    from symphony_model.versions import SchemaVersion
    from symphony_model.workflow import Workflow

__all__ = [
    "MIGRATIONS",
    "MISSING",
    "PRINTERS",
    "Argument",
    "Artifact",
    "ArtifactFormat",
    "BuilderError",
    "Cache",
    "Changed",
    "Changes",
    "Compression",
    "Concurrency",
    "ConditionalEdge",
    "Constant",
    "ControlConfig",
    "ControlEdge",
    "ControlNode",
    "ControlType",
    "CycleDetected",
    "CycleDetectionResult",
    "CycleError",
    "DataEdge",
    "DataTransform",
    "DataType",
    "DeserializeError",
    "Difference",
    "DisconnectedInput",
    "DuplicateEdgeError",
    "DuplicateNodeError",
    "DuplicateNodeId",
    "Edge",
    "EdgeError",
    "EdgeId",
    "Effect",
    "Expression",
    "HttpRequest",
    "InferredRegions",
    "InputNode",
    "InstrumentConfig",
    "InstrumentNode",
    "InstrumentTool",
    "InvalidEdge",
    "InvalidExpression",
    "InvalidNode",
    "InvalidRegion",
    "InvalidValue",
    "Limits",
    "Migration",
    "MigrationError",
    "MigrationRegistry",
    "MigrationV1_0ToV1_1",
    "MigrationV1_1ToV1_2",
    "MissingRequiredInput",
    "Misuse",
    "ModelError",
    "Node",
    "NodeBase",
    "NodeDependencies",
    "NodeId",
    "NodeMetadata",
    "NodeVisitor",
    "OperatorConfig",
    "OperatorNode",
    "OperatorTool",
    "OperatorType",
    "OrphanNode",
    "OutputNode",
    "OverfedInput",
    "PortDefinition",
    "Position",
    "PrettyConfig",
    "PrettyPrint",
    "Printer",
    "Problem",
    "RateLimit",
    "Region",
    "Resources",
    "Retry",
    "RunSettings",
    "Schedule",
    "SchemaVersion",
    "SerializeError",
    "Settings",
    "Tool",
    "TransformType",
    "TraversalOrder",
    "TypeMismatch",
    "TypeMismatchError",
    "UnknownMembersWarning",
    "UnknownNodeError",
    "UnknownPortError",
    "ValidationConfig",
    "ValidationError",
    "ValidationResult",
    "ValidationWarning",
    "Version",
    "VersionedWorkflow",
    "VisitResult",
    "Workflow",
    "WorkflowBuilder",
    "WorkflowDiff",
    "WorkflowId",
    "WorkflowMetadata",
    "artifact_from_bytes",
    "artifact_from_text",
    "artifact_to_bytes",
    "artifact_to_text",
    "dot",
    "edge_id",
    "infer_regions",
    "mermaid",
    "node_id",
    "pretty_print",
    "pretty_print_compact",
    "pretty_print_with_config",
    "seal",
    "topological",
    "with_regions",
    "workflow_from_json",
    "workflow_hash",
    "workflow_id",
    "workflow_to_json",
]

_NAMES = {
    "arms": ("InferredRegions", "infer_regions", "with_regions"),
    "artifact": ("Artifact", "seal"),
    "artifact_codec": ("artifact_from_text", "artifact_to_text"),
    "artifact_formats": ("artifact_from_bytes", "artifact_to_bytes"),
    "building.builder": ("WorkflowBuilder",),
    "building.drafts": ("Misuse",),
    "codec": ("workflow_from_json",),
    "diff": ("Changed", "Changes", "WorkflowDiff"),
    "binary.compression": ("Compression",),
    "limits": ("Limits",),
    "drawing": ("dot", "mermaid"),
    "critical_path": ("Schedule",),
    "cycles": ("CycleDetectionResult",),
    "dependencies": ("NodeDependencies",),
    "edges": ("ConditionalEdge", "ControlEdge", "DataEdge", "DataTransform", "Edge", "TransformType"),
    "errors": (
        "BuilderError",
        "CycleError",
        "DuplicateEdgeError",
        "DuplicateNodeError",
        "EdgeError",
        "ModelError",
        "TypeMismatchError",
        "UnknownNodeError",
        "UnknownPortError",
    ),
    "http_request": ("HttpRequest",),
    "ids": ("EdgeId", "NodeId", "WorkflowId", "edge_id", "node_id", "workflow_id"),
    "json_form.workflow": ("workflow_hash", "workflow_to_json"),
    "metadata": ("NodeMetadata", "WorkflowMetadata"),
    "migrations": ("Migration", "MigrationError", "MigrationRegistry"),
    "migrations_known": ("MIGRATIONS", "MigrationV1_0ToV1_1", "MigrationV1_1ToV1_2"),
    "nodes": (
        "ControlConfig",
        "ControlNode",
        "ControlType",
        "Effect",
        "InputNode",
        "InstrumentConfig",
        "InstrumentNode",
        "InstrumentTool",
        "Node",
        "NodeBase",
        "OperatorConfig",
        "OperatorNode",
        "OperatorTool",
        "OperatorType",
        "OutputNode",
        "Position",
        "Tool",
    ),
    "order": ("topological",),
    "ports": ("Argument", "Constant", "DataType", "Expression", "PortDefinition"),
    "printing.pretty": ("PRINTERS", "Printer", "pretty_print", "pretty_print_compact", "pretty_print_with_config"),
    "printing.config": ("PrettyConfig",),
    "printing.methods": ("PrettyPrint",),
    "problem": (
        "CycleDetected",
        "DisconnectedInput",
        "DuplicateNodeId",
        "InvalidEdge",
        "InvalidExpression",
        "InvalidNode",
        "InvalidRegion",
        "InvalidValue",
        "MissingRequiredInput",
        "OrphanNode",
        "OverfedInput",
        "Problem",
        "TypeMismatch",
        "ValidationError",
        "ValidationWarning",
    ),
    "binary.recognition": ("ArtifactFormat",),
    "region": ("Region",),
    "sameness": ("MISSING", "Difference"),
    "serialize_errors": ("DeserializeError", "SerializeError", "UnknownMembersWarning"),
    "settings": ("Cache", "Concurrency", "RateLimit", "Resources", "Retry", "RunSettings", "Settings"),
    "traversal": ("NodeVisitor", "TraversalOrder", "VisitResult"),
    "validating.validation": ("ValidationConfig", "ValidationResult"),
    "version": ("Version",),
    "versioned": ("VersionedWorkflow",),
    "versions": ("SchemaVersion",),
    "workflow": ("Workflow",),
}

_HOME = {name: module for module, names in _NAMES.items() for name in names}


def __getattr__(name: str) -> object:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{home}"), name)


def __dir__() -> list[str]:
    return __all__
