"""Which signatures of a function or an operator may be meant, for types that are known before it runs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from symphony_dsl.base.types import JSON, OptionalType, Primitive, Type
from symphony_dsl.expressions.checker.celtypes import agree
from symphony_dsl.expressions.functions.signatures import Choice, Overload, choose
from symphony_dsl.expressions.functions.table import overloads

Choices = tuple[Choice, ...]


def choices(style: str, name: str, types: Sequence[Type], *, cel: bool) -> Choices:
    """One where the types settle it, several where a `json` decides at run time, none where nothing fits."""
    if all(type(each) is Primitive for each in types):
        return _kept(style, name, tuple(types), cel)
    return _chosen(overloads(style, name), types, cel=cel)


@lru_cache(maxsize=4096)
def _kept(style: str, name: str, types: tuple[Type, ...], cel: bool) -> Choices:
    return _chosen(overloads(style, name), types, cel=cel)


def _chosen(known: Sequence[Overload], types: Sequence[Type], *, cel: bool) -> Choices:
    found = choose(known, types, lenient=not cel)
    fit = agree if cel else strictly
    return tuple(each for each in found if all(map(fit, types, each.parameters)))


def strictly(given: Type, wanted: Type) -> bool:
    """In `.wf`, what came as `json` is no optional."""
    return given != JSON or not isinstance(wanted, OptionalType)


@lru_cache(maxsize=512)
def places_of_optionals(style: str, name: str, count: int) -> frozenset[int]:
    """The places of arguments where some signature takes what may be absent."""
    known = [each.parameters_for(count) for each in overloads(style, name) if each.takes(count)]
    return frozenset(at for each in known for at, of in enumerate(each) if isinstance(of, OptionalType))
