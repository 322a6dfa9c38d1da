"""How much is read of binary data that nobody vouches for. Both limits are told where they are passed."""

from __future__ import annotations

from symphony_dsl.base.canonical import MAX_DEPTH
from symphony_dsl.base.frozen import frozen
from symphony_model.serialize_errors import DeserializeError

MIB = 1024 * 1024
SPLIT = "split the workflow, or give a higher limit to what reads it"


@frozen
class Limits:
    """`size` in bytes, decompressed; `count` of values: texts, numbers, lists, objects. Memory grows with both."""

    size: int = 64 * MIB
    count: int = 8_000_000
    depth: int = MAX_DEPTH

    def check_size(self, size: int) -> None:
        if size > self.size:
            raise too_large(self)


def too_large(limits: Limits) -> DeserializeError:
    size = f"{limits.size // MIB} MiB" if limits.size >= MIB else f"{limits.size} bytes"
    return DeserializeError(f"the data is larger than {size}", place=f"byte {limits.size}", hint=SPLIT)


def too_many(limits: Limits, at: int) -> DeserializeError:
    return DeserializeError(f"the data holds more than {limits.count:,} values", place=f"byte {at}", hint=SPLIT)


LIMITS = Limits()
