"""Random texts of the language: expressions, types, statements, files, and comments strewn between their tokens."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import strategies as st

from symphony_dsl.expressions.lr import tokenize
from symphony_dsl.syntax.islands import file_parser

NAMES = st.sampled_from(
    ["a", "b", "text", "type", "model", "max", "first", "version", "`input`", "`c-d`", "x1", "it", "run"]
)
WORDS = st.one_of(NAMES, st.sampled_from(["if", "input", "step", "else", "for", "import", "package"]))
NUMBERS = st.one_of(
    st.integers(0, 2**63 - 1).map(str),
    st.floats(0, allow_nan=False, allow_infinity=False).map(repr),
    st.sampled_from(["0x1F", "7u", "1e3", ".5", "90s", "1h30m", "2d"]),
)


def brief(strategy):
    """The same strategy without a long description: those of strategies that contain each other grow to many megabytes."""

    @st.composite
    def drawn(draw):
        return draw(strategy)

    return drawn()


CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\r")


def quoted(text: str, quote: str) -> str:
    made = text.replace("\\", "\\\\").replace(quote, f"\\{quote}").replace("\n", "\\n")
    return quote + (made.replace("${", "\\${") if quote == '"' else made) + quote


TEXT = st.text(CHARACTERS, max_size=8)
PLAIN = brief(
    st.one_of(
        TEXT.map(lambda text: quoted(text, '"')),
        TEXT.map(lambda text: quoted(text, "'")),
        st.sampled_from(["r'\\d'", 'r"\\w"', "b'\\xff'", '"""x"""', "''", '""', '"""\n    a\n      b\n\n    """']),
    )
)
LITERALS = st.one_of(NUMBERS, PLAIN, st.sampled_from(["true", "false", "null"]))
INSIDE = st.sampled_from(["a", "a.b", "f(a, 'x')", "m['}']", "a + b", "{ a: 1 }.a", "xs.map(x, x > 1)", "`c-d`"])
INSERTED = st.lists(st.tuples(st.sampled_from(["", "x ", "$", "\\${", "'"]), INSIDE), min_size=1, max_size=3).map(
    lambda parts: '"' + "".join(f"{text}${{{expr}}}" for text, expr in parts) + '"'
)
OPERATORS = st.sampled_from(["+", "-", "*", "/", "%", "==", "!=", "<", ">=", "in", "&&", "||", "??"])


def grown(inner):
    inner = brief(inner)
    arguments = st.lists(st.one_of(inner, st.tuples(WORDS, inner).map(": ".join)), max_size=3).map(", ".join)
    fields = st.one_of(st.tuples(WORDS, inner).map(": ".join), NAMES)
    pairs = st.one_of(
        st.tuples(PLAIN.filter(lambda text: text[0] in "'\"" and not text.startswith('"""')), inner).map(": ".join),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]}): {pair[1]}"),
    )
    return st.one_of(
        st.tuples(inner, OPERATORS, inner).map(lambda parts: f"({parts[0]}) {parts[1]} ({parts[2]})"),
        st.tuples(NAMES, OPERATORS, inner).map(lambda parts: f"{parts[0]} {parts[1]} ({parts[2]})"),
        st.tuples(NAMES, OPERATORS, NAMES, OPERATORS, NAMES).map(" ".join),
        st.tuples(inner, inner, inner).map(lambda parts: f"({parts[0]}) ? ({parts[1]}) : {parts[2]}"),
        st.tuples(st.sampled_from(["!", "-", "!!", "--"]), inner).map(lambda parts: f"{parts[0]}({parts[1]})"),
        st.tuples(inner, WORDS).map(lambda parts: f"({parts[0]}).{parts[1]}"),
        st.tuples(NAMES, WORDS).map(".?".join),
        st.tuples(inner, inner).map(lambda parts: f"({parts[0]})[{parts[1]}]"),
        st.tuples(NAMES, arguments).map(lambda parts: f"{parts[0]}({parts[1]})"),
        st.tuples(inner, WORDS, arguments).map(lambda parts: f"({parts[0]}).{parts[1]}({parts[2]})"),
        arguments.filter(lambda text: ": " not in text).map(lambda text: f"[{text}]"),
        st.lists(fields, max_size=3).map(lambda entries: "{" + ", ".join(entries) + "}"),
        st.lists(pairs, min_size=1, max_size=3).map(lambda entries: "{" + ", ".join(entries) + "}"),
    )


