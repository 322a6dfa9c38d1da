"""What generated functions are made of, and which expressions get one."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.cases import closed, golden
from tests.expressions.test_fast import read
from tests.expressions.typed_expressions import KINDS, NAMES, expressions

from symphony_compiler.workspace import Workspace
from symphony_dsl.base.types import BOOL, INT, JSON, STRING, Type, record
from symphony_dsl.base.values import Value
from symphony_dsl.expressions.fast.code import FORMS, Unserved, settled
from symphony_dsl.expressions.fast.generate import made
from symphony_dsl.expressions.program import assembled, program, without_enums
from symphony_model.workflow import Workflow

OWN_NAME = re.compile(r"[efguvp]\d+")


def module(source: str, ports: dict[str, Type], result: Type) -> tuple[ast.Module, dict[str, Value]] | None:
    """The module that is generated, and its globals; None where there is none."""
    names = assembled({name: without_enums(of) for name, of in ports.items()})
    ready = read(source, names, without_enums(result))
    assert ready is not None, source
    try:
        return made(*ready, ports, result, lambda env: None, counted=False)
    except Unserved:
        return None


def names_in(tree: ast.Module) -> set[str]:
    """All names of any kind in a tree: whatever is text and no constant."""
    found: set[str] = set()
    for node in ast.walk(tree):
        for _, value in ast.iter_fields(node):
            if isinstance(value, str) and not isinstance(node, ast.Constant):
                found.add(value)
    return found


def test_no_form_leads_to_an_attribute_or_runs_text() -> None:
    reach = {ast.Attribute, ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal, ast.Lambda, ast.ClassDef, ast.Delete}
    assert not FORMS & reach


@settings(max_examples=40)
@given(st.data())
def test_all_trees_are_of_the_forms_on_the_list_and_of_names_of_our_own(data: st.DataObject) -> None:
    of = data.draw(st.sampled_from(list(KINDS.values())))
    source = data.draw(expressions(of))
    if read(source, NAMES, of) is None:
        return
    found = module(source, NAMES, of)
    assert found is not None, source
    tree, given_names = found
    assert {type(node) for node in ast.walk(tree)} <= FORMS
    assert all(OWN_NAME.fullmatch(name) for name in names_in(tree))
    assert given_names.pop("__builtins__") == {}
    assert all(OWN_NAME.fullmatch(name) for name in given_names)


@pytest.mark.parametrize("text", ["a.b", "lambda: 1", "import os", "del a", "f'{a.b}'", "[a for a in b.c]", "a[b.c]"])
def test_any_other_form_is_refused(text: str) -> None:
    with pytest.raises(Unserved):
        settled(ast.parse(text))


HOSTILE = [
    "__class__",
    "__globals__",
    "gi_frame",
    "{0.__class__}",
    "%s",
    "e0",
    "g0",
    "v1",
    "');import os;('",
    "\"'\\\n\0",
    "🙂",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_user_writes_is_a_constant(text: str) -> None:
    quoted = "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("\0", "\\x00") + "'"
    found = module(f"j[{quoted}] == {quoted} && {quoted} in m && s != {quoted} + s", PORTS, BOOL)
    assert found is not None
    tree, given_names = found
    assert text in {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert all(OWN_NAME.fullmatch(name) for name in names_in(tree) | given_names.keys() - {"__builtins__"})


PORTS: dict[str, Type] = {"j": JSON, "m": NAMES["counts"], "s": STRING}


def test_names_of_users_are_no_names_in_python() -> None:
    ports: dict[str, Type] = {"__builtins__": INT, "e0": INT, "f0": record(__class__=INT), "__import__": INT}
    source = "__builtins__ + e0 + f0.__class__ + [1].map(__dict__, __dict__ + __import__).sum()"
    run = program(source, ports, INT)
    env = {"__builtins__": 1, "e0": 10, "f0": {"__class__": 100}, "__import__": 1000}
    assert [run.run(env) for _ in range(3)] == [1112] * 3
    found = module(source, ports, INT)
    assert found is not None
    assert all(OWN_NAME.fullmatch(name) for name in names_in(found[0]))


LONG: list[tuple[str, Type]] = [
    ("n" + " + n" * 900, INT),
    ("b" + " && b" * 900, BOOL),
    ("- " * 900 + "n", INT),
    ("".join(f"n == {each} ? {each} : " for each in range(100)) + "0", INT),
    ("xs" + "".join(f".map(x{each}, x{each} + 1)" for each in range(100)), KINDS["ints"]),
    ("(b ? " * 60 + "n" + " : 0)" * 60, INT),
    ('"' + "${n}" * 400 + '"', STRING),
]


@pytest.mark.parametrize(("source", "of"), LONG, ids=lambda case: str(case)[:20])
def test_long_expressions_have_functions(source: str, of: Type) -> None:
    ports = {name: NAMES[name] for name in ("n", "b", "xs") if name in source}
    run = program(source, ports, of)
    env = {"n": 1, "b": True, "xs": [1, 2]}
    assert run.run(env) == run.run(env) == run.run(env)
    assert module(source, ports, of) is not None


def test_what_nests_too_deep_has_none() -> None:
    source = "".join(f"n == {each} ? {each} : " for each in range(260)) + "0"
    assert module(source, {"n": INT}, INT) is None
    assert program(source, {"n": INT}, INT).run({"n": 259}) == 259


def workflows() -> list[Workflow]:
    """The graphs of the cases, but for the one of rare literals, and of the example."""
    found = []
    folders = [folder for folder in golden.cases() if folder.name != "every_literal"]
    for workspace, main in [*((golden.fed(folder), golden.MAIN) for folder in folders), example()]:
        artifacts = [workspace.artifact(main, name) for name in workspace.workflows(main)]
        found += [each for made in artifacts if made for each in (made.workflow, *made.callees.values())]
    return found


def example() -> tuple[Workspace, str]:
    folder = Path(__file__).parents[2] / "examples" / "support_desk"
    workspace = Workspace("example")
    for path in folder.glob("*.wf"):
        workspace.update(path.name, path.read_text(encoding="utf-8"))
    for name in workspace.missing_modules():
        workspace.update_module(name, (folder / f"{name.replace('.', '/')}.py").read_text(encoding="utf-8"))
    return workspace, "support_desk.wf"


RARE = re.compile(
    r"type\(|\d+u\b|token|lost|\"\w+ \$\{it\}\"|\{ \d+: |transformMapEntry|optional\.none|\[\{ (text|file): |\.\?\w+\."
)
"""Types as values, uints, secrets, optionals as values, texts with media in them, maps whose keys are numbers or whose entries are made one by one."""


def test_what_workflows_say_has_functions() -> None:
    served: dict[str, Any] = {}
    for workflow in workflows():
        for expression, ports in closed.expressions(workflow):
            served[expression.source] = module(expression.source, ports, expression.type) is not None
    assert len(served) > 150
    assert [source for source, is_served in served.items() if not is_served and not RARE.search(source)] == []
