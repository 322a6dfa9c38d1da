"""What each entry about a step says of why, in a sentence or a few."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symphony_dsl.base.times import Duration
from symphony_runtime import entries
from symphony_runtime.entries import rfc3339
from symphony_runtime.plans.plan import Role
from symphony_runtime.rules.state import Instance
from symphony_runtime.sharing.earlier import differing
from symphony_runtime.sharing.fingerprint import INPUT
from symphony_runtime.sharing.wishes import CACHE, KEY, RUN, step_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from symphony_runtime.entries import Entry
    from symphony_runtime.storage.store import Store

COMPARED = 200
"""So many results of a step in the cache are looked at for the one that is nearest."""


def moment(at: int) -> str:
    """To the second, in UTC."""
    return rfc3339(at)[:19] + "Z"


def _started(store: Store, instance: Instance, entry: Entry) -> list[str]:
    attempt = entry.attempt or 1
    if attempt > 1:
        return [f"attempt {attempt} began"]
    return ["it began, since all that it needs was there", *_not_taken(store, instance, entry)]


def _not_taken(store: Store, instance: Instance, entry: Entry) -> list[str]:
    """Why no result that was there already was taken."""
    told = []
    if entry.data.get("differs"):
        told.append(f"the earlier run had finished it, but with another {_listed(entry.data['differs'])}")
    settings = instance.settings or instance.plan.settings
    if settings.key is not None:
        told.append(f"no step with the key `{settings.key}` had been done")
    if settings.cache is None or not settings.cache.enabled:
        return told or ["it has no `cache`: nothing says that an earlier result is as good"]
    if not entry.data.get("parts"):
        return [
            *told,
            f"it is never taken from the cache: it is `{instance.plan.effect}`, or what it needs outside is not there",
        ]
    stale = entry.data.get("stale")
    if stale:
        age = Duration(settings.cache.age or 0)
        return [
            *told,
            f"the cache had its result (of run {stale['run']}, {moment(stale['at'])}), but it was older than {age}",
        ]
    return [*told, _not_in_cache(store, instance, entry)]


def _not_in_cache(store: Store, instance: Instance, entry: Entry) -> str:
    cache = store.medium.cache()
    try:
        found = [each for each in cache.of_step(step_name(instance.plan), COMPARED) if each.at < entry.at]
    finally:
        cache.close()
    if not found:
        return "the cache had no result of this step"
    apart = [(differing(record.parts, entry.data["parts"]), record) for record in found]
    parts, nearest = min(apart, key=lambda pair: (len(pair[0]), sum(part.startswith(INPUT) for part in pair[0])))
    of = f"the cache has a result of this step (of run {nearest.run}, {moment(nearest.at)})"
    return f"{of} with another {_listed(parts)}" if parts else f"{of}, which came too late"


def _listed(parts: Iterable[str]) -> str:
    return ", ".join(f"`{part}`" for part in parts)


def _completed(store: Store, instance: Instance, entry: Entry) -> list[str]:
    source = entry.data.get("from")
    if source is None and "calls" in entry.data:
        return [f"its model called {_listed(call['name'] for call in entry.data['calls'])}"]
    if source is None:
        return (
            ["it has its result"]
            if entry.attempt or instance.plan.role in OPENED
            else ["it was computed, since all that it needs was there"]
        )
    return [
        f"{TAKEN[source['kind']]}: run {source['run']} computed it as `{source['address']}` at {moment(source['at'])}"
    ]


OPENED = frozenset({Role.CLOSER, Role.CALL, Role.TOOLS})
"""Steps whose result comes from what ran inside of them."""

TAKEN = {
    CACHE: "its result was taken from the cache",
    KEY: "what has its key was done already, and that result was taken",
    RUN: "the earlier run had finished it, and nothing that it depends on has changed",
}


def _waiting(store: Store, instance: Instance, entry: Entry) -> list[str]:
    other = entry.data.get("for")
    if other is None:
        return [f"it waited until {moment(entry.data['due'])}"]
    same = "has the same key" if other["kind"] == KEY else "computes the same"
    return [f"it waited for `{other['address']}` of run {other['run']}, which {same}"]


def _failed(store: Store, instance: Instance, entry: Entry) -> list[str]:
    error = entry.data["error"]
    first = error.get("node")
    of = f" in `{first}`" if first and first != instance.address else ""
    return [f"it failed{of} ({error['code']}): {error['message']}"]


def _attempt_failed(store: Store, instance: Instance, entry: Entry) -> list[str]:
    error, due = entry.data["error"], entry.data.get("due")
    follows = f"the next one was due at {moment(due)}" if due else FOLLOWS[entry.data["then"]]
    return [f"attempt {entry.attempt} failed ({error['code']}): {error['message']}; {follows}"]


FOLLOWS = {"again": "it was to be done again", "held": "it was held until a person decides, or the run is resumed"}


def _lost(store: Store, instance: Instance, entry: Entry) -> list[str]:
    return [f"it is lost: {entry.data['error']['message']}"]


def _skipped(store: Store, instance: Instance, entry: Entry) -> list[str]:
    reason = entry.data["reason"]
    return [
        "it was passed over: it is disabled"
        if reason == "disabled"
        else "a person skipped it, and gave the value that others read"
    ]


def _decided(store: Store, instance: Instance, entry: Entry) -> list[str]:
    taken = entry.data["taken"]
    if entry.data.get("error"):
        error = entry.data["error"]
        return [f"`{taken}` caught a failure ({error['code']}): {error['message']}"]
    return (
        [f"it took its arm `{taken}`" if taken is not None else "none of its arms held"]
        if "skipped" in entry.data
        else []
    )


def _called(store: Store, instance: Instance, entry: Entry) -> list[str]:
    return [f"nothing came of a call, and its model was told so: {each}" for each in entry.data["wrong"] if each]


def _closed(store: Store, instance: Instance, entry: Entry) -> list[str]:
    if entry.data.get("error"):
        return _failed(store, instance, entry)
    return ["it was ended with the block around it"] if entry.data.get("ended") else []


def _round_failed(store: Store, instance: Instance, entry: Entry) -> list[str]:
    error, due, item = entry.data["error"], entry.data.get("due"), entry.data.get("item")
    what = "its round" if item is None else f"its item {item}"
    follows = f"all of it was to be done again at {moment(due)}" if due else "it was held until a person decides"
    return [f"{what} failed ({error['code']}): {error['message']}; {follows}"]


def _overdue(store: Store, instance: Instance, entry: Entry) -> list[str]:
    error, item = entry.data["error"], entry.data.get("item")
    return [f"what was in flight in {'it' if item is None else f'its item {item}'} was stopped: {error['message']}"]


def _plainly(sentence: str) -> Callable[[Store, Instance, Entry], list[str]]:
    return lambda store, instance, entry: [sentence]


SAID: dict[str, Callable[[Store, Instance, Entry], list[str]]] = {
    entries.NODE_STARTED: _started,
    entries.NODE_COMPLETED: _completed,
    entries.NODE_FAILED: _failed,
    entries.NODE_LOST: _lost,
    entries.NODE_WAITING: _waiting,
    entries.NODE_SKIPPED: _skipped,
    entries.NODE_QUEUED: _plainly("it got another chance: a person said so, or the run was resumed"),
    entries.ATTEMPT_FAILED: _attempt_failed,
    entries.ASK_OPENED: _plainly("it asked a person, since all that it needs was there"),
    entries.ASK_ANSWERED: _plainly("a person answered"),
    entries.REGION_OPENED: _plainly("it began, since all that it needs was there"),
    entries.REGION_DECIDED: _decided,
    entries.REGION_CLOSED: _closed,
    entries.REGION_FAILED: _round_failed,
    entries.REGION_OVERDUE: _overdue,
    entries.TOOLS_CALLED: _called,
}
