"""Makes the tree of declarations, and of whole files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from symphony_dsl.expressions.problem import Problem
from symphony_dsl.expressions.tree import Call, Name, Select
from symphony_dsl.syntax.leads import ident
from symphony_dsl.syntax.messages import explain
from symphony_dsl.syntax.statements import StatementBuilder
from symphony_dsl.syntax.tree import (
    Alias,
    Callable,
    Const,
    Enum,
    EnumValue,
    Expect,
    Given,
    Ident,
    Import,
    ImportName,
    Instance,
    Mock,
    Policy,
    Pragma,
    Record,
    Template,
    Test,
    Workflow,
)

if TYPE_CHECKING:
    from symphony_dsl.base.span import Span
    from symphony_dsl.expressions.lr import Token, UnexpectedError
    from symphony_dsl.expressions.tree import Expr
    from symphony_dsl.syntax.tree import Block, Body, Declaration, Fail, Param, TypeRef

_NUMBER = "(?:0|[1-9][0-9]*)"
_PART = rf"(?:{_NUMBER}|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
_COUNT = "(?:0|[1-9][0-9]{0,17})"  # no longer than artifacts take it
SEMVER = re.compile(rf"{_COUNT}\.{_COUNT}\.{_COUNT}(?:-{_PART}(?:\.{_PART})*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?")
"""A version as SemVer 2.0.0 has it; the grammar reads a little more, so that this can be said of it."""

DEEPENING = ("generic_type", "list_type", "optional_type", "function_type")


class Builder(StatementBuilder):
    """The actions of the whole grammar over the text of an island, or of a file."""

    def explain(self, unexpected: UnexpectedError) -> Problem:
        problem = explain(unexpected, self.text)
        if problem.code != "WF0105":
            return problem
        line = self.text.rfind("\n", 0, problem.span.start) + 1
        alone = not self.text[line : problem.span.start].strip()
        return problem if alone else self.misplaced(problem.span)

    def start(self, _span: Span, *parts: Pragma | Declaration) -> tuple[Pragma | Declaration, ...]:
        return parts

    def pragma(self, span: Span, _word: Token, edition: Token) -> Pragma:
        return Pragma(span, edition.text)

    def import_as(
        self, span: Span, _word: Token, source: Token, _v: Token | None, version: Token | None, _as: Token, name: Ident
    ) -> Import:
        return self._import(span, source, version, name, ())

    def import_names(
        self, span: Span, _word: Token, source: Token, _v: Token | None, version: Token | None, *names: ImportName
    ) -> Import:
        return self._import(span, source, version, None, names)

    def _import(
        self, span: Span, source: Token, version: Token | None, alias: Ident | None, names: tuple[ImportName, ...]
    ) -> Import:
        path = self.plain(source, "what is imported")
        range_ = self.plain(version, "a version") if version else None
        return Import(span, self.lead(span), path, source.span, range_, version and version.span, alias, names)

    def import_name(self, span: Span, name: Token, _as: Token | None, alias: Ident | None) -> ImportName:
        return ImportName(span, ident(name), alias)

    def record(self, span: Span, _word: Token, name: Ident, *fields: Param) -> Record:
        return Record(span, self.lead(span), name, fields)

    def enum(self, span: Span, _word: Token, name: Ident, *values: EnumValue) -> Enum:
        return Enum(span, self.lead(span), name, values)

    def enum_value(self, span: Span, name: Token, wire: Token | None) -> EnumValue:
        return EnumValue(span, self.lead(span), ident(name), self.plain(wire, "a wire name") if wire else None)

    def alias(self, span: Span, _word: Token, name: Ident, of: TypeRef) -> Alias:
        return Alias(span, self.lead(span), name, of)

    def const(self, span: Span, _word: Token, name: Ident, of: TypeRef | None, value: Expr) -> Const:
        return Const(span, self.lead(span), name, of, value)

    def policy(self, span: Span, _word: Token, name: Ident, block: Block) -> Policy:
        return Policy(span, self.lead(span), name, block)

    def callable(
        self,
        span: Span,
        effect: Token | None,
        kind: Token,
        name: Ident,
        parameters: tuple[Param, ...],
        *rest: TypeRef | Block | None,
    ) -> Callable:
        result, block = rest
        word = effect.text if effect else None
        return Callable(span, self.lead(span), word, kind.text, name, parameters, result, block)  # type: ignore[arg-type]  # by position

    def workflow(self, span: Span, _word: Token, name: Ident, version: Token | None, body: Body) -> Workflow:
        return Workflow(span, self.lead(span), name, self._version(version), body)

    def instance(self, span: Span, _word: Token, name: Ident, version: Token | None, call: Expr) -> Instance:
        path = _template_path(call)
        if path is None or not isinstance(call, Call):
            self.report(Problem("WF0101", call.span, "a workflow is made from a template by its name: `= name(…)`"))
            path, call = (), Call(call.span, None, "", call.span, ())
        return Instance(span, self.lead(span), name, self._version(version), path, call)

    def template(
        self, span: Span, _word: Token, name: Ident, version: Token | None, parameters: tuple[Param, ...], body: Body
    ) -> Template:
        return Template(span, self.lead(span), name, self._version(version), parameters, body)

    def test(
        self,
        span: Span,
        _word: Token,
        title: Token,
        _for: Token,
        workflow: tuple[Ident, ...],
        *statements: Given | Mock | Expect,
    ) -> Test:
        return Test(span, self.lead(span), self.plain(title, "the title of a test"), workflow, statements)

    def _version(self, token: Token | None) -> str | None:
        """A version of something, as SemVer has it."""
        if token is None or SEMVER.fullmatch(token.text):
            return token and token.text
        message = f"`{token.text}` is no version; its parts are separated by dots, and no number starts with a zero"
        self.report(Problem("WF0103", token.span, message))
        return None

    def given(self, span: Span, _word: Token, name: Token, value: Expr) -> Given:
        return Given(span, ident(name), value)

    def mock(self, span: Span, _word: Token, path: tuple[Ident, ...], value: Expr | Fail) -> Mock:
        return Mock(span, path, value)

    def expect(self, span: Span, _word: Token, condition: Expr) -> Expect:
        return Expect(span, condition)


def _template_path(call: Expr) -> tuple[Ident, ...] | None:
    """The names of `module.template(…)`, or None where something else is called."""
    if not isinstance(call, Call) or call.name.startswith("."):
        return None
    names = [Ident(call.name_span, call.name)]
    target = call.target
    while isinstance(target, Select) and not target.optional:
        names.insert(0, Ident(target.field_span, target.field))
        target = target.operand
    if target is None:
        return tuple(names)
    return (Ident(target.span, target.name), *names) if isinstance(target, Name) and not target.absolute else None
