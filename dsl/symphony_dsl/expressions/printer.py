"""Expressions as documents: canonical text with as few parentheses as the grammar allows.

Quotes depend on where a string stands. Outside it is `"…"`. Inside an interpolation of a `"…"` it is `'…'`, since no
interpolation may contain the delimiter of its string; a text with interpolations inside another one is a `"…"` inside a
triple-quoted string on one line. Methods that show an expression are passes (see `walk`), for a tree may be very deep.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from symphony_dsl.expressions import tree
from symphony_dsl.expressions.layout import LINE, SOFT, Choice, Doc, Group, Line, Nest, Suffix, flat, joined
from symphony_dsl.expressions.spines import alternatives, branches
from symphony_dsl.expressions.walk import settle
from symphony_dsl.expressions.words import as_name, as_word

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from symphony_dsl.base.span import Span
    from symphony_dsl.expressions.lr import Made
    from symphony_dsl.expressions.tree import Argument, Element, Entry, Expr
    from symphony_dsl.expressions.walk import Walk

    Showing = Walk[Doc]
    Link = tree.Select | tree.Index | tree.Call

CONDITIONAL, OR, AND, RELATION, FALLBACK, SUM, PRODUCT, UNARY, MEMBER = range(9)
"""How tightly an expression binds, loosest first."""

PRECEDENCE = {
    "||": OR, "&&": AND, "<": RELATION, "<=": RELATION, ">": RELATION, ">=": RELATION, "==": RELATION, "!=": RELATION,
    "in": RELATION, "??": FALLBACK, "+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "%": PRODUCT,
}  # fmt: skip

MANY_CALLS = 3
"""So many calls, each of the result before, stand below each other where they do not fit a line."""

ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def escaped(text: str, avoid: str = "") -> str:
    """A piece of a string; each sign of `avoid` is written as an escape too."""
    made = text.replace("\\", "\\\\")
    for sign in avoid:
        made = made.replace(sign, f"\\{sign}")
    return CONTROL.sub(lambda match: ESCAPES.get(match.group(), f"\\x{ord(match.group()):02x}"), made)


class Printer:
    """Makes documents, visiting the parts in the order of the text; a subclass may put in comments on the way."""

    def __init__(self) -> None:
        self._inside: list[str] = []  # the delimiters of the strings around, outermost first

    def doc(self, expr: Expr, least: int = CONDITIONAL) -> Doc:
        """The document of an expression, in parentheses where it binds looser than its place demands."""
        return settle(self.shown(expr, least))

    def shown(self, expr: Expr, least: int = CONDITIONAL) -> Showing:
        comments = self.before(expr.span.start)
        made: Doc = yield getattr(self, _METHODS[type(expr)])(expr)
        made = ["(", made, ")"] if binding(expr) < least else made
        return Nest([*comments, made]) if comments else made

    def before(self, offset: int) -> list[Doc]:
        """The comments that stand before an offset and were not printed yet."""
        return []

    def after(self, offset: int) -> list[Doc]:
        """The comments up to an offset, and those behind it on its line."""
        return []

    def behind(self, offset: int) -> list[Doc]:
        """The comments that stand behind an offset on its line, where an operator or a selection follows below."""
        return []

    def operand(self, expr: Expr, least: int) -> Showing:
        """What an operator follows: a comment behind it stays on its line."""
        made = yield self.shown(expr, least)
        comments = self.behind(expr.span.end)
        return [made, *comments] if comments else made

    def enclosed(self, brackets: str, nodes: Sequence[Made], show: Callable[[Made], Showing], span: Span) -> Showing:
        """A list in brackets; broken, each item has a line of its own and a comma behind."""
        pad = " " if brackets == "{}" else ""
        docs: list[Doc] = []
        opening: list[Doc] = []  # comments behind the opening bracket
        commented = False
        for node in nodes:
            place = node.value.span if isinstance(node, tree.Element) else node.span
            before, made, after = self.before(place.start), (yield show(node)), self.after(place.end)
            while not docs and before and isinstance(before[0], Suffix):
                opening.append(before.pop(0))
            commented = commented or bool(before or after or opening)
            docs.append([*before, made, *after])
        rest = self.before(span.end)
        if not docs and not rest:
            return brackets
        inside: list[Doc] = [[Line(pad), *joined(docs, [",", LINE]), Choice(",", "")]] if docs else []
        inside += [LINE, *rest] if rest else []
        return Group([brackets[0], *opening, Nest(inside), Line(pad), brackets[1]], commented or bool(rest))

    # ---- operators ----

    def conditional(self, expr: tree.Conditional) -> Showing:
        """Choices that follow each other break together, one a line."""
        nodes, last = branches(expr)
        if len(nodes) == 1:
            condition, then = (yield self.operand(expr.condition, OR)), (yield self.operand(expr.then, OR))
            return Group([condition, Nest([LINE, "? ", then, LINE, ": ", (yield self.shown(last))])])
        docs: list[Doc] = []
        for node in nodes:
            condition, then = (yield self.operand(node.condition, OR)), (yield self.operand(node.then, OR))
            docs += [": " if docs else "", condition, " ? ", then, LINE]
        return Group([docs[:2], Nest([*docs[2:], ": ", (yield self.shown(last))])])

    def binary(self, expr: tree.Binary) -> Showing:
        """Operators of one rank that follow each other break together."""
        level = PRECEDENCE[expr.operator]
        if level == FALLBACK:
            return (yield self.fallback(expr))
        chain: list[tree.Binary] = []
        left: Expr = expr
        while isinstance(left, tree.Binary) and PRECEDENCE[left.operator] == level:
            chain.append(left)
            left = left.left
        first = yield self.operand(left, level)
        rest: list[Doc] = []
        for part in reversed(chain):
            show = self.shown if part is expr else self.operand
            rest += [LINE, f"{part.operator} ", (yield show(part.right, level + 1))]
        return Group([first, Nest(rest)])

    def fallback(self, expr: tree.Binary) -> Showing:
        _, values = alternatives(expr)
        docs: list[Doc] = []
        for value in values:
            docs += [LINE, "?? "] if docs else []
            show = self.shown if value is values[-1] else self.operand
            docs.append((yield show(value, SUM)))
        return Group([docs[0], Nest(docs[1:])])

    def unary(self, expr: tree.Unary) -> Showing:
        operand = expr.operand
        repeated = isinstance(operand, tree.Unary) and operand.operator == expr.operator
        made = yield self.shown(operand, UNARY if repeated else MEMBER)
        if expr.operator == "-" and isinstance(operand, tree.Literal) and binding(operand) == MEMBER:
            return ["-(", made, ")"]  # without parentheses it would be a number with a sign
        return [expr.operator, made]

    # ---- paths and calls ----

    def name(self, expr: tree.Name) -> Showing:
        yield from ()
        return f".{as_name(expr.name)}" if expr.absolute else as_name(expr.name)

    def call(self, expr: tree.Call) -> Showing:
        if expr.target is not None:
            return (yield self.access(expr))
        return [as_name(expr.name), (yield self.enclosed("()", expr.arguments, self.argument, expr.span))]

    def access(self, expr: tree.Select | tree.Index | tree.Call) -> Showing:
        """A value and what is selected from it in turn; of many calls, each may have a line of its own."""
        first, links = chain(expr)
        docs: list[Doc] = [(yield self.operand(first, MEMBER))]
        breaks = sum(isinstance(link, tree.Call) for link in links) >= MANY_CALLS
        lines: list[Doc] = []
        for link in links:
            lines += [SOFT] if breaks and isinstance(link, tree.Call) else []
            (lines or docs).append((yield self.link(link)))
            (lines or docs).extend(self.behind(link.span.end) if link is not links[-1] else [])
        return Group([*docs, Nest(lines)]) if breaks else docs

    def link(self, expr: Link) -> Showing:
        if isinstance(expr, tree.Index):
            return ["[?" if expr.optional else "[", (yield self.shown(expr.index)), "]"]
        if isinstance(expr, tree.Select):
            return [".?" if expr.optional else ".", as_word(expr.field)]
        return [".", as_word(expr.name), (yield self.enclosed("()", expr.arguments, self.argument, expr.span))]

    def argument(self, argument: Argument) -> Showing:
        value = yield self.shown(argument.value)
        return value if argument.name is None else [as_word(argument.name), ": ", value]

    # ---- lists, records and maps ----

    def list(self, expr: tree.ListLiteral) -> Showing:
        return (yield self.enclosed("[]", expr.elements, self.element, expr.span))

    def element(self, element: Element) -> Showing:
        return ["?" if element.optional else "", (yield self.shown(element.value))]

    def brace(self, expr: tree.Brace) -> Showing:
        return (yield self.enclosed("{}", expr.entries, self.entry, expr.span))

    def entry(self, entry: Entry) -> Showing:
        mark = "?" if entry.optional else ""
        if isinstance(entry.key, str):
            return [mark, as_word(entry.key), ": ", (yield self.shown(entry.value))]
        key = yield self.shown(entry.key)
        key = key if self.is_key(entry.key) else ["(", key, ")"]
        return [mark, key, ": ", (yield self.shown(entry.value))]

    def is_key(self, key: Expr) -> bool:
        """Whether an expression is a key as it stands; any other stands in parentheses."""
        if not isinstance(key, tree.Literal) or key.kind in ("bytes", "duration"):
            return False
        return key.kind == "int" or not _is_negative(key)

    # ---- literals and strings ----

    def literal(self, expr: tree.Literal) -> Showing:
        yield from ()
        return self.constant(expr)

    def constant(self, expr: tree.Literal) -> Doc:
        return _LITERALS.get(expr.kind, str)(expr.value) if expr.kind != "string" else self.string(expr)

    def string(self, expr: tree.Literal) -> Doc:
        if not self._inside:
            return f'"{self.piece(expr.value)}"'
        return "'" + escaped(expr.value, "'").replace('"', "\\x22") + "'"

    def text(self, expr: tree.Text) -> Showing:
        """A text on one line."""
        delimiter = self.delimiter(expr)
        parts: list[Doc] = [delimiter]
        for part in expr.parts:
            parts.append(self.piece(part) if isinstance(part, str) else (yield self.interpolation(part, delimiter)))
        return [*parts, delimiter]

    def delimiter(self, expr: tree.Text) -> str:
        if self._inside:
            if self._inside[-1] != '"""':
                raise ValueError("a text inside a text inside a text cannot be written")
            return '"'
        return '"""' if any(_holds_text(part) for part in expr.parts if not isinstance(part, str)) else '"'

    def piece(self, text: str) -> str:
        return escaped(text, '"').replace("${", "\\${")

    def interpolation(self, expr: Expr, delimiter: str) -> Showing:
        self._inside.append(delimiter)
        made = yield self.shown(expr)
        self._inside.pop()
        return "${" + flat(made) + "}"


