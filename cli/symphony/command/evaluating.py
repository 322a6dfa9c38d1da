"""How `wf eval` comes to its answer. What is wrong with an expression is a CheckError, which is drawn as any other."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from symphony.command.cel_text import written
from symphony.command.documents import STDIN, document
from symphony.project.errors import Checked as Found
from symphony.project.errors import CheckError
from symphony_dsl.base.codes import Code
from symphony_dsl.base.conform import ConversionError, plain_json
from symphony_dsl.base.diagnostic import Diagnostic, Location, Reporter, Severity
from symphony_dsl.base.errors import UserError
from symphony_dsl.base.span import SourceText, Span
from symphony_dsl.base.types import JSON, OptionalType, Type, optional
from symphony_dsl.base.values import Json, Value
from symphony_dsl.expressions.checker.celtypes import cel_name
from symphony_dsl.expressions.checker.check import Checked, check
from symphony_dsl.expressions.conversions import leaving
from symphony_dsl.expressions.exact.evaluation import evaluation
from symphony_dsl.expressions.meter import EvaluationError, Meter
from symphony_dsl.expressions.parser import ExpressionSyntaxError, parse_cel, parse_expression
from symphony_dsl.expressions.problem import report
from symphony_dsl.expressions.scope import Scope
from symphony_dsl.expressions.tree import Expr

PLACE = "expression"
"""What a message calls the text of the command line."""


@dataclass(frozen=True, slots=True)
class Question:
    """A text over names with their values."""

    text: str
    names: Mapping[str, Json]
    cel: bool


@dataclass(frozen=True, slots=True)
class Answer:
    value: Value
    units: int
    cel: bool

    def text(self) -> str:
        return written(self.value) if self.cel else json.dumps(self.value, ensure_ascii=False, indent=2)


def names(file: str) -> Mapping[str, Json]:
    """The values of an object, by its keys."""
    found = document(file)
    place = STDIN if file == "-" else file
    if not isinstance(found, dict):
        raise UserError("the data must be an object, whose keys are the names", place=place)
    try:
        made: dict[str, Json] = plain_json(found)
    except ConversionError as problem:
        raise UserError(str(problem).removeprefix("."), place=place) from None
    return made


def type_text(question: Question) -> str:
    of = _checked(question, _read(question)).type
    return cel_name(of) if question.cel else str(of)


def answer(question: Question) -> Answer:
    tree = _read(question)
    of = _checked(question, tree).type
    meter = Meter()
    units = meter.left
    try:
        value = _in_cel(question, tree, meter) if question.cel else _in_wf(question, tree, of, meter)
    except EvaluationError as problem:
        raise _failed(question, problem) from None
    except ConversionError as problem:
        raise _failed(question, EvaluationError("conversion", str(problem))) from None
    return Answer(value, units - meter.left, question.cel)


def _in_wf(question: Question, tree: Expr, of: Type, meter: Meter) -> Json:
    """The value as it leaves a workflow: JSON, with null for what is absent."""
    target = optional(JSON) if isinstance(of, OptionalType) else JSON
    checked = _checked(question, tree, target)
    value = evaluation(tree, checked, tuple(question.names))(meter, list(question.names.values()))
    return leaving(checked.type, target)(Meter(), value, "")


def _in_cel(question: Question, tree: Expr, meter: Meter) -> Value:
    value = evaluation(tree, None, tuple(question.names))(meter, list(question.names.values()))
    Meter().walk(value)
    return value


def _read(question: Question) -> Expr:
    try:
        return parse_cel(question.text) if question.cel else parse_expression(question.text)
    except ExpressionSyntaxError as error:
        reporter = Reporter(PLACE, 0, [])
        report(reporter, error.problem)
        raise _refused(question, *reporter.found) from None


def _checked(question: Question, tree: Expr, expected: Type | None = None) -> Checked:
    """What the checker says; a warning is not worth a line here."""
    reporter = Reporter(PLACE, 0, [])
    checked = check(tree, Scope(dict.fromkeys(question.names, JSON), cel=question.cel), reporter, expected)
    if any(found.severity is Severity.ERROR for found in reporter.found):
        raise _refused(question, *reporter.found)
    return checked


def _failed(question: Question, problem: EvaluationError) -> CheckError:
    """A failure of the evaluation in the form of a diagnostic; what a run calls it stands for the code."""
    code = Code(problem.code, problem.code, "error", "")
    where = Location(PLACE, problem.span or Span(0, len(question.text)))
    return _refused(question, Diagnostic(code, Severity.ERROR, problem.message, where))


def _refused(question: Question, *found: Diagnostic) -> CheckError:
    source = SourceText(PLACE, question.text)
    return CheckError(Found(found, lambda _: source))
