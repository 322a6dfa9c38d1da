"""Each word of the language in each position, against the table of the language's design and not that of the parser."""

from __future__ import annotations

import pytest

from symphony_dsl.syntax.parser import parse_file


def listed(words: str) -> list[str]:
    return words.split()


RESERVED = listed(
    "if else match for loop parallel try catch finally after yield next until require fail step input output defaults layout "
    "as break const continue function import let namespace package return var void while"
)
NOTHING = listed("true false null in")
GIVEN = listed("it steps run")
"""Words of the language, words that name nothing at all, and names that the language gives itself."""
SOFT = listed(
    "wf record enum type policy instrument operator workflow template test given mock expect version priority every all "
    "first with max model text settings pure repeatable once name media secret json map string int catch_ ask wait"
)
WORDS = [*RESERVED, *NOTHING, *GIVEN, *SOFT]

NAMES = {
    "step": "workflow w {{ step {} = 1 }}",
    "input": "workflow w {{ input {}: int }}",
    "output": "workflow w {{ output {}: int = 1 }}",
    "variable of a loop": "workflow w {{ step s = loop {} = 1 max 2 {{ }} }}",
    "variable of a for": "workflow w {{ step s = for {} in xs {{ }} }}",
    "key of a for": "workflow w {{ step s = for {}, x in xs {{ }} }}",
    "failure that is caught": "workflow w {{ step s = try f() catch {} {{ }} }}",
    "constant": "const {} = 1",
    "instrument": "instrument {}() {{ }}",
    "operator": "operator {}() {{ }}",
    "workflow": "workflow {} {{ }}",
    "template": "template {}() {{ }}",
    "instance": "workflow {} = t()",
    "policy": "policy {} {{ }}",
    "record": "record {} {{ }}",
    "enum": "enum {} {{ a }}",
    "alias": "type {} = int",
    "import as": 'import "./a.wf" as {}',
    "import, renamed": 'import "./a.wf" {{ a as {} }}',
}
"""Where something gets a name."""
USES = {
    "value": "const A = {}",
    "function": "const A = {}(1)",
    "type": "const A: {} = 1",
    "enum value": "enum E {{ {} }}",
    "imported name": 'import "./a.wf" {{ {} }}',
    "pattern": "workflow w {{ step s = match x {{ {} => 1 }} }}",
    "branch": "workflow w {{ step s = parallel all {{ {}: 1 }} }}",
    "name after": "workflow w {{ step s = a after {} }}",
    "code that is caught": "workflow w {{ step s = try f() catch e: {} {{ }} }}",
    "workflow that is tested": 'test "t" for {} {{ }}',
}
"""Where a name is used, or names what is no value: the names that the language gives may stand there."""
FREE = {
    "field": "record R {{ {}: int }}",
    "field of an anonymous record": "type T = {{ {}: int }}",
    "port": "operator f() -> {{ {}: int }} {{ }}",
    "parameter": "operator f({}: int) {{ }}",
    "parameter of a template": "template t({}: int) {{ }}",
    "parameter of a function": "type T = ({}: int) -> int",
    "argument": "const A = f({}: 1)",
    "setting": "policy p {{ {}: 1 }}",
    "setting of a call": "workflow w {{ step s = f() {{ {}: 1 }} }}",
    "field of a record": "const A = {{ {}: 1 }}",
    "optional field of a record": "const A = {{ ?{}: x }}",
    "selection": "const A = a.{}",
    "optional selection": "const A = a.?{}",
    "method": "const A = a.{}()",
    "annotation": "@{} const A = 1",
    "argument of an annotation": "@a({}: 1) const A = 1",
    "path of a layout": "workflow w {{ layout {{ a.{}: [1, 2] }} }}",
    "path of a mock": 'test "t" for w {{ mock a.{} => 1 }}',
    "step of a path in a test": 'test "t" for w {{ expect reached(steps.a.{}) }}',
    "given": 'test "t" for w {{ given {}: 1 }}',
}
"""Where any word may stand that names something at all."""


def reads(form: str, word: str) -> bool:
    return not parse_file("x.wf", f"wf 1.0\n{form.format(word)}\n").broken


@pytest.mark.parametrize("place", NAMES)
def test_names(place: str) -> None:
    assert [word for word in WORDS if not reads(NAMES[place], word)] == [*RESERVED, *NOTHING, *GIVEN]


@pytest.mark.parametrize("place", USES)
def test_uses_of_names(place: str) -> None:
    literal = {"value": ["true", "false", "null"], "pattern": ["else", "true", "false"]}.get(place, [])
    refused = [word for word in [*RESERVED, *NOTHING] if word not in literal]
    assert [word for word in WORDS if not reads(USES[place], word)] == refused


@pytest.mark.parametrize("place", FREE)
def test_places_of_any_word(place: str) -> None:
    keys = ("true", "false", "null") if place.endswith("field of a record") else ()  # those of a map
    assert [word for word in WORDS if not reads(FREE[place], word)] == [word for word in NOTHING if word not in keys]


@pytest.mark.parametrize("place", {**NAMES, **USES, **FREE})
def test_every_word_may_stand_in_back_quotes(place: str) -> None:
    form = {**NAMES, **USES, **FREE}[place]
    assert [word for word in WORDS if word not in GIVEN and not reads(form, f"`{word}`")] == []


def test_heads_of_a_path_in_a_layout() -> None:
    form = "workflow w {{ layout {{ {}.a: [1, 2] }} }}"
    refused = [word for word in [*RESERVED, *NOTHING] if word not in ("input", "output")]
    assert [word for word in WORDS if not reads(form, word)] == refused


def test_a_shorthand_field_may_be_any_word_that_is_a_name() -> None:
    assert [word for word in [*SOFT, *GIVEN] if not reads("const A = {{ {}, b }}", word)] == []
