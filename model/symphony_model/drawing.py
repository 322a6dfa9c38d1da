"""A workflow as a drawing: Mermaid's flowchart, and DOT for Graphviz.

Nodes and boxes get identifiers by number (`n3`, `r1`), so that no name can be a word of either language; names stand in
quoted labels, escaped.
"""

from __future__ import annotations

from collections.abc import Callable

from symphony_model.ids import NodeId
from symphony_model.nodes import Node
from symphony_model.picture import Arrow, Line, arrows, name_of, outline, title
from symphony_model.region import Region
from symphony_model.structure import closes
from symphony_model.workflow import Workflow

MERMAID_SHAPES = {
    "instrument": ("([", "])"),
    "operator": ("[", "]"),
    "control": ("{", "}"),
    "closing": ("((", "))"),
    "input": ("[/", "/]"),
    "output": ("[\\", "\\]"),
}
MERMAID_ARROWS = {"data": "-->", "control": "-.->", "conditional": "==>"}

DOT_SHAPES = {
    "instrument": "shape=box, style=rounded",
    "operator": "shape=box",
    "control": "shape=diamond",
    "closing": "shape=circle",
    "input": "shape=parallelogram",
    "output": "shape=parallelogram",
}
DOT_ARROWS = {"data": "style=solid", "control": "style=dashed", "conditional": "style=bold"}

_MERMAID_ESCAPES = str.maketrans({char: f"#{ord(char)};" for char in '#"&<>`\\\t'} | {"\n": "<br/>", "\r": None})
_DOT_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": None, "\0": None})


def _mermaid_text(text: str) -> str:
    """Text for a quoted label: entities by number; an empty label would not parse."""
    return text.translate(_MERMAID_ESCAPES) or " "


def _dot_text(text: str) -> str:
    return text.translate(_DOT_ESCAPES)


def _ids(workflow: Workflow) -> dict[NodeId, str]:
    return {node: f"n{at}" for at, node in enumerate(workflow.nodes)}


def _shape(node: Node) -> str:
    return "closing" if closes(node) else node.kind


def mermaid(workflow: Workflow) -> str:
    """The text of a Mermaid flowchart; it ends with a line break."""
    ids = _ids(workflow)
    boxes = {region.path: f"r{at}" for at, region in enumerate(workflow.regions)}

    def line(of: Line) -> str:
        if of.ends:
            return "end"
        if isinstance(of.what, Region):
            return f'subgraph {boxes[of.what.path]}["{_mermaid_text(title(workflow, of.what))}"]'
        left, right = MERMAID_SHAPES[_shape(of.what)]
        return f'{ids[of.what.base.id]}{left}"{_mermaid_text(name_of(of.what))}"{right}'

    def arrow(of: Arrow) -> str:
        label = f'|"{_mermaid_text(of.label)}"|' if of.label else ""
        return f"{ids[of.source]} {MERMAID_ARROWS[of.kind]}{label} {ids[of.target]}"

    return _written("flowchart TD", workflow, line, arrow)


def dot(workflow: Workflow) -> str:
    """The text of a directed graph in DOT; it ends with a line break."""
    ids = _ids(workflow)
    boxes = {region.path: f"cluster_{at}" for at, region in enumerate(workflow.regions)}

    def line(of: Line) -> str:
        if of.ends:
            return "}"
        if isinstance(of.what, Region):
            return f'subgraph {boxes[of.what.path]} {{ label="{_dot_text(title(workflow, of.what))}"'
        return f'{ids[of.what.base.id]} [label="{_dot_text(name_of(of.what))}", {DOT_SHAPES[_shape(of.what)]}]'

    def arrow(of: Arrow) -> str:
        label = f'label="{_dot_text(of.label)}", ' if of.label else ""
        return f"{ids[of.source]} -> {ids[of.target]} [{label}{DOT_ARROWS[of.kind]}]"

    return _written(f'digraph "{_dot_text(workflow.name)}" {{', workflow, line, arrow) + "}\n"


def _written(head: str, workflow: Workflow, line: Callable[[Line], str], arrow: Callable[[Arrow], str]) -> str:
    lines = [head, *("  " * (of.depth + 1) + line(of) for of in outline(workflow))]
    return "\n".join([*lines, *("  " + arrow(of) for of in arrows(workflow))]) + "\n"
