"""Reading island by island gives what reading the whole text by the grammar gives."""

from __future__ import annotations

import pytest

from symphony_dsl.expressions.lr import tokenize
from symphony_dsl.syntax.builder import Builder
from symphony_dsl.syntax.compare import shape
from symphony_dsl.syntax.islands import documentation, file_parser
from symphony_dsl.syntax.parser import parse_file
from symphony_dsl.syntax.scanner import scan


def whole(text: str):
    """The declarations of a text, read at once."""
    parser = file_parser()
    builder = Builder(parser, text)
    tokens, comments = tokenize(parser.tables, text)
    builder.docs = documentation(tokens, comments)
    _, *declarations = parser.parse("start", tokens, builder)
    return declarations


def places(node, shift: int = 0):
    """The class and place of every node, in order."""
    if isinstance(node, tuple):
        return [place for part in node for place in places(part, shift)] if not hasattr(node, "_fields") else []
    if not hasattr(node, "__slots__") or not hasattr(node, "span"):
        return [place for name in getattr(node, "__slots__", ()) for place in places(getattr(node, name), shift)]
    inside = [place for name in node.__slots__ for place in places(getattr(node, name), shift)]
    return [(type(node).__name__, node.span.shifted(shift)), *inside]


def same(text: str) -> None:
    file = parse_file("x.wf", text)
    together = whole(text)
    assert shape(tuple(island.declaration for island in file.islands)) == shape(tuple(together))
    apart = [place for island in file.islands for place in places(island.declaration, island.start)]
    assert apart == [place for declaration in together for place in places(declaration)]


def test_the_library(library: str) -> None:
    same(library)


@pytest.mark.parametrize(
    "text",
    [
        "wf 1.0\nrecord A { } record B { } const C = 1 const D = 2\ntype E = int",
        "wf 1.0\n  record A { }\n  @x\n  record B { }\n  /// d\n  const C = record\n",
        "wf 1.0\nonce\noperator f() {}\n@a\n@b\n/// c\npure operator g() {} pure operator h() {}\n",
        'wf 1.0\nconst A = """\nrecord B {\n"""\nconst C = r"""\nconst D = 1\n"""\n',
        "wf 1.0\nconst A = {\n\nrecord: 1\n\ntype: 2 }\nconst B = type\n",
        "wf 1.0\nworkflow w {\n@label('x')\nstep a = f(x)\n/// d\nstep b = f(x)\ndefaults { retry: 1 }\n}\n",
        "wf 1.0\nconst A = record in { }\nconst B = policy in { } || workflow in (b)\n",
        "wf 1.0 // c\n// d\nconst A = 1 // e\n",
        'wf 1.0\nconst A = "// {" // }\nconst B = \'"\' // "\n',
    ],
)
def test_odd_layouts(text: str) -> None:
    same(text)


def test_islands_share_out_the_text(library: str) -> None:
    spans = scan(library, 7)
    assert "".join(library[span.start : span.end] for span in spans) == library[7:]
    assert all(library[span.start - 1] == "\n" for span in spans[1:])


def test_an_unclosed_declaration_ends_at_the_next() -> None:
    text = 'wf 1.0\noperator a( {\n/// d\n@b\nrecord B {\nconst C = """\n  x\ntype D = int\n'
    starts = [text[span.start : span.end].split("\n", 1)[0] for span in scan(text, 7)]
    assert starts == ["operator a( {", "/// d", 'const C = """', "type D = int"]
