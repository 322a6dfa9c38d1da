"""Mistakes in files that are easily made, and what was probably meant. Each hint knows one of them."""

from __future__ import annotations

from symphony_dsl.base.diagnostic import did_you_mean
from symphony_dsl.base.span import Span
from symphony_dsl.expressions.lr import END, Token
from symphony_dsl.expressions.messages import CONTROLS, Mistake, found
from symphony_dsl.expressions.problem import Mend, Problem, mend
from symphony_dsl.expressions.words import DECLARATION_WORDS, EFFECT_WORDS, STATEMENT_WORDS

# What other languages call it: the word of ours, in a sentence that names it last.
DECLARATIONS = {
    **dict.fromkeys(("def", "func", "fn", "function", "task", "tool"), "code that is run is an `operator`"),
    **dict.fromkeys(("class", "struct", "interface", "object"), "a type with fields is a `record`"),
    **dict.fromkeys(("let", "var", "val"), "a value that never changes is a `const`"),
    **dict.fromkeys(("agent", "prompt", "llm", "model"), "a call of a model is an `instrument`"),
    **dict.fromkeys(("pipeline", "flow", "job", "process"), "what is run is a `workflow`"),
    **dict.fromkeys(("use", "from", "include", "require"), "other files are named with `import`"),
}
STATEMENTS = {
    **dict.fromkeys(("let", "var", "val", "const", "set", "def", "node", "task"), "a named value is a `step`"),
    **dict.fromkeys(("function", "func", "fn"), "code that is run is an `operator` beside the workflow"),
    "return": "a result is an `output` of a workflow, or the `yield` of a block",
    "break": "a loop ends at its `until`",
    "continue": "a loop goes on behind its `until`",
    "while": "a repetition is a `loop` with an `until`",
    **dict.fromkeys(("raise", "throw", "error"), "a failure is written `fail`"),
    **dict.fromkeys(("assert", "check", "ensure"), "a condition that must hold is written `require … else …`"),
    **dict.fromkeys(("switch", "case", "when"), "a choice among values is a `match`"),
}
REPLACED = frozenset({"let", "var", "val", "const", "set", "node", "task", "throw", "raise", "error"})
"""Those for which our word alone is enough."""
CLAUSES = {
    "else": "an `else` stands behind the closing brace of its `if`",
    "catch": "a `catch` stands behind what its `try` runs",
}
ORDER = frozenset({"needs", "need", "depends_on", "dependsOn", "requires", "depends"})
ELSE_IF = frozenset({"elif", "elsif", "elseif", "elsef"})


ANY_WORD = "BREAK"  # expected where any word may stand, and nowhere else


def _declares(mistake: Mistake) -> bool:
    return {"WORKFLOW", "IMPORT"} <= mistake.expected and ANY_WORD not in mistake.expected


def _states(mistake: Mistake) -> bool:
    """Whether a statement could start here."""
    return {"STEP", "REQUIRE"} <= mistake.expected and ANY_WORD not in mistake.expected


def unknown_declaration(mistake: Mistake) -> Problem | None:
    token = mistake.token
    if not _declares(mistake):
        return None
    near = did_you_mean(token.text, (*DECLARATION_WORDS, *EFFECT_WORDS)) if token.text.isidentifier() else None
    if token.text in DECLARATIONS:
        return _foreign(token, "declaration", DECLARATIONS[token.text], mistake.near(1).text.isidentifier())
    if near is not None:
        return _meant(token, "declaration", near)
    if token.kind == "RBRACE":
        return Problem("WF0102", token.span, "this `}` closes nothing")
    if token.kind == "WF":
        return Problem("WF0101", token.span, "the edition stands once in a file, on its first line")
    if token.text in STATEMENT_WORDS:
        return Problem("WF0101", token.span, f"`{token.text}` stands inside a workflow, not beside it")
    words = "`workflow`, `instrument`, `operator`, `record`, `enum`, `type`, `const` or `import`"
    return Problem("WF0101", mistake.span, f"expected a declaration ({words}), but found {found(token)}")


def else_if(mistake: Mistake) -> Problem | None:
    token = mistake.token
    if token.text not in ELSE_IF:
        return None
    message = f"`{token.text}` is written `else if`"
    return Problem("WF0101", token.span, message, mend=mend("write `else if`", token.span, "else if"))


