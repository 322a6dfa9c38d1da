"""Checks what a wheel holds, and what it put into an environment: the rooms with their data files, and nothing else.

check_wheel.py WHEEL PROJECT        the wheel against the files of the project's rooms
check_wheel.py --installed PROJECT  run by the Python of the environment that the wheel was installed into
"""

from __future__ import annotations

import sys
import sysconfig
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

DISTRIBUTION = "symphony-wf"
DATA = (
    "*/py.typed", "*/grammar.lark", "*/tables.json", "symphony_schemas/*.schema.json", "symphony_compiler/std/*.wf",
    "symphony/codes/*.md",
)  # fmt: skip
"""Kinds of data file of which the wheel must hold at least one."""


def rooms(project: Path) -> list[Path]:
    """The folders that the project's settings put into the wheel."""
    settings = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))
    return [project / room for room in settings["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]]


def wanted(project: Path) -> set[str]:
    """Every file of the rooms as the wheel should name it."""
    files = (path for room in rooms(project) for path in room.rglob("*") if path.is_file())
    named = {path.relative_to(next(r for r in rooms(project) if r in path.parents).parent).as_posix() for path in files}
    return {name for name in named if "__pycache__" not in name}


def check_files(held: set[str], project: Path) -> list[str]:
    """What is wrong with a set of files outside `*.dist-info`."""
    expected = wanted(project)
    missing = [f"is missing: {name}" for name in sorted(expected - held)]
    extra = [f"does not belong there: {name}" for name in sorted(held - expected)]
    data = [f"there is no file like {kind}" for kind in DATA if not any(Path(name).match(kind) for name in held)]
    typed = [f"{room.name} has no py.typed" for room in rooms(project) if f"{room.name}/py.typed" not in held]
    return missing + extra + data + typed


def of_wheel(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def of_environment() -> set[str]:
    """What the distribution put into site-packages; its commands stand elsewhere."""
    files = metadata.files(DISTRIBUTION) or []
    here = Path(sysconfig.get_path("purelib"))
    inside = (path for path in files if Path(path.locate()).resolve().is_relative_to(here.resolve()))
    return {path.as_posix() for path in inside if ".dist-info/" not in path.as_posix() and path.suffix != ".pyc"}


def main(arguments: list[str]) -> int:
    what, project = arguments
    held = of_environment() if what == "--installed" else of_wheel(Path(what))
    problems = check_files(held, Path(project))
    packages = {name.partition("/")[0] for name in held}
    lines = [*problems, f"{len(held)} files in {', '.join(sorted(packages))}"]
    sys.stdout.write("".join(f"  {line}\n" for line in lines))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
