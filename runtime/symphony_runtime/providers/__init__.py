"""Who answers an instrument: one module a provider, imported when the first of its models is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from symphony_runtime.executing.attempt import Attempt
from symphony_runtime.task import Outcome


class Provider(Protocol):
    """`model` is what stands behind the provider's name in `openai/gpt-4o-mini`."""

    async def run(self, model: str, attempt: Attempt) -> Outcome: ...

    async def close(self) -> None: ...


def _openai(environ: Mapping[str, str]) -> Provider:
    from symphony_runtime.providers.openai import OpenAIProvider

    return OpenAIProvider(environ)


def _local(_environ: Mapping[str, str]) -> Provider:
    from symphony_runtime.providers.local import LocalProvider

    return LocalProvider()


PROVIDERS: dict[str, Callable[[Mapping[str, str]], Provider]] = {"openai": _openai, "local": _local}
