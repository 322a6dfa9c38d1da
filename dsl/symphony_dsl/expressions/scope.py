"""What an expression can see: values with their types, enums, and what is known to be there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import field, replace
from typing import TypeAlias

from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.types import EnumType, FunctionType, Type

Path: TypeAlias = "tuple[str, ...]"
"""A name and the fields behind it; a constant key in brackets is written `["key"]`."""


@frozen
class Scope:
    """`variables` are those of macros. `cel`: the expression is plain CEL, and typed as loosely as CEL is.

    `callables` are names that may be called elsewhere, but not inside an expression; they serve messages only. `functions` are
    those that the text itself has beside those of the language: parameters of a template.
    """

    values: Mapping[str, Type]
    enums: Mapping[str, EnumType] = field(default_factory=dict)
    narrowed: frozenset[Path] = frozenset()
    callables: Collection[str] = ()
    cel: bool = False
    variables: Mapping[str, Type] = field(default_factory=dict)
    functions: Mapping[str, FunctionType] = field(default_factory=dict)

    def find(self, name: str, *, absolute: bool = False) -> Type | None:
        """The type of what a name stands for. An absolute name (`.x`) is no variable of a macro."""
        if not absolute and name in self.variables:
            return self.variables[name]
        return self.values.get(name)

    def with_narrowed(self, paths: Iterable[Path]) -> Scope:
        """The scope in which these paths are known to be there. CEL knows no such thing."""
        more = frozenset(paths) - self.narrowed
        return replace(self, narrowed=self.narrowed | more) if more and not self.cel else self

    def with_variables(self, variables: Mapping[str, Type]) -> Scope:
        return replace(self, variables={**self.variables, **variables})
