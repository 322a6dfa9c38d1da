"""All that can be asked of a workflow, to be compared."""

from __future__ import annotations

from symphony_model.workflow import Workflow


def answers(workflow: Workflow) -> list[object]:
    """What a workflow holds, and what it says about its graph."""
    nodes = list(workflow.nodes)
    cycle = workflow.detect_cycles()
    return [
        nodes,
        list(workflow.nodes.values()),
        list(workflow.edges),
        workflow.regions,
        (workflow.node_count, workflow.edge_count),
        [workflow.at(node.base.path) for node in workflow.nodes.values()],
        [workflow.get_edge(edge.id) for edge in workflow.edges],
        [(workflow.incoming(node), workflow.outgoing(node)) for node in nodes],
        [workflow.get_dependencies(node) for node in nodes],
        [[workflow.would_create_cycle(one, other) for other in nodes] for one in nodes],
        cycle,
        [] if cycle.has_cycle else orders(workflow),
    ]


def orders(workflow: Workflow) -> list[object]:
    """The answers of a graph without a cycle."""
    return [
        workflow.topological_sort(),
        workflow.execution_levels(),
        workflow.schedule(),
        workflow.order_redundant(),
    ]


def anew(workflow: Workflow) -> Workflow:
    """The same workflow, made from nothing."""
    about = {name: getattr(workflow, name) for name in ("package", "version", "description", "metadata", "regions")}
    return Workflow.of(workflow.name, nodes=workflow.nodes.values(), edges=workflow.edges, **about)
