"""What commands are made of: help that opens with an example, and "did you mean" wherever a word is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterable

    from click.shell_completion import CompletionItem


def near(word: str, known: Iterable[str]) -> str:
    """`; did you mean X?`, or nothing."""
    from symphony_dsl.base.diagnostic import did_you_mean

    meant = did_you_mean(word, known)
    return f"; did you mean {meant!r}?" if meant else ""


def write_example(formatter: click.HelpFormatter, example: str) -> None:
    with formatter.section("Example"):
        for line in example.splitlines():
            formatter.write(f"{'':>{formatter.current_indent}}{line}\n")
    formatter.write_paragraph()


class Command(click.Command):
    """A command with an example, which its help opens with. Every command takes `--debug`."""

    def __init__(self, *args: Any, example: str, **more: Any) -> None:  # noqa: ANN401 - handed to click as they are
        super().__init__(*args, **more)
        self.example = example
        self.params.append(click.Option(["--debug"], is_flag=True, expose_value=False, help="Show tracebacks."))

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        write_example(formatter, self.example)
        super().format_help(ctx, formatter)


class Words(click.Choice[str]):
    """One of a few words, with "did you mean"."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ANN401 - click's signature
        if value in self.choices:
            return str(value)
        raise click.BadParameter(
            f"{value!r} is none of {', '.join(self.choices)}{near(str(value), self.choices)}", ctx, param
        )


def complete_run(context: click.Context, _: click.Parameter, begun: str) -> list[CompletionItem]:
    """The runs of the store that is named, or of the folder that one is in; nothing where it cannot be read."""
    from click.shell_completion import CompletionItem

    from symphony.command.stores import open_store
    from symphony_dsl.base.errors import UserError

    try:
        runs = open_store(context.params.get("store")).runs()
    except UserError:
        return []
    found = [CompletionItem(run.execution_id, help=f"{run.workflow}, {run.state}") for run in runs]
    return [item for item in [CompletionItem("last"), *found] if runs and item.value.startswith(begun)]


store_option = click.option(
    "--store",
    type=click.Path(file_okay=False, readable=False),
    metavar="DIR",
    help="Where runs are kept, instead of .symphony/.",
)
