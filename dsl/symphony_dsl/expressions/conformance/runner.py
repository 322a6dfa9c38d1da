"""Runs lists of conformance tests of CEL: `python -m symphony_dsl.expressions.conformance FILE.jsonl …`.

It prints a line a failure, and at the end how many rows passed, failed, and lie outside of our profile (they say so, and
are not tried). Whatever a row holds or does, the rows behind it are tried too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.types import Type
from symphony_dsl.base.values import Json, Value
from symphony_dsl.expressions.cel import CelError, EvaluationError, cel_program
from symphony_dsl.expressions.checker.celtypes import cel_name
from symphony_dsl.expressions.conformance.rows import Row, place, read_row
from symphony_dsl.expressions.conformance.values import MalformedError, same, written_value
from symphony_dsl.expressions.macros import is_macro
from symphony_dsl.expressions.parser import parse_cel
from symphony_dsl.expressions.tree import Call
from symphony_dsl.expressions.walk import children

LONGEST = 400
"""How many characters of an expression or of a value a line shows."""


@frozen
class Found:
    """What came of a row: an error (and its words), or a type and a value, which `ran` tells to count."""

    error: str | None = None
    type: Type | None = None
    ran: bool = False
    value: Value = None


@frozen
class Report:
    passed: int
    failures: tuple[str, ...]
    outside: int

    def __str__(self) -> str:
        return f"{self.passed} passed, {len(self.failures)} failed, {self.outside} outside"


def run_list(text: str) -> Report:
    """Try all rows of a list."""
    results = [_run_line(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    failures = tuple(result for result in results if result)
    outside = results.count(None)
    return Report(len(results) - len(failures) - outside, failures, outside)


def _run_line(number: int, line: str) -> str | None:
    """What is wrong with a row, as a line; an empty one where nothing is, None where it lies outside."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as problem:
        return one_line(f"line {number}: no JSON ({problem})")
    if not isinstance(row, dict):
        return f"line {number}: no object"
    if row.get("outside"):
        return None
    wrong = _wrong(row)
    return wrong and " | ".join((one_line(place(row)), one_line(str(row.get("expr"))), wrong))


def _wrong(row: Json) -> str:
    try:
        return judge(read_row(row))
    except MalformedError as problem:
        return one_line(f"malformed row: {problem}")
    except Exception as problem:  # noqa: BLE001  # whatever a row sets off is shown, and the next row is tried
        return one_line(f"raised {type(problem).__name__}: {problem}")


def judge(row: Row) -> str:
    """What differs from what a row expects; an empty text where nothing does."""
    found = tried(row)
    wanted = row.expected
    if wanted.error:
        return "" if found.error is not None else _difference("an error", _shown(found))
    if found.error is not None:
        return _difference(_written(wanted.value) if wanted.has_value else "a valid program", _shown(found))
    if row.type and found.type and cel_name(row.type) != cel_name(found.type):
        return _difference(f"the type {cel_name(row.type)}", f"the type {cel_name(found.type)}")
    if wanted.has_value and found.ran and not same(wanted.value, found.value):
        return _difference(_written(wanted.value), _shown(found))
    return ""


def tried(row: Row) -> Found:
    """What comes of a row."""
    try:
        if not row.macros and _has_macro(row.source):
            return Found(error="without macros there is no function of that name")
        program = cel_program(row.source, row.names, checked=row.checked)
        of = program.type if row.checked else None
        if not row.run:
            return Found(type=of)
        if row.names.keys() != row.bindings.keys():
            program = cel_program(row.source, _bound(row), checked=False)
        return Found(type=of, ran=True, value=program.run(row.bindings))
    except (CelError, EvaluationError) as problem:
        return Found(error=problem.message)


def _bound(row: Row) -> Mapping[str, Type]:
    """The names that have values: one that has none is an error only where it is asked for."""
    return {name: of for name, of in row.names.items() if name in row.bindings}


def _has_macro(source: str) -> bool:
    waiting = [parse_cel(source)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Call) and (is_macro(node) or (node.target is None and node.name == "has")):
            return True
        waiting.extend(children(node))
    return False


def _difference(expected: str, found: str) -> str:
    return f"expected {expected} | found {found}"


def _shown(found: Found) -> str:
    if found.error is not None:
        return one_line(f"an error: {found.error}")
    return _written(found.value) if found.ran else "a valid program"


def _written(value: Value) -> str:
    return one_line(json.dumps(written_value(value), ensure_ascii=False))


def one_line(text: str) -> str:
    """A text without anything that would break a line or cannot be shown, and not too long."""
    short = text if len(text) <= LONGEST else text[:LONGEST] + "…"
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in short)
