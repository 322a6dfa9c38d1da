"""What goes wrong when workflows are written and read."""

from __future__ import annotations

from symphony_dsl.base.errors import UserError


class SerializeError(UserError):
    """A workflow holds something that no format has a word for. The place is a JSON path: `$.workflow.nodes[3].name`."""


class DeserializeError(UserError):
    """Data is no workflow. The place is a line of the text, a JSON path or the offset of a byte: `byte 17`."""


class UnknownMembersWarning(UserWarning):
    """Data holds members that a newer release has given it. They are kept, and do nothing."""
