"""Random files from the grammar itself: every rule is used, whatever it may be, and tokens are laid out in every way.

A file is derived from the rules that Lark reads out of `grammar.lark`. What the grammar allows and the parser refuses for
another reason is left out by rules of our own: words and literals as keys of one brace, a brace where a body may stand,
an instance of what has no path. Files are a function of a seed, so that thousands of them cost little.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from random import Random

from symphony_dsl.expressions.lr import tokenize
from symphony_dsl.syntax.generate import GRAMMARS, HERE, lark
from symphony_dsl.syntax.islands import file_parser

Rule = tuple[str, ...]
"""The symbols that a rule puts in the place of one."""

NAMES = ("a", "b", "text", "model", "x1", "Ticket", "a_rather_long_name", "`c-d`", "`input`")
PLAIN = ('"a b"', "'a'", '"it\'s"', "'\"'", '"\\n\\u00e9"', '""', '"\\${x}"')
STRINGS = (*PLAIN, '"${a}"', "\"${a.b + c['x']} and ${ f(d) }\"", "'${no}'")
TEXTS = {
    "NAME": NAMES,
    "QNAME": ("`c-d`", "`step`", "`a b`"),
    "STRING": STRINGS,
    "PLAIN": PLAIN,
    "TEXT": ('"""x"""', "'''it's'''", '"""\n    a\n      ${b}\n\n    """', '"""${"b"} \' ${c}"""'),
    "RAW": ("r'\\d'", 'R"\\w+"', "r'''\n  \\d\n  '''"),
    "BYTES": ("b'\\xff'", 'b"a"', "rb'\\d'"),
    "INT": ("0", "7", "0x1F", "9223372036854775807"),
    "UINT": ("7u", "0xFu"),
    "FLOAT": ("0.5", ".5", "1e3", "1.25e-2"),
    "DURATION": ("90s", "1h30m", "1.5s", "2d"),
    "VERSION": ("1.0.0", "2.1.0-rc.1", "0.0.1+build"),
    "OR": ("||",), "AND": ("&&",), "ELVIS": ("??",), "LT": ("<",), "LE": ("<=",), "GE": (">=",), "GT": (">",),
    "EQ": ("==",), "NE": ("!=",), "PLUS": ("+",), "MINUS": ("-",), "STAR": ("*",), "SLASH": ("/",), "PERCENT": ("%",),
    "BANG": ("!",), "ARROW": ("=>",), "RETURNS": ("->",), "QMARK": ("?",), "COLON": (":",), "DOT": (".",),
    "LSQB": ("[",), "RSQB": ("]",), "LPAR": ("(",), "RPAR": (")",), "COMMA": (",",), "LBRACE": ("{",), "RBRACE": ("}",),
    "AT": ("@",), "EQUAL": ("=",), "VBAR": ("|",),
}  # fmt: skip
"""What a token may be; a word of the language is itself."""

PLAIN_IN = ("import_", "bare_enum_value", "test", "atom")
LED = ("decl", "stmt", "field", "enum_value", "arm", "branch")
"""What documentation and annotations may stand in front of."""
KEYED = ("brace", "_keyed", "entry", "free_entry")
WORD_KEYS, LITERAL_KEYS = ("key", "string_key"), ("word", "_short")
TASTES = (0.1, 0.5, 1, 1, 3, 10)
LIKELY = {
    "workflow": 9,
    "template": 6,
    "control": 12,
    "step": 9,
    "STEP": 3,
    "body": 3,
    "brace": 9,
    "loop": 9,
    "MINUS": 3,
    "name": 1,
}
"""What much stands in is likelier than the rest."""


@dataclass(frozen=True)
class Grammar:
    """The rules by what they make, and how many tokens a symbol and a rule have at least."""

    rules: dict[str, list[Rule]]
    cost: dict[str, int]
    costs: dict[Rule, int]

    def least(self, rule: Rule) -> int:
        return self.costs[rule]