def order_words(mistake: Mistake) -> Problem | None:
    token = mistake.token
    if token.text not in ORDER:
        return None
    message = "data flows by name: a step runs when what it mentions is there; only other orders need `after name`"
    return Problem("WF0101", token.span, message)


def trailing_annotation(mistake: Mistake) -> Problem | None:
    """An annotation with nothing behind it that it could stand in front of."""
    ends = mistake.token.kind in ("RBRACE", "RPAR", END)
    last = next((token for token in reversed(mistake.tokens[: mistake.at]) if token.kind == "AT"), None)
    if not ends or "AT" not in mistake.expected or mistake.complete or last is None:
        return None
    span = Span(last.start, mistake.before.end)
    return Problem("WF0105", span, "an annotation stands in front of what it annotates; nothing follows this one")


def lone_clause(mistake: Mistake) -> Problem | None:
    token = mistake.token
    if token.text not in CLAUSES or not (mistake.complete or _states(mistake)):
        return None
    return Problem("WF0101", token.span, CLAUSES[token.text])


def reserved_before_equals(mistake: Mistake) -> Problem | None:
    """`step match = …`: the word was read as the start of a control block."""
    before = mistake.before
    if mistake.token.kind not in ("EQUAL", "COLON") or before.kind not in CONTROLS or mistake.near(-2).kind != "STEP":
        return None
    message = f"`{before.text}` is a word of the language; choose another name, or write it in back-quotes"
    return Problem("WF0104", before.span, message, mend=mend("write back-quotes", before.span, f"`{before.text}`"))


def glued_type(mistake: Mistake) -> Problem | None:
    token = mistake.token
    if token.kind != "GE" or "GT" not in mistake.expected:
        return None
    message = "`>=` is read as one sign; between a type and its default stands a blank: `> =`"
    return Problem("WF0101", token.span, message, mend=mend("write `> =`", token.span, "> ="))


def short_version(mistake: Mistake) -> Problem | None:
    token = mistake.token
    if "VERSION" not in mistake.expected or token.kind not in ("FLOAT", "INT"):
        return None
    parts = [*token.text.split("."), "0", "0"][:3]
    written = ".".join(part or "0" for part in parts)
    message = f"a version has three parts: `{written}`"
    return Problem("WF0103", token.span, message, mend=mend(f"write `{written}`", token.span, written))


def version_elsewhere(mistake: Mistake) -> Problem | None:
    if mistake.token.kind != "VERSION":
        return None
    return Problem("WF0103", mistake.token.span, f"`{mistake.token.text}` is no number; a version stands behind a name")


def settings_place(mistake: Mistake) -> Problem | None:
    token = mistake.token
    if token.kind != "LBRACE":
        return None
    before = mistake.before
    if "WITH" in mistake.expected and before.kind == "RBRACE":
        message = "settings of a control block are introduced by `with`"
        return Problem(
            "WF0101", token.span, message, mend=mend("write `with`", Span(token.start, token.start), "with ")
        )
    if mistake.expected & {"COMMA", "PRIORITY"} and any(
        token.kind == "AFTER" for token in mistake.tokens[: mistake.at]
    ):
        return Problem("WF0101", token.span, "settings stand before `after`")
    if not _states(mistake) and "AFTER" not in mistake.expected:
        return None
    return Problem("WF0101", token.span, "settings follow a call; what stands before this `{` is no call")


def import_what(mistake: Mistake) -> Problem | None:
    if not {"AS", "LBRACE"} <= mistake.expected or mistake.near(-2).kind not in ("IMPORT", "VERSION_WORD"):
        return None
    message = 'an import says what it brings: `import "…" { Name }`, or `import "…" as name`'
    return Problem("WF0101", mistake.span, message)


def arrow(mistake: Mistake) -> Problem | None:
    token = mistake.token
    if "ARROW" in mistake.expected and mistake.before.text == "case":
        span = Span(mistake.before.start, token.start)
        return Problem(
            "WF0101", mistake.before.span, "an arm starts with its pattern", mend=mend("remove it", span, "")
        )
    if "ARROW" not in mistake.expected or token.text not in ("->", ":", "="):
        return None
    message = f"an arm is written `pattern => value`, not with `{token.text}`"
    return Problem("WF0101", token.span, message, mend=mend("write `=>`", token.span, "=>"))


