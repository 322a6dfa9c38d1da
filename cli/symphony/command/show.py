"""`wf show`: workflows as outlines, and what runs did."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

import click

from symphony.command import say
from symphony.command.exits import Exit
from symphony.command.options import Command, Words, store_option
from symphony.command.show_run import means_run, show_run

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from symphony_model.nodes import Node
    from symphony_model.workflow import Workflow

    Chosen = tuple[Workflow | Node, Workflow]
    """What is shown, and the workflow that it is of."""


ITEM = re.compile(r"\[[^]]*\]")


@click.command(
    "show", cls=Command, example="wf show support_desk.wf\nwf show support_desk.wf --step reply\nwf show last"
)
@click.argument("target", metavar="[FILE[:WORKFLOW]|RUN]", default=".", type=click.Path(readable=False))
@click.option("--step", metavar="NAME", help="Show this step whole: its texts, its ports, what it leads to.")
@click.option("--compact", "-c", is_flag=True, help="Print a line for each workflow.")
@click.option("--depth", type=click.IntRange(0), metavar="N", help="Open only so many blocks within each other.")
@click.option("--metadata", "-m", is_flag=True, help="Also show ids, authors, and what else is for people.")
@click.option("--width", type=click.IntRange(20), metavar="N", help="Columns, instead of the terminal's.")
@click.option("--color", type=Words(["auto", "always", "never"]), default="auto", help="Whether to use colours.")
@store_option
def command(target: str, step: str | None, store: str | None, **how: Any) -> int:  # noqa: ANN401 - the options of outlines
    """Print workflows as outlines: what they take and give, their steps, what each runs and where its values are from. Of a RUN
    (an id, the beginning of one, or "last"), what it did: each step with its time, its attempts and its value.

    FILE is a .wf file, a folder, or a built NAME.wf.json; without one, the folder you are in. All workflows in it are shown, or
    the one that is named.

    Steps that stand together are numbered; those of one number wait for nothing of each other and may run at once. `← x` is
    where a value comes from, `= x` a constant. On a terminal a line that is too long ends with `…`; elsewhere nothing is cut.
    """
    if means_run(target):
        show_run(target, store)
    else:
        _show(target, step, **how)
    return Exit.DONE


def _show(
    target: str, step: str | None, *, compact: bool, depth: int | None, metadata: bool, width: int | None, color: str
) -> None:
    from symphony.project.target import find_all
    from symphony_model.printing import pretty
    from symphony_model.printing.config import PrettyConfig

    config = PrettyConfig(
        use_colors=say.colours(sys.stdout) if color == "auto" else color == "always",
        max_depth=depth,
        show_metadata=metadata,
        width=width or _columns(),
    )
    found = find_all(target)
    chosen = [(each, each) for each in found] if step is None else _steps(found, step)
    is_unclear = step is not None and len(chosen) > 1
    if is_unclear:
        say.note(f"{len(chosen)} steps are called {step!r}; to see one whole, say its path, and FILE:WORKFLOW")
    if compact or is_unclear:
        say.result("".join(f"{pretty.pretty_print_compact(what, config, of=of)}\n" for what, of in chosen))
    else:
        say.result("\n".join(f"{pretty.pretty_print_with_config(what, config, of=of)}\n" for what, of in chosen))


def _columns() -> int | None:
    from symphony_model.printing.config import NARROWEST

    columns = say.width(sys.stdout)
    return None if columns is None else max(columns, NARROWEST)


def _steps(workflows: Sequence[Workflow], name: str) -> list[Chosen]:
    """Steps of a path, or of a name as `wf show` prints it. In the address of a step of a run, which item it was is passed over."""
    name = ITEM.sub("", name)
    at_path: list[Chosen] = [(node, each) for each in workflows if (node := each.at(name))]
    found = at_path or list(_named(workflows, name))
    if not found:
        raise click.UsageError(f"there is no step {name!r}{_meant(workflows, name)}")
    return found


def _named(workflows: Sequence[Workflow], name: str) -> Iterator[Chosen]:
    from symphony_model.printing.names import own_name

    for workflow in workflows:
        nodes = (node for node in _shown(workflow) if name in (own_name(node), node.base.name))
        yield from ((node, workflow) for node in nodes)


def _shown(workflow: Workflow) -> Iterator[Node]:
    """The nodes that a person could mean; a block is meant by its step, not by what opens it."""
    openers = {region.opener for region in workflow.regions}
    return (node for key, node in workflow.nodes.items() if not node.base.synthetic and key not in openers)


def _meant(workflows: Sequence[Workflow], name: str) -> str:
    from symphony.command.options import near
    from symphony_model.printing.names import own_name

    nodes = [node for workflow in workflows for node in _shown(workflow)]
    return near(name, dict.fromkeys([*map(own_name, nodes), *(node.base.path for node in nodes)]))
