"""The blocks of a graph are found from opening and closing nodes and edges alone."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cases.golden import MAIN, cases, fed
from tests.model.blocks import drawn, nest, stripped
from tests.model.generators.nested import nested, nested_workflows
from tests.model.generators.plans import INFERRED, Block, Step
from tests.model.problems import sound

from symphony_compiler.workspace import Workspace
from symphony_model.arms import InferredRegions, infer_regions, with_regions
from symphony_model.edges import ControlEdge, DataEdge
from symphony_model.ids import NodeId, edge_id
from symphony_model.nodes import ControlNode, OperatorNode
from symphony_model.problem import InvalidEdge
from symphony_model.region import Region
from symphony_model.validating.validation import COMPILED, ValidationConfig
from symphony_model.workflow import Workflow

EXAMPLE = Path(__file__).parents[2] / "examples" / "support_desk"


def found_again(workflow: Workflow) -> None:
    """What was stripped off a graph is inferred: regions and where each node stands, with the paths that they had."""
    bare = stripped(workflow)
    assert bare.validate(ValidationConfig(allow_orphan_nodes=True)).errors == ()
    inferred = infer_regions(bare)
    assert inferred.problems == ()
    assert set(inferred.regions) == set(workflow.regions)
    again = with_regions(bare, inferred)
    assert again.nodes == workflow.nodes
    assert again.edges == workflow.edges


@given(nested_workflows(INFERRED))
def test_the_regions_of_a_generated_graph_are_found_again(workflow: Workflow) -> None:
    found_again(workflow)


@given(nested_workflows())
def test_the_blocks_of_a_generated_graph_are_found_again_whatever_their_arms_are_called(workflow: Workflow) -> None:
    inferred = infer_regions(stripped(workflow))
    assert inferred.problems == ()
    places = {key: node.base.region for key, node in workflow.nodes.items() if node.base.region is not None}
    assert blocks(inferred.regions, inferred.places) == blocks(workflow.regions, places)


def blocks(regions: Iterable[Region], places: Mapping[NodeId, str]) -> dict[tuple[NodeId, NodeId], set[NodeId]]:
    """What stands between an opening and a closing node, of those between which something does."""
    ends = {region.path: (region.opener, region.closer) for region in regions}
    found: dict[tuple[NodeId, NodeId], set[NodeId]] = {}
    for node, place in places.items():
        found.setdefault(ends[place], set()).add(node)
    return found


@pytest.mark.parametrize("folder", cases(), ids=lambda folder: folder.name)
def test_the_regions_of_compiled_workflows_are_found_again(folder: Path) -> None:
    workspace = fed(folder)
    artifacts = [workspace.artifact(MAIN, name) for name in workspace.workflows(MAIN)]
    for artifact in filter(None, artifacts):
        for workflow in (artifact.workflow, *artifact.callees.values()):
            if tells_its_branches(workflow):
                found_again(workflow)


def tells_its_branches(workflow: Workflow) -> bool:
    """Whether each branch of a parallel feeds the port that it is called after; nothing else in a bare graph tells its name."""
    fed = {(edge.target_node, edge.target_port) for edge in workflow.edges if isinstance(edge, DataEdge)}
    branches = [each for each in workflow.regions if _mode(workflow, each.opener) in ("all", "first")]
    return all((each.closer, each.name) in fed for each in branches)


def _mode(workflow: Workflow, opener: NodeId) -> str:
    node = workflow.nodes[opener]
    return node.config.mode if isinstance(node, ControlNode) else ""


def test_the_regions_of_the_example_are_found_again() -> None:
    workspace = Workspace("support_desk")
    for path in EXAMPLE.glob("*.wf"):
        workspace.update(path.name, path.read_text(encoding="utf-8"))
    for path in EXAMPLE.glob("desk/*.py"):
        workspace.update_module(f"desk.{path.stem}", path.read_text(encoding="utf-8"))
    artifact = workspace.artifact("support_desk.wf", "support_desk")
    assert artifact is not None
    assert artifact.workflow.regions
    found_again(artifact.workflow)


# ---- the names of parts ----


def test_a_part_is_called_after_the_port_that_it_feeds_else_after_its_first_node() -> None:
    workflow = drawn("all > a > join", "all > b > join", "all > c > join", "all > c.2 > join")
    for name, into in (("a", "left"), ("b", "c")):
        step, join = workflow.at(name), workflow.at("join")
        assert step
        assert join
        ends = step.base.id, "result", join.base.id, into
        workflow.put_edge(DataEdge(edge_id(workflow.id, "data", name, into), *ends))
    inferred = infer_regions(workflow)
    assert [(each.name, each.order) for each in inferred.regions] == [("left", 0), ("c", 1), ("c.2", 2), ("c.2.2", 3)]


def test_parts_that_feed_one_port_are_counted() -> None:
    workflow = drawn("all > a > join", "all > b > join", "all > c > join")
    join = workflow.at("join")
    assert join
    for name in ("a", "b", "c"):
        step = workflow.at(name)
        assert step
        made = edge_id(workflow.id, "data", name, "join")
        workflow.put_edge(DataEdge(made, step.base.id, "result", join.base.id, "x"))
    assert [each.name for each in infer_regions(workflow).regions] == ["x", "x.2", "x.3"]


def test_a_part_in_a_block_is_called_after_the_own_name_of_its_first_node() -> None:
    workflow = nested((Block("each", ("each",), ((Block("all", ("one",), ((Step((), "text"),),)),),)),))
    names = [region.name for region in infer_regions(stripped(workflow)).regions]
    assert names == ["each", "one"]
    bare = stripped(workflow)
    bare.remove_edge(next(edge.id for edge in bare.edges if isinstance(edge, DataEdge) and edge.target_port == "one"))
    step = next(node for node in bare.nodes.values() if isinstance(node, OperatorNode))
    bare.put_edge(ControlEdge(edge_id(bare.id, "more", "", ""), step.base.id, infer_closer(workflow)))
    assert [region.name for region in infer_regions(bare).regions] == ["each", step.base.name]


def infer_closer(workflow: Workflow) -> NodeId:
    return workflow.regions[-1].closer


# ---- dominators as an oracle ----


@given(nested_workflows())
def test_blocks_are_what_dominators_say(workflow: Workflow) -> None:
    """Without the edges that lead inwards, the opener dominates its block and the closer is the next post-dominator."""
    inferred = infer_regions(stripped(workflow))
    forward = _outline(workflow, inferred)
    backward = forward.reverse()
    down = networkx.immediate_dominators(forward, "start")
    up = networkx.immediate_dominators(backward, "end")
    for region in inferred.regions:
        assert region.closer in _chain(up, region.opener)
        for node in (node for node, place in inferred.places.items() if place == region.path):
            assert region.opener in _chain(down, node)
            assert region.closer in _chain(up, node)


def _outline(workflow: Workflow, inferred: InferredRegions) -> networkx.DiGraph:  # type: ignore[type-arg]
    """The graph between one start and one end, without the edges that lead into a block past its opening node."""
    places = inferred.places
    openers = {region.path: region.opener for region in inferred.regions}
    closers = {region.closer for region in inferred.regions}
    graph = networkx.DiGraph()
    graph.add_nodes_from(workflow.nodes)
    for edge in workflow.edges:
        source, target = edge.source_node, edge.target_node
        inside = places.get(source) == places.get(target) or target in closers
        if inside or openers.get(places.get(target, "")) == source:
            graph.add_edge(source, target)
    first = [node for node in graph if not graph.in_degree(node)]
    last = [node for node in graph if not graph.out_degree(node)]
    graph.add_edges_from([("start", "end"), *(("start", node) for node in first), *((node, "end") for node in last)])
    return graph


def _chain(dominators: dict, node: object) -> list[object]:  # type: ignore[type-arg]
    found = [node]
    while (above := dominators.get(found[-1])) not in (None, found[-1]):
        found.append(above)
    return found


# ---- graphs drawn by hand ----


def shape(workflow: Workflow) -> dict[str, list[str]]:
    """The names of the nodes in each region."""
    inferred = infer_regions(workflow)
    assert inferred.problems == ()
    inside: dict[str, list[str]] = {region.path: [] for region in inferred.regions}
    for node, place in inferred.places.items():
        inside[place].append(workflow.nodes[node].base.name)
    return inside


SHAPES = {
    "no block": (["a > b > c"], {}),
    "a branch": (
        ["if > a : then", "if > b : else", "a > merge > z", "b > merge"],
        {"merge:then": ["a"], "merge:else": ["b"]},
    ),
    "an empty arm": (["if > a : then", "a > merge", "if > merge : else"], {"merge:then": ["a"], "merge:else": []}),
    "a for": (["for > a > b > join > z"], {"join": ["a", "b"]}),
    "an empty for": (["for > join"], {"join": []}),
    "a loop": (["loop > a > round"], {"round:body": ["a"]}),
    "a try": (
        ["try > a > merge", "try > b > merge", "try > c : catch", "c > merge", "try > merge : catch2"],
        {"merge:body": ["a", "b"], "merge:catch": ["c"], "merge:catch2": []},
    ),
    "a finally": (["a > b > final > c > merge", "a > c"], {"merge": ["c"]}),
    "the regions of a loop": (
        [
            "loop > a > u",
            "loop > n > round",
            "u > n",
            "u > y",
            "loop > y > round",
            "a > y",
            "loop > e > round",
            "u ! until",
            "y ! yield",
        ],
        {"round:body": ["a", "u"], "round:again": ["n"], "round:done": ["y"], "round:else": ["e"]},
    ),
    "a finally in the body of a loop": (
        ["loop > a > u > final > b > merge > round", "u > n > round", "loop > n", "u ! until"],
        {"round:body": ["a", "u", "final", "merge"], "round:body/merge": ["b"], "round:again": ["n"]},
    ),
    "a finally behind the until of a loop": (
        ["loop > u > n > final > b > merge > round", "loop > n", "u ! until"],
        {"round:body": ["u"], "round:again": ["n", "final", "merge"], "round:again/merge": ["b"]},
    ),
    "a finally that comes first in a loop": (
        ["loop > final > b > merge > round", "loop > u > n > round", "loop > n", "u ! until"],
        {"round:body": ["final", "u", "merge"], "round:again": ["n"], "round:body/merge": ["b"]},
    ),
    "a finally in a loop that reads what stands around it": (
        [
            "if > x : then",
            "x > final",
            "x > loop > u > final > b > merge2 > round > merge",
            "u > n > round",
            "loop > n",
            "u ! until",
        ],
        {
            "merge:then": ["x", "loop", "round"],
            "merge:then/round:body": ["u", "final", "merge2"],
            "merge:then/round:again": ["n"],
            "merge:then/round:body/merge2": ["b"],
        },
    ),
    "a finally in an arm": (
        ["if > a : then", "a > final > b > merge2 > merge"],
        {"merge:then": ["a", "final", "merge2"], "merge:then/merge2": ["b"]},
    ),
    "the parts of a parallel": (
        ["all > a > b > join", "all > c > join", "x > c"],
        {"join:a": ["a", "b"], "join:c": ["c"]},
    ),
    "a block in a part of a parallel": (
        ["all > for > a > join2 > join", "all > c > join"],
        {"join:for": ["for", "join2"], "join:for/join2": ["a"], "join:c": ["c"]},
    ),
    "parts that a block inside of one joins": (
        ["all > a > join", "all > for > b > join2 > join", "a > b"],
        {"join:a": ["a", "for", "join2"], "join:a/join2": ["b"]},
    ),
    "parts that a block further inside joins": (
        ["all > a > join", "all > for > for2 > b > join2 > join3 > join", "a > b"],
        {"join:a": ["a", "for", "join3"], "join:a/join3": ["for2", "join2"], "join:a/join3/join2": ["b"]},
    ),
    "a for in a branch": (
        ["if > for : then", "for > a > join > merge"],
        {"merge:then": ["for", "join"], "merge:then/join": ["a"]},
    ),
    "one block behind another": (["for > a > join > for2 > b > join2"], {"join": ["a"], "join2": ["b"]}),
    "what is read from outside stands outside": (["x > b", "for > a > b > join"], {"join": ["a", "b"]}),
}


@pytest.mark.parametrize("name", SHAPES)
def test_shapes(name: str) -> None:
    lines, expected = SHAPES[name]
    workflow = drawn(*lines)
    assert shape(workflow) == expected
    assert workflow.validate().errors == ()
    given = with_regions(workflow, infer_regions(workflow))
    assert given.validate(COMPILED).errors == ()


WRONG = [
    (["if > a : then", "a > merge"], None),
    (["for > a"], "`for` opens a block that nothing closes; lead its ways to a join"),
    (["a > merge"], "`merge` closes no block: no opening node leads to it"),
    (["for > a > merge"], "`for` opens a parallel, which a join closes, but `merge` is a merge"),
    (
        ["for > a > join > z", "a > z"],
        "the edge from `a` to `z` leaves the block of `for` other than by `join`; let it start at `join`",
    ),
    (
        ["for > a > join", "x > join"],
        "the edge from `x` to `join` comes into the block of `for` at its end; if it belongs inside, let it follow `for`",
    ),
    (["for > a > join", "for > b"], "`b` comes last in its block, but does not lead to its closing node `join`; join them by a control edge"),
    (
        ["if > a : then", "if > b : else", "a > merge", "b > merge", "a > b"],
        "the edge from `a` to `b` joins the arm `then` of `if` to its arm `else`; only one of them runs",
    ),
    (["if > a > b > merge"], "the edge from `if` to `a` leaves a branch without saying when; make it a conditional edge"),
    (
        ["for > a", "for > for2 > b > join2 > join", "a > join2"],
        "the edge from `a` to `join2` comes into the block of `for2` at its end; if it belongs inside, let it follow `for2`",
    ),
    (
        ["for2 > b", "for > a > join", "for > c"],
        "`c` comes last in its block, but does not lead to its closing node `join`; join them by a control edge",
    ),
    (
        ["loop > a > u > n > round", "u ! until"],
        "`n` comes first in its block, but does not follow its opening node `loop`; join them by a control edge",
    ),
    (
        ["for > a > join > z", "for > for2 > b > join2", "b > z"],  # the inner block is closed first
        "the edge from `b` to `z` leaves the block of `for2` other than by `join2`; let it start at `join2`",
    ),
    (["for > a > join", "for2 > b > join"], "the edge from `b` to `join` leaves the block that `for2` opens"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "message"), WRONG, ids=[str(row[1]) for row in WRONG])
def test_what_does_not_nest_is_told_with_its_edge(lines: list[str], message: str | None) -> None:
    workflow = drawn(*lines)
    found = workflow.validate()
    sound(workflow, found)
    messages = [each.message for each in found.errors]
    assert message in messages if message else messages == []
    assert workflow.validate(ValidationConfig(allow_unstructured=True)).is_valid


def test_the_edge_that_does_not_nest_is_named() -> None:
    workflow = drawn("for > a > join > z", "a > z")
    (found,) = infer_regions(workflow).problems
    assert isinstance(found, InvalidEdge)
    assert found.edge_id == workflow.edges[-1].id


@pytest.mark.parametrize("orders", [(0, 5), (5, 0)])
def test_an_arm_has_the_first_of_the_places_that_its_edges_say(orders: tuple[int, int]) -> None:
    workflow = drawn("if > a : then", "if > b : then", "if > merge : else", "a > merge", "b > merge")
    for at, order in enumerate(orders):
        workflow.edges[at] = replace(workflow.edges[at], order=order)  # type: ignore[call-arg]
    assert {region.name: region.order for region in infer_regions(workflow).regions} == {"then": 0, "else": 2}


def test_nodes_that_wait_for_each_other_have_no_blocks_and_one_message() -> None:
    assert [each.code for each in drawn("for > a > b > join", "b > a").validate().errors] == ["WF0601"]
    branch = drawn("if > a : then", "if > merge : else", "a > b > merge", "b > a")
    assert [each.code for each in branch.validate().errors] == ["WF0601"]


def test_conditions_are_not_told_of_where_there_are_no_blocks() -> None:
    workflow = drawn("if > a : then", "if > b : else", "a > merge", "b > merge", "a > b")
    assert [each.code for each in workflow.validate().errors] == ["WF0609"]


def test_a_closing_node_that_names_another_opening_one_is_told() -> None:
    workflow = drawn("for > a > join")
    join = workflow.at("join")
    assert isinstance(join, ControlNode)
    workflow.replace_node(replace(join, config=replace(join.config, opener="other")))
    (found,) = infer_regions(workflow).problems
    assert found.message == "`join` says that it closes `other`, but it closes `for`"


@given(st.sampled_from(sorted(SHAPES)), st.randoms(use_true_random=False))
def test_the_order_of_edges_changes_nothing(name: str, chance: random.Random) -> None:
    workflow = drawn(*SHAPES[name][0])
    shuffled = workflow.copy()
    for edge in list(shuffled.edges):
        shuffled.remove_edge(edge.id)
    for edge in chance.sample(workflow.edges, len(workflow.edges)):
        shuffled.put_edge(edge)
    one, other = infer_regions(workflow), infer_regions(shuffled)
    assert (set(one.regions), one.places, one.paths) == (set(other.regions), other.places, other.paths)


@given(
    st.lists(st.sampled_from([line for lines, _ in WRONG for line in lines if "!" not in line])),
    st.randoms(use_true_random=False),
)
def test_no_graph_makes_it_raise(lines: list[str], chance: random.Random) -> None:
    chance.shuffle(lines)
    workflow = drawn(*dict.fromkeys(lines))
    inferred = infer_regions(workflow)
    assert not inferred.problems or not inferred.regions
    sound(workflow, workflow.validate())


def test_blocks_may_nest_as_deeply_as_they_like() -> None:
    workflow = nest(400)
    assert len(workflow.regions) == 400
    assert workflow.validate(COMPILED).errors == ()
