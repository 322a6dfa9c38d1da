"""What a writer says about a workflow or a node beyond what it does."""

from __future__ import annotations

from dataclasses import field, replace
from typing import Any

from symphony_dsl.base.frozen import frozen


@frozen
class WorkflowMetadata:
    author: str | None = None
    tags: tuple[str, ...] = ()
    category: str | None = None
    icon: str | None = None
    color: str | None = None
    custom: dict[str, Any] = field(default_factory=dict)

    def with_author(self, author: str) -> WorkflowMetadata:
        return replace(self, author=author)

    def with_tag(self, tag: str) -> WorkflowMetadata:
        return replace(self, tags=(*self.tags, tag))

    def with_custom(self, key: str, value: Any) -> WorkflowMetadata:  # noqa: ANN401 - any JSON value
        return replace(self, custom={**self.custom, key: value})

    def get_custom(self, key: str) -> Any:  # noqa: ANN401 - any JSON value
        return self.custom.get(key)


@frozen
class NodeMetadata:
    documentation: str | None = None
    examples: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    custom: dict[str, Any] = field(default_factory=dict)
