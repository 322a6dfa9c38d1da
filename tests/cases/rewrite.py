"""Write what the compiler makes of each case beside it: `python -m tests.cases.rewrite [NAME…]`."""

from __future__ import annotations

import sys

from tests.cases.golden import cases, expected

FILES = ("diagnostics.txt", "rendered.txt", "colour.txt", "graph.json", "tests.json")


def main(names: list[str]) -> None:
    for folder in cases():
        if names and folder.name not in names:
            continue
        made = expected(folder)
        for name in FILES:
            if name in made:
                (folder / name).write_text(made[name], encoding="utf-8")
            else:
                (folder / name).unlink(missing_ok=True)


if __name__ == "__main__":
    main(sys.argv[1:])
