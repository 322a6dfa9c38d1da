"""Mistakes in expressions that are easily made, and what was probably meant. Each hint knows one of them."""

from __future__ import annotations

from symphony_dsl.base.span import Span
from symphony_dsl.expressions.lr import END, Token
from symphony_dsl.expressions.messages import BRACKETS, CONTROLS, Mistake, found
from symphony_dsl.expressions.problem import Problem, mend
from symphony_dsl.expressions.texts import unclosed_interpolation
from symphony_dsl.expressions.words import LITERALS, RESERVED

OPERATORS = {"and": "&&", "or": "||", "AND": "&&", "OR": "||", "&": "&&", "|": "||", "===": "==", "<>": "!="}
UNITS = {
    "ms": ("millisecond", "milliseconds", "msec", "msecs", "millis"),
    "s": ("sec", "secs", "second", "seconds"),
    "m": ("min", "mins", "minute", "minutes"),
    "h": ("hr", "hrs", "hour", "hours"),
    "d": ("day", "days"),
}
UNIT_OF = {word: unit for unit, words in UNITS.items() for word in words}
NUMBERS = ("INT", "FLOAT", "UINT", "DURATION")
BEHIND = ("->", "=>", "{", "@")  # what never stands inside parentheses where it is not allowed
QUOTES = {"\u201c": '"', "\u201d": '"', "\u201e": '"', "\u2018": "'", "\u2019": "'"}


def unclosed_string(mistake: Mistake) -> Problem | None:
    token = mistake.token
    if token.kind != "UNCLOSED":
        return None
    what = "name in back-quotes" if token.text == "`" else "string"
    return Problem("WF0102", token.span, f"this {what} is not closed")


def quotes_inside(mistake: Mistake) -> Problem | None:
    """`"${m["x"]}"`: the string ends at the second quote."""
    before = mistake.before
    if before.kind != "STRING" or before.text[0] != '"' or before.end != mistake.token.start:
        return None
    mark = before.text.find("${", before.text.rfind("}") + 1)
    if mark < 0:
        return None
    opening = Span(before.start, before.start + 1)
    return unclosed_interpolation(mistake.text, before.start + mark, opening, before.end - 1)


def operator_words(mistake: Mistake) -> Problem | None:
    token = mistake.token
    if not mistake.goes_on or token.text not in OPERATORS:
        return None
    sign = OPERATORS[token.text]
    return _written(token.span, token.text, sign)


def negation_word(mistake: Mistake) -> Problem | None:
    before = mistake.before
    if before.text != "not" or not mistake.goes_on:
        return None
    message = "a negation is written `!`, not `not`"
    return Problem("WF0101", before.span, message, mend=mend("write `!`", Span(before.start, mistake.token.start), "!"))


def strict_equals(mistake: Mistake) -> Problem | None:
    before, token = mistake.before, mistake.token
    if token.text != "=" or before.text not in ("==", "!=") or before.end != token.start:
        return None
    return _written(before.span.to(token.span), f"{before.text}=", before.text)


def function_arrow(mistake: Mistake) -> Problem | None:
    """`xs.map(x => x.y)`. Where a file may have an arrow, it is a sign of its own, and not seen here."""
    start = mistake.token.start - (mistake.token.text == ">")
    if mistake.text[start : start + 2] not in ("=>", "->") or mistake.token.text not in ("=", ">"):
        return None
    message = "there are no functions with an arrow; a macro takes a variable and an expression: `.map(x, x + 1)`"
    return Problem("WF0101", Span(start, start + 2), message)


def single_equals(mistake: Mistake) -> Problem | None:
    token = mistake.token
    if token.text != "=" or not mistake.goes_on:
        return None
    return Problem(
        "WF0101", token.span, "a comparison is written `==`, not `=`", mend=mend("write `==`", token.span, "==")
    )


def question_dot(mistake: Mistake) -> Problem | None:
    if "COLON" not in mistake.expected:
        return None
    for first, second in zip(mistake.tokens[: mistake.at], mistake.tokens[1 : mistake.at + 1], strict=False):
        if first.kind == "QMARK" and second.kind == "DOT" and first.end == second.start:
            return _written(first.span.to(second.span), "?.", ".?")
    return None


