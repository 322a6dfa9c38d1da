"""Plans of workflows with blocks in blocks: plain data, which shrinks well.

A plan is a tree of statements. What a statement reads is a number that chooses among what it can see. Every construct is
there (`if`, `match`, `try`, `for`, `parallel`, `loop`), each with as many regions as the plan has arms.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from hypothesis import strategies as st

from symphony_model.nodes import ControlType


@dataclass(frozen=True)
class Step:
    """`reads` choose among what is in sight; `kind` among the kinds of nodes."""

    reads: tuple[int, ...]
    kind: str


@dataclass(frozen=True)
class Block:
    """`follows`: a control edge leads here from the statement above."""

    form: str
    reads: tuple[int, ...]
    follows: bool
    arms: tuple[Body, ...]


Body: TypeAlias = "tuple[Step | Block, ...]"


@dataclass(frozen=True)
class Form:
    opens: ControlType
    arms: tuple[str, ...]
    least: int = 1


ELSE = "else"
FORMS = {
    "if": Form(ControlType.BRANCH, ("then", "then2", ELSE)),
    "match": Form(ControlType.BRANCH, ("red", "green", ELSE)),
    "each": Form(ControlType.PARALLEL, ("each",)),
    "all": Form(ControlType.PARALLEL, ("one", "two", "three")),
    "first": Form(ControlType.PARALLEL, ("one", "two")),
    "until": Form(ControlType.LOOP, ("body", "again", "else")),
    "try": Form(ControlType.BRANCH, ("body", "catch", "catch2"), least=2),
}
"""The constructs by the mode of their opening node, with the names of their regions."""

INFERRED = ("if", "match", "each")
"""Those whose regions, names included, can be told from edges."""

KINDS = ("text", "python", "expression", "require", "instrument")
READS = st.lists(st.integers(0, 5), max_size=2).map(tuple)
STEPS = st.builds(Step, READS, st.sampled_from(KINDS))


def bodies(forms: tuple[str, ...] = tuple(FORMS), *, empty: bool = True) -> st.SearchStrategy[Body]:
    """`empty`: whether arms may be."""

    def blocks(inner: st.SearchStrategy[Step | Block]) -> st.SearchStrategy[Step | Block]:
        body = st.lists(inner, min_size=0 if empty else 1, max_size=2).map(tuple)
        return st.sampled_from(forms).flatmap(lambda form: _block(form, body)) | inner

    return st.lists(st.recursive(STEPS, blocks, max_leaves=6), min_size=1, max_size=3).map(tuple)


def _block(form: str, body: st.SearchStrategy[Body]) -> st.SearchStrategy[Block]:
    arms = st.lists(body, min_size=FORMS[form].least, max_size=len(FORMS[form].arms)).map(tuple)
    return st.builds(Block, st.just(form), READS, st.booleans(), arms)
