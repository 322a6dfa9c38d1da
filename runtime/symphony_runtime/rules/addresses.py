"""How instances are called: where their scopes stand, and which item or round they belong to."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from symphony_runtime.plans.places import step_address
from symphony_runtime.plans.plan import Role

if TYPE_CHECKING:
    from symphony_runtime.plans.plan import RegionPlan
    from symphony_runtime.rules.state import Instance, Tries


def prefix_of(region: RegionPlan, owner: Instance | None, suffix: str, *, inside_call: bool) -> str:
    if owner is None:
        return ""
    if inside_call:
        return f"{owner.address}{suffix}/"
    if owner.plan.role is Role.TOOLS:  # the scope is one step, which goes by the address of the scope
        return f"{owner.address}{suffix}"
    return f"{owner.scope.prefix}{region.local}{suffix}/"


def suffix_of(item: int, keys: list[str] | None) -> str:
    """`[3]`, or `["k"]` for an item of a map."""
    if keys is None:
        return f"[{item}]"
    return f"[{json.dumps(keys[item], ensure_ascii=False)}]"


def round_suffix(tries: Tries | None) -> str:
    """`~2` of what is inside of a block, or an item, that is begun for the second time."""
    return f"~{tries.number}" if tries and tries.number > 1 else ""


def item_address(owner: Instance, item: int) -> str:
    """Of an item of a `for` that is open."""
    assert owner.iteration is not None, "a `for` that is open"
    return f"{step_address(owner.address, owner.plan)}{suffix_of(item, owner.iteration.keys)}"
