"""Makes the tree of what stands in a body: statements, values, settings; and of types."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from symphony_dsl.base.span import Span
from symphony_dsl.expressions.builder import word
from symphony_dsl.expressions.literals import integer, magnitude
from symphony_dsl.expressions.problem import Problem, mend
from symphony_dsl.expressions.tree import Binary, Brace, Literal, Name, Select, Unary
from symphony_dsl.expressions.words import FACTS
from symphony_dsl.syntax.hints import twice_optional
from symphony_dsl.syntax.leads import LeadBuilder, ident
from symphony_dsl.syntax.tree import (
    After,
    Block,
    Body,
    Branch,
    Catch,
    Defaults,
    Fail,
    Finally,
    For,
    FunctionTypeRef,
    Ident,
    If,
    IfArm,
    Input,
    Layout,
    ListTypeRef,
    Loop,
    Match,
    MatchArm,
    NamedTypeRef,
    Next,
    Node,
    OptionalTypeRef,
    Output,
    Parallel,
    Param,
    Pattern,
    Place,
    RecordTypeRef,
    Require,
    Setting,
    Settings,
    Step,
    Try,
    Until,
    Yield,
)

if TYPE_CHECKING:
    from symphony_dsl.expressions.lr import Parser, Token
    from symphony_dsl.expressions.tree import Expr
    from symphony_dsl.syntax.tree import Control, Statement, TypeRef, Value


class StatementBuilder(LeadBuilder):
    """`recovered` holds the statements of bodies that were read piece by piece, by the place of the opening brace."""

    def __init__(self, parser: Parser, text: str) -> None:
        super().__init__(parser, text)
        self.recovered: dict[int, tuple[Statement, ...]] = {}

    # ---- statements ----

    def new(self, span: Span, token: Token) -> Ident:
        """The name of something that is defined here."""
        if token.text in FACTS:
            self.report(_given(token))
        return Ident(span, word(token))

    def input(self, span: Span, _word: Token, name: Ident, of: TypeRef, default: Expr | None) -> Input:
        return Input(span, self.lead(span), name, of, default)

    def output(self, span: Span, _word: Token, name: Ident, of: TypeRef | None, value: Expr | None) -> Output:
        return Output(span, self.lead(span), name, of, value)

    def step(
        self, span: Span, _word: Token, name: Ident, of: TypeRef | None, value: Value, after: tuple[After, ...] | None
    ) -> Step:
        return Step(span, self.lead(span), name, of, value, after or ())

    def effect(self, span: Span, _word: Token, value: Value, after: tuple[After, ...] | None) -> Step:
        if isinstance(value, Node) and (arrow := arrow_of(value.expr)):
            self.report(Problem("WF0101", arrow, "`<-` is written `=`", mend=mend("write `=`", arrow, "=")))
        return Step(span, self.lead(span), None, None, value, after or ())

    def after(self, _span: Span, _word: Token, *names: After) -> tuple[After, ...]:
        return names

    def after_name(
        self, span: Span, name: Token, _word: Token | None, minus: Token | None, priority: Token | None
    ) -> After:
        if priority is None:
            return After(span, ident(name), None)
        return After(span, ident(name), -magnitude(priority) if minus else integer(priority))

    def yield_(self, span: Span, _word: Token, value: Value) -> Yield:
        return Yield(span, self.lead(span), value)

    def next_(self, span: Span, _word: Token, value: Value) -> Next:
        return Next(span, self.lead(span), value)

    def until(self, span: Span, _word: Token, condition: Expr) -> Until:
        return Until(span, self.lead(span), condition)

    def require(self, span: Span, _word: Token, condition: Expr, _else: Token, otherwise: Expr) -> Require:
        return Require(span, self.lead(span), condition, otherwise)

    def fail(self, span: Span, _word: Token, value: Expr) -> Fail:
        return Fail(span, self.lead(span), value)

    def finally_(self, span: Span, _word: Token, body: Body) -> Finally:
        return Finally(span, self.lead(span), body)

    def defaults(self, span: Span, _word: Token, block: Block) -> Defaults:
        return Defaults(span, self.lead(span), block)

    def settings(self, span: Span, _word: Token, block: Block) -> Settings:
        return Settings(span, self.lead(span), block)

    def layout(self, span: Span, _word: Token, *places: Place) -> Layout:
        return Layout(span, self.lead(span), places)

    def place(self, span: Span, path: tuple[Ident, ...], value: Expr) -> Place:
        return Place(span, path, value)

    def path(self, _span: Span, *words: Token) -> tuple[Ident, ...]:
        return tuple(ident(token) for token in words)

    def path_expression(self, _span: Span, path: tuple[Ident, ...]) -> Expr:
        expr: Expr = Name(path[0].span, path[0].name)
        for part in path[1:]:
            expr = Select(expr.span.to(part.span), expr, part.name, part.span)
        return expr

    def block(self, span: Span, *settings: Setting) -> Block:
        return Block(span, settings)

    def setting(self, span: Span, name: Token, value: Expr) -> Setting:
        return Setting(span, ident(name), value)

    # ---- values ----

    def node(self, span: Span, expr: Expr) -> Node:
        return Node(span, expr)

    def configured(self, span: Span, expr: Expr, settings: Block) -> Node:
        return Node(span, expr, settings)

    def with_settings(self, span: Span, control: Control, _word: Token, settings: Block) -> Control:
        return replace(control, span=span, settings=settings)

    def body(self, span: Span, *statements: Statement) -> Body:
        return Body(span, statements)

    def empty_body(self, span: Span) -> Body:
        recovered = self.recovered.get(span.start)
        return Body(span, recovered or (), recovered is not None)

    def inner(self, value: Body | Node | Fail) -> Body | Node | Fail:
        """What may be a body or a value: an opening brace there always opens a body."""
        if not isinstance(value, Node) or self.text[value.span.start] != "{":
            return value
        if isinstance(value.expr, Brace) and not value.expr.entries:
            return self.empty_body(value.span)
        self.report(_record_as_body(value.span, self.text))
        return value

    def if_(self, span: Span, _word: Token, condition: Expr, body: Body, *rest: IfArm | Token | Body | None) -> If:
        *more, _else, otherwise = rest
        first = IfArm(span._replace(end=body.span.end), condition, body)
        arms = (first, *(arm for arm in more if isinstance(arm, IfArm)))
        return If(span, arms, otherwise if isinstance(otherwise, Body) else None)

    def else_if(self, span: Span, _else: Token, _if: Token, condition: Expr, body: Body) -> IfArm:
        return IfArm(span, condition, body)

    def match(self, span: Span, _word: Token, subject: Expr, *arms: MatchArm) -> Match:
        return Match(span, subject, arms)

    def arm(self, span: Span, patterns: tuple[Pattern, ...] | None, value: Body | Node | Fail) -> MatchArm:
        return MatchArm(span, self.lead(span), patterns, self.inner(value))

    def patterns(self, _span: Span, *patterns: Pattern) -> tuple[Pattern, ...]:
        return patterns

    def else_pattern(self, _span: Span, _else: Token) -> None:
        return None

    def pattern_name(self, span: Span, token: Token) -> Pattern:
        return Pattern(span, word(token))

    def pattern_string(self, span: Span, token: Token) -> Pattern:
        text = self.plain(token, "a pattern")
        return Pattern(span, None, Literal(span, "string", text))

    def pattern_int(self, span: Span, token: Token) -> Pattern:
        return Pattern(span, None, self.int_(span, token))

    def pattern_bool(self, span: Span, token: Token) -> Pattern:
        return Pattern(span, None, self.bool_(span, token))

    def for_(
        self,
        span: Span,
        _word: Token,
        key: Ident | None,
        item: Ident,
        _in: Token,
        items: Expr,
        *rest: Token | Expr | Body | None,
    ) -> For:
        parallel, limit, body = rest
        assert isinstance(body, Body), "the grammar ends it with a body"
        assert not isinstance(limit, Body | tuple), "the grammar puts the limit here"
        return For(span, key, item, items, parallel is not None, limit, body)

    def loop(self, span: Span, _word: Token, *parts: Ident | TypeRef | Expr | Token | Body | None) -> Loop:
        name, of, initial, _max, maximum, _every, every, body, _else, otherwise = parts
        return Loop(span, name, of, initial, maximum, every, body, otherwise)  # type: ignore[arg-type]  # by position

    def parallel_all(self, span: Span, _word: Token, _all: Token, *branches: Branch) -> Parallel:
        return Parallel(span, False, None, branches)

    def parallel_first(
        self, span: Span, _word: Token, _first: Token, count: Token | None, *branches: Branch
    ) -> Parallel:
        return Parallel(span, True, integer(count) if count else None, branches)

    def branch(self, span: Span, name: Token, value: Body | Node) -> Branch:
        inner = self.inner(value)
        assert not isinstance(inner, Fail), "the grammar has no such branch"
        return Branch(span, self.lead(span), ident(name), inner)

    def try_(self, span: Span, _word: Token, value: Body | Node, *catches: Catch) -> Try:
        inner = self.inner(value)
        assert not isinstance(inner, Fail), "the grammar has no such operand"
        return Try(span, inner, catches)

    def catch(self, span: Span, _word: Token, name: Ident, codes: tuple[Ident, ...] | None, body: Body) -> Catch:
        return Catch(span, name, codes or (), body)

    def codes(self, _span: Span, *names: Token) -> tuple[Ident, ...]:
        return tuple(ident(name) for name in names)

    # ---- types ----

    def named_type(self, span: Span, names: tuple[Ident, ...]) -> NamedTypeRef:
        return NamedTypeRef(span, names)

    def generic_type(self, span: Span, names: tuple[Ident, ...], argument: TypeRef) -> NamedTypeRef:
        return NamedTypeRef(span, names, argument)

    def record_type(self, span: Span, *fields: Param) -> RecordTypeRef:
        return RecordTypeRef(span, fields)

    def list_type(self, span: Span, item: TypeRef) -> ListTypeRef:
        return ListTypeRef(span, item)

    def optional_type(self, span: Span, item: TypeRef) -> OptionalTypeRef:
        if isinstance(item, OptionalTypeRef):
            self.report(twice_optional(Span(item.span.end - 1, span.end)))
        return OptionalTypeRef(span, item)

    def function_type(self, span: Span, parameters: tuple[Param, ...], result: TypeRef) -> FunctionTypeRef:
        return FunctionTypeRef(span, parameters, result)

    def qname(self, _span: Span, *names: Token) -> tuple[Ident, ...]:
        return tuple(ident(name) for name in names)

    def params(self, _span: Span, *params: Param) -> tuple[Param, ...]:
        return params

    def param(self, span: Span, name: Token, of: TypeRef, default: Expr | None) -> Param:
        return Param(span, self.lead(span), ident(name), of, default)

    # ---- strings that are no expressions ----

    def plain(self, token: Token, what: str) -> str:
        """The text of a string in which nothing can be inserted."""
        made = self.string_(token.span, token)
        if isinstance(made, Literal):
            return str(made.value)
        self.report(Problem("WF0103", token.span, f"{what} is a plain string: it holds no `${{…}}`"))
        return ""


def _given(token: Token) -> Problem:
    message = f"`{token.text}` is a name that the language gives; choose another one, such as `{token.text}_`"
    return Problem("WF0104", token.span, message, mend=mend(f"rename it `{token.text}_`", token.span, f"{token.text}_"))


def _record_as_body(span: Span, text: str) -> Problem:
    message = "a `{` here opens a body of statements; a record stands in one: `{ yield { … } }`"
    wrapped = f"{{ yield {text[span.start : span.end]} }}"
    return Problem("WF0101", span._replace(end=span.start + 1), message, mend=mend("yield the record", span, wrapped))


def arrow_of(expr: Expr) -> Span | None:
    """The `<-` of `step a <- f(x)`, which reads as a comparison with a negation."""
    match expr:
        case Binary(operator="<", operator_span=sign, left=Name(), right=Unary(operator="-", span=right)):
            return Span(sign.start, right.start + 1) if sign.end == right.start else None
    return None
