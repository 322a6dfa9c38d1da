"""Makes the committed tables of both grammars: `python -m symphony_dsl.syntax.generate`.

Lark reads the grammar in strict mode, where every conflict and every collision of tokens is an error, and computes the
LALR table; what is written is plain data in a fixed order, so that the same grammar always gives the same bytes.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from symphony_dsl.expressions.tables import LIST, PASS

if TYPE_CHECKING:
    from lark import Lark
    from lark.grammar import Rule
    from lark.lexer import TerminalDef
    from lark.parsers.lalr_analysis import IntParseTable

HERE = Path(__file__).parent
GRAMMARS = {
    HERE.parent / "expressions": ["expr"],
    HERE: ["start", "decl", "stmt", "expr"],
}
# Tokens for what no grammar allows, so that every text has tokens: an opening quote alone, and any other sign.
REST = r"""(?P<UNCLOSED>[rRbB]{0,2}(?:\"\"\"|'''|["'`]))|(?P<BAD>[\s\S])"""


def lark(folder: Path, start: list[str]) -> Lark:
    from lark import Lark
    from lark.load_grammar import FromPackageLoader

    return Lark(
        (folder / "grammar.lark").read_text("utf-8"),
        parser="lalr",
        lexer="basic",
        strict=True,
        start=start,
        maybe_placeholders=True,
        import_paths=[FromPackageLoader("symphony_dsl")],
    )


def tables(folder: Path, start: list[str]) -> str:
    parser = lark(folder, start)
    words, pattern = _lexer(parser)
    # Lark has no public way to its table; `Lark.save` writes the same object.
    table = parser.parser.parser._parse_table
    order = _order(table)
    rules = list(parser.rules)
    index = {rule: number for number, rule in enumerate(rules)}
    rows: dict[str, int] = {}
    states = []
    for state in order:
        row = {_plain(name): _action(action, order, index) for name, action in sorted(table.states[state].items())}
        states.append(rows.setdefault(json.dumps(row), len(rows)))
    return _text(
        {
            "pattern": pattern,
            "keywords": words,
            "trivia": sorted(_plain(name) for name in parser.ignore_tokens),
            "starts": {
                name: [order[state], order[table.end_states[name]]]
                for name, state in sorted(table.start_states.items())
            },
            "rules": [_rule(rule) for rule in rules],
            "rows": [json.loads(row) for row in rows],
            "states": states,
        }
    )


def _text(data: dict[str, Any]) -> str:
    lines = [f"{json.dumps(key)}: {json.dumps(value, separators=(',', ':'))}" for key, value in data.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _plain(name: str) -> str:
    """The name of a symbol without the path that an import puts in front."""
    return name.replace("expressions__grammar__", "")


def _lexer(parser: Lark) -> tuple[dict[str, str], str]:
    from lark.lexer import PatternStr

    by_name = {_plain(terminal.name): terminal for terminal in parser.terminals}
    name = re.compile(by_name["NAME"].pattern.value)
    words = {
        terminal.pattern.value: plain
        for plain, terminal in sorted(by_name.items())
        if isinstance(terminal.pattern, PatternStr) and name.fullmatch(terminal.pattern.value)
    }
    others = [(plain, terminal) for plain, terminal in by_name.items() if plain not in words.values()]
    others.sort(key=lambda item: _precedence(*item))
    groups = [f"(?P<{plain}>{terminal.pattern.to_regexp()})" for plain, terminal in others]
    return words, "|".join([*groups, REST])


def _precedence(name: str, terminal: TerminalDef) -> tuple[int, int, int, str]:
    """The order in which Lark's lexer tries its terminals."""
    pattern = terminal.pattern
    return (-terminal.priority, -pattern.max_width, -len(pattern.value), name)


def _order(table: IntParseTable) -> dict[int, int]:
    """Numbers for the states by the way that leads to them first: Lark's own depend on how it was run."""
    queue = [state for _, state in sorted(table.start_states.items())]
    order = {state: number for number, state in enumerate(queue)}
    for state in queue:
        for _, (action, target) in sorted(table.states[state].items()):
            if str(action) == "Shift" and target not in order:
                order[target] = len(order)
                queue.append(target)
    return order


def _action(action: tuple[Any, Any], order: dict[int, int], index: dict[Rule, int]) -> int:
    kind, target = action
    return order[target] if str(kind) == "Shift" else ~index[target]


def _rule(rule: Rule) -> list[Any]:
    take = _take(rule)
    whole = [[number, 0] for number in range(len(rule.expansion))]
    name = _plain(rule.origin.name)
    return [name, len(rule.expansion), _name_of_action(rule, name, len(take)), None if take == whole else take]


def _name_of_action(rule: Rule, name: str, values: int) -> str:
    if rule.alias:
        return _plain(rule.alias)
    if name.startswith("_"):
        return LIST
    return PASS if rule.options.expand1 and values == 1 else name


def _take(rule: Rule) -> list[list[int]]:
    """Which values an action gets: not those of punctuation; those in a `_rule` one by one; -1 where `[x]` is absent."""
    from lark.grammar import Terminal

    absent = rule.options.empty_indices
    take = []
    for number, symbol in enumerate(rule.expansion):
        take += [[-1, 0]] * (absent.index(False) if False in absent else 0)
        absent = absent[absent.index(False) + 1 :] if False in absent else absent
        if not isinstance(symbol, Terminal):
            take.append([number, int(_plain(symbol.name).startswith("_"))])
        elif not symbol.filter_out:
            take.append([number, 0])
    return take + [[-1, 0]] * len(absent)


def main() -> None:
    for folder, start in GRAMMARS.items():
        (folder / "tables.json").write_text(tables(folder, start), "utf-8", newline="\n")


if __name__ == "__main__":
    main()
