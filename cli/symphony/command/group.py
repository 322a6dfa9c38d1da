"""The group of commands. A command's module is imported when it is called; its name and summary stand in a table."""

from __future__ import annotations

from importlib import import_module

import click

from symphony.command.options import Command, near, write_example
from symphony.version import __version__

COMMANDS = {
    "init": "Start a project: wf.toml, a first workflow, its data.",
    "check": "Find every mistake, run nothing.",
    "explain": "Say what a code of a message means.",
    "fmt": "Give files their one layout.",
    "build": "Compile workflows into artifacts.",
    "run": "Run a workflow and print its outputs.",
    "watch": "Check again whenever a file is saved.",
    "runs": "List the runs of a store.",
    "pause": "Let nothing new start in a run.",
    "resume": "Go on with a run.",
    "cancel": "End a run.",
    "input": "Answer a question of a run.",
    "retry": "Give a step another chance, or a run that failed.",
    "skip": "Go on without a step of a run.",
    "fail": "Let a step of a run have failed.",
    "why": "Say why a step ran, waits, or was skipped.",
    "events": "Print what happened in a run.",
    "audit": "Print who did what and when, in all runs.",
    "timeline": "Draw a run as a chart, in a page.",
    "show": "Print workflows as outlines.",
    "graph": "Draw a workflow.",
    "migrate": "Make artifacts ones of another schema version.",
    "schema": "Print the JSON Schema of artifacts or events.",
    "eval": "Print the value of an expression.",
    "clean": "Remove finished runs.",
    "completion": "Print the completion script of a shell.",
}


WHERE = {name: ("control", name) for name in ("pause", "resume", "cancel", "retry", "skip", "fail")} | {
    "input": ("control", "answer")
}
"""Where a command is that has no module of its own name."""


class Group(click.Group):
    """Knows its commands by name only until one is needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = WHERE.get(cmd_name, (cmd_name, "command"))
        command: Command = getattr(import_module(f"symphony.command.{module}"), name)
        command.short_help = COMMANDS[cmd_name]
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            raise click.UsageError(f"there is no command {args[0]!r}{near(args[0], COMMANDS)}", ctx)
        return super().resolve_command(ctx, args)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        write_example(formatter, "wf run support_desk.wf")
        super().format_help(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=Group,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    no_args_is_help=False,
    invoke_without_command=True,
)
@click.version_option(__version__, "-V", "--version", message="wf %(version)s")
@click.option("--debug", is_flag=True, expose_value=False, help="Show tracebacks.")
@click.pass_context
def wf(context: click.Context) -> int:
    """Workflows as text: check them, run them, look at what happened."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
    return 0