def number_and_unit(mistake: Mistake) -> Problem | None:
    number, token = mistake.before, mistake.token
    if mistake.expected == {"COLON"}:  # the unit was read as the name of what follows
        number, token = mistake.near(-2), mistake.before
    if number.kind not in NUMBERS or not (token.text[:1].isidentifier() or token.text[:1].isdigit()):
        return None
    whole = number.span.to(token.span)
    unit = UNIT_OF.get(token.text.lower())
    if unit is not None and number.kind != "DURATION":
        written = f"{number.text}{unit}"
        message = f"`{mistake.text[whole.start : whole.end]}` is no duration; write `{written}`"
        return Problem("WF0103", whole, message, mend=mend(f"write `{written}`", whole, written))
    if number.end != token.start:
        return None
    return Problem("WF0103", whole, f"`{number.text}{token.text}` is neither a number nor a duration")


def duration_parts(mistake: Mistake) -> Problem | None:
    first, second = mistake.before, mistake.token
    if first.kind != "DURATION" or second.kind != "DURATION":
        return None
    whole, written = first.span.to(second.span), first.text + second.text
    message = f"a duration is written without blanks: `{written}`"
    return Problem("WF0103", whole, message, mend=mend(f"write `{written}`", whole, written))


def comment_sign(mistake: Mistake) -> Problem | None:
    token = mistake.token
    if token.text == "#":
        return Problem("WF0101", token.span, "a comment starts with `//`", mend=mend("write `//`", token.span, "//"))
    if token.text in ("/", "*") and mistake.text[token.start - (token.text == "*") :].startswith("/*"):
        start = token.start - (token.text == "*")
        return Problem("WF0101", Span(start, start + 2), "a comment starts with `//` and ends with its line")
    return None


def odd_sign(mistake: Mistake) -> Problem | None:
    token = mistake.token
    if token.kind != "BAD":
        return None
    if token.text == ";":
        return Problem("WF0101", token.span, "lines end without `;`", mend=mend("remove it", token.span, ""))
    if token.text in QUOTES:
        sign = QUOTES[token.text]
        message = f"quotes are straight: `{sign}`, not `{token.text}`"
        return Problem("WF0101", token.span, message, mend=mend(f"write `{sign}`", token.span, sign))
    if token.text == "$":
        message = "`${…}` stands in strings only; outside of them a name stands alone"
        return Problem("WF0101", token.span, message, mend=mend("remove it", token.span, ""))
    if not token.text.isascii():
        return Problem("WF0101", token.span, _foreign(token.text))
    shown = token.text if token.text.isprintable() else f"U+{ord(token.text):04X}"
    return Problem("WF0101", token.span, f"`{shown}` means nothing here")


def _foreign(sign: str) -> str:
    code = f"U+{ord(sign):04X}"
    shown = f"`{sign}` ({code})" if sign.isprintable() else f"the sign {code}"
    if sign.isalpha():
        return f"{shown} stands in strings only; names are written with the letters `a` to `z`, digits and `_`"
    return f"{shown} means nothing outside of strings"


def wrong_bracket(mistake: Mistake) -> Problem | None:
    opened = mistake.opened()
    if opened is None or mistake.token.kind not in BRACKETS.values():
        return None
    if mistake.token.kind == BRACKETS[opened.kind]:
        return None
    message = f"`{mistake.token.text}` does not close the `{opened.text}` that is open here"
    if not mistake.token.text:
        return _not_closed(mistake)
    return Problem("WF0102", mistake.token.span, message, (opened.span, "opened here"))


def unclosed_bracket(mistake: Mistake) -> Problem | None:
    opened = mistake.opened()
    inside = opened is not None and opened.kind != "LBRACE"
    return _not_closed(mistake) if mistake.token.kind == END or (inside and mistake.token.text in BEHIND) else None


def _not_closed(mistake: Mistake) -> Problem | None:
    opened = mistake.opened()
    return Problem("WF0102", opened.span, f"this `{opened.text}` is not closed") if opened else None


