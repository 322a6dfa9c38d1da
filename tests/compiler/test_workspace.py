"""The workspace: what it lacks, what it keeps, and that what it keeps is what a cold one would make."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symphony_compiler.workspace import Workspace
from symphony_model.artifact_codec import artifact_to_text

TYPES = "wf 1.0\n\nrecord Ticket { id: string }\n"
MAIN = """wf 1.0

import "../types.wf" { Ticket }
import "./tools.wf" as tools

workflow main {
  input ticket: Ticket

  step short = tools.shorten(text: ticket.id)

  output short: string
}
"""
TOOLS = 'wf 1.0\n\noperator shorten(text: string) -> string { python: "desk.text:shorten" }\n'


def messages(workspace: Workspace, path: str) -> list[str]:
    return [f"{each.code}: {each.message}" for each in workspace.diagnostics(path)]


def fed(**texts: str) -> Workspace:
    workspace = Workspace()
    for name, text in texts.items():
        workspace.update(f"{name}.wf", text)
    return workspace


def test_it_says_which_files_it_lacks() -> None:
    workspace = Workspace()
    workspace.update("flows/main.wf", MAIN)
    assert workspace.missing() == ("types.wf", "flows/tools.wf")
    workspace.update("types.wf", TYPES)
    workspace.refuse("flows/tools.wf", "permission denied")
    assert workspace.missing() == ()
    assert messages(workspace, "flows/main.wf") == ['WF0001: "flows/tools.wf" cannot be imported: permission denied']
    assert workspace.artifact("flows/main.wf", "main") is None


def test_it_says_which_modules_it_lacks_and_reads_them() -> None:
    workspace = Workspace()
    workspace.update("flows/main.wf", MAIN)
    workspace.update("types.wf", TYPES)
    workspace.update("flows/tools.wf", TOOLS)
    assert workspace.missing_modules() == ("desk.text",)
    assert workspace.diagnostics("flows/tools.wf") == ()
    workspace.refuse_module("desk.text", "there is no module `desk`")
    assert messages(workspace, "flows/tools.wf") == [
        "WF0510: `desk.text:shorten` cannot run: there is no module `desk`"
    ]
    workspace.update_module("desk.text", "def shorten(words): ...")
    assert [each.code.code for each in workspace.diagnostics("flows/tools.wf")] == ["WF0512", "WF0512"]
    workspace.update_module("desk.text", "def shorten(text): ...")
    assert workspace.missing_modules() == ()
    assert workspace.artifact("flows/main.wf", "main") is not None


def test_a_file_that_is_removed_is_lacking_again() -> None:
    workspace = fed(types=TYPES, main='wf 1.0\n\nimport "./types.wf" { Ticket }\n')
    assert messages(workspace, "main.wf") == ["WF0212: `Ticket` is imported and never used"]
    workspace.remove("types.wf")
    assert workspace.missing() == ("types.wf",)
    assert messages(workspace, "main.wf") == ['WF0001: "types.wf" cannot be imported: it is not there']
    workspace.remove("main.wf")
    assert workspace.diagnostics("main.wf") == ()
    assert workspace.workflows("main.wf") == ()


def test_files_above_the_root_keep_their_way() -> None:
    workspace = fed(main='wf 1.0\n\nimport "../shared/./x.wf" as x\n')
    assert workspace.missing() == ("../shared/x.wf",)


def test_workflows_are_listed_in_their_order() -> None:
    text = "wf 1.0\n\nworkflow b { output o: int = 1 }\nworkflow a { output o: int = oops }\nworkflow b { }\n"
    workspace = fed(main=text)
    assert workspace.workflows("main.wf") == ("b", "a")
    assert workspace.artifact("main.wf", "b") is not None
    assert workspace.artifact("main.wf", "a") is None
    assert workspace.artifact("main.wf", "nothing") is None


def test_an_update_reaches_as_far_as_others_can_see() -> None:
    inner = "wf 1.0\n\nworkflow inner {\n  input n: int\n  output m: int = n\n}\n"
    outer = (
        'wf 1.0\n\nimport "./inner.wf" { inner }\n\nworkflow outer {\n  step a = inner(n: 1)\n  output o: int = a.m\n'
        "  step b = 1\n}\n"
    )
    workspace = fed(inner=inner, outer=outer, other="wf 1.0\n\nconst A = B\n")
    before = {path: workspace.diagnostics(path) for path in ("outer.wf", "other.wf")}
    first = workspace.artifact("outer.wf", "outer")

    workspace.update("inner.wf", inner.replace("output m: int = n", "\n  // moved\n  output m: int = n"))
    assert workspace.diagnostics("other.wf") is before["other.wf"]
    assert workspace.diagnostics("outer.wf") is before["outer.wf"]
    moved = workspace.artifact("outer.wf", "outer")
    assert first is not None
    assert moved is not None
    assert moved.content_hash == first.content_hash
    assert moved.sources != first.sources

    workspace.update("inner.wf", inner.replace("= n", "= n + 1"))
    changed = workspace.artifact("outer.wf", "outer")
    assert changed is not None
    assert changed.content_hash != first.content_hash
    assert workspace.diagnostics("other.wf") is before["other.wf"]


def test_an_error_elsewhere_does_not_drown_the_importer() -> None:
    types = "wf 1.0\n\nrecord Ticket { id: strng }\nrecord Order { id: string }\n"
    main = (
        'wf 1.0\n\nimport "./types.wf" { Ticket, Order }\n\nworkflow one {\n  input t: Ticket\n  output o: int = t.id + 1\n}\n'
        "workflow two {\n  input t: Order\n  output o: string = t.id\n}\n"
    )
    workspace = fed(types=types, main=main)
    assert messages(workspace, "main.wf") == []
    assert workspace.artifact("main.wf", "one") is None
    assert workspace.artifact("main.wf", "two") is not None


CIRCLE = {
    "main": 'wf 1.0\n\nimport "./two.wf" { B }\nrecord A { b: B }\n',
    "two": 'wf 1.0\n\nimport "./three.wf" as three\nrecord B { c: three.C }\n',
    "three": 'wf 1.0\n\nimport "./main.wf" { A }\nrecord C { a: A }\n',
    "reader": 'wf 1.0\n\nimport "./two.wf" { B }\nworkflow w {\n  input b: B\n  output o: int = 1\n  step x = b\n}\n',
}


@pytest.mark.parametrize(
    ("file", "way"),
    [
        ("main", "`./main.wf` → `./two.wf` → `./three.wf` → `./main.wf`"),
        ("two", "`./two.wf` → `./three.wf` → `./main.wf` → `./two.wf`"),
        ("three", "`./three.wf` → `./main.wf` → `./two.wf` → `./three.wf`"),
    ],
)
def test_a_circle_of_imports_is_told_from_where_its_reader_stands(file: str, way: str) -> None:
    assert messages(fed(**CIRCLE), f"{file}.wf") == [f"WF0206: these files import each other: {way}"]


def test_who_imports_a_circle_hears_nothing_of_it() -> None:
    workspace = fed(**CIRCLE)
    assert messages(workspace, "reader.wf") == []
    assert workspace.artifact("reader.wf", "w") is None


KIT = "wf 1.0\n\nimport './more.wf' { one }\n\nworkflow get {\n  step x = one()\n  output o: int = x.o\n}\n"
READER = 'wf 1.0\n\nimport "acme/kit" version "^1.2" as kit\n\nworkflow get {\n  step x = kit.get()\n  output o: int = x.o\n}\n'


def test_a_package_that_is_not_there_is_told_with_what_to_do_now() -> None:
    workspace = fed(main=READER)
    assert workspace.missing() == ()
    told = (
        'WF0901: "acme/kit" is a package, and this version fetches none: put its files beside yours, '
        'and import them by path, such as "./kit.wf"'
    )
    assert messages(workspace, "main.wf") == [told]


def test_a_package_that_is_provided_is_imported_and_has_ids_of_its_own() -> None:
    workspace = fed(main=READER)
    assert messages(workspace, "main.wf") != []
    workspace.provide("acme/kit", "packages/kit/main.wf")
    assert workspace.missing() == ("packages/kit/main.wf",)
    workspace.update("packages/kit/main.wf", KIT)
    assert workspace.missing() == ("packages/kit/more.wf",)
    workspace.update("packages/kit/more.wf", "wf 1.0\n\nworkflow one { output o: int = 1 }\n")
    assert messages(workspace, "main.wf") == []
    own, theirs = workspace.artifact("main.wf", "get"), workspace.artifact("packages/kit/main.wf", "get")
    assert own is not None
    assert theirs is not None
    assert (own.workflow.package, theirs.workflow.package) == (workspace.package, "acme/kit")
    assert {each.package for each in own.callees.values()} == {"acme/kit"}


VERSIONS = {
    "a.wf": (
        'wf 1.0\n\nimport "./b.wf" { B, f }\n\nworkflow a {\n  input b: B\n  step x = f(n: b.n)\n  output o: int = x.o\n}\n',
        'wf 1.0\n\nimport "./b.wf" as b\n\nworkflow a {\n  input y: b.B\n  step x = b.f(n: y.n)\n  output o: int = x.o\n}\n',
        'wf 1.0\n\nimport "./c.wf" { C }\n\nworkflow a { output o: int = C }\n',
        "wf 1.0\n\nworkflow a { output o = 1 }\n",
        'wf 1.0\n\nimport "./a.wf" as a\n\nworkflow a { step y = m() }\n',
        'wf 1.0\n\nimport "./b.wf" { t }\n\nworkflow a = t(n: 2)\n',
        'wf 1.0\n\nimport "./b.wf" { f }\n\ntest "f" for f {\n  given n: 1\n  mock x => 2\n  expect o == 1 && steps.x == 2\n}\n',
        'wf 1.0\n\nimport "kit" version "^1" as kit\n\nworkflow a = kit.u(keep: n > kit.C)\n',
    ),
    "b.wf": (
        'wf 1.0\n\nimport "./c.wf" { C }\n\nrecord B { n: int = C }\nworkflow f {\n  input n: int\n  output o: int = n + C\n}\n',
        "wf 1.0\n\nrecord B { n: int }\n// moved\n\nworkflow f {\n  input n: int\n  output o: int = n * 2\n}\n",
        "wf 1.0\n\nrecord B { n: string }\nworkflow f {\n  input n: float\n  output o: int = 1\n}\n",
        'wf 1.0\n\nimport "./a.wf" { a }\n\nrecord B { n: int = }\nworkflow f { step x = a() }\n',
        'wf 1.0\n\nimport "./c.wf" { C }\n\ntemplate t(n: int) { output o: int = n + C }\n',
        "wf 1.0\n\ntemplate t(n: string) { output o: string = n + 1 }\n",
        'wf 1.0\n\nimport "./c.wf" { C, u }\n\nworkflow f = u(keep: n < C)\ntemplate t(n: int) { step x = f(n)  output o: int = n }\n',
    ),
    "c.wf": (
        "wf 1.0\n\nconst C = 1\n",
        "wf 1.0\n\nconst C = 2 // two\n",
        'wf 1.0\n\nimport "./b.wf" { B }\n\nconst C = "text"\nrecord D { b: B }\n',
        "wf 1.0\n\nconst C = D\noperator p() { python: 'mod:run' }\n",
        "wf 1.0\n\nconst C = 1\ntemplate u(keep: (n: int) -> bool) {\n  input n: int\n  step x = keep(n) ? 1 : C\n  output o: int = x\n}\n",
        "wf 1.0\n\nconst C = 1\ntemplate u(keep: (n: float) -> bool) {\n  input n: int\n  output o: int = keep(1.0 * n) ? n : 0\n}\n",
    ),
}
"""What each file may say, right and wrong, alone and with the others."""

changes = st.lists(
    st.one_of(
        *(st.tuples(st.just(path), st.sampled_from([*texts, None, "refused"])) for path, texts in VERSIONS.items()),
        st.tuples(st.just("mod"), st.sampled_from(["def run(): ...", "def other(): ...", None])),
        st.tuples(st.just("kit"), st.sampled_from(["b.wf", "c.wf", "kit/main.wf"])),
    ),
    min_size=1,
    max_size=8,
)


def seen(workspace: Workspace) -> dict[str, object]:
    found: dict[str, object] = {"missing": set(workspace.missing()), "modules": set(workspace.missing_modules())}
    for path in VERSIONS:
        found[path] = workspace.diagnostics(path)
        found[f"tests of {path}"] = workspace.tests(path)
        for name in workspace.workflows(path):
            artifact = workspace.artifact(path, name)
            found[f"{path}:{name}"] = artifact and artifact_to_text(artifact)
    return found


def apply(workspace: Workspace, path: str, text: str | None) -> None:
    if path == "mod":
        workspace.update_module("mod", text)
    elif path == "kit":
        workspace.provide("kit", text or "")
    elif text is None:
        workspace.remove(path)
    elif text == "refused":
        workspace.refuse(path, "no")
    else:
        workspace.update(path, text)


@given(changes)
def test_what_is_kept_equals_what_is_made_anew(steps: list[tuple[str, str | None]]) -> None:
    warm = Workspace()
    state: dict[str, str | None] = {}
    for path, text in steps:
        apply(warm, path, text)
        state.pop(path, None)
        state[path] = text
        cold = Workspace()
        for each in sorted(state, reverse=len(state) % 2 == 0):
            apply(cold, each, state[each])
        assert seen(warm) == seen(cold)


PRINT = """
import sys
from pathlib import Path
from symphony_model.artifact_codec import artifact_to_text
from tests.cases.golden import MAIN, cases, fed

