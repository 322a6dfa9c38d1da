"""Validation takes every sound graph, and says of one that was broken what was done to it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.model.blocks import stripped
from tests.model.generators.breaking import Edit
from tests.model.generators.breaking_edges import a_condition_is_no_truth, a_region_before_the_last_has_no_condition
from tests.model.generators.broken import TOLD, Broken, broken
from tests.model.generators.nested import nested_workflows
from tests.model.generators.parts import Parts
from tests.model.generators.plain import plain_workflows
from tests.model.generators.plans import INFERRED
from tests.model.generators.sound import VALID
from tests.model.problems import told

from symphony_model.validating.validation import COMPILED, ValidationConfig
from symphony_model.workflow import Workflow

SHARE = settings(max_examples=max(4, settings.default.max_examples // 10))
"""For laws that are tried for each way to break a graph: thousands all the same."""


@given(VALID)
def test_a_sound_graph_is_taken(workflow: Workflow) -> None:
    assert workflow.validate().errors == ()
    assert workflow.validate(COMPILED).is_valid


@given(nested_workflows(INFERRED))
def test_a_sound_graph_whose_regions_nobody_says_is_taken(workflow: Workflow) -> None:
    assert stripped(workflow).validate().errors == ()


@given(plain_workflows())
def test_nodes_that_are_alone_are_told_one_by_one(workflow: Workflow) -> None:
    ends = {end for edge in workflow.edges for end in (edge.source_node, edge.target_node)}
    alone = [node.base.path for key, node in workflow.nodes.items() if key not in ends]
    orphans = alone if workflow.node_count > 1 else []
    assert [(each.code, each.place) for each in workflow.validate().errors] == [("WF0613", path) for path in orphans]
    allowed = workflow.validate(ValidationConfig(allow_orphan_nodes=True))
    assert allowed.is_valid
    assert [each.place for each in allowed.warnings if each.code in ("WF0620", "WF0212")][
        -len(orphans) or 99 :
    ] == orphans


@pytest.mark.parametrize("edit", TOLD, ids=repr)
@SHARE
@given(st.data())
def test_what_is_broken_is_told_by_its_kind_and_code(edit: Edit, data: st.DataObject) -> None:
    case: Broken = data.draw(broken(VALID, edit))
    found = case.workflow.validate().errors
    assert edit.told & {f"{each.code} {each.kind}" for each in found}
    for each in found:
        told(case.workflow, each)


@given(nested_workflows(INFERRED), st.data())
def test_wrong_conditions_are_told_where_nobody_says_regions(workflow: Workflow, data: st.DataObject) -> None:
    edit = data.draw(st.sampled_from([a_condition_is_no_truth, a_region_before_the_last_has_no_condition]))
    parts = Parts.of(workflow)
    for site in edit.sites(parts)[:1]:
        found = stripped(edit.apply(parts, site).workflow()).validate().errors
        assert edit.told & {f"{each.code} {each.kind}" for each in found}


@given(nested_workflows(INFERRED))
def test_regions_have_to_be_said_where_nobody_looks_for_them(workflow: Workflow) -> None:
    found = stripped(workflow).validate(COMPILED).errors
    openers = {region.opener for region in workflow.regions}
    unopened = [each.place for each in found if "opens no region" in each.message]
    assert sorted(unopened) == sorted(workflow.nodes[opener].base.path for opener in openers)
