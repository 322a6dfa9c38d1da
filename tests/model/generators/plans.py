"""Plans of workflows with blocks in blocks: plain data, which shrinks well.

A plan is a tree of statements. What a statement reads is a number that chooses among what it can see. Every construct is
there (`if`, `match`, `try`, `for`, `parallel`, `loop`, `finally`), with some of its arms.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from hypothesis import strategies as st


@dataclass(frozen=True)
class Step:
    """`reads` choose among what is in sight; `kind` among the kinds of nodes."""

    reads: tuple[int, ...]
    kind: str


@dataclass(frozen=True)
class Block:
    """`named` are the names of its arms. `follows`: a control edge leads here from the statement above."""

    form: str
    named: tuple[str, ...]
    arms: tuple[Body, ...]
    reads: tuple[int, ...] = ()
    follows: bool = False


Body: TypeAlias = "tuple[Step | Block, ...]"
"""A block of the form `finally` comes last, if there is one."""

FINALLY = "finally"
FORMS = {
    "if": ("then", "then2", "else"),
    "match": ("red", "green", "else"),
    "each": ("each",),
    "all": ("one", "two", "three"),
    "first": ("one", "two", "three"),
    "until": ("body", "again", "done", "else"),
    "try": ("body", "catch", "catch2"),
}
"""The constructs by the mode of their opening node, with the names of their regions, the first of which is always there."""

INFERRED = ("if", "match", "each", "until", "try")
"""Those whose regions, names included, can be told from edges."""

KINDS = ("text", "python", "expression", "require", "instrument")
READS = st.lists(st.integers(0, 5), max_size=2).map(tuple)
STEPS = st.builds(Step, READS, st.sampled_from(KINDS))


def bodies(forms: tuple[str, ...] = tuple(FORMS)) -> st.SearchStrategy[Body]:
    blocks = st.recursive(STEPS, lambda inner: _blocks(forms, inner) | inner, max_leaves=6)
    return _ended(st.lists(blocks, min_size=1, max_size=3).map(tuple))


def _blocks(forms: tuple[str, ...], inner: st.SearchStrategy[Step | Block]) -> st.SearchStrategy[Block]:
    body = _ended(st.lists(inner, max_size=2).map(tuple))
    return st.sampled_from(forms).flatmap(lambda form: _block(form, body))


def _block(form: str, body: st.SearchStrategy[Body]) -> st.SearchStrategy[Block]:
    first, *more = FORMS[form]
    chosen = st.sets(st.sampled_from(more)) if more else st.just(set[str]())
    names = chosen.map(lambda found: (first, *(name for name in more if name in found)))
    return names.flatmap(
        lambda named: st.builds(
            Block, st.just(form), st.just(named), st.tuples(*[body] * len(named)), READS, st.booleans()
        )
    )


def _ended(bodies: st.SearchStrategy[Body]) -> st.SearchStrategy[Body]:
    """A body that has statements may have a `finally`."""
    ends = st.lists(STEPS, max_size=2).map(lambda steps: Block(FINALLY, (FINALLY,), (tuple(steps),)))
    return st.builds(lambda body, end: (*body, end) if body and end else body, bodies, st.none() | st.none() | ends)
