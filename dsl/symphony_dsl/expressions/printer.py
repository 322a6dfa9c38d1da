"""Expressions as documents: canonical text with as few parentheses as the grammar allows.

Quotes depend on where a string stands. Outside it is `"…"`. Inside an interpolation of a `"…"` it is `'…'`, since no
interpolation may contain the delimiter of its string; a text with interpolations inside another one is a `"…"` inside a
triple-quoted string on one line.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from symphony_dsl.expressions import tree
from symphony_dsl.expressions.layout import LINE, Choice, Doc, Group, Line, Nest, Suffix, flat, joined
from symphony_dsl.expressions.words import as_name, as_word

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from symphony_dsl.base.span import Span
    from symphony_dsl.expressions.lr import Made
    from symphony_dsl.expressions.tree import Argument, Element, Entry, Expr

CONDITIONAL, OR, AND, RELATION, FALLBACK, SUM, PRODUCT, UNARY, MEMBER = range(9)
"""How tightly an expression binds, loosest first."""

PRECEDENCE = {
    "||": OR, "&&": AND, "<": RELATION, "<=": RELATION, ">": RELATION, ">=": RELATION, "==": RELATION, "!=": RELATION,
    "in": RELATION, "??": FALLBACK, "+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "%": PRODUCT,
}  # fmt: skip

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
        comments = self.before(expr.span.start)
        made: Doc = getattr(self, _METHODS[type(expr)])(expr)
        made = ["(", made, ")"] if binding(expr) < least else made
        return [*comments, made] if comments else made

    def before(self, offset: int) -> list[Doc]:
        """The comments that stand before an offset and were not printed yet."""
        return []

    def after(self, offset: int) -> list[Doc]:
        """The comments up to an offset, and those behind it on its line."""
        return []

    def enclosed(self, brackets: str, nodes: Sequence[Made], show: Callable[[Made], Doc], span: Span) -> Doc:
        """A list in brackets; broken, each item has a line of its own and a comma behind."""
        pad = " " if brackets == "{}" else ""
        docs: list[Doc] = []
        opening: list[Doc] = []  # comments behind the opening bracket
        commented = False
        for node in nodes:
            place = node.value.span if isinstance(node, tree.Element) else node.span
            before, made, after = self.before(place.start), show(node), self.after(place.end)
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

    def conditional(self, expr: tree.Conditional) -> Doc:
        condition, then = self.doc(expr.condition, OR), self.doc(expr.then, OR)
        return Group([condition, Nest([LINE, "? ", then, LINE, ": ", self.doc(expr.otherwise)])])

    def binary(self, expr: tree.Binary) -> Doc:
        """Operators of one rank that follow each other break together."""
        level = PRECEDENCE[expr.operator]
        if level == FALLBACK:
            return Group([self.doc(expr.left, SUM), Nest([LINE, "?? ", self.doc(expr.right, FALLBACK)])])
        chain: list[tree.Binary] = []
        left: Expr = expr
        while isinstance(left, tree.Binary) and PRECEDENCE[left.operator] == level:
            chain.insert(0, left)
            left = left.left
        first = self.doc(left, level)
        rest = [[LINE, f"{part.operator} ", self.doc(part.right, level + 1)] for part in chain]
        return Group([first, Nest([*rest])])

    def unary(self, expr: tree.Unary) -> Doc:
        operand = expr.operand
        if expr.operator == "-" and isinstance(operand, tree.Literal) and binding(operand) == MEMBER:
            return ["-(", self.doc(operand), ")"]  # without parentheses it would be a number with a sign
        repeated = isinstance(operand, tree.Unary) and operand.operator == expr.operator
        return [expr.operator, self.doc(operand, UNARY if repeated else MEMBER)]

    # ---- paths and calls ----

    def name(self, expr: tree.Name) -> Doc:
        return f".{as_name(expr.name)}" if expr.absolute else as_name(expr.name)

    def select(self, expr: tree.Select) -> Doc:
        return [self.doc(expr.operand, MEMBER), ".?" if expr.optional else ".", as_word(expr.field)]

    def index(self, expr: tree.Index) -> Doc:
        return [self.doc(expr.operand, MEMBER), "[?" if expr.optional else "[", self.doc(expr.index), "]"]

    def call(self, expr: tree.Call) -> Doc:
        head: Doc = as_name(expr.name) if not expr.name.startswith(".") else f".{as_name(expr.name[1:])}"
        if expr.target is not None:
            head = [self.doc(expr.target, MEMBER), ".", as_word(expr.name)]
        return [head, self.enclosed("()", expr.arguments, self.argument, expr.span)]

    def argument(self, argument: Argument) -> Doc:
        if argument.name is None:
            return self.doc(argument.value)
        return [as_word(argument.name), ": ", self.doc(argument.value)]

    # ---- lists, records and maps ----

    def list(self, expr: tree.ListLiteral) -> Doc:
        return self.enclosed("[]", expr.elements, self.element, expr.span)

    def element(self, element: Element) -> Doc:
        return ["?" if element.optional else "", self.doc(element.value)]

    def brace(self, expr: tree.Brace) -> Doc:
        return self.enclosed("{}", expr.entries, self.entry, expr.span)

    def entry(self, entry: Entry) -> Doc:
        mark = "?" if entry.optional else ""
        if isinstance(entry.key, str):
            return [mark, as_word(entry.key), ": ", self.doc(entry.value)]
        key = self.doc(entry.key)
        return [mark, key if self.is_key(entry.key) else ["(", key, ")"], ": ", self.doc(entry.value)]

    def is_key(self, key: Expr) -> bool:
        """Whether an expression is a key as it stands; any other stands in parentheses."""
        if not isinstance(key, tree.Literal) or key.kind in ("bytes", "duration"):
            return False
        return key.kind == "int" or not _is_negative(key)

    # ---- literals and strings ----

    def literal(self, expr: tree.Literal) -> Doc:
        return _LITERALS.get(expr.kind, str)(expr.value) if expr.kind != "string" else self.string(expr)

    def string(self, expr: tree.Literal) -> Doc:
        if not self._inside:
            return f'"{self.piece(expr.value)}"'
        return "'" + escaped(expr.value, "'").replace('"', "\\x22") + "'"

    def text(self, expr: tree.Text) -> Doc:
        """A text on one line."""
        delimiter = self.delimiter(expr)
        parts: list[Doc] = [delimiter]
        for part in expr.parts:
            parts.append(self.piece(part) if isinstance(part, str) else self.interpolation(part, delimiter))
        return [*parts, delimiter]

    def delimiter(self, expr: tree.Text) -> str:
        if self._inside:
            if self._inside[-1] != '"""':
                raise ValueError("a text inside a text inside a text cannot be written")
            return '"'
        return '"""' if any(_holds_text(part) for part in expr.parts if not isinstance(part, str)) else '"'

    def piece(self, text: str) -> str:
        return escaped(text, '"').replace("${", "\\${")

    def interpolation(self, expr: Expr, delimiter: str) -> Doc:
        self._inside.append(delimiter)
        try:
            return "${" + flat(self.doc(expr)) + "}"
        finally:
            self._inside.pop()


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
    tree.Select: "select",
    tree.Index: "index",
    tree.Call: "call",
    tree.Unary: "unary",
    tree.Binary: "binary",
    tree.Conditional: "conditional",
    tree.ListLiteral: "list",
    tree.Brace: "brace",
}
