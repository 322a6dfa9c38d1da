"""The decorator of tree nodes: dataclasses that are never changed, compared by identity.

That nothing sets a field again is held by the type checker, which reads the decorator's transform, and not at run time: to
guard each field there doubles what it takes to make a class and a node, and trees are what reading a file is made of.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(eq_default=False, frozen_default=True)
def node(cls: type[T]) -> type[T]:
    cls.__doc__ = cls.__doc__ or cls.__name__  # or else the dataclass works its signature out, for nobody
    return dataclass(slots=True, eq=False)(cls)
