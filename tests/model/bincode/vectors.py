"""The artifacts of the golden vectors, as JSON: `written.json` stands in the Rust program, too."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from symphony_model.binary.bincode import to_bincode

HERE = Path(__file__).parent


def artifacts() -> dict[str, Any]:
    """By name. All are of one version, that of the declarations that the program was built with."""
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(HERE.glob("*.json"))}


def vectors() -> dict[str, bytes]:
    """What the crate printed."""
    lines = (HERE / "vectors.txt").read_text().splitlines()
    return {name: bytes.fromhex(data) for name, data in (line.split() for line in lines)}


def write_files(data: Mapping[str, Any], folder: Path) -> list[Path]:
    """All but the one that the program writes itself, in our bytes."""
    files = []
    for name in data.keys() - {"written"}:
        files.append(folder / f"{name}.bincode")
        files[-1].write_bytes(to_bincode(data[name]))
    return sorted(files)
