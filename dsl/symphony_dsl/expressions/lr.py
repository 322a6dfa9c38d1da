"""The LALR parser: drives the tables of a grammar over tokens and calls an action for each reduction.

An action is a method of a builder and gets the span of what it reduces, then the values of its parts; a token is its own
value. Spans come from the stack, so that punctuation which no action sees still counts. Two things keep it quick: a
chain of rules that only pass a value on (`sum: product`, `product: unary`, …) is followed once for each state and
token and then remembered, and nothing is built that is not kept. Nothing recurses, however long a chain of operators is
and however deep brackets nest; brackets and types that nest too deep to be read by anyone are refused.
"""

from __future__ import annotations

from functools import partial
from operator import itemgetter
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
# What a named tuple costs is the function around its tuple; hundreds of thousands are made here.
_span = partial(tuple.__new__, Span)
NESTING = {"LPAR": 1, "LSQB": 1, "LBRACE": 1, "CEL_BRACE": 1, "RPAR": -1, "RSQB": -1, "RBRACE": -1}


class Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


_token = partial(tuple.__new__, Token)


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


class Reduction(NamedTuple):
    name: str
    length: int
    take: Callable[[list[Made]], Sequence[Made]] | None  # None: all as they are
    action: Action | None  # None: hand on the value, or the list of values
    lists: bool
    deepens: bool


def scan(tables: Tables, text: str, start: int, end: int) -> Iterator[Token]:
    """The tokens and comments of a part of a text; it is read as far as they are asked for."""
    keyword = tables.keywords.get
    kinds = tables.kinds
    for match in tables.pattern.finditer(text, start, end):
        group = match.lastindex or 0
        kind = kinds[group]
        if kind == "SPACE":  # at the end; elsewhere blanks belong to what follows
            continue
        first, last = match.span(group)
        word = text[first:last]
        if kind == "NAME":
            kind = keyword(word, kind)
        yield _token((kind, word, first, last))


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
        kind = token[0]
        (comments if kind in trivia else tokens).append(token)
        if kind == "UNCLOSED":
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
        """The value of the start rule. Raises UnexpectedError or TooDeepError.

        Half of a check is spent here, so it is one loop, with a stack for each thing that is known of a symbol: the state
        behind it, its value, where it starts, and how deep it is. A symbol ends where the last token ends.
        """
        _check_nesting(tokens)
        rows, reductions, goto, after = self.tables.states, self._reductions, self._goto, self._after
        state, final = self.tables.starts[start]
        states = [state]
        values: list[Made] = []
        starts: list[int] = []
        depths: list[int] = []
        end = 0
        for at, token in enumerate(tokens):
            kind = token[0]
            while (number := rows[state].get(kind, 0)) < 0:
                name, length, take, action, lists, deepens = reductions[~number]
                if length == 1:
                    parts, begin, depth = [values.pop()], starts.pop(), depths.pop()
                    del states[-1]
                elif length:
                    parts = values[-length:]
                    begin, depth = starts[-length], max(depths[-length:])
                    del values[-length:], starts[-length:], depths[-length:], states[-length:]
                else:
                    parts, begin, end, depth = [], token[2], token[2], 0
                taken: Sequence[Made] = parts
                if take is not None:
                    parts.append(None)
                    taken = take(parts)
                if deepens:
                    depth = _deeper(depth, begin, end)
                if action is not None:
                    values.append(action(builder, _span((begin, end)), *taken))
                else:
                    values.append(taken if lists else taken[0])
                starts.append(begin)
                depths.append(depth)
                state = goto.get((states[-1], name, kind)) or after(states[-1], name, kind)
                states.append(state)
                if kind == END and state == final:
                    return values[-1]
            if not number:
                raise self._unexpected(start, tokens, at)
            following = tokens[at + 1][0]
            values.append(token)
            starts.append(token[2])
            depths.append(0)
            end = token[3]
            state = goto.get((state, kind, following)) or after(state, kind, following)
            states.append(state)
        raise AssertionError("the last token ends every parse")

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
    lists = rule.action == LIST
    take = None if rule.take is None else _taking(rule.take, lists=lists)
    return Reduction(rule.name, rule.length, take, action, lists, rule.action in deep)


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


def _taking(take: tuple[tuple[int, bool], ...], *, lists: bool) -> Callable[[list[Made]], Sequence[Made]]:
    """What picks the values that an action gets out of those of all symbols, behind which None stands for absent ones."""
    if lists or len(take) < 2 or any(splice for _, splice in take):
        return partial(_taken, take)
    return itemgetter(*(index for index, _ in take))


def _taken(take: tuple[tuple[int, bool], ...], values: list[Made]) -> list[Made]:
    taken: list[Made] = []
    for index, splice in take:
        if not splice:
            taken.append(values[index])
        elif taken:
            taken.extend(values[index])
        else:
            taken = values[index]  # the list of a repetition grows in place
    return taken
