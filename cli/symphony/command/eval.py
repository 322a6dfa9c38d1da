"""`wf eval`: the value of one expression, to try it out."""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING

import click

from symphony.command import say
from symphony.command.exits import Exit
from symphony.command.options import Command
from symphony.command.render import render
from symphony.project.errors import Checked, CheckError
from symphony_dsl.base.diagnostic import Diagnostic, Location, Reporter, Severity
from symphony_dsl.base.span import SourceText, Span

if TYPE_CHECKING:
    from collections.abc import Callable

    from symphony_dsl.base.types import Type
    from symphony_dsl.base.values import Json
    from symphony_dsl.expressions.meter import EvaluationError

PLACE = "expression"
"""What a message calls the text of the command line."""


_OTHER = re.compile(r"--?[A-Za-z][\w-]*(=.*)?|-", re.DOTALL)
"""A word that is an option, or stands for standard input."""


class Eval(Command):
    """Takes an expression that starts with a minus for what it is."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        negative = next((word for word in args if word.startswith("-") and not _OTHER.fullmatch(word)), None)
        if negative is not None and "--" not in args:
            args.remove(negative)
            args += ["--", negative]
        return super().parse_args(ctx, args)


@click.command("eval", cls=Eval, example="wf eval 'lines.map(l, l.price).sum()' --data order.json")
@click.argument("expression", metavar="EXPR")
@click.option("--data", metavar="FILE", help="A JSON (or YAML) object whose keys are the names; - for standard input.")
@click.option("--raw", "-r", is_flag=True, help="Print a text as it is, without quotes.")
@click.option("--type", "only_type", is_flag=True, help="Print the type; evaluate nothing.")
def command(expression: str, data: str | None, raw: bool, only_type: bool) -> int:
    """Print the value of an expression of the language, as JSON.

    Every name is of type json, as data from outside are. Without --data there are no names.

    The exit code is 1 where the expression has a mistake, or no value on these data. The value false is no mistake.
    """
    names = {} if data is None else _names(data)
    of = _checked(expression, names)
    if only_type:
        say.result(f"{of}\n")
        return Exit.DONE
    value = _value(expression, names)
    say.result(f"{value if raw and isinstance(value, str) else _json(value)}\n")
    return Exit.DONE


def _names(file: str) -> dict[str, Json]:
    from symphony.command.documents import STDIN, document
    from symphony_dsl.base.conform import ConversionError, plain_json
    from symphony_dsl.base.errors import UserError

    found = document(file)
    place = STDIN if file == "-" else file
    if not isinstance(found, dict):
        raise UserError("the data must be an object, whose keys are the names", place=place)
    try:
        made: dict[str, Json] = plain_json(found)
    except ConversionError as problem:
        raise UserError(str(problem).removeprefix("."), place=place) from None
    return {name: value for name, value in made.items() if "." not in name}


def _checked(text: str, names: dict[str, Json]) -> Type:
    """The type of the expression; CheckError where it has a mistake. A warning is said, and nothing more."""
    from symphony_dsl.base.types import JSON
    from symphony_dsl.expressions.checker import check
    from symphony_dsl.expressions.parser import ExpressionSyntaxError, parse_expression
    from symphony_dsl.expressions.scope import Scope

    reporter = Reporter(PLACE, 0, [])
    try:
        tree = parse_expression(text)
    except ExpressionSyntaxError as problem:
        reporter.report(problem.code, problem.span, problem.message)
        raise _refused(text, *reporter.found) from None
    of = check(tree, Scope(dict.fromkeys(names, JSON)), reporter).type
    if any(found.severity is Severity.ERROR for found in reporter.found):
        raise _refused(text, *reporter.found)
    for found in reporter.found:
        say.note(render(found, _source(text), say.painter(sys.stderr)))
    return of


def _value(text: str, names: dict[str, Json]) -> Json:
    from symphony_dsl.base.types import JSON, optional
    from symphony_dsl.expressions.program import EvaluationError, program

    try:
        return program(text, dict.fromkeys(names, JSON), optional(JSON)).run(names)
    except EvaluationError as problem:
        raise _refused(text, _failure(text, problem)) from None


def _failure(text: str, problem: EvaluationError) -> Diagnostic:
    """A failure of the evaluation in the form of a diagnostic; what a run calls it stands for the code."""
    from symphony_dsl.base.codes import Code

    code = Code(problem.code, problem.code, "error", "")
    where = Location(PLACE, problem.span or Span(0, len(text)))
    return Diagnostic(code, Severity.ERROR, problem.message, where)


def _refused(text: str, *found: Diagnostic) -> CheckError:
    return CheckError(Checked(found, _source(text)))


def _source(text: str) -> Callable[[str], SourceText]:
    source = SourceText(PLACE, text)
    return lambda _: source


def _json(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
