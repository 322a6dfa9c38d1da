"""Places in JSON data: paths as tuples of keys and numbers, and as text: `$.workflow.nodes[3].config`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from symphony_dsl.base.values import Json

Place: TypeAlias = tuple[str | int, ...]

MOST = 20
"""So many steps of a path are written; a deeper one is cut off."""
LONG = 80
"""So much of a name is written."""


def path_text(place: Iterable[str | int]) -> str:
    steps = [_step(part) for part in place]
    return "$" + "".join(steps[:MOST]) + ("…" if len(steps) > MOST else "")


def _step(part: str | int) -> str:
    if isinstance(part, int):
        return f"[{part}]"
    short = part if len(part) <= LONG else f"{part[:LONG]}…"
    return f".{short}" if short.isidentifier() else f"[{short!r}]"


def walk(data: Json) -> Iterator[tuple[list[str | int], Json]]:
    """Every value with its place, in the order of the text. Without recursion: data may nest as it likes.

    The place is a list that the walk goes on with: a place for each of a million values, a thousand levels down, has room nowhere.
    """
    place: list[str | int] = []
    yield place, data
    rest = [_parts(data)]
    while rest:
        step = next(rest[-1], None)
        if step is None:
            rest.pop()
            del place[-1:]
            continue
        key, value = step
        place.append(key)
        yield place, value
        rest.append(_parts(value))


def _parts(value: Json) -> Iterator[tuple[str | int, Json]]:
    if isinstance(value, dict):
        return iter(value.items())
    return iter(enumerate(value)) if isinstance(value, (list, tuple)) else iter(())


def at(data: Json, place: Place) -> Json:
    """What stands at a place; None where there is none."""
    found: Any = data
    for part in place:
        try:
            found = found[part]
        except (LookupError, TypeError):
            return None
    return found
