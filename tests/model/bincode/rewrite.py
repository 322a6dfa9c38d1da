"""Writes the Rust declarations and, with the crate, the golden vectors: `python -m tests.model.bincode.rewrite`.

It needs cargo, and the crates bincode, serde and uuid in a folder that serves as a registry (Debian's packages
`librust-bincode-dev`, `librust-serde-dev` and `librust-uuid-dev` put them there). A released version's vectors do not change.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from tests.model.bincode.declarations import declarations
from tests.model.bincode.vectors import HERE, artifacts, write_files
from tests.model.bincode.with_cargo import printed
from tests.model.layouts import Sampler, alternatives, taken

from symphony_schemas import newest

PAGE = HERE.parents[2] / "docs" / "bincode.md"
SIZE = 300
"""Of artifacts that are tried: smaller ones seldom reach the depths of a layout."""
BLOCK = re.compile(r"(?<=```rust\n)use serde.*?(?=```)", re.DOTALL)


def everything(version: str) -> dict[str, Any]:
    """An artifact that takes every alternative of its layout."""
    random = Random(1)
    made = next(
        each for each in samples(random, version) if each.get("callees") and any(each.get("sources", {}).values())
    )
    missing = alternatives(version) - taken(version, made)
    while missing:
        more = next(samples(random, version))
        found = taken(version, {**more, "callees": {}}) & missing
        if found:
            missing -= found
            made["callees"] = dict(sorted({**made.get("callees", {}), more["content_hash"]: more["workflow"]}.items()))
    return without_needless(version, made)


def samples(random: Random, version: str) -> Iterator[dict[str, Any]]:
    while True:
        yield Sampler(random, version, SIZE).envelope()


def without_needless(version: str, made: dict[str, Any]) -> dict[str, Any]:
    """The artifact without the callees that take no alternative which the others do not take, the large ones first."""
    whole = taken(version, made)
    for key in sorted(made["callees"], key=lambda key: -len(json.dumps(made["callees"][key]))):
        fewer = {**made, "callees": {other: each for other, each in made["callees"].items() if other != key}}
        made = fewer if taken(version, fewer) == whole else made
    return made


def main() -> None:
    newest_one = everything(newest("workflow"))
    (HERE / "everything.json").write_text(json.dumps(newest_one, ensure_ascii=False) + "\n", encoding="utf-8")
    text = declarations(newest("workflow"))
    (HERE / "reader" / "src" / "artifact.rs").write_text(text)
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(BLOCK.sub(lambda _: text, page, count=1), encoding="utf-8")
    with TemporaryDirectory() as folder:
        files = write_files(artifacts(), Path(folder))
        (HERE / "vectors.txt").write_text(printed(files))


if __name__ == "__main__":
    main()
