"""The bytes of a file as text."""

from __future__ import annotations


class UnicodeProblem(Exception):  # noqa: N818 - the name that the other rooms know it by
    """Bytes that are no UTF-8; `offset` is the first bad one."""

    def __init__(self, offset: int) -> None:
        super().__init__(f"byte {offset} is not UTF-8")
        self.offset = offset


def decode(data: bytes) -> str:
    """The text of a file, without a byte order mark, with LF for every line break. Raises UnicodeProblem."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise UnicodeProblem(problem.start) from None
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
