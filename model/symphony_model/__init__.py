"""The graph: workflows, their nodes, edges and regions, and everything that is done with a graph but running it.

Public names are loaded when they are first used, so that importing this room costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from symphony_model.artifact import Artifact as Artifact, seal as seal, workflow_hash as workflow_hash
    from symphony_model.artifact_codec import (
        artifact_from_text as artifact_from_text,
        artifact_to_text as artifact_to_text,
    )
    from symphony_model.codec import workflow_from_json as workflow_from_json, workflow_to_json as workflow_to_json
    from symphony_model.drawing import dot as dot, mermaid as mermaid
    from symphony_model.edges import (
        ConditionalEdge as ConditionalEdge,
        ControlEdge as ControlEdge,
        DataEdge as DataEdge,
        DataTransform as DataTransform,
        Edge as Edge,
        TransformType as TransformType,
    )
    from symphony_model.ids import (
        EdgeId as EdgeId,
        NodeId as NodeId,
        WorkflowId as WorkflowId,
        edge_id as edge_id,
        node_id as node_id,
        workflow_id as workflow_id,
    )
    from symphony_model.metadata import NodeMetadata as NodeMetadata, WorkflowMetadata as WorkflowMetadata
    from symphony_model.nodes import (
        ControlConfig as ControlConfig,
        ControlNode as ControlNode,
        ControlType as ControlType,
        Effect as Effect,
        InputNode as InputNode,
        InstrumentConfig as InstrumentConfig,
        InstrumentNode as InstrumentNode,
        Node as Node,
        NodeBase as NodeBase,
        OperatorConfig as OperatorConfig,
        OperatorNode as OperatorNode,
        OperatorType as OperatorType,
        OutputNode as OutputNode,
        Position as Position,
    )
    from symphony_model.order import CycleError as CycleError, topological as topological
    from symphony_model.ports import (
        Argument as Argument,
        Constant as Constant,
        DataType as DataType,
        Expression as Expression,
        PortDefinition as PortDefinition,
    )
    from symphony_model.problem import Problem as Problem
    from symphony_model.settings import Retry as Retry, Settings as Settings
    from symphony_model.verify import verify as verify
    from symphony_model.workflow import Region as Region, Workflow as Workflow

_NAMES = {
    "artifact": ("Artifact", "seal", "workflow_hash"),
    "artifact_codec": ("artifact_from_text", "artifact_to_text"),
    "codec": ("workflow_from_json", "workflow_to_json"),
    "drawing": ("dot", "mermaid"),
    "edges": ("ConditionalEdge", "ControlEdge", "DataEdge", "DataTransform", "Edge", "TransformType"),
    "ids": ("EdgeId", "NodeId", "WorkflowId", "edge_id", "node_id", "workflow_id"),
    "metadata": ("NodeMetadata", "WorkflowMetadata"),
    "nodes": (
        "ControlConfig",
        "ControlNode",
        "ControlType",
        "Effect",
        "InputNode",
        "InstrumentConfig",
        "InstrumentNode",
        "Node",
        "NodeBase",
        "OperatorConfig",
        "OperatorNode",
        "OperatorType",
        "OutputNode",
        "Position",
    ),
    "order": ("CycleError", "topological"),
    "ports": ("Argument", "Constant", "DataType", "Expression", "PortDefinition"),
    "problem": ("Problem",),
    "settings": ("Retry", "Settings"),
    "verify": ("verify",),
    "workflow": ("Region", "Workflow"),
}

_HOME = {name: module for module, names in _NAMES.items() for name in names}

__all__ = sorted(_HOME)  # noqa: PLE0605 - a list, made from the table above


def __getattr__(name: str) -> object:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{home}"), name)


def __dir__() -> list[str]:
    return __all__
