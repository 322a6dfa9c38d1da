"""The decorators of what is never changed: `frozen` of values, equal when their fields are; `node` of trees, each equal to itself.

Both are slotted dataclasses. That nothing sets a field again is held by the type checker, which reads the decorators'
transform, and not at run time: to guard each field there doubles what it takes to make an object, and reading a file is making
objects. A frozen dataclass compiles six methods of its own, 0.2 ms a class, a third of the time before a first file is read; here a
class compiles `__init__` alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any, TypeVar, dataclass_transform

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


@dataclass_transform(eq_default=False, frozen_default=True, field_specifiers=(field,))
def node(cls: type[T]) -> type[T]:
    return _slotted(cls)


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[T]) -> type[T]:
    made = _slotted(cls)
    compared = [each for each in fields(made) if each.compare]  # type: ignore[arg-type]  # a dataclass by now
    values = _values([each.name for each in compared])
    hashed = _values([each.name for each in compared if each.hash is not False])

    def equal(self: T, other: object) -> bool:
        if self is other:
            return True
        return (values(self),) == (values(other),) if other.__class__ is self.__class__ else NotImplemented

    own = cls.__dict__
    for name, method in (("__eq__", equal), ("__hash__", lambda self: hash(hashed(self)))):
        if own.get(name) is None:
            setattr(made, name, method)
    return made


def _slotted(cls: type[T]) -> type[T]:
    cls.__doc__ = cls.__doc__ or cls.__name__  # or else the dataclass works its signature out, for nobody
    if "__repr__" not in cls.__dict__:
        cls.__repr__ = _shown  # type: ignore[method-assign]  # it takes any of them
    return dataclass(slots=True, eq=False, repr=False)(cls)


@recursive_repr()
def _shown(self: Any) -> str:  # noqa: ANN401  # any object of these classes
    shown = ", ".join(f"{each.name}={getattr(self, each.name)!r}" for each in fields(self) if each.repr)
    return f"{self.__class__.__qualname__}({shown})"


def _values(names: list[str]) -> Callable[[object], object]:
    """What reads these fields: as a tuple, but where it is one."""
    return attrgetter(*names) if names else lambda _: ()
