"""Outlines of workflows, nodes and edges: laws that hold for whatever is printed, and what single lines say."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.model.blocks import nest
from tests.model.generators.broken import battered
from tests.model.generators.plain import graph
from tests.model.generators.sound import ACYCLIC, VALID
from tests.model.graphs import workflows
from tests.model.samples import Sample

from symphony_dsl.base.types import INT, ListType, RecordType, Type
from symphony_dsl.base.types import Field as TypeField
from symphony_model import PRINTERS, PrettyConfig, Printer, pretty_print, pretty_print_compact, pretty_print_with_config
from symphony_model.ids import NodeId
from symphony_model.nodes import InputNode, OutputNode
from symphony_model.printing.bodies import Bodies
from symphony_model.printing.page import Line, Part, cells
from symphony_model.printing.values import type_text
from symphony_model.workflow import Workflow

ANY = workflows() | ACYCLIC | battered(workflows()).map(lambda each: each.workflow)
CONFIGS = st.builds(
    PrettyConfig,
    use_colors=st.booleans(),
    indent_size=st.integers(0, 16),
    max_depth=st.none() | st.integers(0, 3),
    show_metadata=st.booleans(),
    width=st.none() | st.integers(20, 130),
)
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
PLAIN = PrettyConfig()


def printed(workflow: Workflow, config: PrettyConfig) -> list[str]:
    """The workflow, its nodes and its edges, in full and on one line."""
    things = [workflow, *workflow.nodes.values(), *workflow.edges]
    full = [pretty_print_with_config(each, config, of=workflow) for each in things]
    alone = [pretty_print_with_config(each, config) for each in things[1:]]
    return [*full, *alone, *(pretty_print_compact(each, config, of=workflow) for each in things)]


@given(ANY, CONFIGS)
def test_whatever_is_printed_is_lines_that_can_be_seen(workflow: Workflow, config: PrettyConfig) -> None:
    for text in printed(workflow, replace(config, use_colors=False)):
        assert text
        assert [line for line in text.split("\n") if not line.isprintable()] == []


@given(ANY, CONFIGS)
def test_colours_add_nothing_but_colours(workflow: Workflow, config: PrettyConfig) -> None:
    plain = printed(workflow, replace(config, use_colors=False))
    coloured = printed(workflow, replace(config, use_colors=True))
    assert [COLOUR.sub("", text) for text in coloured] == plain
    assert any(COLOUR.search(text) for text in coloured)


@given(ANY, CONFIGS, st.integers(20, 130))
def test_no_line_is_wider_than_it_may_be(workflow: Workflow, config: PrettyConfig, width: int) -> None:
    for text in printed(workflow, replace(config, use_colors=False, width=width)):
        assert [line for line in text.splitlines() if cells(line) > width] == []


def ids_of(text: str) -> list[str]:
    return re.findall(r"path .* · id ([0-9a-f-]{36})", text)


def blocks_around(workflow: Workflow, region: str | None) -> int:
    parents = {each.path: each.parent for each in workflow.regions}
    count = 0
    while region is not None:
        count, region = count + 1, parents[region]
    return count


@given(workflows() | VALID, st.none() | st.integers(0, 3))
def test_every_step_is_shown_once_as_deep_as_blocks_are_opened(workflow: Workflow, depth: int | None) -> None:
    text = pretty_print_with_config(workflow, PrettyConfig(show_metadata=True, max_depth=depth))
    closers = {region.closer for region in workflow.regions}
    open_to = len(workflow.regions) if depth is None else depth
    wanted = {
        key
        for key, node in workflow.nodes.items()
        if not node.base.synthetic and key not in closers and blocks_around(workflow, node.base.region) <= open_to
    }
    assert Counter(ids_of(text)) == Counter(wanted)


def step_of(workflow: Workflow, node: NodeId, body: str | None) -> NodeId | None:
    """The step of a body that a node is or lies in, of a block its opening node; found from inside outwards."""
    openers = {region.closer: region.opener for region in workflow.regions}
    regions = {region.path: region for region in workflow.regions}
    region = workflow.nodes[node].base.region
    while region is not None and region != body:
        node, region = regions[region].opener, regions[region].parent
    return openers.get(node, node) if region == body else None


@given(workflows() | VALID)
def test_what_waits_for_a_step_has_a_higher_level_or_lies_in_what_has(workflow: Workflow) -> None:
    bodies = Bodies(workflow)
    levels = {unit.node.base.id: unit.level for body in bodies.bodies() for unit in bodies.units(body)}
    assert None not in levels.values()
    for edge in workflow.edges:
        body = workflow.nodes[edge.source_node].base.region
        source, target = (step_of(workflow, end, body) for end in (edge.source_node, edge.target_node))
        if source != target and source in levels and target in levels:
            assert (levels[source] or 0) < (levels[target] or 0)


@given(workflows() | VALID)
def test_no_step_stands_later_than_it_has_to(workflow: Workflow) -> None:
    bodies = Bodies(workflow)
    for body in bodies.bodies():
        levels = {unit.level for unit in bodies.units(body)}
        assert levels == set(range(1, len(levels) + 1))


@given(ACYCLIC)
def test_levels_without_blocks_are_those_of_the_graph(workflow: Workflow) -> None:
    if workflow.regions or any(isinstance(node, InputNode | OutputNode) for node in workflow.nodes.values()):
        return
    levels = {node: at for at, level in enumerate(workflow.execution_levels(), 1) for node in level}
    assert {unit.node.base.id: unit.level for unit in Bodies(workflow).units(None)} == levels


def test_steps_that_go_round_in_circles_have_no_level() -> None:
    text = pretty_print(graph(4, [(0, 1), (1, 2), (2, 1), (2, 3)]))
    assert [line[:4] for line in text.splitlines() if " = text" in line] == ["  1 ", "  ? ", "  ? ", "  ? "]


# ---- single lines ----


def test_names_and_texts_can_do_nothing_to_a_terminal() -> None:
    evil = "\x1b[2J\nrm -rf\t\u202e\x9b"
    sample = Sample()
    sample.change("kind", lambda node: replace(node, base=replace(node.base, name=evil, description=evil)))
    workflow = sample.workflow()
    workflow.update(name=evil, description=evil)
    for text in printed(workflow, PrettyConfig(show_metadata=True)):
        assert "\\x1b[2J" in text or "rm -rf" not in text
        assert set("\x1b\t\x9b\u202e").isdisjoint(text)


def test_what_stands_in_no_block_that_is_opened_is_shown_apart() -> None:
    sample = Sample()
    sample.change("kind", lambda node: replace(node, base=replace(node.base, region="lost")))
    assert "in lost, which nothing opens\n  kind = " in pretty_print(sample.workflow())


def test_what_stands_in_a_block_that_something_else_opens_is_shown_apart() -> None:
    workflow = Sample().workflow()
    nobody = NodeId("00000000-0000-0000-0000-000000000000")
    workflow.update(regions=tuple(replace(region, opener=nobody) for region in workflow.regions))
    assert "in reply:then, which nothing opens\n" in pretty_print(workflow)


def test_wide_characters_take_two_columns() -> None:
    workflow = Workflow("猫" * 30)
    first = pretty_print_with_config(workflow, PrettyConfig(width=21)).splitlines()[0]
    assert first == "workflow " + "猫" * 5 + "…"


def test_texts_that_are_too_long_go_on_below() -> None:
    workflow = Workflow("w", description="one two three four five six seven")
    text = pretty_print_with_config(workflow, PrettyConfig(width=20))
    assert text == "workflow w\n  one two three four\n  five six seven"


def test_blocks_nest_as_deep_as_they_like() -> None:
    workflow = nest(3_000)
    text = pretty_print(workflow)
    assert text.count("for") >= 3_000
    assert len(text) < 3_000 * 400
    assert max(map(len, pretty_print_with_config(workflow, PrettyConfig(width=40)).splitlines())) <= 40


def test_a_type_that_doubles_is_told_in_short() -> None:
    of: Type = INT
    for _ in range(60):
        of = RecordType((TypeField("a", of), TypeField("b", of)))
    assert type_text(ListType(of)) == "{ 2 fields }[]"
    assert type_text(RecordType((TypeField("a", of),), "Named")) == "Named"


# ---- the table ----


def test_methods_and_functions_are_the_same() -> None:
    workflow = Sample().workflow()
    config = PrettyConfig(use_colors=True, width=60)
    for thing in (workflow, *workflow.nodes.values(), *workflow.edges):
        assert thing.pretty_print() == pretty_print(thing)
        assert thing.pretty_print_compact() == pretty_print_compact(thing)
        assert thing.pretty_print_with_config(config) == pretty_print_with_config(thing, config)


def test_another_kind_is_an_entry() -> None:
    class Recipe:
        name = "soup"

    with pytest.raises(TypeError, match="a Recipe cannot be printed"):
        pretty_print(Recipe())
    lines = [Line(0, (Part("recipe ", "word"), Part("soup", "name"))), Line(1, (Part("stir"),))]
    PRINTERS[Recipe] = Printer(lambda _, config, of: lines, lambda recipe, of: [Part(recipe.name)])
    try:
        assert pretty_print(Recipe()) == "recipe soup\n  stir"
        assert pretty_print_compact(Recipe()) == "soup"
    finally:
        del PRINTERS[Recipe]


@pytest.mark.parametrize("wrong", [{"indent_size": -1}, {"indent_size": 17}, {"max_depth": -1}, {"width": 19}])
def test_a_configuration_that_cannot_be(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        PrettyConfig(**wrong)