@dataclass
class Written:
    """A token, whether it must begin a line, and the documentation in front of it."""

    text: str
    begins: bool = False
    doc: bool = False


@cache
def grammar() -> Grammar:
    rules = _read()
    for name in PLAIN_IN:
        rules[name] = [tuple("PLAIN" if symbol == "STRING" else symbol for symbol in rule) for rule in rules[name]]
    _one_kind_of_keys(rules)
    _no_brace_where_a_body_may_stand(rules)
    rules["instance"] = [
        tuple("instance_call" if symbol == "call" else symbol for symbol in r) for r in rules["instance"]
    ]
    rules["instance_call"] = [("qname", "LPAR", "args", "RPAR")]
    rules["required_type"] = [rule for rule in rules["postfix_type"] if "QMARK" not in rule]
    rules["postfix_type"] = [*rules["required_type"], ("required_type", "QMARK")]
    cost = _costs(rules)
    costs = {rule: sum(cost.get(symbol, 1) for symbol in rule) for made in rules.values() for rule in made}
    return Grammar(rules, cost, costs)


def plain(name: str) -> str:
    return name.replace("expressions__grammar__", "")


def _read() -> dict[str, list[Rule]]:
    """The rules of the file grammar without those of plain CEL, whose braces no file has."""
    rules: dict[str, list[Rule]] = {}
    for rule in lark(HERE, GRAMMARS[HERE]).rules:
        symbols = tuple(plain(symbol.name) for symbol in rule.expansion)
        if not {"cel_map", "CEL_BRACE"} & {*symbols}:
            rules.setdefault(plain(rule.origin.name), []).append(symbols)
    return rules


def _one_kind_of_keys(rules: dict[str, list[Rule]]) -> None:
    """Braces of two kinds, of words and of literals, in place of those that may mix them."""
    for kind, without in (("words", WORD_KEYS), ("literals", LITERAL_KEYS)):
        for name in (*KEYED, "_short"):
            kept = [rule for rule in rules[name] if not {*rule} & {*without}]
            rules[f"{name}:{kind}"] = [
                tuple(f"{s}:{kind}" if s in (*KEYED, "_short") else s for s in rule) for rule in kept
            ]
    rules["brace"] = [("brace:words",), ("brace:literals",)]


def _no_brace_where_a_body_may_stand(rules: dict[str, list[Rule]]) -> None:
    """Values that begin with no brace, beside those that may."""
    opening = {"brace"}
    while more := {name for name, made in rules.items() if any(r and r[0] in opening for r in made)} - opening:
        opening |= more
    for name in opening - {"brace"}:
        kept = [rule for rule in rules[name] if rule and rule[0] != "brace"]
        rules[f"{name}:bare"] = [(f"{rule[0]}:bare" if rule[0] in opening else rule[0], *rule[1:]) for rule in kept]
    for name in ("bare_arm", "bare_branch", "try_"):
        rules[name] = [tuple("inner" if symbol == "node" else symbol for symbol in rule) for rule in rules[name]]
    rules["inner"] = [("node:bare",), ("LBRACE", "RBRACE")]


def _costs(rules: dict[str, list[Rule]]) -> dict[str, int]:
    cost = dict.fromkeys(rules, 10**6)
    changed = True
    while changed:
        changed = False
        for name, alternatives in rules.items():
            least = min((sum(cost.get(s, 1) for s in rule) for rule in alternatives), default=10**6)
            changed = changed or least < cost[name]
            cost[name] = min(cost[name], least)
    return cost


