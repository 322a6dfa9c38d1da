"""`layout { kind: [240, 80] }` → the positions of nodes in drawings.

A place is named as in `expect`: with dots where a node's path has `:` and `/` (`reply.then.decision`, `output.reply`).
"""

from __future__ import annotations

from symphony_compiler.constants import evaluate
from symphony_compiler.graph import Graph
from symphony_compiler.site import Site
from symphony_dsl.base.span import Span
from symphony_dsl.base.types import FLOAT, ListType
from symphony_dsl.syntax import tree
from symphony_model.nodes import Position


def dotted(path: str) -> str:
    return path.replace(":", ".").replace("/", ".")


def positions(site: Site, statements: tuple[tree.Statement, ...]) -> dict[str, Position]:
    """The positions that a body gives, by dotted path."""
    found: dict[str, Position] = {}
    for each in _places(site, statements):
        made = evaluate(site, each.value, ListType(FLOAT))
        if made.known and len(made.value) == 2:
            found[_name(each)] = Position(*made.value)
        elif made.known:
            site.report("WF0503", each.value.span, "a place is two numbers, to the right and down: `[240, 80]`")
    return found


def _places(site: Site, statements: tuple[tree.Statement, ...]) -> list[tree.Place]:
    layouts = [each for each in statements if isinstance(each, tree.Layout)]
    for each in layouts:
        if each is not statements[-1]:
            word = Span(each.span.start, each.span.start + len("layout"))
            site.report("WF0407", word, "`layout` stands last in its workflow")
    return [place for each in layouts for place in each.places]


def _name(place: tree.Place) -> str:
    return ".".join(ident.name for ident in place.path)


def check_places(site: Site, graph: Graph, statements: tuple[tree.Statement, ...]) -> None:
    """Report places of nodes that are not there. Needs a whole graph."""
    known = {dotted(path) for path in graph.places}
    for statement in statements:
        for place in statement.places if isinstance(statement, tree.Layout) else ():
            if _name(place) not in known:
                span = place.path[0].span.to(place.path[-1].span)
                site.unknown("WF0201", span, f"there is no node `{_name(place)}`", _name(place), known)