def qualified_pattern(mistake: Mistake) -> Problem | None:
    """`Label.praise => …`"""
    enum, value = mistake.before, mistake.near(1)
    if mistake.token.kind != "DOT" or "ARROW" not in mistake.expected or not value.text.isidentifier():
        return None
    message = f"a pattern is the value's name alone: `{value.text}`"
    return Problem(
        "WF0101",
        enum.span.to(value.span),
        message,
        mend=mend(f"write `{value.text}`", Span(enum.start, value.start), ""),
    )


def union_type(mistake: Mistake) -> Problem | None:
    if mistake.token.text != "|" or mistake.goes_on or "QMARK" not in mistake.expected:
        return None
    message = "there are no unions of types; a value that may be absent is written `T?`"
    return Problem("WF0101", mistake.token.span, message)


def double_optional(mistake: Mistake) -> Problem | None:
    token = mistake.token
    if token.kind != "ELVIS" or mistake.goes_on or "QMARK" not in mistake.expected:
        return None
    return twice_optional(token.span)


def twice_optional(signs: Span) -> Problem:
    return Problem("WF0101", signs, "a value is absent or it is not: `T??` is `T?`", mend=mend("write `?`", signs, "?"))


def comma_between(mistake: Mistake) -> Problem | None:
    """`input a: int, output b: int`"""
    token = mistake.token
    ends = mistake.complete or "RBRACE" in mistake.expected
    if token.kind != "COMMA" or not ends or mistake.near(1).text not in STATEMENT_WORDS:
        return None
    message = "statements stand one below the other, without commas"
    return Problem("WF0101", token.span, message, mend=mend("remove it", token.span, ""))


def missing_value(mistake: Mistake) -> Problem | None:
    """A statement word at the start of a line, where the statement above still needs a value."""
    if not mistake.wants_value or not mistake.first_on_line or mistake.token.text not in STATEMENT_WORDS:
        return None
    before = mistake.before
    behind = Span(before.end, before.end)
    return Problem("WF0101", behind, f"a value is missing behind `{before.text}`")


def unknown_statement(mistake: Mistake) -> Problem | None:
    token = mistake.token
    if not _states(mistake) or token.kind == END or not (mistake.at == 0 or mistake.first_on_line):
        return None
    if token.text in STATEMENTS:
        return _foreign(token, "statement", STATEMENTS[token.text], token.text in REPLACED)
    if token.kind in CONTROLS:
        message = f"`{token.text}` is the value of a step: `step name = {token.text} …`, or `step {token.text} …`"
        return Problem("WF0101", token.span, message, mend=_insert(token, "step "))
    near = did_you_mean(token.text, STATEMENT_WORDS) if token.text.isidentifier() else None
    following = mistake.near(1)
    if near is not None and following.text not in ("=", "("):
        return _meant(token, "statement", near)
    if token.kind in ("NAME", "QNAME") and following.text in ("=", "(", "."):
        message = f"a statement starts with a word: `step {token.text} {following.text} …`"
        if following.text != "=":
            message = f"a call is made by a step: `step {token.text}{following.text}…`"
        return Problem("WF0101", token.span, message, mend=_insert(token, "step "))
    words = "`step`, `input`, `output`, `require`, …"
    return Problem("WF0101", token.span, f"expected a statement ({words}), but found {found(token)}")


def _foreign(token: Token, what: str, ours: str, fits: bool) -> Problem:
    """A word of another language; where the rest of the text fits, our word is the fix."""
    word = ours.rpartition("`")[0].rpartition("`")[2]
    fix = mend(f"write `{word}`", token.span, word) if fits else None
    return Problem("WF0101", token.span, f"`{token.text}` starts no {what}; {ours}", mend=fix)


def _insert(token: Token, text: str) -> Mend:
    return mend(f"write `{text.strip()}`", Span(token.start, token.start), text)


def _meant(token: Token, what: str, near: str) -> Problem:
    message = f"`{token.text}` starts no {what}; did you mean `{near}`?"
    return Problem("WF0101", token.span, message, mend=mend(f"write `{near}`", token.span, near))


HINTS = (
    trailing_annotation, unknown_declaration, else_if, order_words, lone_clause, reserved_before_equals, glued_type, short_version,
    comma_between, version_elsewhere, settings_place, import_what, arrow, qualified_pattern, union_type, double_optional, missing_value, unknown_statement,
)  # fmt: skip
