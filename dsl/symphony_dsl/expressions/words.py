"""Which words may name what, and when a name needs its back-quotes."""

from __future__ import annotations

import re

LITERALS = frozenset({"true", "false", "null", "in"})
"""The words that name nothing at all."""

STATEMENT_WORDS = (
    "input", "output", "step", "yield", "next", "until", "require", "fail", "finally", "defaults", "settings", "layout",
)  # fmt: skip
CONTROL_WORDS = ("if", "else", "match", "for", "loop", "parallel", "try", "catch", "after")
DECLARATION_WORDS = (
    "import", "record", "enum", "type", "const", "policy", "instrument", "operator", "workflow", "template", "test",
    "defaults",
)  # fmt: skip
EFFECT_WORDS = ("pure", "repeatable", "once")
CEL_WORDS = (
    "as", "break", "const", "continue", "function", "import", "let", "namespace", "package", "return", "var", "void",
    "while",
)  # fmt: skip
CEL_RESERVED = frozenset({*CEL_WORDS, "else", "for", "if", "loop"}) | LITERALS
"""The words that plain CEL reserves."""
FACTS = frozenset({"it", "run", "steps"})
"""Names that the language gives; a writer gives them to nothing."""

RESERVED = frozenset({*STATEMENT_WORDS, *CONTROL_WORDS, *CEL_WORDS}) - {"settings"} | LITERALS
"""The words that name no step, input, output, value, callable or type; all but the literals name fields and the like."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def as_name(name: str) -> str:
    """A name as it is written where only a name may stand."""
    return name if _NAME.fullmatch(name) and name not in RESERVED else f"`{name}`"


def as_word(name: str) -> str:
    """A name as it is written where any word may stand: a field, a parameter, an argument, a setting."""
    return name if _NAME.fullmatch(name) and name not in LITERALS else f"`{name}`"
