"""Expressions as the writer spelt them: comments, blocks of text, number notations and raw strings stay.

Comments are taken in the order of the text: before a node is printed, those in front of it; behind it, those on the same
line. One on a line of its own keeps a line of its own where lines are free; any other goes to the end of the line that it
ends up in.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from symphony_dsl.base.span import Span
from symphony_dsl.expressions.layout import HARD, LINE, Choice, Doc, Group, Nest, Remark, Suffix, Verbatim, flat, joined
from symphony_dsl.expressions.printer import Printer
from symphony_dsl.expressions.texts import DELIMITER, holes
from symphony_dsl.expressions.tree import Literal, Name, Text
from symphony_dsl.expressions.walk import settle
from symphony_dsl.expressions.words import as_word
from symphony_dsl.syntax.islands import file_parser

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from symphony_dsl.expressions.lr import Made
    from symphony_dsl.expressions.printer import Showing
    from symphony_dsl.expressions.tree import Argument, Brace, Entry, Expr
    from symphony_dsl.syntax.tree import Comment

KEPT = ("int", "float", "uint", "duration")
"""Numbers keep their spelling: `0x1f`, `1e3`, `90s`."""
BLOCKS = ('"""', "'''")
AFTER, BEHIND = re.compile(r"[ \t,]*"), re.compile(r"[ \t)]*")
"""What may stand between something and the comment behind it: where it is an item, and where more of it follows."""
ESCAPED = re.compile(r"\\[\s\S]|\$\{|[\"']")


