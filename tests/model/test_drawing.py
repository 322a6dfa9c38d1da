"""Drawings: what they show, and that no name can break them."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given
from tests.model.graphs import workflows
from tests.model.samples import Sample

from symphony_model.drawing import dot, mermaid
from symphony_model.picture import arrows
from symphony_model.workflow import Workflow

MERMAID = """\
flowchart TD
  n0[/"input.text"/]
  n1[/"input.lines"/]
  n2(["kind"])
  n3{"reply.if: if"}
  n7(("reply"))
  n8{"sizes.for: for"}
  n10(("sizes"))
  n11[\\"output.reply"\\]
  n12[\\"output.sizes"\\]
  subgraph r0["reply: then"]
    n5["yield"]
  end
  subgraph r1["reply: else"]
    n6["yield"]
  end
  subgraph r2["sizes"]
    n9["yield"]
  end
  n0 -->|"text"| n2
  n2 -->|"kind.label"| n3
  n0 -->|"note"| n5
  n3 ==>|"then: kind.label == #34;complaint#34;"| n5
  n3 ==>|"else"| n6
  n5 -->|"then"| n7
  n6 -->|"else"| n7
  n1 --> n8
  n8 -->|"item → line"| n9
  n9 --> n10
  n7 -.->|"priority 2"| n8
  n7 --> n11
  n10 --> n12
"""

MERMAID_LINE = re.compile(
    r'flowchart TD|\s*end|\s*subgraph r\d+\["[^"\n]+"\]|\s*n\d+[\[({][^"\n]?"[^"\n]+"[^"\n]?[\])}]'
    r'|\s*n\d+ (-->|-\.->|==>)(\|"[^"\n]+"\|)? n\d+'
)
QUOTED = r'"(?:[^"\\\n]|\\.)*"'
DOT_LINE = re.compile(
    rf"digraph {QUOTED} \{{|\s*\}}|\s*subgraph cluster_\d+ \{{ label={QUOTED}|\s*n\d+ \[label={QUOTED}, [a-z=, ]+\]"
    rf"|\s*n\d+ -> n\d+ \[(label={QUOTED}, )?style=[a-z]+\]"
)


def test_a_drawing_shows_the_graph() -> None:
    assert mermaid(Sample().workflow()) == MERMAID


def test_both_drawings_show_the_same() -> None:
    lines = dot(Sample().workflow()).splitlines()
    assert lines[0] == 'digraph "desk" {'
    assert '  subgraph cluster_0 { label="reply: then"' in lines
    assert '  n3 -> n5 [label="then: kind.label == \\"complaint\\"", style=bold]' in lines
    assert sum("->" in line for line in lines) == sum(">" in line and "n" in line for line in MERMAID.splitlines())


@given(workflows())
def test_no_name_breaks_a_drawing(workflow: Workflow) -> None:
    for text, line in ((mermaid(workflow), MERMAID_LINE), (dot(workflow), DOT_LINE)):
        assert [each for each in text[:-1].split("\n") if not line.fullmatch(each)] == []
    begun = len(re.findall(r"^\s*subgraph ", mermaid(workflow), re.MULTILINE))
    assert begun == len(re.findall(r"^\s*end$", mermaid(workflow), re.MULTILINE)) == len(workflow.regions)


@given(workflows())
def test_a_drawing_leaves_out_what_is_synthetic_and_nothing_else(workflow: Workflow) -> None:
    drawn = set(re.findall(r"^\s*(n\d+)[\[({]", mermaid(workflow), re.MULTILINE))
    assert drawn == {f"n{at}" for at, node in enumerate(workflow.nodes.values()) if not node.base.synthetic}
    hidden = {key for key, node in workflow.nodes.items() if node.base.synthetic}
    assert all(arrow.source not in hidden and arrow.target not in hidden for arrow in arrows(workflow))
    shown = {(arrow.source, arrow.target) for arrow in arrows(workflow)}
    plain = {(edge.source_node, edge.target_node) for edge in workflow.edges}
    assert {pair for pair in plain if not hidden & {*pair}} <= shown


def test_the_words_of_the_drawing_languages_are_only_names() -> None:
    sample = Sample()
    sample.change("kind", lambda node: replace(node, base=replace(node.base, name='end"]\n#quot; <b>`x`')))
    workflow = sample.workflow()
    assert 'n2(["end#34;]<br/>#35;quot; #60;b#62;#96;x#96;"])' in mermaid(workflow)
    assert 'n2 [label="end\\"]\\n#quot; <b>`x`"' in dot(workflow)