EXPRESSIONS = brief(st.recursive(brief(st.one_of(NAMES, LITERALS, INSERTED)), grown, max_leaves=8))
CALLS = st.tuples(NAMES, EXPRESSIONS).map(lambda parts: f"{parts[0]}(b: {parts[1]})")
TYPES = st.recursive(
    st.sampled_from(["string", "int", "a.B", "map<int>", "`T`"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["[]", "?"])).map("".join).filter(lambda text: "??" not in text),
        inner.map(lambda of: f"map<{of} >"),
        st.tuples(WORDS, inner, WORDS, inner).map(
            lambda p: f"{{ {p[0]}: {p[1]} @max(1)\n{p[2]}: {p[3]} = 1 }}".replace("@max(1)", "")
        ),
    ),
    max_leaves=4,
)
SETTINGS = st.lists(st.tuples(WORDS, EXPRESSIONS).map(": ".join), max_size=3).map(
    lambda parts: "{ " + ", ".join(parts) + " }"
)
NODES = st.one_of(
    EXPRESSIONS.filter(lambda text: not text.startswith("{")),
    CALLS,
    st.tuples(CALLS, SETTINGS).map(" ".join),
)
LEADS = st.sampled_from(["", "@a\n", "@min(0) @max(1) ", "/// doc\n", "/// doc\n///\n@a(b: 1)\n"])


def statements(values):
    values = brief(values)
    return st.one_of(
        st.tuples(LEADS, NAMES, TYPES).map(
            lambda p: f"\n{p[0]}input {p[1].replace('it', 'i').replace('run', 'r')}: {p[2]}"
        ),
        values.map(lambda value: f"\nstep s = {value}"),
        st.tuples(LEADS, CALLS).map(lambda p: f"\n{p[0]}step {p[1]} after a, b priority -1"),
        st.tuples(EXPRESSIONS, EXPRESSIONS).map(lambda p: f"\nrequire {p[0]} else {p[1]}"),
        st.tuples(NAMES, EXPRESSIONS).map(lambda p: f"\noutput o: {p[0]} = {p[1]}"),
        values.map(lambda value: f"\nyield {value}"),
        EXPRESSIONS.map(lambda value: f"\nfail {value}"),
    )


def controls(values):
    bodies = st.lists(statements(values), max_size=3).map(lambda parts: "{" + " ".join(parts) + "\n}")
    inner = st.one_of(NODES, st.lists(statements(values), min_size=1, max_size=2).map(lambda p: "{" + "".join(p) + "}"))
    return st.one_of(
        st.tuples(EXPRESSIONS, bodies, bodies).map(lambda p: f"if ({p[0]}) {p[1]} else if a {p[2]} else {p[1]}"),
        st.tuples(EXPRESSIONS, inner, inner).map(lambda p: f"match ({p[0]}) {{ a | \"b\" => {p[1]}\n else => {p[2]} }}"),
        st.tuples(EXPRESSIONS, bodies, SETTINGS).map(lambda p: f"for k, v in ({p[0]}) parallel 3 {p[1]} with {p[2]}"),
        st.tuples(EXPRESSIONS, bodies).map(lambda p: f"loop i = ({p[0]}) max 3 every (a + 1s) {p[1]} else {p[1]}"),
        st.tuples(inner, inner).map(lambda p: f"parallel first 2 {{ a: {p[0]}\n b: {p[1]} }}"),
        st.tuples(inner, bodies).map(lambda p: f"try {p[0]} catch e: timeout | a {p[1]} catch f {{}}"),
    )  # fmt: skip


VALUES = brief(st.recursive(NODES, controls, max_leaves=4))
BODIES = st.lists(statements(VALUES), max_size=4).map("".join)
DECLARATIONS = st.one_of(
    st.tuples(LEADS, BODIES).map(lambda p: f"{p[0]}workflow w 1.0.0 {{{p[1]}\n}}"),
    st.tuples(LEADS, NAMES, TYPES, EXPRESSIONS).map(
        lambda p: f"{p[0]}once operator f({p[1]}: {p[2]} = {p[3]}) -> {p[2]} {{ python: {p[3]} }}"
    ),
    st.tuples(LEADS, WORDS, TYPES).map(lambda p: f"{p[0]}record R {{ {p[0]}{p[1]}: {p[2]}\n b: int }}"),
    TYPES.map(lambda of: f"type T = {of}"),
    EXPRESSIONS.map(lambda value: f"const C: int = {value}"),
    st.just('import "./a.wf" { A, B as c }'),
    st.just('enum E { a, b = "c d" }'),
)
FILES = brief(st.lists(DECLARATIONS, max_size=4).map(lambda parts: "wf 1.0\n" + "\n".join(parts) + "\n"))
BETWEEN = st.sampled_from([None] * 20 + [" // c\n ", "\n// d\n  ", "\n\n\n ", "  "])


@st.composite
def strewn(draw: st.DrawFn) -> str:
    """A file with comments and blank lines between its tokens."""
    text = draw(FILES)
    tokens, _ = tokenize(file_parser().tables, text)
    parts = [text[: tokens[1].end]]
    for before, token in pairwise(tokens[1:-1]):
        gap = text[before.end : token.start]
        free = gap and "///" not in gap and token.kind != "AT"
        parts += [(draw(BETWEEN) if free else None) or gap, token.text]
    return "".join(parts) + "\n"
