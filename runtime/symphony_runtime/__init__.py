"""Running a graph: decisions, the log that holds them, the driver, and the executors that do the work.

    from symphony_runtime import Store, build, create, drive

Public names are loaded when they are first used, so that importing this room costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from symphony_runtime.audit.entry import AuditEntry, AuditEntryId, AuditError, AuditQuery
    from symphony_runtime.audit.export import ExportFormat
    from symphony_runtime.audit.lines import FileAuditStorage
    from symphony_runtime.audit.log import AuditLog
    from symphony_runtime.audit.memory import MemoryAuditStorage
    from symphony_runtime.audit.sqlite import SqliteAuditStorage
    from symphony_runtime.audit.storage import AuditStorage
    from symphony_runtime.control.context import ExecutionContext
    from symphony_runtime.control.control_commands import ControlCommand
    from symphony_runtime.control.controller import CommandResult, ControlError, ExecutionController
    from symphony_runtime.control.machine import ExecutionStateMachine, TransitionResult
    from symphony_runtime.control.pictures import context_of, machine_of
    from symphony_runtime.control.states import ExecutionState, NodeState
    from symphony_runtime.engine import create, drive, recover, retry
    from symphony_runtime.executing.executors import Executors, build
    from symphony_runtime.outcome import RunError, RunResult
    from symphony_runtime.rules.transition import TransitionError
    from symphony_runtime.storage.loaded import LoadedRun, load
    from symphony_runtime.storage.store import RunSummary, Store
    from symphony_runtime.task import Executor, Failure, LogLine, Outcome, ProgressNote, Report, Success, Task
    from symphony_runtime.watching.estimating import Estimate, ProgressEstimator
    from symphony_runtime.watching.events import ExecutionEvent, read
    from symphony_runtime.watching.filtering import EventFilter, LogLevel
    from symphony_runtime.watching.following import follow, stream_of
    from symphony_runtime.watching.stream import EventStream, Gap
    from symphony_runtime.watching.why import Why, why

_HOMES = {
    "AuditEntry": "audit.entry",
    "AuditEntryId": "audit.entry",
    "AuditError": "audit.entry",
    "AuditLog": "audit.log",
    "AuditQuery": "audit.entry",
    "AuditStorage": "audit.storage",
    "CommandResult": "control.controller",
    "ControlCommand": "control.control_commands",
    "ControlError": "control.controller",
    "Estimate": "watching.estimating",
    "EventFilter": "watching.filtering",
    "EventStream": "watching.stream",
    "ExecutionContext": "control.context",
    "ExecutionController": "control.controller",
    "ExecutionEvent": "watching.events",
    "ExecutionState": "control.states",
    "ExecutionStateMachine": "control.machine",
    "Executor": "task",
    "ExportFormat": "audit.export",
    "Failure": "task",
    "FileAuditStorage": "audit.lines",
    "Gap": "watching.stream",
    "LoadedRun": "storage.loaded",
    "LogLevel": "watching.filtering",
    "LogLine": "task",
    "MemoryAuditStorage": "audit.memory",
    "NodeState": "control.states",
    "Outcome": "task",
    "ProgressEstimator": "watching.estimating",
    "ProgressNote": "task",
    "Report": "task",
    "Executors": "executing.executors",
    "RunError": "outcome",
    "RunResult": "outcome",
    "RunSummary": "storage.store",
    "SqliteAuditStorage": "audit.sqlite",
    "Store": "storage.store",
    "Success": "task",
    "Task": "task",
    "TransitionError": "rules.transition",
    "TransitionResult": "control.machine",
    "build": "executing.executors",
    "context_of": "control.pictures",
    "create": "engine",
    "drive": "engine",
    "follow": "watching.following",
    "load": "storage.loaded",
    "machine_of": "control.pictures",
    "read": "watching.events",
    "recover": "engine",
    "retry": "engine",
    "Why": "watching.why",
    "why": "watching.why",
    "stream_of": "watching.following",
}

__all__ = [
    "AuditEntry",
    "AuditEntryId",
    "AuditError",
    "AuditLog",
    "AuditQuery",
    "AuditStorage",
    "CommandResult",
    "ControlCommand",
    "ControlError",
    "Estimate",
    "EventFilter",
    "EventStream",
    "ExecutionContext",
    "ExecutionController",
    "ExecutionEvent",
    "ExecutionState",
    "ExecutionStateMachine",
    "Executor",
    "Executors",
    "ExportFormat",
    "Failure",
    "FileAuditStorage",
    "Gap",
    "LoadedRun",
    "LogLevel",
    "LogLine",
    "MemoryAuditStorage",
    "NodeState",
    "Outcome",
    "ProgressEstimator",
    "ProgressNote",
    "Report",
    "RunError",
    "RunResult",
    "RunSummary",
    "SqliteAuditStorage",
    "Store",
    "Success",
    "Task",
    "TransitionError",
    "TransitionResult",
    "Why",
    "build",
    "context_of",
    "create",
    "drive",
    "follow",
    "load",
    "machine_of",
    "read",
    "recover",
    "retry",
    "stream_of",
    "why",
]


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{home}"), name)
