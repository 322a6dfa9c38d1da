"""What a graph may say and this version cannot run. It is refused before anything starts, all of it at once.

One table: whoever makes something run takes its row away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from symphony_dsl.base.errors import UserError
from symphony_model.nodes import InputNode, OutputNode

if TYPE_CHECKING:
    from symphony_model.artifact import Artifact
    from symphony_model.nodes import Node
    from symphony_model.workflow import Workflow

CODE = "WF0901"


NODES: list[tuple[str, Callable[[Node], bool]]] = [
    (
        "an input or an output that is disabled",
        lambda node: not node.base.enabled and isinstance(node, (InputNode, OutputNode)),
    ),
]
"""What a node may be or have, in the words of a person, and how it is seen."""


def check_runs(artifact: Artifact) -> None:
    """Raises UserError that names everything that this version cannot run, with where it was written."""
    found: list[str] = []
    for content_hash, workflow in {artifact.content_hash: artifact.workflow, **artifact.callees}.items():
        sources = artifact.sources.get(content_hash, {})
        for path, what in _refused(workflow):
            file, line = sources.get(path, (None, 0))
            place = f"{file}:{line}: `{path}`" if file else f"`{path}`"
            found.append(f"{place} needs {what}")
    if found:
        listed = "; ".join(dict.fromkeys(found))
        hint = "`wf explain WF0901` says more"
        raise UserError(
            f"{CODE}: this version cannot run all of it yet: {listed}", place=artifact.workflow.name, hint=hint
        )


def _refused(workflow: Workflow) -> Iterator[tuple[str, str]]:
    """(path, what)"""
    for node in workflow.nodes.values():
        yield from ((node.base.path, what) for what, sees in NODES if sees(node))
