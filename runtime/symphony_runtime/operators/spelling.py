"""Values as texts that leave the process: arguments of commands, parts of requests."""

from __future__ import annotations

from collections.abc import Mapping

from symphony_dsl.base.conform import to_json
from symphony_dsl.base.values import SecretRef, SecretText, Value, in_the_open
from symphony_runtime.operators.pure import json_text


def spelled(value: Value, secrets: Mapping[str, str]) -> str:
    """Scalars as text, everything else as JSON; `secrets` are the values of secrets by their source."""
    if isinstance(value, SecretRef | SecretText):
        return in_the_open(value, secrets)
    plain_value = to_json(value)
    return plain_value if isinstance(plain_value, str) else json_text(plain_value)
