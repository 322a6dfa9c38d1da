"""What happened in a simulation, line by line: the same seed tells the same story, byte for byte."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from symphony_runtime.storage.codec import encode

if TYPE_CHECKING:
    from tests.simulation.virtual_time import VirtualLoop

    from symphony_runtime.entries import Entry

QUIET = ("node.log", "node.progress")


@dataclass
class Story:
    loop: VirtualLoop
    lines: list[str] = field(default_factory=list)

    def tell(self, what: str) -> None:
        self.lines.append(f"{self.loop.now:.6f} {what}")

    def kept(self, entries: list[Entry]) -> None:
        for entry in entries:
            if entry.type in QUIET:
                continue
            step = "" if entry.address is None else f" {entry.address}"
            attempt = "" if entry.attempt is None else f" ~{entry.attempt}"
            self.tell(f"  {entry.seq} {entry.at} e{entry.epoch} {entry.type}{step}{attempt} {encode(entry.data)}")

    def __str__(self) -> str:
        return "\n".join(self.lines)
