"""Versions as SemVer 2.0.0 has them (https://semver.org)."""

from __future__ import annotations

import re
from functools import total_ordering

from symphony_dsl.base.frozen import frozen

_NUMBER = "(0|[1-9][0-9]{0,17})"
SHOWN = 80
"""So much of what is no version is shown."""
_TEXT = re.compile(
    rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?"
)


@total_ordering
@frozen
class Version:
    """Versions are in the order of SemVer, in which `build` has no say: versions that differ by it alone are neither
    equal nor one before the other."""

    major: int
    minor: int
    patch: int
    pre_release: str = ""
    build: str = ""

    @classmethod
    def parse(cls, text: str) -> Version:
        """Raises ValueError for what is no version."""
        found = _TEXT.fullmatch(text)
        identifiers = (found[4] or "").split(".") if found else []
        if found is None or any(each.isdigit() and each[0] == "0" != each for each in identifiers):
            raise ValueError(
                f"`{text[:SHOWN]}` is no version; write three numbers with dots between them, as in `1.2.0`"
            )
        return cls(int(found[1]), int(found[2]), int(found[3]), found[4] or "", found[5] or "")

    def __str__(self) -> str:
        pre_release = f"-{self.pre_release}" if self.pre_release else ""
        build = f"+{self.build}" if self.build else ""
        return f"{self.major}.{self.minor}.{self.patch}{pre_release}{build}"

    def __lt__(self, other: Version) -> bool:
        if not isinstance(other, Version):
            return NotImplemented
        return self._place() < other._place()

    def _place(self) -> tuple[object, ...]:
        """A release comes behind its pre-releases; numbers come before words, and are compared as numbers."""
        words = self.pre_release.split(".") if self.pre_release else []
        order = tuple((0, len(word), word) if word.isdigit() else (1, 0, word) for word in words)
        return (self.major, self.minor, self.patch, not words, order)


UNVERSIONED = Version(0, 0, 0)
"""The version of what was given none."""
