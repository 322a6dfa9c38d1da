"""The LALR parser: drives the tables of a grammar over tokens and calls an action for each reduction.

An action is a method of a builder and gets the span of what it reduces, then the values of its parts; a token is its own
value. Spans come from the stack, so that punctuation which no action sees still counts. Two things keep it quick: a
chain of rules that only pass a value on (`sum: product`, `product: unary`, …) is followed once for each state and
token and then remembered, and nothing is built that is not kept. Nothing recurses, however long a chain of operators is
and however deep brackets nest; brackets and types that nest too deep to be read by anyone are refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from symphony_dsl.base.span import Span
from symphony_dsl.expressions.tables import LIST, PASS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from symphony_dsl.expressions.tables import Rule, Tables

END = "$END"
BLOCKS = ('"""', "'''")
MOST_OPEN_QUOTES = 20
MAX_DEPTH = 64
NESTING = {"LPAR": 1, "LSQB": 1, "LBRACE": 1, "CEL_BRACE": 1, "RPAR": -1, "RSQB": -1, "RBRACE": -1}


class Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


class UnexpectedError(Exception):
    """A token that the grammar does not allow where it stands; `expected` are the kinds that it would allow."""

    def __init__(self, token: Token, tokens: list[Token], at: int, expected: frozenset[str], complete: bool) -> None:
        super().__init__(token.text)
        self.token = token
        self.tokens = tokens
        self.at = at
        self.expected = expected
        self.complete = complete  # whether what stands before the token could have ended there

    @property
    def previous(self) -> Token | None:
        return self.tokens[self.at - 1] if self.at else None


class TooDeepError(Exception):
    def __init__(self, span: Span) -> None:
        super().__init__("nested too deeply")
        self.span = span


# What an action makes of the values of its parts; the grammar is its type.
Made: TypeAlias = Any
Action: TypeAlias = "Callable[..., Made]"


# What stands on the stack for a symbol that has been read: its value, start, end and depth.
Entry: TypeAlias = tuple[Made, int, int, int]


@dataclass(frozen=True, slots=True)
class Reduction:
    name: str
    length: int
    take: tuple[tuple[int, bool], ...] | None
    action: Action | None  # None: hand on the value, or the list of values
    lists: bool
    deepens: bool


def scan(tables: Tables, text: str, start: int, end: int) -> Iterator[Token]:
    """The tokens and comments of a part of a text; it is read as far as they are asked for."""
    keyword = tables.keywords.get
    for match in tables.pattern.finditer(text, start, end):
        kind = match.lastgroup or ""
        if kind == "SPACE":  # at the end; elsewhere blanks belong to what follows
            continue
        first, last = match.span(kind)
        word = text[first:last]
        if kind == "NAME":
            kind = keyword(word, kind)
        yield Token(kind, word, first, last)


def tokenize(tables: Tables, text: str) -> tuple[list[Token], list[Token]]:
    """The tokens of a text, with the one that ends it, and beside them its comments.

    To find that a quote is not closed takes reading on to the end of its line, or of the text where it opens a block. So
    nothing is read behind such a block, and no more of a line than a few such quotes.
    """
    tokens: list[Token] = []
    comments: list[Token] = []
    at: int | None = 0
    while at is not None:
        at = _tokenized(tables, text, at, tokens, comments)
    tokens.append(Token(END, "", len(text), len(text)))
    return tokens, comments


def _tokenized(tables: Tables, text: str, start: int, tokens: list[Token], comments: list[Token]) -> int | None:
    """Read tokens from a place; where to go on when the rest of a line is left out."""
    trivia = tables.trivia
    left = MOST_OPEN_QUOTES
    for token in scan(tables, text, start, len(text)):
        (comments if token.kind in trivia else tokens).append(token)
        if token.kind == "UNCLOSED":
            left -= 1
            if token.text.endswith(BLOCKS):
                return None
            if left == 0:
                return text.find("\n", token.end) + 1 or None
    return None


def readable(tables: Tables, text: str) -> list[Token]:
    """The tokens of a text up to the first quote that nothing closes, which no grammar allows.

    To find that it is not closed takes reading all behind it, so that this is done once only.
    """
    tokens: list[Token] = []
    trivia = tables.trivia
    for token in scan(tables, text, 0, len(text)):
        if token.kind not in trivia:
            tokens.append(token)
        if token.kind == "UNCLOSED":
            break
    tokens.append(Token(END, "", len(text), len(text)))
    return tokens


