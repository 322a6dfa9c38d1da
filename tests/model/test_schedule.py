"""The critical path and the slack of each node, held against networkx."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.model.generators.plain import graph, nid, numbers
from tests.model.generators.sound import ACYCLIC
from tests.model.oracle import longest, peer, through

from symphony_model.workflow import Workflow

WEIGHTS = st.lists(st.integers(0, 5), min_size=1, max_size=16)


@given(ACYCLIC, WEIGHTS)
def test_the_critical_path_is_the_longest_chain(workflow: Workflow, weights: list[int]) -> None:
    lasts = {node: weights[at % len(weights)] for at, node in enumerate(workflow.nodes)}
    graph, found = peer(workflow), workflow.schedule(lasts)
    assert found.length == longest(graph, lasts) == sum(lasts[node] for node in found.path)
    assert all(graph.has_edge(*step) for step in pairwise(found.path))
    assert not graph.in_degree(found.path[0])
    assert workflow.critical_path(lasts) == found.path


@given(ACYCLIC, WEIGHTS)
def test_slack_is_what_a_node_could_take_longer(workflow: Workflow, weights: list[int]) -> None:
    lasts = {node: weights[at % len(weights)] for at, node in enumerate(workflow.nodes)}
    graph, found = peer(workflow), workflow.schedule(lasts)
    for node in workflow.nodes:
        assert found.slack[node] == found.length - through(graph, node, lasts)
        assert found.slack[node] == found.latest[node] - found.earliest[node]
        ends = [found.earliest[source] + lasts[source] for source in graph.predecessors(node)]
        assert found.earliest[node] == max(ends, default=0)
        longer = workflow.schedule({**lasts, node: lasts[node] + found.slack[node]})
        assert longer.length == found.length
    assert all(found.slack[node] == 0 for node in found.path)


@given(ACYCLIC)
def test_without_weights_each_node_counts_one(workflow: Workflow) -> None:
    ones = dict.fromkeys(workflow.nodes, 1)
    assert workflow.schedule() == workflow.schedule(ones)
    assert len(workflow.critical_path()) == len(workflow.execution_levels())


def test_a_node_that_the_weights_leave_out_takes_no_time() -> None:
    found = graph(2, [(0, 1)]).schedule({nid(1): 3})
    assert (found.length, found.earliest[nid(1)]) == (3, 0)


@pytest.mark.parametrize("weight", [-1.0, float("nan"), float("inf")])
def test_weights_are_no_less_than_nothing_and_end(weight: float) -> None:
    said = f"a node takes a time of zero or more, not {weight} as {nid(0)}"
    with pytest.raises(ValueError, match=f"^{said}$"):
        graph(1, []).critical_path({nid(0): weight})


def test_of_chains_that_are_equally_long_the_one_declared_first() -> None:
    workflow = graph(4, [(3, 2), (1, 0)])
    assert numbers(workflow, workflow.critical_path()) == [1, 0]
