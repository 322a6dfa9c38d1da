"""What a workflow demands of where it runs: executors by their names, processors, memory. What is not there is told before it starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symphony_dsl.base.errors import UserError
from symphony_model.nodes import InstrumentNode, OperatorNode, tools_of
from symphony_runtime.executing.machine import this_machine

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from symphony_model.artifact import Artifact
    from symphony_model.nodes import Node
    from symphony_model.settings import Settings

LOCAL = "local"
"""The executor that is always there: this machine."""


def check_demands(artifact: Artifact, executors: Collection[str] = ()) -> None:
    """Raises UserError that names every step which asks for what is not there. Settings that are computed show when they are."""
    found: list[str] = []
    known = (LOCAL, *(name for name in executors if name != LOCAL))
    for content_hash, workflow in {artifact.content_hash: artifact.workflow, **artifact.callees}.items():
        sources = artifact.sources.get(content_hash, {})
        for node in workflow.nodes.values():
            file, line = sources.get(node.base.path, (None, 0))
            place = f"{file}:{line}: " if file else ""
            found += (f"{place}`{node.base.path}` {what}" for what in _lacking(node, known))
    if found:
        raise UserError("; ".join(dict.fromkeys(found)), place=artifact.workflow.name)


def _lacking(node: Node, known: Collection[str]) -> Iterator[str]:
    for settings in _settings(node):
        if settings.executor is not None and settings.executor not in known:
            listed = ", ".join(f"`{name}`" for name in known)
            yield f"wants the executor `{settings.executor}`, which is not there; there are {listed} (`wf.toml` may name more)"
        lacking = this_machine().lacks(settings.resources) if settings.resources else None
        if lacking and settings.executor in (None, LOCAL):
            yield f"asks for {lacking}"


def _settings(node: Node) -> Iterator[Settings]:
    if isinstance(node, InstrumentNode | OperatorNode):
        yield node.config.settings
    for tool in tools_of(node):
        yield tool.config.settings
