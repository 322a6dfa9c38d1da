"""Well-formed files: what is in the tree, and where."""

from __future__ import annotations

import pytest

from symphony_dsl.base.span import Span
from symphony_dsl.syntax import tree
from symphony_dsl.syntax.parser import parse_file
from symphony_dsl.syntax.text import UnicodeProblem, decode


def only(text: str):
    file = parse_file("x.wf", f"wf 1.0\n{text}")
    assert not file.all_diagnostics
    [island] = file.islands
    return island.declaration


def body(text: str) -> tuple[tree.Statement, ...]:
    return only(f"workflow w {{\n{text}\n}}").body.statements


def test_the_library_has_every_kind_of_node(library: str) -> None:
    file = parse_file("library.wf", library)
    assert not file.all_diagnostics
    seen = {type(node).__name__ for island in file.islands for node in walk(island.declaration)}
    kinds = {
        name for name, kind in vars(tree).items() if isinstance(kind, type) and hasattr(kind, "__dataclass_fields__")
    }
    elsewhere = {"File", "Island", "Pragma", "Comment", "Span", "Diagnostic", "Severity"}
    assert kinds - seen - elsewhere == set()


def walk(node):
    yield node
    parts = node if isinstance(node, tuple) else [getattr(node, name) for name in getattr(node, "__slots__", ())]
    for part in parts:
        if isinstance(part, tuple) or hasattr(part, "__slots__"):
            yield from walk(part)


def test_edition_and_islands() -> None:
    file = parse_file("x.wf", "// licence\nwf 1.0\n\nconst A = 1 // one\n\n// two\nconst B = A\n// end\n")
    assert (file.pragma.edition, file.pragma.span) == ("1.0", Span(11, 17))
    assert [island.declaration.name.name for island in file.islands] == ["A", "B"]
    assert [[comment.text for comment in island.comments] for island in file.islands] == [
        ["// one"],
        ["// two", "// end"],
    ]
    for island in file.islands:
        assert file.text[island.start : island.start + len(island.text)] == island.text
        name = island.declaration.name
        assert island.text[name.span.start : name.span.end] == name.name


def test_moving_an_island_changes_no_place_in_it() -> None:
    first, second = (parse_file("x.wf", f"wf 1.0\n{before}record A {{ a: int }}\n") for before in ("", "const B = 1\n"))
    assert first.islands[-1].text == second.islands[-1].text
    assert first.islands[-1].declaration.span == second.islands[-1].declaration.span


def test_documentation_and_annotations() -> None:
    record = only(
        "/// One.\n///   Two.\n@a(1)\n/// Three.\n@b\nrecord R {\n  //// no\n  /// Field.\n  @min(0) x: int,\n  y: int }"
    )
    assert record.lead.doc == "One.\n  Two.\nThree."
    assert [annotation.name.name for annotation in record.lead.annotations] == ["a", "b"]
    assert (record.lead.annotations[0].arguments[0].value.value, record.lead.annotations[1].arguments) == (1, None)
    assert [field.lead.doc for field in record.fields] == ["Field.", None]


def test_statements() -> None:
    first, second, third, fourth = body(
        "input a: int = 1\nstep b: T = f(a) { retry: 1 } after c, d priority -2\nstep g(a)\noutput b"
    )
    assert (first.name.name, first.default.value) == ("a", 1)
    assert (second.name.name, second.value.settings.settings[0].name.name) == ("b", "retry")
    assert [(after.name.name, after.priority) for after in second.after] == [("c", None), ("d", -2)]
    assert (third.name, third.type) == (None, None)
    assert (fourth.type, fourth.value) == (None, None)


def test_control() -> None:
    [step] = body("step a = if b { yield 1 } else if c { } else { yield 3 } with { label: 'x' }")
    assert [len(arm.body.statements) for arm in step.value.arms] == [1, 0]
    assert (len(step.value.otherwise.statements), step.value.settings.settings[0].value.value) == (1, "x")
    [step] = body('step a = match b { c | "d" => f(x) 1 => { yield 2 } true => {} else => fail "no" }')
    assert [type(arm.value).__name__ for arm in step.value.arms] == ["Node", "Body", "Body", "Fail"]
    assert [arm.patterns and [(p.name, p.literal and p.literal.value) for p in arm.patterns] for arm in step.value.arms] == [
        [("c", None), (None, "d")], [(None, 1)], [(None, True)], None,
    ]  # fmt: skip
    one, two, three = body(
        "step a = for x in y { }\nstep b = for k, v in y parallel { }\nstep c = for x in y parallel n.m { }"
    )
    assert [(step.value.key is None, step.value.parallel, step.value.limit is None) for step in (one, two, three)] == [
        (True, False, True), (False, True, True), (True, True, False),
    ]  # fmt: skip
    one, two = body("step a = loop x: int = 1 max 3 every 2s { } else { }\nstep b = loop { }")
    assert (one.value.variable.name, one.value.maximum.value, one.value.every.kind) == ("x", 3, "duration")
    assert (two.value.variable, two.value.maximum, two.value.otherwise) == (None, None, None)
    one, two = body("step a = parallel all { b: f(x) }\nstep c = parallel first 2 { d: { yield 1 } e: 2 }")
    assert [(s.value.first, s.value.count, len(s.value.branches)) for s in (one, two)] == [
        (False, None, 1),
        (True, 2, 2),
    ]
    [step] = body("step a = try f(x) { retry: 1 } catch e: b | c { } catch e { fail e }")
    assert [[code.name for code in catch.codes] for catch in step.value.catches] == [["b", "c"], []]


def test_every_soft_word_is_a_name() -> None:
    words = [
        "wf",
        "record",
        "enum",
        "type",
        "policy",
        "instrument",
        "operator",
        "workflow",
        "template",
        "test",
        "given",
        "mock",
        "expect",
        "version",
        "priority",
        "every",
        "all",
        "first",
        "with",
        "max",
        "settings",
        "pure",
        "repeatable",
        "once",
        "text",
        "model",
    ]
    statements = body("\n".join(f"step {word} = {word}({word}: {word}.{word})" for word in words))
    assert [statement.name.name for statement in statements] == words


def test_names_in_back_quotes() -> None:
    [step] = body("step `input` = `a b`.`c-d`")
    assert (step.name.name, step.value.expr.operand.name, step.value.expr.field) == ("input", "a b", "c-d")


def test_annotations_go_to_what_follows_on_the_line() -> None:
    first, second = body("@a @b(1) input x: int\n@c\ninput y: int")
    assert [[annotation.name.name for annotation in s.lead.annotations] for s in (first, second)] == [["a", "b"], ["c"]]


def test_decode() -> None:
    assert decode(b"\xef\xbb\xbfwf 1.0\r\na\rb\n\xc3\xa9") == "wf 1.0\na\nb\né"
    with pytest.raises(UnicodeProblem) as raised:
        decode(b"wf 1.0\n\xff")
    assert raised.value.offset == 7
