"""Documents that are laid out within a width: text, possible line breaks, groups that stay on one line if they fit.

A group that does not fit breaks all its own lines; the groups inside decide anew. A comment is a suffix: it goes to the
end of the line that it stands in, and that line ends there.
"""

from __future__ import annotations

from typing import TypeAlias

from symphony_dsl.base.frozen import frozen

INDENT = "  "


@frozen
class Line:
    """A line break; in a group that fits, `flat` stands for it. A hard one breaks every group around it."""

    flat: str = " "
    hard: bool = False


@frozen
class Group:
    doc: Doc
    broken: bool = False  # whether it breaks though it would fit


@frozen
class Nest:
    """Lines inside are one level further in."""

    doc: Doc


@frozen
class Choice:
    """One text where the group around it is broken, another where it is flat."""

    broken: str
    flat: str


@frozen
class Verbatim:
    """A block of text, its lines and its closing quotes indented like the place; an empty line stays empty."""

    opening: str
    lines: tuple[str, ...]
    closing: str


@frozen
class Suffix:
    """What goes to the end of the line, after whatever else follows on it."""

    text: str


@frozen
class Remark:
    """What has a line of its own."""

    text: str


Doc: TypeAlias = "str | Line | Group | Nest | Choice | Verbatim | Suffix | Remark | list[Doc]"
Leaf: TypeAlias = "str | Line | Choice | Verbatim | Suffix | Remark"

LINE = Line()
SOFT = Line("")
HARD = Line(hard=True)

FOLLOWING = 64
"""How many of the documents behind a group are looked at: enough to reach the end of the line."""


def joined(docs: list[Doc], separator: Doc) -> list[Doc]:
    parts: list[Doc] = []
    for doc in docs:
        parts += [separator, doc] if parts else [doc]
    return parts


def flat(doc: Doc) -> str:
    """The document on one line."""
    return Renderer(width=1 << 60).render(doc)


class Renderer:
    """Lays a document out. The stack holds what is still to come: depth of indentation, whether flat, document."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._out: list[str] = []
        self._column = 0
        self._depth = 0  # the indentation of this line
        self._suffix: list[str] = []
        self._ends = False  # whether nothing more may stand on this line

    def render(self, doc: Doc) -> str:
        stack: list[tuple[int, bool, Doc]] = [(0, False, doc)]
        while stack:
            depth, level, item = stack.pop()
            if isinstance(item, str):
                self._put(item, depth)
            elif isinstance(item, list):
                stack += [(depth, level, part) for part in reversed(item)]
            elif isinstance(item, Nest):
                stack.append((depth + 1, level, item.doc))
            elif isinstance(item, Group):
                stack.append((depth, level or (not item.broken and self._fits(item.doc, stack)), item.doc))
            else:
                self._leaf(item, depth, level)
        self._flush()
        return "".join(self._out)

    def _leaf(self, item: Leaf, depth: int, level: bool) -> None:
        if isinstance(item, Suffix) and not self._ends:
            self._suffix.append(item.text)
        elif isinstance(item, Choice):
            self._put(item.flat if level else item.broken, depth)
        elif isinstance(item, Verbatim):
            self._verbatim(item, depth)
        elif isinstance(item, Remark | Suffix):
            self._remark(item.text, depth)
        elif isinstance(item, Line) and (item.hard or not level):
            self._break(depth)
        elif isinstance(item, Line):
            self._put(item.flat, depth)

    def _verbatim(self, item: Verbatim, depth: int) -> None:
        if self._suffix:  # before the text opens: inside, it would be part of it
            self._break(depth)
        self._put(item.opening, depth)
        for line in (*item.lines, item.closing):
            self._break(depth if line else 0)
            self._put(line, depth)

    def _remark(self, text: str, depth: int) -> None:
        if self._suffix or (self._out and not self._fresh()):
            self._out[-1] = self._out[-1].rstrip(" ")
            self._break(depth)
        self._put(text, depth)
        self._ends = True

    def _put(self, text: str, depth: int) -> None:
        if text and self._ends:
            self._break(depth)
        if text:
            self._out.append(text)
            self._column += len(text)

    def _flush(self) -> None:
        """Write what waits for the end of the line; each has a line of its own but the first."""
        for number, text in enumerate(self._suffix):
            between = "" if self._fresh() else "\n" + INDENT * self._depth if number else " "
            self._out.append(between + text)
        self._suffix.clear()

    def _break(self, depth: int) -> None:
        self._flush()
        self._ends = False
        if self._fresh():
            self._out[-1] = "\n"  # a line that stayed empty has no indentation
        self._out.append("\n" + INDENT * depth)
        self._column = len(INDENT) * depth
        self._depth = depth

    def _fresh(self) -> bool:
        """Whether nothing stands on this line yet."""
        return bool(self._out) and self._out[-1].rstrip(" ") == "\n"

    def _fits(self, doc: Doc, rest: list[tuple[int, bool, Doc]]) -> bool:
        """Whether the document on one line, with what follows up to the next possible break, fits the line."""
        room = self._width - self._column
        stack: list[tuple[bool, Doc]] = [(flat, item) for _, flat, item in rest[-FOLLOWING:]]
        behind, own = len(stack), True
        stack.append((True, doc))
        while stack and room >= 0:
            level, item = stack.pop()
            own = own and len(stack) >= behind
            if isinstance(item, list):
                stack += [(level, part) for part in reversed(item)]
            elif isinstance(item, Nest):
                stack.append((level, item.doc))
            elif isinstance(item, Group) and not (item.broken and own):
                stack.append((level and not item.broken, item.doc))
            elif isinstance(item, Group) or _ends_line(item, level):
                return not own
            else:
                room -= _width(item, level)
        return room >= 0


def _ends_line(item: Leaf, level: bool) -> bool:
    if isinstance(item, Line):
        return item.hard or not level
    return isinstance(item, Verbatim | Remark)


def _width(item: Leaf, level: bool) -> int:
    if isinstance(item, Choice):
        return len(item.flat if level else item.broken)
    if isinstance(item, Line):
        return len(item.flat)
    return len(item) if isinstance(item, str) else 0
