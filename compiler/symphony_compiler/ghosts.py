"""The names that unreadable text may define: who uses them hears of the syntax error only."""

from __future__ import annotations

import re

from symphony_dsl.syntax.tree import Island

DECLARATION = re.compile(
    r"\b(?:record|enum|type|const|policy|instrument|operator|workflow|template)\s+`?([A-Za-z_][A-Za-z0-9_]*)"
)
VALUE = re.compile(r"\b(?:step|input|loop|catch)\s+`?([A-Za-z_][A-Za-z0-9_]*)")
ITEM = re.compile(r"\bfor\s+([A-Za-z_][A-Za-z0-9_]*)(?:\s*,\s*([A-Za-z_][A-Za-z0-9_]*))?")
WORD = re.compile(r"(?!(?:import|as|version)\b)[A-Za-z_][A-Za-z0-9_]*")
STRING = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")
COMMENT = re.compile(r"//[^\n]*")


def declared_name(island: Island) -> str | None:
    """What an island that could not be read would declare."""
    found = DECLARATION.search(_code(island))
    return found.group(1) if found else None


def imported_names(island: Island) -> list[str]:
    """What an island that could not be read would import: any of its words, if it begins like an import."""
    code = STRING.sub(' "" ', _code(island)).strip()
    return WORD.findall(code) if code.startswith(("import", '""', "{")) else []


def ghosts_of(island: Island) -> frozenset[str]:
    """The values that an island with a syntax error may define."""
    if not island.diagnostics:
        return frozenset()
    code = _code(island)
    pairs = (name for found in ITEM.finditer(code) for name in found.groups() if name)
    return frozenset((*VALUE.findall(code), *pairs, *island.lost))


def _code(island: Island) -> str:
    """The text without its comments, whose words define nothing."""
    return COMMENT.sub("", island.text)
