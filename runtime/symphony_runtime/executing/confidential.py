"""Secrets: from the reference that a run stores to the value that an attempt uses, and out of all that it says.

A text made with secrets (`"Bearer ${token}"`) is a secret too: it is stored as its parts and put together where it is used.
A value is read when an attempt begins and forgotten when it ends. It never enters a log, a file or a result: what an
attempt prints or says of its failure passes a `Redactor`, and a result that holds the value fails its step.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from symphony_dsl.base.values import Secret, SecretRef, SecretText, Value, in_the_open, references

HIDDEN = "[secret]"
_SHORTEST_LEAK = 4  # a shorter value is in any text by chance
_SHORTEST_LINE = 8  # of a secret of many lines, such as a key, lines like this are hidden by themselves


class SecretUnavailableError(Exception):
    """`str()` says which, and what is wrong with it."""


def secrets_in(value: Value) -> set[Secret]:
    """The secrets that a value holds, however deep."""
    found: set[Secret] = set()
    rest = [value]
    while rest:
        each = rest.pop()
        if isinstance(each, SecretRef | SecretText):
            found.add(each)
        elif isinstance(each, dict):
            rest.extend(each.values())
        elif isinstance(each, list | tuple):
            rest.extend(each)
    return found


def resolve_all(secrets: Iterable[Secret], home: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """The values of all references, by their source. Raises SecretUnavailableError."""
    found = {ref for each in secrets for ref in references(each)}
    return {ref.source: resolve(ref, home, environ) for ref in found}


def is_reference(ref: SecretRef) -> bool:
    """Whether it says where a secret is; anything else may be the secret itself."""
    kind, _, name = ref.source.partition(":")
    return kind in ("env", "file") and bool(name)


def resolve(ref: SecretRef, home: Path, environ: Mapping[str, str]) -> str:
    """Raises SecretUnavailableError."""
    kind, _, name = ref.source.partition(":")
    if kind == "env":
        return _from_environment(name, environ)
    if kind == "file":
        return _from_file(name, home)
    raise SecretUnavailableError("a secret comes from env:NAME or file:PATH, and from nowhere else")


def _from_environment(name: str, environ: Mapping[str, str]) -> str:
    if name not in environ:
        raise SecretUnavailableError(f"the environment variable {name}, which holds a secret, is not set")
    return environ[name]


def _from_file(name: str, home: Path) -> str:
    """The text of the file without its last line break."""
    try:
        return (home / name).read_text("utf-8").removesuffix("\n").removesuffix("\r")
    except OSError as problem:
        raise SecretUnavailableError(f"the file '{name}', which holds a secret: {problem.strerror}") from problem
    except UnicodeDecodeError as problem:
        raise SecretUnavailableError(f"the file '{name}', which holds a secret, is no UTF-8 text") from problem


class Redactor:
    """Takes known values out of texts: secrets themselves, and whole texts that were made with them."""

    def __init__(self, values: Iterable[str], made: Iterable[str] = ()) -> None:
        given = {value for value in values if value}
        whole = {text for text in made if any(value in text for value in given)}
        self._leaks = [value for value in given | whole if len(value) >= _SHORTEST_LEAK]
        lines = {line.strip() for value in given for line in value.splitlines()}
        pieces = given | whole | {line for line in lines if len(line) >= _SHORTEST_LINE}
        self._pieces = sorted(pieces, key=len, reverse=True)

    def text(self, text: str) -> str:
        for piece in self._pieces:
            text = text.replace(piece, HIDDEN)
        return text

    def leaks(self, value: Value) -> bool:
        """Whether a value holds a secret in the open, as a part of any of its texts."""
        rest = [value] if self._leaks else []
        while rest:
            each = rest.pop()
            if isinstance(each, str) and any(secret in each for secret in self._leaks):
                return True
            if isinstance(each, dict):
                rest.extend((*each.keys(), *each.values()))
            elif isinstance(each, list | tuple):
                rest.extend(each)
        return False


def redactor_of(secrets: Iterable[Secret], texts: Mapping[str, str]) -> Redactor:
    """Hides the values that `resolve_all` gave, and what is made with them."""
    return Redactor(texts.values(), (in_the_open(each, texts) for each in secrets))


NOTHING_TO_HIDE = Redactor(())
