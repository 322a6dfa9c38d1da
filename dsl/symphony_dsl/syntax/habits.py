"""Habits of other languages, each with how it is written here. Each hint knows one of them, most are words of a table."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from symphony_dsl.base.span import Span
from symphony_dsl.expressions.lr import END
from symphony_dsl.expressions.problem import Mend, Problem, mend

if TYPE_CHECKING:
    from symphony_dsl.expressions.lr import Token
    from symphony_dsl.expressions.messages import Mistake

WORDS = {"except": "catch", "rescue": "catch", "is": "==", "mod": "%", "div": "/"}
"""Words behind a value, and what stands for them here."""
VALUE_WORDS = {"foreach": "for", "switch": "match", "case": "match", "unless": "if !", "attempt": "try"}
"""Words in front of a value."""
BESIDE = {
    "then": "the arms of an `if` stand in braces: `if c { … } else { … }`; between two values one chooses by `c ? a : b`",
    "end": "blocks stand in braces",
    "as": "a value is converted by a function: `string(x)`",
}
ASIDE = {
    "async": "steps run side by side as far as their data allow, and nothing is awaited",
    "await": "steps run side by side as far as their data allow, and nothing is awaited",
    "new": "a record is written in braces, without a name: `{ a: 1 }`",
}
"""Words that stand for nothing here, and can be left out."""
SIGNS = {":=": "=", "?:": "??", "<-": "=", "!==": "!=", "===": "=="}
PLACE = re.compile(r"(?<!\$)\{")


def arrow_function(mistake: Mistake) -> Problem | None:
    """`xs.map(x => x + 1)`"""
    opened = mistake.opened()
    alone = mistake.near(-2).kind in ("LPAR", "COMMA") and mistake.before.kind == "NAME"
    if mistake.token.text not in ("=>", "->") or opened is None or opened.kind != "LPAR" or not alone:
        return None
    message = "there are no functions with an arrow; a macro takes a variable and an expression: `.map(x, x + 1)`"
    fix = mend("write `,`", Span(mistake.before.end, mistake.token.end), ",")
    return Problem("WF0101", mistake.token.span, message, mend=fix)


def named_argument(mistake: Mistake) -> Problem | None:
    """`f(x = 1)`"""
    opened = mistake.opened()
    named = mistake.near(-2).kind in ("LPAR", "COMMA") and mistake.before.text.isidentifier()
    if mistake.token.text != "=" or opened is None or opened.kind != "LPAR" or not named:
        return None
    message = f"an argument is written `{mistake.before.text}: …`"
    fix = mend("write `:`", Span(mistake.before.end, mistake.token.end), ":")
    return Problem("WF0101", mistake.token.span, message, mend=fix)


def formatted_string(mistake: Mistake) -> Problem | None:
    """`f"hello {name}"`"""
    before, token = mistake.before, mistake.token
    if before.text not in ("f", "F", "s") or token.kind not in ("STRING", "TEXT") or before.end != token.start:
        return None
    whole = before.span.to(token.span)
    message = "every string in double quotes takes values, by `${…}`; nothing stands in front of it"
    return Problem("WF0101", whole, message, mend=mend("write `${…}`", whole, PLACE.sub("${", token.text)))


def double_sign(mistake: Mistake) -> Problem | None:
    """A sign that is read as two: `:=`, `?:`."""
    before, token = mistake.before, mistake.token
    sign = before.text + token.text
    if sign not in SIGNS or before.end != token.start:
        return None
    return _written(before.span.to(token.span), sign, SIGNS[sign])


def word_behind_a_value(mistake: Mistake) -> Problem | None:
    token = mistake.token
    if token.kind != "NAME" and token.text not in BESIDE:
        return None
    if token.text in WORDS and (mistake.goes_on or "CATCH" in mistake.expected):
        return _written(token.span, token.text, WORDS[token.text])
    if token.text in BESIDE and mistake.goes_on:
        return Problem("WF0101", token.span, BESIDE[token.text])
    if token.text == "of" and "IN" in mistake.expected:
        return _written(token.span, "of", "in")
    return None


def word_in_front_of_a_value(mistake: Mistake) -> Problem | None:
    before = mistake.before
    if before.kind != "NAME" or not mistake.goes_on or mistake.first_on_line:
        return None
    if before.text in VALUE_WORDS:
        return _written(before.span, before.text, VALUE_WORDS[before.text])
    return _aside(before, mistake.token) if before.text in ASIDE else None


def word_in_front_of_a_statement(mistake: Mistake) -> Problem | None:
    """`async step a = …`, `await f(x)`"""
    token, behind = mistake.token, mistake.near(1)
    if token.text not in ("async", "await") or "STEP" not in mistake.expected:
        return None
    if behind.kind in ("STEP", END):  # the statement behind it is read by itself
        blank = mistake.text[token.end : token.end + 1].isspace()
        fix = mend("remove it", Span(token.start, token.end + blank), "")
        return Problem("WF0101", token.span, ASIDE[token.text], mend=fix)
    return Problem("WF0101", token.span, ASIDE[token.text], mend=mend("write `step`", token.span, "step"))


def arrow_to_a_name(mistake: Mistake) -> Problem | None:
    """`a <- f(x)` at the start of a statement."""
    token, sign, more = mistake.token, mistake.near(1), mistake.near(2)
    arrow = (sign.text + more.text) in ("<-", ":=") and sign.end == more.start
    if token.kind != "NAME" or "STEP" not in mistake.expected or not arrow:
        return None
    edits = ((Span(token.start, token.start), "step "), (sign.span.to(more.span), "="))
    message = f"a statement starts with a word: `step {token.text} = …`"
    return Problem("WF0101", token.span.to(more.span), message, mend=Mend("write `step … = `", edits))


def parentheses_of_for(mistake: Mistake) -> Problem | None:
    """`for (x in xs) { … }`"""
    token = mistake.token
    if token.kind != "LPAR" or mistake.before.kind != "FOR":
        return None
    closing = _closing(mistake)
    edits = ((token.span, ""), (closing.span, "")) if closing else ((token.span, ""),)
    return Problem("WF0101", token.span, "a `for` has no parentheses", mend=Mend("remove them", edits))


def kind_of_parallel(mistake: Mistake) -> Problem | None:
    token = mistake.token
    if token.kind != "LBRACE" or mistake.before.kind != "PARALLEL" or "ALL" not in mistake.expected:
        return None
    message = "branches run as `parallel all { … }`, or as `parallel first { … }`, which takes the first to succeed"
    fix = mend("write `all`", Span(token.start, token.start), "all ")
    return Problem("WF0101", token.span, message, mend=fix)


def import_from(mistake: Mistake) -> Problem | None:
    """`import A from "./a.wf"`"""
    names, word, source = mistake.token, mistake.near(1), mistake.near(2)
    if mistake.before.kind != "IMPORT" or word.text != "from" or source.kind != "STRING":
        return None
    whole = names.span.to(source.span)
    message = f"an import names the file first: `import {source.text} {{ {names.text} }}`"
    fix = mend("write the file first", whole, f"{source.text} {{ {names.text} }}")
    return Problem("WF0101", whole, message, mend=fix)


def dashes(mistake: Mistake) -> Problem | None:
    """`-- a comment`"""
    at = mistake.token.start
    first = mistake.text[:at].rpartition("\n")[2].strip() == ""
    if mistake.token.text != "-" or not mistake.text.startswith("--", at) or not first:
        return None
    span = Span(at, at + 2)
    return Problem("WF0101", span, "a comment starts with `//`", mend=mend("write `//`", span, "//"))


def _closing(mistake: Mistake) -> Token | None:
    depth = 0
    for token in mistake.tokens[mistake.at :]:
        depth += (token.kind == "LPAR") - (token.kind == "RPAR")
        if depth == 0:
            return token
    return None


def _aside(word: Token, behind: Token) -> Problem:
    fix = mend("remove it", Span(word.start, behind.start), "")
    return Problem("WF0101", word.span, ASIDE[word.text], mend=fix)


def _written(span: Span, wrong: str, right: str) -> Problem:
    return Problem("WF0101", span, f"`{wrong}` is written `{right}`", mend=mend(f"write `{right}`", span, right))


HINTS = (
    arrow_function, named_argument, formatted_string, double_sign, word_behind_a_value, word_in_front_of_a_value,
    word_in_front_of_a_statement, arrow_to_a_name, parentheses_of_for, kind_of_parallel, import_from, dashes,
)  # fmt: skip
