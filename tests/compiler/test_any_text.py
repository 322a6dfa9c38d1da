"""No text makes the compiler raise, and every message has a place in it."""

from __future__ import annotations

import random
import re

from hypothesis import given
from hypothesis import strategies as st
from tests.cases.golden import MAIN, cases

from symphony_compiler.workspace import Workspace
from symphony_model.validating.validation import COMPILED

TEXTS = [(folder / MAIN).read_text(encoding="utf-8") for folder in cases()]
TOKEN = re.compile(r"\s+|\w+|[^\w\s]")
WORDS = sorted({token for text in TEXTS for token in TOKEN.findall(text)})


def spoiled(text: str, chance: random.Random) -> str:
    """A text with tokens left out, put in, replaced and swapped."""
    tokens = TOKEN.findall(text)
    for _ in range(chance.choice([1, 1, 2, 5])):
        at, other = chance.randrange(len(tokens)), chance.randrange(len(tokens))
        match chance.randrange(4):
            case 0:
                tokens[at] = ""
            case 1:
                tokens[at] += chance.choice(WORDS)
            case 2:
                tokens[at] = chance.choice(WORDS)
            case _:
                tokens[at], tokens[other] = tokens[other], tokens[at]
    return "".join(tokens)


@given(st.sampled_from(TEXTS), st.randoms(use_true_random=False))
def test_spoiled_texts_give_messages_or_sound_graphs(text: str, chance: random.Random) -> None:
    text = spoiled(text, chance)
    workspace = Workspace()
    workspace.update(MAIN, text)
    for path in workspace.missing():
        workspace.refuse(path, "no")
    for name in workspace.missing_modules():
        workspace.update_module(name, None)
    for each in workspace.diagnostics(MAIN):
        assert 0 <= each.location.span.start <= each.location.span.end <= len(text)
    for name in workspace.workflows(MAIN):
        artifact = workspace.artifact(MAIN, name)
        assert artifact is None or artifact.workflow.validate(COMPILED).is_valid


@given(st.text(max_size=200))
def test_any_text_at_all(text: str) -> None:
    workspace = Workspace()
    workspace.update(MAIN, text)
    assert all(each.location.span.end <= len(text) for each in workspace.diagnostics(MAIN))
