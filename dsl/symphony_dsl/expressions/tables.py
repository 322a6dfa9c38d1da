"""The tables that a grammar becomes: how its tokens look, and what an LALR parser does in which state.

They are made from a `grammar.lark` by `python -m symphony_dsl.syntax.generate`, written as JSON beside it and committed;
a test holds them against the grammar. So Lark reads grammars where the language is developed and is not needed where it
is used: importing Lark and building its parser would cost more than checking a file of ordinary size.
"""

from __future__ import annotations

import json
import re
from dataclasses import field
from pkgutil import get_data
from typing import Any

from symphony_dsl.base.frozen import frozen

PASS = "pass"  # noqa: S105 - an action: the value of the only child
LIST = "list"  # the list of the children: a repetition
BLANKS = r"[ \t\r\n\f]*"


@frozen
class Rule:
    """What a reduction does: `length` symbols become one, `name`.

    `take` says which of their values the action gets, as (index, splice) in order; an index of -1 stands for an absent
    optional part, and a spliced value is a list whose elements are meant. None: all as they are.
    """

    name: str
    length: int
    action: str
    take: tuple[tuple[int, bool], ...] | None


@frozen
class Tables:
    """`states` map a symbol to a state to go to (>= 0) or, by its complement (< 0), to the number of a rule.

    `pattern` finds the next token, which is the group of its kind, behind the blanks in front of it; `kinds` are those of
    its groups, from 1.
    """

    pattern: re.Pattern[str]
    keywords: dict[str, str]
    trivia: frozenset[str]
    starts: dict[str, tuple[int, int]]
    rules: tuple[Rule, ...]
    states: tuple[dict[str, int], ...]
    kinds: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "kinds", ("", *self.pattern.groupindex))


def load(package: str) -> Tables:
    """The tables beside the grammar of a package."""
    return from_json(json.loads(get_data(package, "tables.json") or b""))


def from_json(data: dict[str, Any]) -> Tables:
    rows = data["rows"]
    return Tables(
        pattern=re.compile(f"{BLANKS}(?:{data['pattern']})"),
        keywords=data["keywords"],
        trivia=frozenset(data["trivia"]),
        starts={name: (first, last) for name, (first, last) in data["starts"].items()},
        rules=tuple(_rule(*rule) for rule in data["rules"]),
        states=tuple(rows[number] for number in data["states"]),
    )


def _rule(name: str, length: int, action: str, take: list[list[int]] | None) -> Rule:
    picks = None if take is None else tuple((index, bool(splice)) for index, splice in take)
    return Rule(name, length, action, picks)
