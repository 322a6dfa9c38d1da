"""What the benchmark of expressions evaluates: the source, its data, and the Python that a person would write for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from symphony_dsl.base.types import BOOL, FLOAT, INT, JSON, STRING, ListType, OptionalType, Type, record

Env = dict[str, Any]

SCALAR = "<= 1.5"
COMPREHENSION = "<= 2.2"


@dataclass(frozen=True)
class Case:
    """`standard`: whether it is plain CEL, so that the peers can evaluate it, too. `times` makes some milliseconds."""

    what: str
    source: str
    names: Mapping[str, Type]
    env: Env
    result: Type
    by_hand: Callable[[Env], object]
    bar: str
    times: int
    standard: bool = True


HIT = record(score=FLOAT, text=STRING)
TICKET = record(id=STRING, urgent=BOOL, url=OptionalType(STRING))

CASES = (
    Case(
        "condition",
        'amount > 100 && status == "open"',
        {"amount": INT, "status": STRING},
        {"amount": 250, "status": "open"},
        BOOL,
        lambda env: env["amount"] > 100 and env["status"] == "open",
        SCALAR,
        100_000,
    ),
    Case(
        "condition on a record",
        'order.total >= 99.5 && order.kind != "gift"',
        {"order": record(total=FLOAT, kind=STRING)},
        {"order": {"total": 120.0, "kind": "new"}},
        BOOL,
        lambda env: env["order"]["total"] >= 99.5 and env["order"]["kind"] != "gift",
        SCALAR,
        100_000,
    ),
    Case(
        "arithmetic",
        "price * count + fee > limit ? limit : price * count + fee",
        dict.fromkeys(("price", "count", "fee", "limit"), INT),
        {"price": 12, "count": 9, "fee": 5, "limit": 200},
        INT,
        lambda env: (
            env["limit"]
            if env["price"] * env["count"] + env["fee"] > env["limit"]
            else env["price"] * env["count"] + env["fee"]
        ),
        SCALAR,
        100_000,
    ),
    Case(
        "has",
        "has(ticket.url) && ticket.urgent",
        {"ticket": TICKET},
        {"ticket": {"id": "T1", "urgent": True, "url": "https://example.org"}},
        BOOL,
        lambda env: "url" in env["ticket"] and env["ticket"]["urgent"],
        SCALAR,
        100_000,
    ),
    Case(
        "default",
        'ticket.url ?? "none"',
        {"ticket": TICKET},
        {"ticket": {"id": "T1", "urgent": True}},
        STRING,
        lambda env: env["ticket"].get("url", "none"),
        SCALAR,
        100_000,
        standard=False,
    ),
    Case(
        "condition on json",
        "answer.score > 0.5",
        {"answer": JSON},
        {"answer": {"score": 0.75}},
        BOOL,
        lambda env: env["answer"]["score"] > 0.5,
        "",
        100_000,
    ),
    Case(
        "filter and map, 20 items",
        "hits.filter(h, h.score > 0.5).map(h, h.text)",
        {"hits": ListType(HIT)},
        {"hits": [{"score": n / 20, "text": f"hit {n}"} for n in range(20)]},
        ListType(STRING),
        lambda env: [hit["text"] for hit in env["hits"] if hit["score"] > 0.5],
        COMPREHENSION,
        20_000,
    ),
    Case(
        "all, 1,000 items",
        "numbers.all(n, n >= 0)",
        {"numbers": ListType(INT)},
        {"numbers": list(range(1_000))},
        BOOL,
        lambda env: all(n >= 0 for n in env["numbers"]),
        COMPREHENSION,
        500,
    ),
    Case(
        "exists, 1,000 items",
        "numbers.exists(n, n > 998)",
        {"numbers": ListType(INT)},
        {"numbers": list(range(1_000))},
        BOOL,
        lambda env: any(n > 998 for n in env["numbers"]),
        COMPREHENSION,
        500,
    ),
)
