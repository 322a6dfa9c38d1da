"""Orders and circles."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from symphony_compiler.imports import circles, way_back
from symphony_compiler.ordering import ordered

graphs = st.dictionaries(st.integers(0, 7), st.lists(st.integers(0, 7), max_size=4), max_size=8)


def reaches(graph: dict[int, list[int]], start: int) -> set[int]:
    seen: set[int] = set()
    rest = list(graph.get(start, ()))
    while rest:
        found = rest.pop()
        if found not in seen:
            seen.add(found)
            rest += graph.get(found, ())
    return seen


@given(graphs)
def test_everything_stands_once_and_behind_what_it_needs(graph: dict[int, list[int]]) -> None:
    found = ordered(graph, lambda item: graph.get(item, ()))
    assert len(set(found.order)) == len(found.order)
    assert set(graph) <= set(found.order)
    cut = {(cycle[-2], cycle[-1]) for cycle in found.cycles}
    for item, needs in graph.items():
        for need in needs:
            assert (item, need) in cut or found.order.index(need) < found.order.index(item)


@given(graphs)
def test_cycles_lead_back_to_where_they_start(graph: dict[int, list[int]]) -> None:
    for cycle in ordered(graph, lambda item: graph.get(item, ())).cycles:
        assert cycle[0] == cycle[-1]
        assert all(b in graph[a] for a, b in pairwise(cycle))


@given(graphs)
def test_a_circle_holds_those_that_reach_each_other(graph: dict[int, list[int]]) -> None:
    names = {str(item): [str(each) for each in needs] for item, needs in graph.items()}
    found = circles(names, lambda item: names.get(item, ()))
    for one in graph:
        for other in graph:
            together = one == other or (other in reaches(graph, one) and one in reaches(graph, other))
            assert (found[str(one)] == found[str(other)]) is together


def test_the_way_back_is_the_shortest() -> None:
    needs = {"a": ["b", "c"], "b": ["d"], "c": ["a"], "d": ["a", "b"]}
    assert way_back("a", "b", needs.__getitem__) == ("a", "b", "d", "a")
    assert way_back("a", "c", needs.__getitem__) == ("a", "c", "a")
    assert way_back("a", "a", needs.__getitem__) == ("a", "a")


def test_long_chains_need_no_deep_stack() -> None:
    chain = {at: [at + 1] for at in range(20_000)}
    assert ordered([0], lambda item: chain.get(item, ())).order[0] == 20_000
    texts = {str(at): [str(at + 1)] for at in range(20_000)}
    assert len(set(circles(["0"], lambda item: texts.get(item, ())).values())) == 20_001
