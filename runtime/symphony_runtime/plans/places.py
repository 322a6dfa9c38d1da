"""From an instance's address to its node: the static path is the address without what tells instances apart."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from symphony_runtime.plans.plan import Role
from symphony_runtime.plans.tools import TURN as TURN_PATH

if TYPE_CHECKING:
    from symphony_runtime.plans.plan import NodePlan
    from symphony_runtime.plans.planning import Plans

TURN = re.compile(r"#\d+$")
"""Only a turn of an instrument with tools has an address that ends so."""

INSTANCE = re.compile(r'(:"(?:[^"\\]|\\.)*")|\[(?:\d+|"(?:[^"\\]|\\.)*")\]|[#~]\d+')
"""An item's index or key, the number of a round; the name of an arm in quotes is passed over, whatever it holds."""


MARKS = re.compile(r"[\[#~]")


def static_path(address: str) -> str:
    if not MARKS.search(address):
        return address
    return INSTANCE.sub(r"\1", address) + (TURN_PATH if TURN.search(address) else "")


BELOW = "/:[#~"
"""What may follow an address in that of something below it."""


def is_below(address: str | None, of: str) -> bool:
    """Whether it is that address, or one of something below it."""
    return address is not None and (address == of or (address.startswith(of) and address[len(of)] in BELOW))


@dataclass(slots=True)
class Places:
    plans: Plans
    known: dict[str, NodePlan | None] = field(default_factory=dict)

    def find(self, address: str) -> NodePlan | None:
        path = static_path(address)
        if path not in self.known:
            self.known[path] = self._search(path)
        return self.known[path]

    def source(self, address: str | None) -> tuple[str, int] | None:
        """Where an instance's node was written: (file, line)."""
        found = self.find(address) if address else None
        return found.source if found else None

    def _search(self, path: str) -> NodePlan | None:
        """Longest path first in each workflow: what stands behind a call's path is inside the workflow it calls."""
        plan, rest = self.plans.main, path
        while True:
            if rest in plan.paths:
                return plan.paths[rest]
            call = next((each for each in _shorter(rest) if each in plan.paths), None)
            if call is None or plan.paths[call].role is not Role.CALL:
                return None
            plan, rest = self.plans.of(plan.paths[call].callee), rest[len(call) + 1 :]


def _shorter(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:end]) for end in range(len(parts) - 1, 0, -1)]


def step_address(address: str, plan: NodePlan) -> str:
    """The address of the step: a block is known by its end, so what its beginning says is said of that."""
    return address[: len(address) - len(plan.local)] + plan.step.local
