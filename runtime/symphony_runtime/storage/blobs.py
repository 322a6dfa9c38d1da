"""Contents by their own hash: written once, never changed, safe to write twice at the same time."""

from __future__ import annotations

import os
import re
from hashlib import sha256
from pathlib import Path
from secrets import token_hex

from symphony_dsl.base.errors import UserError
from symphony_dsl.base.frozen import frozen
from symphony_runtime.storage.disk import age, keep_names
from symphony_runtime.storage.failpoints import reach

UNFINISHED = "new-"
"""How the file of a content begins that is not written to the end."""

HASH = re.compile("[0-9a-f]{64}")


@frozen
class FileBlobs:
    root: Path

    def put(self, content: bytes) -> str:
        """The hash under which the content can be read from now on, whatever happens to the machine."""
        digest = sha256(content).hexdigest()
        target = self._path(digest)
        if _renew(target):
            return digest
        target.parent.mkdir(parents=True, exist_ok=True)
        new = target.with_name(f"{UNFINISHED}{token_hex(8)}")
        try:
            _write(new, content)
            reach("blob.written")
            new.replace(target)
            keep_names(target.parent)
            reach("blob.named")
        except OSError:
            new.unlink(missing_ok=True)
            if not target.exists():
                raise
        return digest

    def get(self, digest: str) -> bytes:
        """Raises UserError where it is missing or is not what was written."""
        try:
            content = self._path(digest).read_bytes()
        except OSError as problem:
            raise UserError("a content that the run needs is missing", place=str(self._path(digest))) from problem
        if sha256(content).hexdigest() != digest:
            raise UserError("a content that the run needs was changed", place=str(self._path(digest)))
        return content

    def ages(self, now: float) -> dict[str, float]:
        found = (path for path in self.root.glob("??/*") if HASH.fullmatch(path.name))
        return {path.name: age(path, now) for path in found}

    def drop(self, digest: str, before: float) -> bool:
        """It is out of reach while it is looked at: whoever puts it now writes it anew, whoever did before has renewed it."""
        path = self._path(digest)
        doomed = path.with_name(f"{UNFINISHED}{token_hex(8)}")
        try:
            path.rename(doomed)
            reach("blob.doomed")
            if doomed.stat().st_mtime >= before:
                doomed.rename(path)
                return False
        except FileNotFoundError:
            return False
        doomed.unlink()
        reach("blob.dropped")
        return True

    def tidy(self, now: float, grace: float) -> None:
        """Remove what a killed process left half written, once it is older than `grace` seconds."""
        for content in self.root.glob(f"??/{UNFINISHED}*"):
            if age(content, now) > grace:
                content.unlink(missing_ok=True)
                reach("store.tidied")

    def _path(self, digest: str) -> Path:
        return self.root / digest[:2] / digest


def _renew(path: Path) -> bool:
    """Whether it is there; it is as new then as one that is written."""
    try:
        os.utime(path)
    except FileNotFoundError:
        return False
    return True


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
