"""Versions of the schema of artifacts: what each of them can read, and the one that this release writes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from symphony_schemas import KINDS

SHOWN = 40
"""So much of what is no version is shown."""
_TEXT = re.compile(r"(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class SchemaVersion:
    """SemVer: a minor version only adds, so that whatever reads it reads what came before; a major one may change everything."""

    CURRENT: ClassVar[SchemaVersion]

    major: int
    minor: int
    patch: int

    @classmethod
    def parse(cls, text: str) -> SchemaVersion:
        """Raises ValueError for what is no version."""
        found = _TEXT.fullmatch(text)
        if found is None:
            raise ValueError(
                f"{text[:SHOWN]!r} is no version of a schema; write three numbers with dots between them, as in `1.2.0`"
            )
        return cls(*(int(number) for number in found.groups()))

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"

    def is_compatible(self, other: SchemaVersion) -> bool:
        """Whether what reads this version understands data of the other one, but for members that came later."""
        return self.major == other.major

    def requires_migration(self, other: SchemaVersion) -> bool:
        """Whether data of the other version has to be changed to be of this one. Patches change descriptions only."""
        return (self.major, self.minor) != (other.major, other.minor)


KNOWN = tuple(SchemaVersion.parse(text) for text in KINDS["workflow"])
"""The versions that there are schemas of, in their order."""

SchemaVersion.CURRENT = KNOWN[-1]


def known_version(version: SchemaVersion) -> SchemaVersion:
    """The version by whose schema data of a version is read: itself, or else the last one before it that is known.

    Raises ValueError for one that is before all of them.
    """
    return max(each for each in KNOWN if each <= version)
