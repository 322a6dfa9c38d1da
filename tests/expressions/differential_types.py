"""The types of the forms of `differential_forms`, and how a form is read.

A type is a text: a word (`int`), a capital letter for any type, or a word with types in brackets (`map(string, A)`). A
form is a text with places in pointed brackets: `<list(A)>.map($x, <$x: A | B>)` has a place for a list, and one for a B in
which the variable `$x` stands for an A.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

SCALARS = ("int", "uint", "double", "string", "bytes", "bool")
ANY = (*SCALARS, "int", "string", "null_type", "list(int)", "list(string)", "map(string, int)", "dyn")
"""What a capital letter may stand for where nothing else says it."""

_PLACE = re.compile(r"<(?:([^<>|]+)\|)?([^<>|]+)>")
_OPERATOR = re.compile(r"(dyn\()?<[^>]*>\)? |[!-]")
_LETTER = re.compile(r"\b[A-Z]\b")


@dataclass(frozen=True)
class Place:
    """Where an expression of a type goes; `variables` are seen there, by their names in the form."""

    type: str
    variables: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Form:
    """`result` and the types of the places may have letters in common. An operator is `loose`: it needs brackets inside."""

    result: str
    text: str
    parts: tuple[str | Place, ...]
    loose: bool

    @property
    def letters(self) -> set[str]:
        texts = [each.type for each in self.parts if isinstance(each, Place)]
        bound = [of for each in self.parts if isinstance(each, Place) for _, of in each.variables]
        return {letter for text in (*texts, *bound) for letter in _LETTER.findall(text)}


def form(result: str, text: str) -> Form:
    parts: list[str | Place] = []
    end = 0
    for found in _PLACE.finditer(text):
        parts += [text[end : found.start()], Place(found[2].strip(), _variables(found[1]))]
        end = found.end()
    return Form(result, text, (*parts, text[end:]), bool(_OPERATOR.match(text)))


def _variables(text: str | None) -> tuple[tuple[str, str], ...]:
    if not text:
        return ()
    pairs = (each.split(":") for each in text.split(";"))
    return tuple((name.strip(), of.strip()) for name, of in pairs)


def split(of: str) -> tuple[str, tuple[str, ...]]:
    """The word of a type, and the types in its brackets."""
    word, bracket, rest = of.partition("(")
    if not bracket:
        return word, ()
    inner, depth, parts = rest[:-1], 0, [""]
    for character in inner:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return word, tuple(part.strip() for part in parts)


def bind(pattern: str, of: str) -> dict[str, str] | None:
    """What the letters of a pattern stand for where it means a type; None where it does not."""
    if _LETTER.fullmatch(pattern):
        return {pattern: of}
    word, inner = split(pattern)
    other, parts = split(of)
    if word != other or len(inner) != len(parts):
        return None
    bound: dict[str, str] = {}
    for each, part in zip(inner, parts, strict=True):
        found = bind(each, part)
        if found is None or any(bound.get(letter, to) != to for letter, to in found.items()):
            return None
        bound |= found
    return bound


def fill(pattern: str, letters: Mapping[str, str]) -> str:
    return _LETTER.sub(lambda found: letters[found[0]], pattern)
