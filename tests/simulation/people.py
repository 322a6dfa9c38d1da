"""People who say things to a run, at the right moment or not, twice, with ids that were used, about steps that are not there."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import TYPE_CHECKING

from symphony_runtime.commands import Command, Kind

if TYPE_CHECKING:
    from symphony_runtime.rules.state import RunState

PLAIN = {"pause": Kind.PAUSE, "resume": Kind.RESUME, "start": Kind.START, "cancel": Kind.CANCEL, "force": Kind.CANCEL}
OF_STEP = {
    "retry": Kind.RETRY_NODE, "skip": Kind.SKIP_NODE, "fail": Kind.FAIL_NODE, "answer": Kind.PROVIDE_INPUT,
    "nonsense": Kind.SKIP_NODE,
}  # fmt: skip
REPEATS = ("double", "reuse")


class People:
    """Makes commands; each is remembered, to be said again."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed + 2)
        self.said: list[Command] = []
        self.ids = 0
        self.retried: Counter[str] = Counter()  # how often each step, in the end

    def says(self, act: str, state: RunState) -> Command:
        made = self._repeats(act) if act in REPEATS and self.said else self._new(act, state)
        self.said.append(made)
        return made

    def decides(self, kind: Kind, address: str, value: object) -> Command:
        """What fits, after all."""
        made = Command(self._id(), kind, address, value, value is not None)
        self.said.append(made)
        return made

    def _repeats(self, act: str) -> Command:
        before = self.chance.choice(self.said)
        return before if act == "double" else Command(before.id, Kind.PAUSE, reason="another")

    def _new(self, act: str, state: RunState) -> Command:
        if act == "decide":
            act = "answer" if state.asks else self.chance.choice(("retry", "skip", "fail"))
        if act not in OF_STEP:
            return Command(self._id(), PLAIN.get(act, Kind.PAUSE), force=act == "force")
        return self.of_step(OF_STEP[act], self._address(act, state))

    def of_step(self, kind: Kind, address: str) -> Command:
        if kind not in (Kind.SKIP_NODE, Kind.PROVIDE_INPUT):
            return Command(self._id(), kind, address)
        fits = {"n": self.chance.randrange(1000)} if kind is Kind.PROVIDE_INPUT else self.chance.randrange(1000)
        value = self.chance.choice((fits, fits, fits, "no", None, {"n": 2}))
        return Command(self._id(), kind, address, value, self.chance.random() < 0.9)

    def _id(self) -> str:
        self.ids += 1
        return f"00000000-{self.ids:04}"

    def _address(self, act: str, state: RunState) -> str:
        if act == "nonsense":
            return self.chance.choice(("nowhere", "", "s1/", "s", "s1[9]", ":then"))
        wanted = list(state.asks if act == "answer" else state.undecided) or list(state.waiting)
        if not wanted or self.chance.random() < 0.2:
            wanted = list(state.instances)
        address = self.chance.choice(wanted)
        return address if self.chance.random() < 0.8 else address.rpartition("/")[0] or address
