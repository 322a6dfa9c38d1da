"""A TextMate grammar applied to a text, as editors apply it: rules are tried from left to right, the first at the leftmost place wins.

As much of the format as `wf.tmLanguage.json` uses: `match`, `begin` and `end`, captures, includes of the repository. The scopes of
`example.wf` were made once by the engine of an editor, and are compared with what this says; `editor/grammars/README.md` tells how.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

GRAMMAR = Path(__file__).parents[2] / "editor" / "grammars" / "wf.tmLanguage.json"

Rule = dict[str, Any]
Token = tuple[str, str]  # the text, and its scopes from outside inwards, apart by blanks


@cache
def grammar() -> Rule:
    found: Rule = json.loads(GRAMMAR.read_text(encoding="utf-8"))
    return found


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def rules(patterns: list[Rule]) -> Iterator[Rule]:
    """The rules that match something, in the order in which they are tried."""
    for each in patterns:
        if "include" in each:
            included = grammar()["repository"][each["include"].removeprefix("#")]
            yield from rules([included] if "match" in included or "begin" in included else included["patterns"])
        elif "match" in each or "begin" in each:
            yield each
        else:
            yield from rules(each["patterns"])


@dataclass
class Open:
    """A rule with an end that has begun."""

    patterns: list[Rule]
    end: str
    scopes: str
    closing: Rule = field(default_factory=dict)


class Tokens:
    def __init__(self) -> None:
        self.found: list[Token] = []
        self.stack = [Open(grammar()["patterns"], "", "")]

    def line(self, text: str) -> None:
        at = 0
        while at <= len(text):
            at = self._next(text, at)

    def _next(self, text: str, at: int) -> int:
        """Takes what comes next, and answers where it ends."""
        top = self.stack[-1]
        best: tuple[int, int, Rule | None, re.Match[str]] | None = None
        candidates: list[tuple[str, Rule | None]] = [(top.end, None)] if top.end else []
        candidates += [(each.get("match") or each["begin"], each) for each in rules(top.patterns)]
        for order, (pattern, rule) in enumerate(candidates):
            match = compiled(pattern).search(text, at)
            if match and (best is None or match.start() < best[0]):
                best = (match.start(), order, rule, match)
        if best is None:
            self._say(text[at:], top.scopes)
            return len(text) + 1
        start, _, rule, match = best
        self._say(text[at:start], top.scopes)
        if rule is None:
            self._captured(match, top.scopes, top.closing.get("endCaptures", {}))
            self.stack.pop()
        elif "match" in rule:
            self._captured(match, joined(top.scopes, rule.get("name")), rule.get("captures", {}))
        else:
            self._begin(rule, match, top)
        return self._after(match, len(text), at, changed=rule is None or "begin" in rule)

    def _begin(self, rule: Rule, match: re.Match[str], top: Open) -> None:
        scopes = joined(top.scopes, rule.get("name"))
        self._captured(match, scopes, rule.get("beginCaptures", {}))
        end = re.sub(r"\\(\d)", lambda group: re.escape(match.group(int(group[1]))), rule["end"])
        self.stack.append(Open(rule.get("patterns", []), end, scopes, rule))

    @staticmethod
    def _after(match: re.Match[str], length: int, at: int, *, changed: bool) -> int:
        if match.end() >= length:
            return length + 1
        return match.end() if changed or match.end() > at else at + 1

    def _captured(self, match: re.Match[str], scopes: str, captures: dict[str, Rule]) -> None:
        at = match.start()
        for number in sorted(captures, key=int):
            start, end = match.span(int(number))
            if start < 0:
                continue
            self._say(match.string[at:start], scopes)
            self._say(match.string[start:end], joined(scopes, captures[number]["name"]))
            at = end
        self._say(match.string[at : match.end()], scopes)

    def _say(self, text: str, scopes: str) -> None:
        if text.strip():
            self.found.append((text.strip(), scopes))


def joined(scopes: str, name: str | None) -> str:
    return " ".join(filter(None, (scopes, name and name.removesuffix(".wf"))))


def tokens(text: str) -> list[Token]:
    made = Tokens()
    for line in text.split("\n"):
        made.line(line)
    return made.found
