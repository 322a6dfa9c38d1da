"""Settings that are computed: each comes by a data edge into a port of its node that is called `@` and the setting's name.

Such a port is no parameter: nothing of the node's configuration mentions it, and its value goes to the engine, not to what the
node calls. Its type is one of those that the setting may have.
"""

from __future__ import annotations

from symphony_dsl.base.types import (
    BOOL,
    DURATION,
    FLOAT,
    INT,
    MODEL,
    STRING,
    Field,
    ListType,
    OptionalType,
    RecordType,
    Type,
)
from symphony_model.nodes import WAITING, ControlNode, InstrumentNode, Node, OperatorNode, OperatorType
from symphony_model.settings import Retry

MARK = "@"

_RETRY = Retry(attempts=1)

RETRY_RECORD = RecordType(
    (
        Field("attempts", INT),
        Field("delay", OptionalType(DURATION)),
        Field("factor", FLOAT, has_default=True, default=_RETRY.factor),
        Field("jitter", FLOAT, has_default=True, default=_RETRY.jitter),
        Field("on", ListType(STRING), has_default=True, default=[]),
    ),
    "retry",
)
RATE_RECORD = RecordType((Field("count", INT), Field("per", DURATION)), "rate_limit")
RESOURCES_RECORD = RecordType((Field("cpus", OptionalType(FLOAT)), Field("memory", OptionalType(INT))), "resources")

STEP_SETTINGS: dict[str, tuple[Type, ...]] = {
    "retry": (INT, RETRY_RECORD),
    "timeout": (DURATION,),
    "deadline": (DURATION,),
    "cache": (BOOL, DURATION),
    "concurrency": (INT,),
    "rate_limit": (RATE_RECORD,),
    "key": (STRING,),
    "resources": (RESOURCES_RECORD,),
    "executor": (STRING,),
}
"""The types of the settings that a step or a block may be given by an edge. `label` and `on_error` are words that are written."""

MODEL_SETTINGS: dict[str, tuple[Type, ...]] = {
    "model": (MODEL, STRING),
    "temperature": (FLOAT,),
    "max_tokens": (INT,),
    "max_turns": (INT,),
}
"""Those that an instrument may be given besides."""


BLOCK_SETTINGS = ("retry", "timeout", "deadline", "label")
CALL_SETTINGS = (*BLOCK_SETTINGS, "on_error", "concurrency", "rate_limit", "key")
WAIT_SETTINGS = ("timeout", "deadline", "on_error", "label")


def meant_settings(node: Node) -> tuple[str, ...] | None:
    """The settings that mean something for a node; None for all of them."""
    if isinstance(node, ControlNode):
        return BLOCK_SETTINGS
    if isinstance(node, OperatorNode):
        return CALL_SETTINGS if node.operator_type is OperatorType.WORKFLOW else _of_waiting(node)
    return None


def _of_waiting(node: OperatorNode) -> tuple[str, ...] | None:
    return WAIT_SETTINGS if node.operator_type in WAITING else None


def setting_port(name: str) -> str:
    """The name of the port of a setting."""
    return MARK + name


def is_setting_port(name: str) -> bool:
    return name.startswith(MARK)


def setting_types(node: Node) -> dict[str, tuple[Type, ...]]:
    """The settings that a node may be given by an edge, and their types."""
    if isinstance(node, InstrumentNode):
        return {**STEP_SETTINGS, **MODEL_SETTINGS}
    meant = meant_settings(node)
    if meant is not None:
        return {name: of for name, of in STEP_SETTINGS.items() if name in meant}
    return STEP_SETTINGS if isinstance(node, OperatorNode) else {}