class Parser:
    """Parses with the tables of a grammar; `builder` is the class whose methods are the actions.

    The methods named in `deepening` make a tree one level deeper that no bracket need close.
    """

    def __init__(self, tables: Tables, builder: type, deepening: Iterable[str] = ()) -> None:
        self.tables = tables
        deep = frozenset(deepening)
        self._reductions = [_reduction(rule, builder, deep) for rule in tables.rules]
        self._goto: dict[tuple[int, str, str], int] = {}

    def parse(self, start: str, tokens: list[Token], builder: object) -> Made:
        """The value of the start rule. Raises UnexpectedError or TooDeepError."""
        _check_nesting(tokens)
        states, reductions = self.tables.states, self._reductions
        first, final = self.tables.starts[start]
        stack = [first]
        entries: list[Entry] = []
        for at, token in enumerate(tokens):
            kind = token.kind
            while (action := states[stack[-1]].get(kind, 0)) < 0:
                self._reduce(reductions[~action], stack, entries, token, builder)
                if kind == END and stack[-1] == final:
                    return entries[-1][0]
            if not action:
                raise self._unexpected(start, tokens, at)
            stack.append(self._after(stack[-1], kind, tokens[at + 1].kind))
            entries.append((token, token.start, token.end, 0))
        raise AssertionError("the last token ends every parse")

    def _reduce(
        self, reduction: Reduction, stack: list[int], entries: list[Entry], token: Token, builder: object
    ) -> None:
        length, action = reduction.length, reduction.action
        if length == 1:
            value, start, end, depth = entries.pop()
            values = [value]
            stack.pop()
        elif length:
            parts = entries[-length:]
            values, start, end = [part[0] for part in parts], parts[0][1], parts[-1][2]
            depth = max([part[3] for part in parts])
            del stack[-length:], entries[-length:]
        else:
            values, start, end, depth = [], token.start, token.start, 0
        if reduction.take is not None:
            values = _taken(reduction.take, values)
        if reduction.deepens:
            depth = _deeper(depth, start, end)
        if action is not None:
            made = action(builder, Span(start, end), *values)
        else:
            made = values if reduction.lists else values[0]
        entries.append((made, start, end, depth))
        stack.append(self._after(stack[-1], reduction.name, token.kind))

    def _after(self, state: int, symbol: str, kind: str) -> int:
        """The state after a symbol, past all rules that would only hand its value on before a token of that kind."""
        key = (state, symbol, kind)
        known = self._goto.get(key)
        if known is not None:
            return known
        row = self.tables.states[state]
        target = row[symbol]
        while (action := self.tables.states[target].get(kind, 0)) < 0 and _hands_on(self.tables.rules[~action]):
            target = row[self.tables.rules[~action].name]
        self._goto[key] = target
        return target

    def _unexpected(self, start: str, tokens: list[Token], at: int) -> UnexpectedError:
        """The error for a token: what could stand there is known only before anything was reduced because of it."""
        final = self.tables.starts[start][1]
        stack = self.stack_before(start, tokens[:at])
        kinds = [kind for kind in self.tables.states[stack[-1]] if kind.isupper() and kind != END]
        expected = frozenset(kind for kind in kinds if self._leads(stack, kind, final))
        return UnexpectedError(tokens[at], tokens, at, expected, self._leads(stack, END, final))

    def stack_before(self, start: str, tokens: Sequence[Token]) -> list[int]:
        """The states after tokens that are all allowed."""
        first, final = self.tables.starts[start]
        stack = [first]
        for token in tokens:
            stack = self._reduced(stack, token.kind, final)
            stack.append(self.tables.states[stack[-1]][token.kind])
        return stack

    def reach(
        self, start: str, stack: list[int], tokens: Sequence[Token], ends_before: Callable[[Token], bool] | None = None
    ) -> int:
        """How many of the tokens may follow; all of them where the last one ends the text, or the text could end earlier
        and `ends_before` says that it does."""
        final = self.tables.starts[start][1]
        for number, token in enumerate(tokens):
            before = stack
            stack = self._reduced(stack, token.kind, final)
            if token.kind == END:
                return number + (stack[-1] == final)
            target = self.tables.states[stack[-1]].get(token.kind, 0)
            if target <= 0:
                ends = number > 0 and ends_before is not None and ends_before(token) and self._leads(before, END, final)
                return len(tokens) if ends else number
            stack.append(target)
        return len(tokens)

    def _leads(self, stack: list[int], kind: str, final: int) -> bool:
        """Whether a token of this kind could come next, after whatever it would reduce."""
        stack = self._reduced(stack, kind, final)
        return stack[-1] == final if kind == END else self.tables.states[stack[-1]].get(kind, 0) > 0

    def _reduced(self, stack: list[int], kind: str, final: int) -> list[int]:
        """The stack of states after all that a token of this kind reduces."""
        states, rules = self.tables.states, self.tables.rules
        stack = list(stack)
        while (action := states[stack[-1]].get(kind, 0)) < 0:
            rule = rules[~action]
            if rule.length:
                del stack[-rule.length :]
            stack.append(states[stack[-1]][rule.name])
            if kind == END and stack[-1] == final:
                break
        return stack


def _reduction(rule: Rule, builder: type, deep: frozenset[str]) -> Reduction:
    action = None if rule.action in (PASS, LIST) else getattr(builder, rule.action)
    return Reduction(rule.name, rule.length, rule.take, action, rule.action == LIST, rule.action in deep)


def _check_nesting(tokens: list[Token]) -> None:
    depth = 0
    for token in tokens:
        if token.kind in NESTING:
            depth = max(0, depth + NESTING[token.kind])
            if depth > MAX_DEPTH:
                raise TooDeepError(token.span)


def _deeper(depth: int, start: int, end: int) -> int:
    if depth >= MAX_DEPTH:
        raise TooDeepError(Span(start, end))
    return depth + 1


def _hands_on(rule: Rule) -> bool:
    return rule.length == 1 and rule.action == PASS


def _taken(take: tuple[tuple[int, bool], ...], values: list[Made]) -> list[Made]:
    taken: list[Made] = []
    for index, splice in take:
        if index < 0:
            taken.append(None)
        elif not splice:
            taken.append(values[index])
        elif taken:
            taken.extend(values[index])
        else:
            taken = values[index]  # the list of a repetition grows in place
    return taken
