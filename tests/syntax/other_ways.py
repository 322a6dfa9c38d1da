"""The grammar read in another way: by Earley's parser, which knows no tables and finds every derivation there is."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from lark import Lark, Token, Tree
from lark.load_grammar import FromPackageLoader
from tests.syntax.derived import plain

from symphony_dsl.expressions.lr import Parser
from symphony_dsl.expressions.lr import Token as OurToken
from symphony_dsl.expressions.tables import load
from symphony_dsl.syntax.generate import GRAMMARS, HERE

if TYPE_CHECKING:
    from collections.abc import Callable

Derivation = tuple[object, ...]
"""The name of a rule and its parts; a token is its kind and text, what is absent None."""


@cache
def reader(kind: str) -> Lark:
    """Lark's own parser of files: `earley` or `lalr`."""
    return Lark(
        (HERE / "grammar.lark").read_text("utf-8"),
        parser=kind,  # type: ignore[arg-type]  # one of two literals
        lexer="basic",
        ambiguity="explicit" if kind == "earley" else "auto",
        start=GRAMMARS[HERE],
        maybe_placeholders=True,
        import_paths=[FromPackageLoader("symphony_dsl")],
    )


def derivation(node: Tree[Token] | Token | None) -> object:
    """A tree of Lark's as a derivation. Trees are as deep as what they are of."""
    if isinstance(node, Tree):
        return (plain(node.data), *(derivation(child) for child in node.children))
    return node if node is None else (plain(node.type), str(node))


class Derived(type):
    """A class that has every action there is: each makes the derivation of its rule."""

    def __getattr__(cls, action: str) -> Callable[..., Derivation]:
        def made(_builder: object, _span: object, *parts: object) -> Derivation:
            return (action, *((part.kind, part.text) if isinstance(part, OurToken) else part for part in parts))

        return made


class Derivations(metaclass=Derived):
    pass


@cache
def our_parser() -> Parser:
    return Parser(load("symphony_dsl.syntax"), Derivations)