class SourcePrinter(Printer):
    """Prints an island. `comments` are those not printed yet, in order."""

    def __init__(self, text: str, comments: tuple[Comment, ...]) -> None:
        super().__init__()
        self._text = text
        self._comments = list(reversed(comments))

    # ---- comments ----

    def before(self, offset: int) -> list[Doc]:
        docs: list[Doc] = []
        while not self._inside and self._comments and self._comments[-1].span.start < offset:
            comment = self._comments.pop()
            docs.append(Remark(comment.text) if self._alone(comment) else Suffix(comment.text))
        return docs

    def after(self, offset: int) -> list[Doc]:
        docs: list[Doc] = []
        while not self._inside and self._comments and self._ends(self._comments[-1], offset):
            docs.append(Suffix(self._comments.pop().text))
        return docs

    def behind(self, offset: int) -> list[Doc]:
        docs: list[Doc] = []
        while not self._inside and self._comments and self._ends(self._comments[-1], offset, BEHIND):
            docs.append(Suffix(self._comments.pop().text))
        return docs

    def _ends(self, comment: Comment, offset: int, between: re.Pattern[str] = AFTER) -> bool:
        if comment.span.start < offset:
            return True
        found = between.match(self._text, offset)
        return found is not None and found.end() == comment.span.start

    def _alone(self, comment: Comment) -> bool:
        line = self._text.rfind("\n", 0, comment.span.start) + 1
        return not self._text[line : comment.span.start].strip()

    def pending(self, offset: int) -> bool:
        """Whether comments stand before an offset."""
        return bool(self._comments) and self._comments[-1].span.start < offset

    # ---- lists, one item a line ----

    def lines(self, nodes: Sequence[Made], show: Callable[[Made], Showing], span: Span, comma: str = "") -> Showing:
        """Items and the comments around them, each on a line, with at most one blank line between."""
        docs: list[Doc] = []
        last = span.start
        for node in nodes:
            last = self._comment_lines(docs, last, _code(node))
            self._separate(docs, last, self.start(node))
            docs.append([(yield show(node)), comma, *self.after(node.span.end)])
            last = max(node.span.end, self._printed(node.span.end))
        self._comment_lines(docs, last, span.end)
        return docs

    def _comment_lines(self, docs: list[Doc], last: int, offset: int) -> int:
        while self.pending(offset):
            comment = self._comments.pop()
            self._separate(docs, last, comment.span.start)
            docs.append(comment.text)
            last = comment.span.end
        return last

    def _separate(self, docs: list[Doc], last: int, start: int) -> None:
        if docs:
            docs += [HARD, HARD] if self._text.count("\n", last, start) > 1 else [HARD]

    def _printed(self, offset: int) -> int:
        """The end of the line of an offset: a comment there was printed with what stands before it."""
        found = AFTER.match(self._text, offset)
        end = self._text.find("\n", offset) if found and self._text.startswith("//", found.end()) else -1
        return end if end >= 0 else offset

    def start(self, node: Made) -> int:
        """Where a node starts with its annotations and documentation."""
        lead, code = getattr(node, "lead", None), _code(node)
        return code if lead is None or lead.doc_start is None else min(code, lead.doc_start)

    def braces(
        self, nodes: Sequence[Made], show: Callable[[Made], Showing], span: Span, *, apart: str = ",", comma: str = ""
    ) -> Showing:
        """A list in braces: on one line if the writer began it on one and it fits, else one item a line.

        `apart` stands between items on one line, `comma` behind each on lines of their own. The line breaks belong to
        the group around.
        """
        if not nodes and not self.pending(span.end):
            return "{}"
        if self.spread(nodes, span):
            return (yield self.spread_out(nodes, show, span, comma))
        docs = []
        for node in nodes:
            docs.append((yield show(node)))
        separator: Doc = [Choice(comma, apart), LINE]
        return ["{", Nest([LINE, *joined(docs, separator), Choice(comma, "")]), LINE, "}"]

    def spread_out(
        self, nodes: Sequence[Made], show: Callable[[Made], Showing], span: Span, comma: str = ""
    ) -> Showing:
        """A list in braces, one item a line."""
        opening = self.after(span.start + 1)
        lines = yield self.lines(nodes, show, span, comma)
        return ["{", *opening, Nest([HARD, lines] if lines else []), HARD, "}"]

    def spread(self, nodes: Sequence[Made], span: Span) -> bool:
        """Whether the writer began a list in braces on a line of its own, or comments make it one."""
        first = self.start(nodes[0]) if nodes else span.end
        return "\n" in self._text[span.start : first] or self.pending(span.end)

    # ---- expressions ----

    def argument(self, argument: Argument) -> Showing:
        value = yield super().argument(argument)
        return value[-1] if says_twice(argument) and isinstance(value, list) else value

    def brace(self, expr: Brace) -> Showing:
        if self._inside:
            return (yield super().brace(expr))
        free = all(self.is_free(entry) for entry in expr.entries)
        return Group((yield self.braces(expr.entries, self.entry, expr.span, comma="" if free else ",")))

    def entry(self, entry: Entry) -> Showing:
        return as_word(str(entry.key)) if entry.shorthand else (yield super().entry(entry))

    def is_key(self, key: Expr) -> bool:
        return super().is_key(key) and not self._text.startswith(BLOCKS, key.span.start)

    def is_free(self, entry: Entry) -> bool:
        """Whether an entry needs no comma in front."""
        if entry.shorthand or entry.optional:
            return False
        if isinstance(entry.key, str):
            return True
        quoted = self._text[entry.key.span.start] in "\"'"
        return isinstance(entry.key, Literal) and quoted and self.is_key(entry.key)

    def constant(self, expr: Literal) -> Doc:
        if expr.kind in KEPT:
            return self._number(expr)
        written = self._text[expr.span.start : expr.span.end]
        return written if expr.kind == "bytes" and "\n" not in written else super().constant(expr)

    def _number(self, expr: Literal) -> Doc:
        source = "".join(self._text[expr.span.start : expr.span.end].split())
        signed = source.startswith("-") and not str(expr.value).startswith("-")  # `-0`
        return super().constant(expr) if signed or "/" in source else source

    def string(self, expr: Literal) -> Doc:
        if self._inside and "\n" in self._text[expr.span.start : expr.span.end]:
            return super().string(expr)  # what is inserted stays on one line
        return settle(self._string(expr.span, ()))

    def text(self, expr: Text) -> Showing:
        return (yield self._string(expr.span, tuple(part for part in expr.parts if not isinstance(part, str))))

    def _string(self, span: Span, inserted: tuple[Expr, ...]) -> Showing:
        """A string as it was written, but for its quotes and what is inserted."""
        source = self._text[span.start : span.end]
        match = DELIMITER.match(source)
        assert match is not None, "only strings come here"
        prefix, delimiter = match.groups()
        content = Span(span.start + match.end(), span.end - len(delimiter))
        if prefix and "\n" not in source:
            return source
        body = flat((yield self._body(content, delimiter, inserted)))
        if "\n" in self._text[content.start : content.end] and len(delimiter) > 1 and "\n" in body:
            return self._block(prefix + delimiter, body, delimiter)
        if len(delimiter) > 1:
            return f"{prefix}{delimiter}{body}{delimiter}"
        wanted = "'" if self._inside and not inserted else '"'
        return wanted + _requoted(body, delimiter, wanted, keep=bool(inserted)) + wanted

    def _body(self, content: Span, delimiter: str, inserted: tuple[Expr, ...]) -> Showing:
        parts: list[Doc] = []
        at = content.start
        if inserted:
            found = holes(file_parser().tables, self._text, content, Span(content.start, content.start))
            for (hole, _, _), expr in zip(found, inserted, strict=True):
                parts += [self._text[at : hole.start], (yield self.interpolation(expr, delimiter))]
                at = hole.end
        return [*parts, self._text[at : content.end]]

    def _block(self, opening: str, body: str, closing: str) -> Doc:
        """A block of text; a line that does not start like its last one is blank, whatever the blanks are."""
        _, *lines, indent = body.split("\n")
        stripped = (line[len(indent) :] if line.startswith(indent) else "" for line in lines)
        return Nest(Verbatim(opening, tuple(stripped), closing))


def _code(node: Made) -> int:
    """Where a node starts with its annotations: comments among its documentation go in front of that."""
    lead = getattr(node, "lead", None)
    start: int = lead.annotations[0].span.start if lead and lead.annotations else node.span.start
    return start


def says_twice(argument: Argument) -> bool:
    """`text: text`, which is written `text`."""
    value = argument.value
    return isinstance(value, Name) and value.name == argument.name and not value.absolute


def _requoted(body: str, delimiter: str, wanted: str, *, keep: bool) -> str:
    """The source of a string between other quotes."""
    if delimiter == wanted:
        return body

    def sign(match: re.Match[str]) -> str:
        found = match.group()
        if found == f"\\{delimiter}":
            return delimiter
        if found == wanted or (found == "${" and wanted == '"' and not keep):
            return f"\\{found}"
        return found

    return ESCAPED.sub(sign, body)
