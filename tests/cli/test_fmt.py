"""`wf fmt`: every comment stays, what is broken stays as it is, and nothing is half written."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest
from tests.cli.conftest import Wf

from symphony_dsl.expressions.layout import Renderer

UGLY = "wf 1.0\n// top\nworkflow   w{\n input a:string // why\n\n\n output   b:string=a\n}\n"
BROKEN = "wf 1.0\n\nworkflow w {\n  step = = 1\n}\n"


def test_a_file(wf: Wf, here: Path) -> None:
    (here / "w.wf").write_bytes(b"\xef\xbb\xbf" + UGLY.replace("\n", "\r\n").encode())
    os.chmod(here / "w.wf", 0o640)
    said = wf("fmt", "w.wf")
    assert (said.code, said.out, said.err) == (0, "", "1 file formatted\n")
    done = (here / "w.wf").read_bytes()
    assert b"// top" in done
    assert b"// why" in done
    assert b"\r" not in done
    assert not done.startswith(b"\xef")
    assert (here / "w.wf").stat().st_mode & 0o777 == 0o640
    assert os.listdir(here) == ["w.wf"]
    assert wf("fmt") == type(said)(0, "", "")
    assert (here / "w.wf").read_bytes() == done


def test_check_and_diff_write_nothing(wf: Wf, here: Path) -> None:
    (here / "w.wf").write_text(UGLY)
    said = wf("fmt", "--check")
    assert (said.code, said.out, said.err) == (1, "", "w.wf would change\n")
    said = wf("fmt", "--diff")
    assert said.code == 1
    assert said.out.startswith("--- w.wf\n+++ w.wf (formatted)\n")
    assert "-workflow   w{\n" in said.out
    assert "+workflow w {\n" in said.out
    assert (here / "w.wf").read_text() == UGLY
    wf("fmt")
    assert wf("fmt", "--check").code == 0
    assert wf("fmt", "--diff").out == ""


def test_a_broken_file_stays(wf: Wf, here: Path) -> None:
    (here / "broken.wf").write_text(BROKEN)
    (here / "w.wf").write_text(UGLY)
    said = wf("fmt")
    assert said.code == 1
    assert "broken.wf:4:" in said.err
    assert "broken.wf is left as it is" in said.err
    assert (here / "broken.wf").read_text() == BROKEN
    assert (here / "w.wf").read_text() != UGLY


def test_standard_input(wf: Wf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(UGLY.encode())))
    said = wf("fmt", "-")
    assert (said.code, said.err) == (0, "")
    assert "// why" in said.out
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(said.out.encode())))
    assert wf("fmt", "-").out == said.out
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"wf 1.0\n\xff")))
    said = wf("fmt", "-")
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("error: <stdin>:2:1: this is not UTF-8 text")


def test_a_link_stays_a_link(wf: Wf, here: Path) -> None:
    (here / "real").mkdir()
    (here / "real" / "w.wf").write_text(UGLY)
    (here / "w.wf").symlink_to("real/w.wf")
    assert wf("fmt", "w.wf").code == 0
    assert (here / "w.wf").is_symlink()
    assert (here / "real" / "w.wf").read_text() != UGLY


def test_one_unreadable_file_changes_no_other(wf: Wf, here: Path) -> None:
    (here / "a.wf").write_text(UGLY)
    (here / "z.wf").write_bytes(b"\xff")
    said = wf("fmt")
    assert said.code == 2
    assert said.err.startswith("error: z.wf:1:1: this is not UTF-8 text")
    assert (here / "a.wf").read_text() == UGLY


def test_standard_input_is_compared(wf: Wf, monkeypatch: pytest.MonkeyPatch) -> None:
    def given(text: str) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))

    given(UGLY)
    said = wf("fmt", "--check", "-")
    assert (said.code, said.out, said.err) == (1, "", "<stdin> would change\n")
    given(UGLY)
    said = wf("fmt", "--diff", "-")
    assert said.code == 1
    assert said.out.startswith("--- <stdin>\n+++ <stdin> (formatted)\n")
    given("wf 1.0\n")
    assert wf("fmt", "--check", "-") == type(said)(0, "", "")
    given(BROKEN)
    said = wf("fmt", "-")
    assert (said.code, said.out) == (1, "")
    assert said.err.endswith("<stdin> is left as it is\n")


def test_what_would_not_mean_the_same_stays(wf: Wf, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    render = Renderer.render
    monkeypatch.setattr(Renderer, "render", lambda self, doc: render(self, doc).replace("// why", ""))
    (here / "w.wf").write_text(UGLY)
    said = wf("fmt")
    assert (said.code, said.out) == (1, "")
    assert "w.wf would not mean the same after formatting" in said.err
    assert (here / "w.wf").read_text() == UGLY
