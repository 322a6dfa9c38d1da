"""What a graph is asked in `benchmarks.graph`: our side of each row, who is asked beside us, and the bar."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from benchmarks.graph_cases import NAME, Case, Pair
from benchmarks.measure import own_cpu
from symphony_model.workflow import Workflow

PEERS = ("networkx", "rustworkx", "graphlib")
BOTH = PEERS[:2]
RUST = PEERS[1:2]

GUARDED = {"rustworkx": "<= 20 x (goal 10 x)"}
SUM = {"networkx": "<= 0.20 x (goal 0.17 x)", "rustworkx": "(goal 1.5 x)"}


def fresh(case: Case) -> Workflow:
    """A graph that was not asked anything."""
    return case.workflow()


def asked(case: Case) -> Workflow:
    """A graph that has what it needs to answer the second question about cycles."""
    made = case.workflow()
    made.would_create_cycle(case.ids[0], case.ids[-1])
    return made


def empty(_: Case) -> Workflow:
    return Workflow(NAME)


@dataclass(frozen=True)
class Topic:
    """`ask` is what `graph_peers` calls it; `work`, which is timed, gets what `prepare` gives."""

    name: str
    ask: str
    work: Callable[[Workflow, Case], object]
    peers: tuple[str, ...] = PEERS
    bars: Mapping[str, str] = field(default_factory=dict)
    prepare: Callable[[Case], Workflow] = fresh

    def ours(self, case: Case) -> float:
        workflow = self.prepare(case)
        gc.collect()
        return own_cpu(lambda: self.work(workflow, case))


def whole(_: Workflow, case: Case) -> None:
    made = case.workflow()
    made.topological_sort()
    made.execution_levels()
    made.detect_cycles()
    made.critical_path()


def questions(pairs: Callable[[Case], Iterable[Pair]]) -> Callable[[Workflow, Case], None]:
    def work(workflow: Workflow, case: Case) -> None:
        ids, ask = case.ids, workflow.would_create_cycle
        for one, other in pairs(case):
            ask(ids[one], ids[other])

    return work


def grown(workflow: Workflow, case: Case) -> None:
    for node in case.nodes:
        workflow.add_node(node)
    for edge in case.edges:
        workflow.add_edge(edge)


TOPICS = (
    Topic("build", "build", lambda _, case: case.workflow(), prepare=empty),
    Topic("topological sort", "order", lambda made, _: made.topological_sort()),
    Topic("levels", "levels", lambda made, _: made.execution_levels()),
    Topic("cycle check", "cycle", lambda made, _: made.detect_cycles()),
    Topic("ancestors of the last", "ancestors", lambda made, case: made.ancestors(case.ids[-1]), BOTH),
    Topic("critical path", "longest", lambda made, _: made.critical_path(), BOTH),
    Topic("build, sort, levels, cycle check, critical path", "sum", whole, BOTH, SUM, empty),
)

OF_CYCLES = (
    Topic(
        "1,000 x would_create_cycle: edges that are there",
        "edges_in_order",
        questions(lambda case: case.edges_in_order),
        RUST,
        GUARDED,
        asked,
    ),
    Topic(
        "1,000 x would_create_cycle: pairs in order",
        "forward",
        questions(lambda case: case.forward),
        RUST,
        GUARDED,
        asked,
    ),
    Topic("1,000 x would_create_cycle: any pairs", "anyhow", questions(lambda case: case.anyhow), BOTH, prepare=asked),
    Topic("build, and the first would_create_cycle", "-", lambda _, case: asked(case), (), prepare=empty),
    Topic("build by add_node and add_edge, each checked", "grown", grown, RUST, prepare=empty),
)
"""Of graphs that are declared in any order. Beside the first, a PyDAG that checks for cycles gets the same edges, beside the second
it gets pairs in order on top of all edges, beside the last all edges in the same order; `any pairs` are asked of `has_path`."""
