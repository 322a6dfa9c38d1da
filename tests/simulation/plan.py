"""From a seed to all that will happen: the program, how its operators behave, and what disturbs the run when."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from tests.simulation.disk import Fault
from tests.simulation.operators import BAD, CALM, CRASHING, MIXED, Mood
from tests.simulation.programs import Program, program_of

from symphony_runtime.storage.log import POWER, PROCESS
from symphony_runtime.storage.store import LINES, MEMORY, SQLITE


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happens `after` seconds: an act of `people`, or a mishap."""

    after: float
    what: str


@dataclass(frozen=True, slots=True)
class Plan:
    """`steady`: whatever disturbs it, the outputs are those of an undisturbed run."""

    seed: int
    program: Program
    steady: bool
    mood: Mood
    store: str
    durability: str
    width: int
    faults: dict[int, Fault] = field(default_factory=dict)
    moments: tuple[Moment, ...] = ()


STORES = (*(MEMORY,) * 8, LINES, SQLITE)
MOODS = (CALM, CRASHING, MIXED, MIXED, BAD)
MISHAPS = ("kill", "kill", "power", "interrupt", "back", "forth")
QUIET = ("pause", "resume")
ACTS = (
    "pause", "pause", "resume", "resume", "retry", "retry", "skip", "fail", "answer", "answer", "answer", "double",
    "reuse", "decide", "decide", "decide", "decide", "start", "nonsense",
)  # fmt: skip
ENDING = ("cancel", "cancel", "force")


def plan_of(seed: int) -> Plan:
    chance = Random(seed)
    steady = chance.random() < 0.3
    program = program_of(chance, steady=steady)
    mood = chance.choice((CALM, CRASHING)) if steady else chance.choice(MOODS)
    durability = chance.choice((POWER, PROCESS))
    store = chance.choice(STORES)
    width = chance.choice((1, 2, 8, 64))
    return Plan(seed, program, steady, mood, store, durability, width, _faults(chance), _moments(chance, steady=steady))


def _faults(chance: Random) -> dict[int, Fault]:
    """At which commits something goes wrong; early ones are as likely as all that come later."""
    if chance.random() < 0.3:
        return {}
    return {int(chance.expovariate(1 / 15)) + 1: chance.choice(list(Fault)) for _ in range(chance.choice((1, 2, 5)))}


def _moments(chance: Random, *, steady: bool) -> tuple[Moment, ...]:
    names: list[str] = []
    if chance.random() < 0.6:
        names += chance.choices(MISHAPS, k=chance.choice((1, 2, 4)))
    if chance.random() < 0.6:
        names += chance.choices(QUIET if steady else ACTS, k=chance.choice((1, 4, 12)))
    if not steady and chance.random() < 0.15:
        names.append(chance.choice(ENDING))
    chance.shuffle(names)
    return tuple(Moment(chance.choice((0.0, 0.01, 1.0, 6.0, 30.0)) * chance.random(), name) for name in names)
