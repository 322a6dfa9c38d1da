"""`wf check`: which files are read, what is said of them, and the exit code."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Wf

GOOD = 'wf 1.0\n\nworkflow good {\n  input name: string = "x"\n  output greeting: string = "Hello, ${name}!"\n}\n'
BAD = "wf 1.0\n\nworkflow bad {\n  input name: string\n  output greeting: string = nmae\n}\n"


def test_a_good_file(wf: Wf, here: Path) -> None:
    (here / "good.wf").write_text(GOOD)
    said = wf("check", "good.wf")
    assert (said.code, said.out, said.err) == (0, "no problems in 1 file\n", "")


def test_a_bad_file(wf: Wf, here: Path) -> None:
    (here / "bad.wf").write_text(BAD)
    said = wf("check", "bad.wf")
    assert said.code == 1
    assert "  --> bad.wf:5:29\n" in said.out
    assert " 5 |   output greeting: string = nmae\n   |                             ^^^^\n" in said.out
    assert "name" in said.out.splitlines()[0]
    assert said.out.endswith("1 error in 1 file\n")


def test_a_folder_is_searched(wf: Wf, here: Path) -> None:
    for name in ("a/good.wf", "a/b/bad.wf", "build/bad.wf", ".hidden/bad.wf", "a/node_modules/bad.wf"):
        (here / name).parent.mkdir(parents=True, exist_ok=True)
        (here / name).write_text(BAD if name.endswith("bad.wf") else GOOD)
    said = wf("check")
    assert said.code == 1
    assert said.out.count("-->") == 1
    assert "a/b/bad.wf" in said.out
    assert said.out.endswith("in 2 files\n")


def test_an_import_is_checked_too(wf: Wf, here: Path) -> None:
    (here / "types.wf").write_text("wf 1.0\n\nrecord Guest {\n  name: strin\n}\n")
    (here / "main.wf").write_text(
        'wf 1.0\n\nimport "./types.wf" { Guest }\n\nworkflow w {\n  input guest: Guest\n  output name: string = guest.name\n}\n'
    )
    said = wf("check", "main.wf", "--format", "json")
    assert said.code == 1
    assert {found["file"] for found in json.loads(said.out)} == {"types.wf"}


def test_a_project_in_a_project_has_a_home_of_its_own(wf: Wf, here: Path) -> None:
    (here / "wf.toml").write_text('name = "outer"\n')
    (here / "inner").mkdir()
    (here / "inner" / "wf.toml").write_text('name = "inner"\n')
    (here / "inner" / "good.wf").write_text(GOOD)
    (here / "bad.wf").write_text(BAD)
    assert wf("check").out.endswith("1 error in 2 files\n")


def test_json(wf: Wf, here: Path) -> None:
    (here / "bad.wf").write_text(BAD)
    said = wf("check", "--format", "json")
    assert said.code == 1
    (found,) = json.loads(said.out)
    assert found["file"] == "bad.wf"
    assert found["severity"] == "error"
    assert (found["start"], found["end"]) == ({"line": 5, "column": 29}, {"line": 5, "column": 33})
    (here / "bad.wf").write_text(GOOD)
    assert json.loads(wf("check", "--format", "json").out) == []


def test_github(wf: Wf, here: Path) -> None:
    (here / "bad.wf").write_text(BAD)
    said = wf("check", "--format", "github")
    assert said.code == 1
    assert said.out.startswith("::error file=bad.wf,line=5,endLine=5,col=29,endColumn=33,title=WF0")


def test_a_byte_order_mark_and_carriage_returns(wf: Wf, here: Path) -> None:
    (here / "good.wf").write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert wf("check").code == 0
    (here / "good.wf").write_bytes(b"\xef\xbb\xbf" + BAD.replace("\n", "\r\n").encode())
    assert "good.wf:5:29" in wf("check").out


def test_a_file_that_is_no_utf8(wf: Wf, here: Path) -> None:
    (here / "bad.wf").write_text(BAD)
    (here / "latin.wf").write_bytes(b"wf 1.0\r\n// caf\xe9\r\n")
    said = wf("check", "--format", "json")
    assert said.code == 2
    by_file = {found["file"]: found for found in json.loads(said.out)}
    assert set(by_file) == {"bad.wf", "latin.wf"}
    assert by_file["latin.wf"]["code"] == "WF0002"
    assert by_file["latin.wf"]["start"] == {"line": 2, "column": 7}


def test_an_import_that_is_no_utf8(wf: Wf, here: Path) -> None:
    (here / "latin.wf").write_bytes(b"wf 1.0\n// \xe9\n")
    (here / "main.wf").write_text('wf 1.0\n\nimport "./latin.wf" { X }\n')
    said = wf("check", "main.wf", "--format", "json")
    assert said.code == 1
    assert [(found["file"], found["start"]["line"]) for found in json.loads(said.out)] == [("main.wf", 3)]


def test_what_is_not_there(wf: Wf, here: Path) -> None:
    (here / "good.wf").write_text(GOOD)
    said = wf("check", "godo.wf", "--format", "json")
    assert (said.code, said.out) == (2, "")
    assert said.err == "error: godo.wf: there is no such file or folder\n  hint: did you mean 'good.wf'?\n"
    (here / "empty").mkdir()
    said = wf("check", "empty")
    assert (said.code, said.out) == (2, "")
    assert "there is no .wf file in this folder" in said.err


def test_a_broken_manifest(wf: Wf, here: Path) -> None:
    (here / "good.wf").write_text(GOOD)
    (here / "wf.toml").write_text('nmae = "x"\n')
    said = wf("check")
    assert (said.code, said.out) == (2, "")
    assert said.err == "error: wf.toml:1: the key 'nmae' is not known\n  hint: did you mean 'name'?\n"


def test_a_module_is_found_and_not_run(wf: Wf, here: Path) -> None:
    (here / "tools.py").write_text("open('ran', 'w')\n\n\ndef shout(text):\n    return text.upper()\n")
    text = (
        'wf 1.0\n\noperator shout(text: string) -> string {{ python: "{}" }}\n\n'
        "workflow w {{\n  input text: string\n  step loud = shout(text)\n  output loud: string = loud\n}}\n"
    )
    (here / "main.wf").write_text(text.format("tools:shout"))
    assert wf("check").out == "no problems in 1 file\n"
    (here / "main.wf").write_text(text.format("tolls:shout"))
    assert "tolls" in wf("check").out
    assert not (here / "ran").exists()
