"""The compiler and the runtime know nothing of each other, and name the same models."""

from __future__ import annotations

from symphony_compiler.models import PROVIDERS as NAMED
from symphony_runtime import providers
from symphony_runtime.providers import local


def test_what_may_be_named_can_be_called() -> None:
    assert set(NAMED) == set(providers.PROVIDERS)
    assert set(NAMED["local"]) == set(local._LOADERS)