for folder in cases():
    workspace = fed(folder)
    for each in workspace.diagnostics(MAIN):
        print(each)
    for name in workspace.workflows(MAIN):
        artifact = workspace.artifact(MAIN, name)
        print(artifact and artifact_to_text(artifact))
"""


def printed(seed: str) -> bytes:
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    root = Path(__file__).parents[2]
    return subprocess.run(
        [sys.executable, "-c", PRINT], cwd=root, env=environment, check=True, capture_output=True
    ).stdout


def test_the_order_of_hashing_changes_no_byte() -> None:
    one, other = printed("1"), printed("2")
    assert len(one) > 10_000
    assert one == other


@pytest.mark.parametrize("count", [1_000])
def test_large_workflows_have_few_edges(count: int) -> None:
    """A barrier has an edge to each leaf above and each root below, so edges grow with the statements."""
    steps = "".join(f"  step a{at} = {at}\n  step work(text: 'x', n: a{at})\n" for at in range(count))
    text = f"wf 1.0\n\noperator work(text: string, n: int) {{ python: 'm:f' }}\n\nworkflow w {{\n{steps}}}\n"
    workspace = fed(main=text)
    artifact = workspace.artifact("main.wf", "w")
    assert artifact is not None
    assert artifact.workflow.node_count == 2 * count
    assert artifact.workflow.edge_count == 2 * count - 1
