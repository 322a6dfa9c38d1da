"""Workflows that were broken, as strategies, with what was done to them.

The sites of an edit are asked for anew before each, so that several can be done one after the other.
"""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st
from tests.model.generators import breaking_data, breaking_edges, breaking_nodes, breaking_regions
from tests.model.generators.breaking import Edit
from tests.model.generators.parts import Parts

from symphony_model.workflow import Workflow

EDITS = [
    each
    for module in (breaking_nodes, breaking_data, breaking_edges, breaking_regions)
    for each in vars(module).values()
    if isinstance(each, Edit)
]
TOLD = [each for each in EDITS if each.told]
"""Those of which something has to be said."""

PLACES = st.integers(0, 63)


@dataclass(frozen=True)
class Broken:
    workflow: Workflow
    done: tuple[Edit, ...]


@st.composite
def broken(draw: st.DrawFn, workflows: st.SearchStrategy[Workflow], edit: Edit) -> Broken:
    """One edit, done to workflows that have a site for it."""
    parts = draw(workflows.map(Parts.of).filter(lambda parts: bool(edit.sites(parts))))
    sites = edit.sites(parts)
    return Broken(edit.apply(parts, sites[draw(PLACES) % len(sites)]).workflow(), (edit,))


@st.composite
def battered(draw: st.DrawFn, workflows: st.SearchStrategy[Workflow]) -> Broken:
    """Several edits, one after the other; nothing is promised about what is said."""
    parts, done = Parts.of(draw(workflows)), list[Edit]()
    for each in draw(st.lists(st.sampled_from(EDITS), min_size=1, max_size=6)):
        sites, at = each.sites(parts), draw(PLACES)
        if sites:
            parts = each.apply(parts, sites[at % len(sites)])
            done.append(each)
    return Broken(parts.workflow(), tuple(done))
