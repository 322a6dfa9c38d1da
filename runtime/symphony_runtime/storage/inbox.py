"""Commands on their way to a run: one file each, renamed into the run's `inbox/`, which its driver looks through.

A file goes when the verdict on its command is in the log. Names begin with the time, so that commands are done in their order.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass, field
from secrets import token_hex
from typing import TYPE_CHECKING

from symphony_runtime.commands import Command
from symphony_runtime.storage.failpoints import reach

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

LARGEST = 16 * 1024 * 1024
"""Bytes of a command. What is larger, or no command at all, is put aside."""


@dataclass(slots=True)
class FileInbox:
    path: Path
    _seen: set[str] = field(default_factory=set)

    def put(self, command: Command) -> None:
        """Put again what is there already changes nothing."""
        if (self.path / command.id).exists():
            return
        self.path.mkdir(exist_ok=True)
        new = self.path / f"new-{token_hex(8)}"
        new.write_text(json.dumps(command.to_json()), encoding="utf-8")
        reach("command.written")
        new.rename(self.path / command.id)
        reach("command.sent")

    def arrived(self) -> list[Command]:
        """Commands that have not been given out yet, in the order of their names."""
        found = [self._read(name) for name in self._names() if name not in self._seen]
        return [command for command in found if command]

    def forget(self, done: Iterable[str]) -> None:
        """What is put under the name of one that is forgotten is given out again."""
        for name in done:
            self._seen.discard(name)
            with suppress(OSError):
                (self.path / name).unlink(missing_ok=True)
                reach("command.forgotten")

    def _names(self) -> list[str]:
        try:
            with os.scandir(self.path) as found:
                return sorted(
                    each.name for each in found if "-" in each.name and not each.name.startswith(("new-", "bad-"))
                )
        except FileNotFoundError:
            return []

    def _read(self, name: str) -> Command | None:
        self._seen.add(name)
        file = self.path / name
        try:
            if file.stat().st_size > LARGEST:
                raise ValueError("too large")
            command = Command.from_json(json.loads(file.read_text(encoding="utf-8")))
            if command.id != name:
                raise ValueError("another id")
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            with suppress(OSError):
                file.rename(self.path / f"bad-{name}")
                reach("command.set_aside")
            return None
        return command
