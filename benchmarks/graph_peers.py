"""Asks other libraries the questions of `benchmarks.graph`, in whose environment it is run; knows nothing of ours.

It reads a task a line (`{"peer", "ask", "graph"}`, `graph` being the path of a file) and answers a line each: the milliseconds
of CPU that the answer took (of `memory`, the bytes that the graph takes), or null where the peer is not installed. What comes before the question, as building the graph for all but `build` and `sum`, is left out of the time.

Nodes are what a user of each library would take: the ids themselves for networkx and graphlib, their indices for rustworkx.
"""

from __future__ import annotations

import gc
import json
import resource
import sys
import time
from collections.abc import Callable
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any


class Graph:
    """The names of the nodes and the edges between them, as declared."""

    def __init__(self, path: str) -> None:
        data = json.loads(Path(path).read_text(encoding="utf-8"))
        ids = data["ids"]
        self.last = ids[-1]
        self.names = [ids[number] for number in data["numbers"]]
        self.edges = [(ids[one], ids[other]) for one, other in data["pairs"]]
        self.ids = ids
        self.edges_in_order, self.forward, self.anyhow = (
            [(ids[one], ids[other]) for one, other in data[name]] for name in ("edges_in_order", "forward", "anyhow")
        )


Work = Callable[[], object]
AddEdge = Callable[[int, int, None], object]
Maker = Callable[[Graph], Work]
"""Prepares an answer; what it gives is timed."""


def networkx_asks() -> dict[str, Maker]:
    import networkx as nx

    def built(graph: Graph) -> nx.DiGraph[str]:
        made: nx.DiGraph[str] = nx.DiGraph()
        made.add_nodes_from(graph.names)
        made.add_edges_from(graph.edges)
        return made

    def on_built(work: Callable[[Any, Graph], object]) -> Maker:
        def prepared(graph: Graph) -> Work:
            made = built(graph)
            return lambda: work(made, graph)

        return prepared

    def whole(graph: Graph) -> None:
        made = built(graph)
        list(nx.topological_sort(made))
        list(nx.topological_generations(made))
        nx.is_directed_acyclic_graph(made)
        nx.dag_longest_path(made)

    return {
        "build": lambda graph: lambda: built(graph),
        "order": on_built(lambda made, _: list(nx.topological_sort(made))),
        "levels": on_built(lambda made, _: list(nx.topological_generations(made))),
        "cycle": on_built(lambda made, _: nx.is_directed_acyclic_graph(made)),
        "ancestors": on_built(lambda made, graph: nx.ancestors(made, graph.last)),
        "longest": on_built(lambda made, _: nx.dag_longest_path(made)),
        "sum": lambda graph: lambda: whole(graph),
        "anyhow": on_built(lambda made, graph: [nx.has_path(made, other, one) for one, other in graph.anyhow]),
    }


def rustworkx_asks() -> dict[str, Maker]:
    import rustworkx as rx

    def built(graph: Graph) -> tuple[Any, dict[str, int]]:
        made = rx.PyDiGraph()
        index = dict(zip(graph.names, made.add_nodes_from(graph.names), strict=True))
        made.add_edges_from_no_data([(index[one], index[other]) for one, other in graph.edges])
        return made, index

    def on_built(work: Callable[[Any, dict[str, int], Graph], object]) -> Maker:
        def prepared(graph: Graph) -> Work:
            made, index = built(graph)
            return lambda: work(made, index, graph)

        return prepared

    def whole(graph: Graph) -> None:
        made, _ = built(graph)
        rx.topological_sort(made)
        list(map(list, rx.topological_generations(made)))
        rx.is_directed_acyclic_graph(made)
        rx.dag_longest_path(made)

    return {
        "build": lambda graph: lambda: built(graph),
        "order": on_built(lambda made, *_: list(rx.topological_sort(made))),
        "levels": on_built(lambda made, *_: list(map(list, rx.topological_generations(made)))),
        "cycle": on_built(lambda made, *_: rx.is_directed_acyclic_graph(made)),
        "ancestors": on_built(lambda made, index, graph: rx.ancestors(made, index[graph.last])),
        "longest": on_built(lambda made, *_: list(rx.dag_longest_path(made))),
        "sum": lambda graph: lambda: whole(graph),
        "anyhow": on_built(
            lambda made, index, graph: [rx.has_path(made, index[other], index[one]) for one, other in graph.anyhow]
        ),
    }


