"""Where runs are kept: beside `wf.toml` or the file, or where `--store` says."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from symphony.project import files
from symphony.project.home import home_at
from symphony_dsl.base.errors import UserError
from symphony_runtime.storage.store import Store

if TYPE_CHECKING:
    from symphony.project.home import Home


def open_store(given: str | None, home: Home | None = None) -> Store:
    """The store that was named, else that of a home, else that of the folder that one is in."""
    root = Path(given).absolute() if given else (home or home_at(Path.cwd())).store
    if root.exists() and not root.is_dir():
        raise UserError("this is a file; a store is a folder", place=files.shown(root))
    return Store(root)


def resume_command(store: Store, execution_id: str) -> str:
    """What to type here to go on with a run."""
    words = ["wf", "run", "--resume", execution_id]
    if store.root != home_at(Path.cwd()).store:
        words += ["--store", files.shown(store.root)]
    return shlex.join(words)
