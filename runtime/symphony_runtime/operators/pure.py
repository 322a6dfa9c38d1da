"""Operators that compute from their inputs alone. An engine may call them in line."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import NoReturn

from symphony_dsl.base.canonical import MAX_DEPTH
from symphony_dsl.base.conform import ConversionError, conform, to_json
from symphony_dsl.base.types import JSON
from symphony_dsl.base.values import Json, Value
from symphony_model.nodes import OperatorNode, OperatorType
from symphony_runtime.executing.results import conformed, misfit, outcome
from symphony_runtime.task import Failure, Success


def json_parse(node: OperatorNode, inputs: dict[str, Value]) -> Success | Failure:
    """The value that the text stands for, converted to the type of the output."""
    text: str = inputs["text"]
    try:
        value = conform(_loads(text), JSON)
    except json.JSONDecodeError as problem:
        return _syntax(problem)
    except RecursionError:
        return Failure("conversion", f"the JSON nests deeper than {MAX_DEPTH} levels")
    except (ValueError, ConversionError) as problem:
        return Failure("conversion", f"the text is no JSON: {problem}")
    try:
        return Success(conformed(node, value))
    except ConversionError as problem:
        return misfit(problem, what="the JSON")


def _loads(text: str) -> Json:
    return json.loads(text.removeprefix("\ufeff"), parse_constant=_refuse)


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON number")


def _syntax(problem: json.JSONDecodeError) -> Failure:
    what = problem.msg[:1].lower() + problem.msg[1:]
    place = {"line": problem.lineno, "column": problem.colno}
    return Failure("conversion", f"the text is no JSON at line {problem.lineno}, column {problem.colno}: {what}", place)


def json_format(node: OperatorNode, inputs: dict[str, Value]) -> Success | Failure:
    """JSON with sorted keys: compact, or with `indent` spaces a level."""
    return outcome(node, json_text(inputs["value"], inputs.get("indent") or 0))


def text(node: OperatorNode, inputs: dict[str, Value]) -> Success | Failure:
    """A string as it is, anything else as compact JSON."""
    value = inputs["value"]
    return outcome(node, value if isinstance(value, str) else json_text(value))


def json_text(value: Value, indent: int = 0) -> str:
    separators = (",", ": ") if indent else (",", ":")
    return json.dumps(to_json(value), sort_keys=True, ensure_ascii=False, indent=indent or None, separators=separators)


PURE: dict[OperatorType, Callable[[OperatorNode, dict[str, Value]], Success | Failure]] = {
    OperatorType.JSON_PARSE: json_parse,
    OperatorType.JSON_FORMAT: json_format,
    OperatorType.TEXT: text,
}
