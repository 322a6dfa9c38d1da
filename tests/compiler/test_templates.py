"""An instance is what a person would have written by hand, wherever the template stands, and values never become syntax."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symphony_compiler.workspace import Workspace
from symphony_dsl.base.diagnostic import Severity
from symphony_model.artifact import Artifact
from symphony_model.artifact_codec import artifact_to_text

SHARED = """
record Hit { text: string  score: float }

operator search(index: string, k: int) -> Hit[] { shell: ["search", index] }
"""

BODY = """
  input question: string
  step hits = search(index: {index}, k: {k}) {{ timeout: {wait} }}
  step good = hits.filter(h, {keep}).map(h, h.text + {index})
  step each = for text in good parallel {k} {{ yield {index} + text }}
  step found = json_parse(text: question, shape: {Answer})
  output answer: {Answer} = found
  output texts: string[] = each
"""

TEMPLATE = (
    "template rag(index: string, k: int = 3, wait: duration = 5s, Answer: type = string, keep: (hit: Hit) -> bool) {"
    + BODY.format(index="index", k="k", wait="wait", keep="keep(h)", Answer="Answer")
    + "}"
)


def artifact(space: Workspace, path: str, name: str) -> Artifact:
    errors = [each.message for each in space.diagnostics(path) if each.severity is Severity.ERROR]
    assert not errors
    made = space.artifact(path, name)
    assert made is not None
    return made


def alone(text: str) -> Workspace:
    space = Workspace()
    space.update("main.wf", f"wf 1.0\n{text}")
    return space


def graph(made: Artifact) -> str:
    """The text of an artifact but for where things were written."""
    data = json.loads(artifact_to_text(made))
    return json.dumps([data["workflow"], data.get("callees")])


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("${", "\\u0024{")


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=20)
    | st.just('"${question}" + `x`'),
    st.integers(1, 9),
    st.sampled_from(["string", "Hit", "int[]"]),
)
def test_an_instance_is_what_one_would_write_by_hand(index: str, k: int, answer: str) -> None:
    arguments = (
        f"index: {quoted(index)}, k: {k}, Answer: {'Numbers' if answer == 'int[]' else answer}, keep: hit.score > 0.5"
    )
    more = "type Numbers = int[]"
    filled = alone(f"{SHARED}{more}\n{TEMPLATE}\nworkflow faq = rag({arguments})")
    keep = "cel.bind(hit, h, hit.score > 0.5)"
    body = BODY.format(
        index=quoted(index), k=k, wait="5s", keep=keep, Answer="Numbers" if answer == "int[]" else answer
    )
    by_hand = alone(f"{SHARED}{more}\nworkflow faq {{{body}}}")
    assert graph(artifact(filled, "main.wf", "faq")) == graph(artifact(by_hand, "main.wf", "faq"))


def test_the_ids_of_an_instance_come_from_its_own_name() -> None:
    space = alone(
        f'{SHARED}{TEMPLATE}\nworkflow one = rag(index: "a", keep: true)\nworkflow two = rag(index: "a", keep: true)'
    )
    one, two = (artifact(space, "main.wf", name).workflow for name in ("one", "two"))
    assert [node.base.path for node in one.nodes.values()] == [node.base.path for node in two.nodes.values()]
    assert not one.nodes.keys() & two.nodes.keys()


def spread() -> Workspace:
    space = Workspace()
    space.update("shared.wf", f"wf 1.0\n{SHARED}{TEMPLATE}\n")
    space.update(
        "main.wf", 'wf 1.0\nimport "./shared.wf" { rag }\nworkflow faq = rag(index: "a", keep: hit.score > 0.1)\n'
    )
    return space


def test_a_template_of_another_file_gives_the_same_graph() -> None:
    local = alone(f'{SHARED}{TEMPLATE}\nworkflow faq = rag(index: "a", keep: hit.score > 0.1)')
    assert graph(artifact(spread(), "main.wf", "faq")) == graph(artifact(local, "main.wf", "faq"))


def test_the_lines_of_an_instance_are_those_of_its_template() -> None:
    made = artifact(spread(), "main.wf", "faq")
    assert {file for file, _ in made.sources[made.content_hash].values()} == {"shared.wf"}


@pytest.mark.parametrize(
    ("before", "after"),
    [("h.text +", "h.text + h.text +"), ("k: int = 3", "k: int = 4"), ("score: float", "score: float = 0.0")],
)
def test_an_instance_follows_a_change_of_its_template_in_another_file(before: str, after: str) -> None:
    space = spread()
    first = graph(artifact(space, "main.wf", "faq"))
    changed = f"wf 1.0\n{SHARED}{TEMPLATE}\n".replace(before, after)
    space.update("shared.wf", changed)
    cold = Workspace()
    cold.update("shared.wf", changed)
    cold.update(
        "main.wf", 'wf 1.0\nimport "./shared.wf" { rag }\nworkflow faq = rag(index: "a", keep: hit.score > 0.1)\n'
    )
    warm = graph(artifact(space, "main.wf", "faq"))
    assert warm == graph(artifact(cold, "main.wf", "faq"))
    assert warm != first


DECLARATIONS = (
    "operator name_of(id: int) -> string { python: 'm:f' }",
    "template greet(id: int) {\n  step name = name_of(id)\n  step bye = farewell()\n  output text: string = name + bye.text\n}",
    "workflow farewell = part(times: 2)",
    "template part(times: int) {\n  step word = polite()\n  output text: string = word.text + string(times)\n}",
    "workflow polite { output text: string = 'bye' }",
    "workflow hello = greet(id: 1)",
)


@given(st.permutations(DECLARATIONS))
def test_an_instance_sees_all_of_its_file_in_any_order(texts: list[str]) -> None:
    assert graph(artifact(alone("\n".join(texts)), "main.wf", "hello")) == graph(
        artifact(alone("\n".join(DECLARATIONS)), "main.wf", "hello")
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("template t(n: int) { step a = w() }\nworkflow w = t(n: 1)", ["`w` cannot call itself"]),
        (
            "workflow w = t(n: 1)\nworkflow v { step b = w() }\ntemplate t(n: int) { step a = v() }",
            ["a workflow cannot call itself: `v` → `w` → `v`"],
        ),
    ],
)
def test_a_way_through_a_template_back_to_itself_is_told_once(text: str, told: list[str]) -> None:
    errors = [each.message for each in alone(text).diagnostics("main.wf") if each.severity is Severity.ERROR]
    assert [each.removeprefix("filled in like this, `t` is wrong: ") for each in errors] == told


def test_what_is_wrong_in_a_template_is_told_once_and_there() -> None:
    space = spread()
    space.update("shared.wf", f"wf 1.0\n{SHARED}{TEMPLATE}\n".replace("h.text + index", "h.text + 1"))
    assert [each.code.code for each in space.diagnostics("shared.wf")] == ["WF0304"]
    assert space.diagnostics("main.wf") == ()
    assert space.artifact("main.wf", "faq") is None


def test_a_function_sees_nothing_of_the_body_that_calls_it() -> None:
    text = """
record Hit { score: float }
template pick(keep: (hit: Hit, least: float) -> bool) {
  input hit: Hit[]
  input least: float
  step kept = hit.filter(x, keep(x, least) || hit.exists(y, keep(y, x.score)))
  output kept: Hit[] = kept
}
workflow some = pick(keep: hit.score > least)
"""
    made = artifact(alone(text), "main.wf", "some")
    kept = next(node for node in made.workflow.nodes.values() if node.base.path == "kept")
    source = kept.config.expression.source  # type: ignore[union-attr]  # it is an expression
    assert source.count("cel.bind(") == 4
    assert "hit_.score > least_" in source
