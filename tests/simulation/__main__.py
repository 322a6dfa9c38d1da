"""`python -m tests.simulation SEED` tells what a seed brings, `… story SEED` only what happened; `… FROM TO` looks for one that is wrong."""

from __future__ import annotations

import sys
import traceback

from tests.simulation.plan import plan_of
from tests.simulation.simulate import Happened, simulate


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def tell(found: Happened) -> None:
    say(f"{plan_of(found.seed).program}\n{found.story}")
    if found.problem:
        traceback.print_exception(found.problem)


def look(first: int, last: int) -> list[Happened]:
    wrong = []
    for seed in range(first, last):
        found = simulate(seed)
        if found.problem:
            say(f"{found.replay}: {type(found.problem).__name__}: {found.problem}")
            wrong.append(found)
    say(f"{last - first} seeds, {len(wrong)} are wrong")
    return wrong


def main(words: list[str]) -> bool:
    """Whether something is wrong."""
    if words[0] == "story":
        sys.stdout.write(simulate(int(words[1])).story)
        return False
    if len(words) == 2:
        return bool(look(int(words[0]), int(words[1])))
    found = simulate(int(words[0]))
    tell(found)
    return found.problem is not None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
