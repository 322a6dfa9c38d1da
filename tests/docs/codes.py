"""The examples of the codes' pages, compiled; `python -m tests.docs.codes` writes the index of codes, `docs/codes.md`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from symphony.command.pages import Example, index
from symphony_compiler.workspace import Workspace
from symphony_dsl.syntax.text import UnicodeProblem, decode
from symphony_model.errors import BuilderError

INDEX = Path(__file__).parents[2] / "docs/codes.md"
HEAD = """# Codes

What `wf` says has a code, which never changes its meaning. `wf explain CODE` prints its page: what is wrong, why, a wrong and a
right example. `python -m tests.docs.codes` writes this list.

"""
MAIN = "main.wf"


def written() -> str:
    return HEAD + index()


def said_of(examples: Sequence[Example]) -> set[str]:
    """The codes of all that is said of an example."""
    first = examples[0]
    if first.language == "python":
        return said_of_graph(first.text)
    if first.name == "latin-1":
        return said_of_bytes(first.text.encode("latin-1"))
    return said_of_files({each.name or MAIN: each.text for each in examples})


def said_of_bytes(data: bytes) -> set[str]:
    try:
        return said_of_files({MAIN: decode(data)})
    except UnicodeProblem:
        return {"WF0002"}


def said_of_files(texts: dict[str, str]) -> set[str]:
    workspace = Workspace("pages")
    workspace.update(MAIN, texts[MAIN])
    while missing := workspace.missing():
        for path in missing:
            if path in texts:
                workspace.update(path, texts[path])
            else:
                workspace.refuse(path, "there is no such file")
    while names := workspace.missing_modules():
        for name in names:
            if name.startswith("missing"):
                workspace.refuse_module(name, f"there is no module `{name}`")
            else:
                workspace.update_module(name, texts.get(name))
    return {str(each.code) for path in texts if path.endswith(".wf") for each in workspace.diagnostics(path)}


def said_of_graph(code: str) -> set[str]:
    """What an example of Python makes is called `workflow`; what a builder refuses is what is said of it."""
    names: dict[str, Any] = {}
    try:
        exec(compile(code, "example", "exec"), names)
    except BuilderError as refused:
        return {each.code for each in refused.errors}
    found = names["workflow"].validate(names.get("config"))
    return {each.code for each in (*found.errors, *found.warnings)}


if __name__ == "__main__":
    INDEX.write_text(written(), "utf-8")
