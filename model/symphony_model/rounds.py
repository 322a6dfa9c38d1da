"""Which region of a loop a node stands in, from what follows what.

One node says whether the loop ends. What comes before it is the body, what comes behind it happens when the loop goes on or has
ended; of that, what is joined to the node that gives the loop's value happens when it has ended. What neither comes before it
nor behind it happens when the loop has run out of rounds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from symphony_model.block_forms import AGAIN, BODY, DONE

if TYPE_CHECKING:
    from symphony_model.ids import NodeId

Links: TypeAlias = "dict[NodeId, set[NodeId]]"
"""What follows each of some nodes."""


def rounds(following: Links, decides: NodeId, gives: NodeId | None) -> dict[NodeId, str]:
    """The region of each node. O(nodes + edges)."""
    before = {decides, *_reached(decides, _turned(following))}
    behind = _reached(decides, following)
    ended = _part_of(gives, behind, following) if gives else set()
    return {node: _region(node, before, behind, ended) for node in following}


def _region(node: NodeId, before: set[NodeId], behind: set[NodeId], ended: set[NodeId]) -> str:
    if node in before:
        return BODY
    if node in ended:
        return DONE
    return AGAIN if node in behind else "else"


def _turned(links: Links) -> Links:
    turned: Links = {node: set() for node in links}
    for node, others in links.items():
        for other in others:
            turned[other].add(node)
    return turned


def _reached(start: NodeId, links: Links) -> set[NodeId]:
    found: set[NodeId] = set()
    rest = [start]
    while rest:
        new = links[rest.pop()] - found
        found |= new
        rest.extend(new)
    return found


def _part_of(node: NodeId, among: set[NodeId], links: Links) -> set[NodeId]:
    """What is joined to a node, directly or not, among some nodes."""
    if node not in among:
        return set()
    turned = _turned(links)
    both = {each: (links[each] | turned[each]) & among for each in among}
    return {node, *_reached(node, both)}
