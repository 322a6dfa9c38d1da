"""Reading and writing files, with errors in a person's words; finding `.wf` files."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from symphony_dsl.base.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

SUFFIX = ".wf"
SKIPPED = frozenset({"build", "dist", "node_modules", "__pycache__", "venv"})
"""Folders that are never searched; nor are hidden ones."""

_REASONS = {
    errno.ENOENT: "there is no such file",
    errno.EISDIR: "this is a folder, a file is expected",
    errno.ENOTDIR: "a part of this path is no folder",
    errno.EACCES: "this may not be read: permission denied",
    errno.EPERM: "this may not be read: permission denied",
    errno.ELOOP: "this link points to itself",
    errno.ENAMETOOLONG: "this name is too long",
}


def absolute(text: str) -> Path:
    return Path(os.path.abspath(text))


def distinct(texts: Iterable[str]) -> list[Path]:
    """The files of these paths, each once, by whatever names and links it is called."""
    found: dict[str, Path] = {}
    for text in texts:
        found.setdefault(os.path.realpath(text), absolute(text))
    return list(found.values())


def shown(path: Path) -> str:
    """A path as a person would write it here: relative to the working folder where it lies below it."""
    with suppress(ValueError):
        return path.relative_to(Path.cwd()).as_posix()
    return str(path)


def reason(error: OSError) -> str:
    return _REASONS.get(error.errno or 0, (error.strerror or str(error)).lower())


def read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UserError(reason(error), place=shown(path), hint=_similar(path)) from None
    except ValueError:  # a NUL in the name
        raise UserError("this is no file name", place=repr(str(path))) from None


def read_text(path: Path) -> str:
    """UTF-8 text with LF line breaks, without a byte order mark."""
    return decoded(read_bytes(path), shown(path))


def decoded(data: bytes, place: str) -> str:
    """The same of bytes that were read already."""
    from symphony_dsl.syntax.text import UnicodeProblem, decode

    try:
        return decode(data)
    except UnicodeProblem as problem:
        where = f"{place}:{position(data, problem.offset)}"
        raise UserError(not_utf8(data, problem.offset), place=where) from None


def not_utf8(data: bytes, offset: int) -> str:
    return (
        f"this is not UTF-8 text: byte 0x{data[offset]:02x} at offset {offset:,}"
        if offset < len(data)
        else "this is not UTF-8 text"
    )


def position(data: bytes, offset: int) -> str:
    """`line:column` of a byte offset; what stands before it is UTF-8."""
    before = data[:offset].decode("utf-8", errors="replace").replace("\r\n", "\n")
    return f"{before.count(chr(10)) + 1}:{len(before) - (before.rfind(chr(10)) + 1) + 1}"


def opening(path: Path, count: int) -> bytes:
    """The first bytes of a file; none where it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(count)
    except (OSError, ValueError):
        return b""


def write_text(path: Path, text: str) -> None:
    """Write beside and rename: whoever reads sees the old text or the new one. Links and permissions stay."""
    write_files({path: text.encode()})


def write_files(contents: Mapping[Path, bytes]) -> None:
    """The same for several files, all of which are written beside before the first is renamed."""
    beside: list[tuple[Path, Path]] = []
    try:
        for path, data in contents.items():
            with _told(path):
                _write_beside(Path(os.path.realpath(path)), data, beside)
        for made, target in beside:
            with _told(target):
                made.replace(target)
    finally:
        for made, _ in beside:
            made.unlink(missing_ok=True)


def _write_beside(target: Path, data: bytes, beside: list[tuple[Path, Path]]) -> None:
    import tempfile

    target.parent.mkdir(parents=True, exist_ok=True)
    handle, made = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    beside.append((Path(made), target))
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    Path(made).chmod(_mode(target))


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise UserError(f"this cannot be written: {why}", place=shown(path)) from None


def _mode(path: Path) -> int:
    """The permissions that a file has, or that a new one gets."""
    with suppress(OSError):
        return path.stat().st_mode & 0o7777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def wf_files(paths: Iterable[str]) -> list[Path]:
    """The files that are meant: a file itself, of a folder every `.wf` file below it. Raises UserError for none."""
    found: dict[Path, None] = {}
    for text in paths:
        path = absolute(text)
        found |= dict.fromkeys(_below(path) if path.is_dir() else [_file(path)])
    return list(found)


def _file(path: Path) -> Path:
    if not path.exists():
        raise UserError("there is no such file or folder", place=shown(path), hint=_similar(path))
    return path


def _below(folder: Path) -> list[Path]:
    found = sorted(_walk(folder))
    if not found:
        raise UserError(
            f"there is no {SUFFIX} file in this folder", place=shown(folder), hint="wf init writes a first one"
        )
    return found


def _walk(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in SKIPPED and not name.startswith(".")]
        yield from (Path(parent, name) for name in names if name.endswith(SUFFIX))


def _similar(path: Path) -> str | None:
    from symphony_dsl.base.diagnostic import did_you_mean

    try:
        meant = did_you_mean(path.name, os.listdir(path.parent))
    except OSError:
        return None
    return f"did you mean {shown(path.with_name(meant))!r}?" if meant else None