def choice_in_expression(mistake: Mistake) -> Problem | None:
    token = mistake.token
    if mistake.expected == {"COLON"}:  # the word was read as the name of an argument or field
        token = mistake.before
    elif mistake.first_on_line or not (mistake.goes_on or mistake.wants_value):
        return None
    if token.kind not in CONTROLS:
        return None
    if token.kind == "IF":
        message = "`if` is no part of an expression; there a choice is written `condition ? a : b`"
        return Problem("WF0101", token.span, message)
    message = f"`{token.text}` is no part of an expression; give it a step of its own and use its name here"
    return Problem("WF0101", token.span, message)


def reserved_name(mistake: Mistake) -> Problem | None:
    token = mistake.token
    if token.text not in RESERVED or "NAME" not in mistake.expected or (mistake.at and mistake.first_on_line):
        return None
    message = f"`{token.text}` is a word of the language; choose another name, or write it in back-quotes"
    if token.text in LITERALS:
        message = f"`{token.text}` is a word of the language that names nothing; write it in back-quotes"
    return Problem("WF0104", token.span, message, mend=mend("write back-quotes", token.span, f"`{token.text}`"))


def construction(mistake: Mistake) -> Problem | None:
    """`T{a: 1}`: CEL makes messages so, and there are none."""
    before, token = mistake.before, mistake.token
    if token.kind not in ("LBRACE", "CEL_BRACE") or not mistake.goes_on or before.end != token.start:
        return None
    if not before.text[:1].isidentifier():
        return None
    form = "a record `{ a: … }` without a name" if token.kind == "LBRACE" else 'a map `{ "a": … }`'
    message = f"`{before.text}{{…}}` makes a message, and there are none here; write {form}"
    return Problem("WF0101", before.span.to(token.span), message)


def missing_comma(mistake: Mistake) -> Problem | None:
    opened = mistake.opened()
    if opened is None or "COMMA" not in mistake.expected or not mistake.token.text[:1].isidentifier():
        return None
    return _comma(mistake.before, mistake.token, opened)


def field_without_commas(mistake: Mistake) -> Problem | None:
    """`{ a: 1 b }`: the last word was read as the name of a field with a value."""
    opened = mistake.opened()
    before, word = mistake.near(-2), mistake.before
    if opened is None or opened.kind != "LBRACE" or mistake.expected != {"COLON"} or before.kind == "COMMA":
        return None
    same_line = "\n" not in mistake.text[word.end : mistake.token.start]
    declared = mistake.tokens[mistake.tokens.index(opened) - 2].kind == "RECORD"
    if declared or (same_line and mistake.token.text[:1].isidentifier()):
        return None
    return _comma(before, word, opened)


def missing_colon(mistake: Mistake) -> Problem | None:
    word, token = mistake.before, mistake.token
    if mistake.expected != {"COLON"} or not (token.text[:1].isidentifier() and word.text[:1].isidentifier()):
        return None
    behind = Span(word.end, word.end)
    message = f"a `:` is missing between {found(word)} and {found(token)}"
    return Problem("WF0101", token.span, message, mend=mend("write `:`", behind, ":"))


def _comma(before: Token, token: Token, opened: Token) -> Problem:
    why = ": a field that is only a word needs its commas" if opened.kind == "LBRACE" else ""
    behind = mend("write `,`", Span(before.end, before.end), ",")
    return Problem("WF0101", token.span, f"expected `,` before {found(token)}{why}", mend=behind)


def _written(span: Span, wrong: str, right: str) -> Problem:
    return Problem("WF0101", span, f"`{wrong}` is written `{right}`", mend=mend(f"write `{right}`", span, right))


HINTS = (
    unclosed_string, quotes_inside, operator_words, negation_word, strict_equals, function_arrow, single_equals, question_dot, duration_parts,
    number_and_unit, construction, comment_sign, odd_sign, wrong_bracket, unclosed_bracket, choice_in_expression, reserved_name,
    missing_comma, field_without_commas, missing_colon,
)  # fmt: skip
