"""The one error that every room may raise towards a person."""

from __future__ import annotations


class UserError(Exception):
    """Something a user can mend: one sentence, and the way out where there is one.

    `place` is a file, an address or an input, in the user's words. Whoever faces the user prints it; nobody prints a
    traceback of it.
    """

    def __init__(self, message: str, *, place: str | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self.hint = hint

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        way_out = f" ({self.hint})" if self.hint else ""
        return f"{where}{self.message}{way_out}"

    def within(self, place: str) -> UserError:
        """The same in a file or an input: its own place is one inside of that."""
        return UserError(self.message, place=f"{place}: {self.place}" if self.place else place, hint=self.hint)