def rustworkx_guarded() -> dict[str, Maker]:
    """Edges that come one by one into a graph that refuses those that close a cycle."""
    import rustworkx as rx

    def guarded(graph: Graph) -> tuple[Any, dict[str, int]]:
        made = rx.PyDAG(check_cycle=True)
        return made, dict(zip(graph.ids, made.add_nodes_from(graph.ids), strict=True))

    def added(add: AddEdge, index: dict[str, int], edges: list[tuple[str, str]]) -> Work:
        def work() -> None:
            for one, other in edges:
                add(index[one], index[other], None)

        return work

    def from_nodes(graph: Graph, edges: list[tuple[str, str]]) -> Work:
        made, index = guarded(graph)
        return added(made.add_edge, index, edges)

    def among_all(graph: Graph) -> Work:
        made, index = guarded(graph)
        made.check_cycle = False
        made.add_edges_from_no_data([(index[one], index[other]) for one, other in graph.edges])
        made.check_cycle = True
        return added(made.add_edge, index, graph.forward)

    return {
        "edges_in_order": lambda graph: from_nodes(graph, graph.edges_in_order),
        "forward": among_all,
        "grown": lambda graph: from_nodes(graph, graph.edges),
    }


def graphlib_asks() -> dict[str, Maker]:
    def built(graph: Graph) -> TopologicalSorter[str]:
        made: TopologicalSorter[str] = TopologicalSorter()
        for name in graph.names:
            made.add(name)
        for one, other in graph.edges:
            made.add(other, one)
        return made

    def on_built(work: Callable[[TopologicalSorter[str]], object]) -> Maker:
        def prepared(graph: Graph) -> Work:
            made = built(graph)
            return lambda: work(made)

        return prepared

    def levels(made: TopologicalSorter[str]) -> list[tuple[str, ...]]:
        made.prepare()
        found = []
        while made.is_active():
            found.append(made.get_ready())
            made.done(*found[-1])
        return found

    return {
        "build": lambda graph: lambda: built(graph),
        "order": on_built(lambda made: list(made.static_order())),
        "levels": on_built(levels),
        "cycle": on_built(lambda made: made.prepare()),
    }


PEERS: dict[str, Callable[[], dict[str, Maker]]] = {
    "networkx": cache(networkx_asks),
    "rustworkx": cache(lambda: rustworkx_asks() | rustworkx_guarded()),
    "graphlib": cache(graphlib_asks),
}


@cache
def graph_at(path: str) -> Graph:
    """What was read before is no work of the collector."""
    graph = Graph(path)
    gc.collect()
    gc.freeze()
    return graph


def resident() -> int:
    """Bytes of memory that this process has in use."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize()


FILLING, KEPT = 3, 10


def taken(work: Work) -> float:
    """Bytes by which a process grows for each thing that it makes and keeps; the first ones fill what was free."""
    kept = [work() for _ in range(FILLING)]
    before = resident()
    kept += [work() for _ in range(KEPT)]
    return (resident() - before) / (len(kept) - FILLING)


def spent(work: Work) -> float:
    gc.collect()
    before = time.process_time()
    work()
    return 1000 * (time.process_time() - before)


def answered(task: dict[str, str]) -> float | None:
    try:
        asks = PEERS[task["peer"]]()
    except ImportError:
        return None
    if task["ask"] == "installed":
        return 0.0
    graph = graph_at(task["graph"])
    return taken(asks["build"](graph)) if task["ask"] == "memory" else spent(asks[task["ask"]](graph))


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(answered(json.loads(line))), flush=True)
