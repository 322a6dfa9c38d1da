"""`wf graph`: a workflow as a drawing."""

from __future__ import annotations

import click

from symphony.command import say
from symphony.command.exits import Exit
from symphony.command.options import Command, Words


@click.command("graph", cls=Command, example="wf graph support_desk.wf --format mermaid")
@click.argument("target", metavar="FILE[:WORKFLOW]", type=click.Path(readable=False))
@click.option("--format", "style", type=Words(["mermaid", "dot"]), default="mermaid", help="The drawing's language.")
def command(target: str, style: str) -> int:
    """Draw a workflow, as Mermaid (which Markdown pages show) or as DOT (for Graphviz).

    FILE is a .wf file, a folder with one workflow, or a built NAME.wf.json.
    """
    from symphony.project.target import find
    from symphony_model import drawing

    artifact = find(target).artifact
    if artifact.note:
        say.warning(artifact.note)
    draw = {"mermaid": drawing.mermaid, "dot": drawing.dot}[style]
    say.result(draw(artifact.workflow).rstrip("\n") + "\n")
    return Exit.DONE