def chain(expr: Expr) -> tuple[Expr, list[Link]]:
    """Of `a.b[c].d(e)`: `a`, and what follows it in turn."""
    links: list[Link] = []
    while True:
        match expr:
            case tree.Select(operand=before) | tree.Index(operand=before):
                links.append(expr)
                expr = before
            case tree.Call(target=before) if before is not None:
                links.append(expr)
                expr = before
            case _:
                return expr, links[::-1]


def binding(expr: Expr) -> int:
    """How tightly an expression binds."""
    if isinstance(expr, tree.Binary):
        return PRECEDENCE[expr.operator]
    if isinstance(expr, tree.Conditional):
        return CONDITIONAL
    if isinstance(expr, tree.Unary) or (isinstance(expr, tree.Literal) and _is_negative(expr)):
        return UNARY
    return MEMBER


def _is_negative(expr: tree.Literal) -> bool:
    return expr.kind in ("int", "float", "duration") and str(expr.value).startswith("-")


def _holds_text(expr: Expr) -> bool:
    """Whether a text with interpolations stands anywhere inside."""
    todo: list[Any] = [expr]
    while todo:
        item = todo.pop()
        if isinstance(item, tree.Text):
            return True
        if isinstance(item, tuple):
            todo += item
        elif hasattr(item, "__slots__") and type(item).__module__ == tree.__name__:
            todo += [getattr(item, slot) for slot in item.__slots__]
    return False


def _bytes(value: bytes) -> str:
    signs = (chr(byte) if 0x20 <= byte < 0x7F and chr(byte) not in "'\"\\" else f"\\x{byte:02x}" for byte in value)
    return "b'" + "".join(signs) + "'"


def _float(value: float) -> str:
    if value - value != 0:
        raise ValueError(f"the float {value} cannot be written")
    return repr(value)


_LITERALS: dict[str, Callable[[Any], str]] = {
    "null": lambda _: "null",
    "bool": lambda value: "true" if value else "false",
    "uint": lambda value: f"{value}u",
    "float": _float,
    "bytes": _bytes,
}

# Methods by name, since subclasses have their own.
_METHODS: dict[type, str] = {
    tree.Literal: "literal",
    tree.Text: "text",
    tree.Name: "name",
    tree.Select: "access",
    tree.Index: "access",
    tree.Call: "call",
    tree.Unary: "unary",
    tree.Binary: "binary",
    tree.Conditional: "conditional",
    tree.ListLiteral: "list",
    tree.Brace: "brace",
}
