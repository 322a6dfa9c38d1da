"""What an operator sends: an HTTP request, made of expressions over the ports of its node."""

from __future__ import annotations

from typing import TypeAlias

from symphony_dsl.base.frozen import frozen
from symphony_model.ports import Expression

UrlPart: TypeAlias = str | Expression
"""Text that stands as it is, or a value."""


@frozen
class HttpRequest:
    """`url` is put together from its parts. A value that stands first is the start of the address, and is taken as it is; every
    other one is percent-encoded, `/` and `?` too, so that a value never becomes another path or query.

    `headers` and `query` are maps of texts; what is absent is not sent. `body` is sent as it is where it is a string or bytes
    or a file, else as JSON.
    """

    method: str
    url: tuple[UrlPart, ...]
    headers: Expression | None = None
    query: Expression | None = None
    body: Expression | None = None
