"""`wf completion`: the script that teaches a shell the words of `wf`."""

from __future__ import annotations

import click

from symphony.command import say
from symphony.command.exits import Exit
from symphony.command.options import Command, Words


@click.command("completion", cls=Command, example='eval "$(wf completion bash)"')
@click.argument("shell", metavar="bash|zsh|fish", type=Words(["bash", "zsh", "fish"]))
def command(shell: str) -> int:
    """Print the completion script of a shell, to be evaluated or saved where the shell looks for it.

    bash and zsh: put the line above into ~/.bashrc or ~/.zshrc. fish: wf completion fish > ~/.config/fish/completions/wf.fish
    """
    from click.shell_completion import get_completion_class

    from symphony.command.group import wf

    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"completion for {shell} is not known to this version of click")
    say.result(kind(wf, {}, "wf", "_WF_COMPLETE").source().rstrip("\n") + "\n")
    return Exit.DONE
