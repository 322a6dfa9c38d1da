"""What an expression can see: values with their types, enums, and what is known to be there."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from symphony_dsl.base.types import EnumType, Type

Path: TypeAlias = "tuple[str, ...]"
"""A name and the fields behind it; a constant key in brackets is written `["key"]`."""


@dataclass(frozen=True, slots=True)
class Scope:
    """`callables` are names that may be called elsewhere, but not inside an expression; they serve messages only."""

    values: Mapping[str, Type]
    enums: Mapping[str, EnumType] = field(default_factory=dict)
    narrowed: frozenset[Path] = frozenset()
    callables: Collection[str] = ()

    def with_narrowed(self, paths: Iterable[Path]) -> Scope:
        """The scope in which these paths are known to be there."""
        more = frozenset(paths) - self.narrowed
        return replace(self, narrowed=self.narrowed | more) if more else self

    def with_values(self, values: Mapping[str, Type]) -> Scope:
        return replace(self, values=ChainMap(dict(values), self.values))  # type: ignore[arg-type]  # never written to
