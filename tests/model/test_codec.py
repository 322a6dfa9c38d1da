"""What is written is read again, and the same bytes come of the same graph."""

from __future__ import annotations

import json

from hypothesis import given
from tests.model.graphs import artifacts, workflows

from symphony_model.artifact import Artifact
from symphony_model.artifact_codec import artifact_from_text, artifact_to_text
from symphony_model.codec import workflow_from_json
from symphony_model.json_form.workflow import workflow_to_json
from symphony_model.validating.validation import COMPILED
from symphony_model.workflow import Workflow


@given(workflows())
def test_the_graphs_of_these_tests_are_sound(workflow: Workflow) -> None:
    assert workflow.validate(COMPILED).errors == ()


@given(workflows())
def test_a_workflow_comes_back(workflow: Workflow) -> None:
    data = workflow_to_json(workflow)
    again = workflow_from_json(json.loads(json.dumps(data)))
    assert again == workflow
    assert list(again.nodes) == list(workflow.nodes)
    assert workflow_to_json(again) == data


@given(artifacts())
def test_an_artifact_comes_back(artifact: Artifact) -> None:
    text = artifact_to_text(artifact)
    again = artifact_from_text(text)
    assert again == artifact
    assert artifact_to_text(again) == text
    assert text.endswith("}\n")


@given(workflows())
def test_the_index_of_a_workflow_comes_back(workflow: Workflow) -> None:
    again = workflow_from_json(workflow_to_json(workflow))
    for node_id, node in workflow.nodes.items():
        assert again.at(node.base.path) == node
        assert again.incoming(node_id) == workflow.incoming(node_id)
        assert again.outgoing(node_id) == workflow.outgoing(node_id)
