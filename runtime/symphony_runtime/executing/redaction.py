"""Where secrets must not go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symphony_dsl.base.values import SecretRef, SecretText

if TYPE_CHECKING:
    from symphony_dsl.base.values import Value


def holds_secret(value: Value) -> bool:
    if type(value) is dict and PLAIN.issuperset(map(type, value.values())):  # as most are
        return False
    rest = [value]
    while rest:
        each = rest.pop()
        if isinstance(each, SecretRef | SecretText):
            return True
        if isinstance(each, dict):
            rest.extend(each.values())
        elif isinstance(each, list):
            rest.extend(each)
    return False


PLAIN = frozenset({int, float, str, bool, type(None)})
