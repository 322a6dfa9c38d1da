"""Outlines of whole workflows, as a person sees them: `pretty/CASE.HOW.txt`, the escapes of colours to be seen.

With UPDATE_SNAPSHOTS=1 what is printed becomes the snapshot: read the difference.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.cases.golden import HERE as CASES
from tests.cases.golden import MAIN, fed

from symphony_model import PrettyConfig, Workflow, pretty_print_compact, pretty_print_with_config

SNAPSHOTS = Path(__file__).with_name("pretty")

HOW = {
    "80": PrettyConfig(width=80),
    "120": PrettyConfig(width=120),
    "any": PrettyConfig(),
    "colour": PrettyConfig(use_colors=True, width=100),
    "narrow": PrettyConfig(width=40, indent_size=1, max_depth=1),
    "metadata": PrettyConfig(width=100, indent_size=4, max_depth=0, show_metadata=True),
}
SHOWN = [
    *((case, "80") for case in ("book", "code_review", "extraction", "finally", "http", "id_and_disabled", "incident")),
    *(
        (case, "80")
        for case in ("moderation", "nightly_batch", "order", "quality_gate", "saga", "scraping", "template")
    ),
    *(("incident", how) for how in HOW if how != "80"),
    ("code_review", "colour"),
    ("order", "any"),
    ("annotations", "metadata"),
]


def workflows(case: str) -> list[Workflow]:
    workspace = fed(CASES / case)
    artifacts = [workspace.artifact(MAIN, name) for name in workspace.workflows(MAIN)]
    return [artifact.workflow for artifact in artifacts if artifact]


def kept(name: str, text: str) -> str:
    path = SNAPSHOTS / name
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.write_text(text, encoding="utf-8")
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize(("case", "how"), SHOWN)
def test_a_whole_workflow(case: str, how: str) -> None:
    config = HOW[how]
    texts = [
        f"{pretty_print_compact(each, config)}\n\n{pretty_print_with_config(each, config)}\n"
        for each in workflows(case)
    ]
    text = "\n".join(texts).replace("\x1b", "␛")
    assert text == kept(f"{case}.{how}.txt", text)


STEPS = {
    "code_review": ("reviews:correct/yield", "explored", "input.diff"),
    "scraping": ("job", "finished:body/now"),
    "incident": ("action", "found", "output.severity", "action:major/done.if"),
}


@pytest.mark.parametrize("case", STEPS)
def test_single_steps_and_their_edges(case: str) -> None:
    """Each step whole, and the edges at it."""
    workflow, *_ = workflows(case)
    texts = []
    for path in STEPS[case]:
        node = workflow.at(path)
        assert node, path
        things = [node, *workflow.incoming(node.base.id)]
        texts += [pretty_print_with_config(each, PrettyConfig(width=100), of=workflow) for each in things]
    text = "\n\n".join(texts) + "\n"
    assert text == kept(f"{case}.steps.txt", text)