def derived(start: str, size: int, chance: Random, used: set[tuple[str, Rule]] | None = None) -> list[Written]:
    """The tokens of something of about that many tokens; `used` collects the rules that made it."""
    made: list[Written] = []
    stack = [(start, size)]
    begins = doc = False
    taste: dict[Rule, float] = {}
    while stack:
        symbol, left = stack.pop()
        if symbol not in grammar().rules:
            made.append(Written(_text(symbol, chance), begins, doc))
            begins = doc = False
            continue
        doc = doc or (symbol in LED and chance.random() < 0.1)
        begins = begins or (symbol == "annotations" and not (made and made[-1].text in "{(,"))
        rule = _chosen(symbol, left, chance, taste)
        if used is not None:
            used.add((symbol, rule))
        stack += _shared(rule, left - grammar().least(rule) + grammar().cost[symbol], chance)
    return made


def _shared(rule: Rule, left: int, chance: Random) -> list[tuple[str, int]]:
    """The symbols of a rule, last first, each with its part of what is left."""
    if len(rule) == 1 or left <= 0:
        return [(symbol, left) for symbol in reversed(rule)]
    parts = [chance.random() if symbol in grammar().rules else 0.0 for symbol in rule]
    whole = sum(parts) or 1.0
    return [(symbol, round(left * part / whole)) for symbol, part in zip(reversed(rule), reversed(parts), strict=True)]


def _chosen(symbol: str, left: int, chance: Random, taste: dict[Rule, float]) -> Rule:
    """One of the rules that what is left is enough for.

    What is handed on is likelier than what grows; but for that, each derivation has a taste of its own, so that what is
    rare is in some of them often.
    """
    least = grammar().cost[symbol]
    open_ = [rule for rule in grammar().rules[symbol] if grammar().least(rule) <= least + max(0, left)]
    if len(open_) == 1:
        return open_[0]
    for rule in open_:
        if rule not in taste:
            taste[rule] = chance.choice(TASTES) * LIKELY.get(rule[0] if rule else "", 3 if len(rule) == 1 else 1)
    return chance.choices(open_, [taste[rule] for rule in open_])[0]


def _text(kind: str, chance: Random) -> str:
    return chance.choice(TEXTS[kind]) if kind in TEXTS else _words()[kind]


@cache
def _words() -> dict[str, str]:
    return {kind: word for word, kind in file_parser().tables.keywords.items()}


# ---- layout ----

COMMENTS = (" // c\n ", "\n// a comment of its own\n  ", " //\n\n ", "\n  // one\n  // two\n\n  ")
BREAKS = ("\n  ", "\n\n\n    ", "\n\t", " \n ")


def derived_file(seed: int, size: int, *, commented: bool = True) -> str:
    """A file of some declarations with about `size` tokens in all."""
    chance = Random(seed)
    text = chance.choice(("wf 1.0\n", "// licence\nwf  1.0 // edition\n\n"))
    while size > 0:
        share = chance.randint(1, size)
        size -= share
        text += laid_out(derived("decl", share, chance), chance, commented)
        text += chance.choice(("\n", "\n\n\n", "\n// between\n"))
    return text


def laid_out(tokens: list[Written], chance: Random, commented: bool) -> str:
    """The text of a declaration: blanks, line breaks and comments wherever they may stand."""
    odd = chance.choice((0.02, 0.15, 0.5))
    parts = ["/// Of the declaration.\n" if tokens[0].doc else "", tokens[0].text]
    for before, token in pairwise(tokens):
        parts += [_gap(before.text, token, chance, odd, commented), token.text]
    return "".join(parts)


def _gap(before: str, token: Written, chance: Random, odd: float, commented: bool) -> str:
    gap = " "
    if chance.random() < odd:
        gap = chance.choice(("", "", "  ", *BREAKS, *(COMMENTS if commented else ())))
    if gap == "" and not apart(before, token.text):
        gap = " "
    if token.doc and commented:
        gap += "\n  /// Documented.\n  "
    return f"{gap}\n " if token.begins and "\n" not in gap else gap


@cache
def apart(one: str, other: str) -> bool:
    """Whether two tokens stay two when nothing stands between them."""
    tokens, comments = tokenize(file_parser().tables, one + other)
    return not comments and [token.text for token in tokens] == [one, other, ""]
