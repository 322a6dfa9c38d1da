"""The first line of a node: what it does, and how.

Each kind has an entry in a table: a call is the name of what is called, an expression its text, a block its form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from symphony_model.nodes import ControlNode, Effect, InstrumentNode, Node, OperatorNode, OperatorType
from symphony_model.picture import FORMS
from symphony_model.ports import Expression
from symphony_model.printing.page import Part
from symphony_model.printing.values import number_or_time
from symphony_model.structure import closes

if TYPE_CHECKING:
    from symphony_model.http_request import HttpRequest

Parts = Iterator[Part]

ITEMS = "items"
"""The port of what a `for` goes through, which its head tells."""

INSERTED = re.compile(r'"(\$\{[^"]*\})"')
"""A string that is a value and nothing else."""


def doing(node: Node, given: Mapping[str, str]) -> Parts:
    """What a node does, without its name and its ports. `given` is where each of these has its value from."""
    if isinstance(node, InstrumentNode):
        yield Part(node.config.callee)
    elif isinstance(node, OperatorNode):
        yield from OPERATORS.get(node.operator_type, _called)(node)
    elif isinstance(node, ControlNode):
        yield from _control(node, given)
    else:
        yield Part(node.kind, "word")


def how(node: Node) -> Parts:
    """What does it: a model, a function, a command, a request."""
    text = ""
    if isinstance(node, InstrumentNode):
        text = f"{node.model_id} {node.model_version}" if node.model_version else node.model_id
    elif isinstance(node, OperatorNode):
        text = HOW.get(node.operator_type, _builtin)(node)
    if text:
        yield Part(f"  {text}", "quiet")
    if isinstance(node, (InstrumentNode, OperatorNode)) and node.config.effect is Effect.ONCE:
        yield Part("  once", "word")


# ---- operators ----


def _expression(node: OperatorNode) -> Parts:
    yield Part(_source(node.config.expression))


def _require(node: OperatorNode) -> Parts:
    yield Part("require ", "word")
    yield from _expression(node)
    if node.config.failure:
        yield Part(" else ", "word")
        yield Part(node.config.failure.source)


def _fail(node: OperatorNode) -> Parts:
    yield Part("fail ", "word")
    yield Part(_source(node.config.failure))


def _called(node: OperatorNode) -> Parts:
    is_builtin = node.operator_type not in HOW
    yield Part(node.operator_type.value if is_builtin and _has_no_callee(node) else node.config.callee or "nothing")


def _source(expression: Expression | None) -> str:
    return expression.source if expression else "nothing"


OPERATORS: dict[OperatorType, Callable[[OperatorNode], Parts]] = {
    OperatorType.EXPRESSION: _expression,
    OperatorType.REQUIRE: _require,
    OperatorType.FAIL: _fail,
}


def _shell(node: OperatorNode) -> str:
    shell = node.config.shell
    words = shell if isinstance(shell, str) else " ".join(each.source for each in shell or ())
    return f"shell {words}"


def _http(node: OperatorNode) -> str:
    request = node.config.http
    return f"{request.method} {url_text(request)}" if request else "http"


def _builtin(node: OperatorNode) -> str:
    return "" if _has_no_callee(node) else node.operator_type.value


def _has_no_callee(node: OperatorNode) -> bool:
    """Whether a built-in operator is called by no other name than its own, or that of its step."""
    return node.config.callee in (None, node.operator_type.value, node.base.name)


def url_text(request: HttpRequest) -> str:
    return "".join(part if isinstance(part, str) else _inserted(part.source) for part in request.url)


def _inserted(source: str) -> str:
    alone = INSERTED.fullmatch(source)
    return alone[1] if alone else f"${{{source}}}"


HOW: dict[OperatorType, Callable[[OperatorNode], str]] = {
    OperatorType.PYTHON: lambda node: f"python {node.config.python}" if node.config.python else "python",
    OperatorType.SHELL: _shell,
    OperatorType.HTTP: _http,
    OperatorType.WORKFLOW: lambda _: "workflow",
    **dict.fromkeys(OPERATORS, lambda _: ""),
}


# ---- blocks ----


def _control(node: ControlNode, given: Mapping[str, str]) -> Parts:
    mode = node.config.mode
    form = FORMS.get(mode, mode) or node.control_type.value
    if closes(node):
        yield Part(f"end of {form}", "word")
        return
    yield Part(form, "word")
    if mode in ("each", "until") and node.outputs:
        yield Part(f" {', '.join(port.name for port in reversed(node.outputs))}")
    if mode == "each" and ITEMS in given:
        yield Part(" in ", "word")
        yield Part(given[ITEMS])
    for text in LIMITS.get(mode, _no_limits)(node):
        yield Part(f" {text}", "word")


def _no_limits(_: ControlNode) -> Iterator[str]:
    return iter(())


def _of_loop(node: ControlNode) -> Iterator[str]:
    config = node.config
    if config.maximum is not None:
        yield f"max {number_or_time(config.maximum)}"
    if config.every is not None:
        yield f"every {number_or_time(config.every, time=True)}"


def _of_first(node: ControlNode) -> Iterator[str]:
    if node.config.count is not None:
        yield str(node.config.count)


def _of_items(node: ControlNode) -> Iterator[str]:
    """How many items run at once."""
    limit = node.config.limit
    if limit is not None:
        yield "parallel" if limit == 0 else f"parallel {number_or_time(limit)}"
    if node.config.on_error != "stop":
        yield f"on_error {node.config.on_error}"


LIMITS: dict[str, Callable[[ControlNode], Iterator[str]]] = {"until": _of_loop, "first": _of_first, "each": _of_items}
