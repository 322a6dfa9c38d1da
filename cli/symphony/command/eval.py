"""`wf eval`: the value of one expression, to try it out."""

from __future__ import annotations

import re

import click

from symphony.command import say
from symphony.command.exits import Exit
from symphony.command.options import Command

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
@click.option(
    "--data",
    type=click.Path(readable=False),
    metavar="FILE",
    help="A JSON (or YAML) object whose keys are the names; - for standard input.",
)
@click.option("--raw", "-r", is_flag=True, help="Print a text as it is, without quotes.")
@click.option("--type", "only_type", is_flag=True, help="Print the type; evaluate nothing.")
@click.option("--cost", is_flag=True, help="Also say what the evaluation cost.")
@click.option("--cel", is_flag=True, help="Read EXPR as plain CEL, and print what JSON lacks as CEL writes it.")
def command(expression: str, data: str | None, raw: bool, only_type: bool, cost: bool, cel: bool) -> int:
    """Print the value of an expression of the language, as JSON.

    Every name is of type json, as data from outside are. Without --data there are no names.

    The exit code is 1 where the expression has a mistake, or no value on these data. The value false is no mistake.
    """
    from symphony.command import evaluating
    from symphony_dsl.expressions.meter import BUDGET

    question = evaluating.Question(expression, {} if data is None else evaluating.names(data), cel)
    if only_type:
        say.result(f"{evaluating.type_text(question)}\n")
        return Exit.DONE
    answer = evaluating.answer(question)
    say.result(f"{answer.value if raw and isinstance(answer.value, str) else answer.text()}\n")
    if cost:
        say.note(f"it cost {answer.units:,} of the {BUDGET:,} units that it may")
    return Exit.DONE
