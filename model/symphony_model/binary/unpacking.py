"""What MessagePack read, to JSON: the way back from `packing`, for data that nobody vouches for.

Whatever no packer makes is a `MisfitError`, which gathers on its way up where it was found: the steps of the JSON path, and the
place of each array and map in the bytes. Whether the JSON fits the schema is checked behind this.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite
from typing import TypeAlias

from symphony_dsl.base.canonical import MAX_DEPTH
from symphony_model.binary.layout import (
    DIGEST_PREFIX,
    Anything,
    Choice,
    Digest,
    Either,
    Flag,
    Keyed,
    Maker,
    Many,
    Number,
    Part,
    Record,
    Shape,
    Tagged,
    Text,
    Uuid,
    Whole,
)
from symphony_model.binary.packing import Json, Packed, is_wrapped
from symphony_model.json_form.places import Place

Unpack: TypeAlias = Callable[[Packed], Json]


class MisfitError(Exception):
    """Data that no packer makes. `steps` are (how many values stand before it in its array or map, steps of the path)."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
        self.steps: list[tuple[int, Place]] = []

    def under(self, at: int, *step: str | int) -> MisfitError:
        self.steps.append((at, step))
        return self


class Unpacker(Maker[Unpack]):
    """Functions that unpack. They raise MisfitError."""

    def later(self, name: str) -> Unpack:
        def unpack(data: Packed) -> Json:
            try:
                return self.made[name](data)
            except RecursionError:
                raise MisfitError("the data nests too deeply") from None

        return unpack

    def make(self, shape: Shape) -> Unpack:
        match shape:
            case Choice(words):
                return lambda data: words[_number(data, len(words))]
            case Many(item):
                return _many(self.of(item))
            case Keyed(key, value):
                return _keyed(self.of(key), self.of(value))
            case Record(parts):
                return self._record(parts)
            case Tagged(kinds):
                return _tagged([(kind, self.of(each)) for kind, each in kinds])
            case Either(options):
                return self._either(options)
        return LEAVES[type(shape)]

    def _record(self, parts: tuple[Part, ...]) -> Unpack:
        unpacks = [(part.name, self._part(part), part.required, self._holds_nil(part)) for part in parts]
        names = [part.name for part in parts]
        least = max((at for at, part in enumerate(parts, 1) if part.required), default=0)

        def unpack(data: Packed) -> Json:
            _check_members(data, least, names)
            made: dict[str, Json] = {}
            name = ""
            try:
                for (name, each, required, holds_nil), value in zip(unpacks, data, strict=False):
                    if value is not None or holds_nil:
                        made[name] = each(value)
                    elif required:
                        raise MisfitError("a member is missing that has to be there")
            except MisfitError as problem:
                raise problem.under(names.index(name), name) from None
            return made

        return unpack

    def _part(self, part: Part) -> Unpack:
        unpack = self.of(part.shape)
        return _wrapped(unpack) if is_wrapped(part, self.layout) else unpack

    def _holds_nil(self, part: Part) -> bool:
        return part.required and isinstance(self.layout.of(part.shape), Anything)

    def _either(self, options: tuple[Shape, ...]) -> Unpack:
        unpacks = [self.of(option) for option in options]
        words = [at for at, option in enumerate(options) if isinstance(self.layout.of(option), Choice)]
        word = unpacks[words[0]] if words else None

        def unpack(data: Packed) -> Json:
            if word is not None and type(data) is int:
                return word(data)
            if type(data) is not list or len(data) != 2:
                raise MisfitError("an array of the number of a form and its data is needed here")
            form = _number_at(data, len(unpacks))
            try:
                return unpacks[form](data[1])
            except MisfitError as problem:
                raise problem.under(1) from None

        return unpack


def _check_members(data: Packed, least: int, names: Sequence[str]) -> None:
    if type(data) is not list:
        raise MisfitError("an array is needed here")
    if not least <= len(data) <= len(names):
        count = f"{least} to {len(names)}" if least < len(names) else least
        raise MisfitError(f"an array of {count} members is needed here, not of {len(data)}")


def _number(data: Packed, limit: int) -> int:
    if type(data) is int and 0 <= data < limit:
        return data
    raise MisfitError(f"a number from 0 to {limit - 1} is needed here")


def _number_at(data: list[Packed], limit: int) -> int:
    """The number that stands first."""
    try:
        return _number(data[0], limit)
    except MisfitError as problem:
        raise problem.under(0) from None


def _wrapped(unpack: Unpack) -> Unpack:
    def unwrapped(data: Packed) -> Json:
        if type(data) is not list or len(data) != 1:
            raise MisfitError("an array of one value is needed here")
        try:
            return unpack(data[0])
        except MisfitError as problem:
            raise problem.under(0) from None

    return unwrapped


def _many(unpack: Unpack) -> Unpack:
    def unpacked(data: Packed) -> Json:
        if type(data) is not list:
            raise MisfitError("an array is needed here")
        made: list[Json] = []
        try:
            for value in data:
                made.append(unpack(value))
        except MisfitError as problem:
            raise problem.under(len(made), len(made)) from None
        return made

    return unpacked


def _keyed(unpack_key: Unpack, unpack: Unpack) -> Unpack:
    def unpacked(data: Packed) -> Json:
        if type(data) is not dict:
            raise MisfitError("a map is needed here")
        made: dict[str, Json] = {}
        at, name = 0, ""
        try:
            for key, value in data.items():
                name, at = unpack_key(key), at + 1
                made[name], at = unpack(value), at + 1
        except MisfitError as problem:
            raise problem.under(at, *((name,) if at % 2 else ())) from None
        return made

    return unpacked


def _tagged(kinds: list[tuple[str, Unpack]]) -> Unpack:
    def unpack(data: Packed) -> Json:
        if type(data) is not list or not data:
            raise MisfitError("an array that opens with the number of a kind is needed here")
        kind, each = kinds[_number_at(data, len(kinds))]
        try:
            return {"kind": kind, **each(data[1:])}
        except MisfitError as problem:
            if problem.steps:
                problem.steps[-1] = (problem.steps[-1][0] + 1, problem.steps[-1][1])  # the number stands in front
            raise

    return unpack


def _uuid(data: Packed) -> Json:
    if type(data) is not bytes or len(data) != 16:
        raise MisfitError("the 16 bytes of an id are needed here")
    text = data.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _digest(data: Packed) -> Json:
    if type(data) is not bytes or len(data) != 32:
        raise MisfitError("the 32 bytes of a hash are needed here")
    return DIGEST_PREFIX + data.hex()


def _text(data: Packed) -> Json:
    if type(data) is str:
        return data
    raise MisfitError("a text is needed here")


def _flag(data: Packed) -> Json:
    if type(data) is bool:
        return data
    raise MisfitError("true or false is needed here")


def _whole(data: Packed) -> Json:
    if type(data) is int:
        return data
    raise MisfitError("a whole number is needed here")


def _real(data: Packed) -> Json:
    if type(data) is int or (type(data) is float and isfinite(data)):
        return data
    raise MisfitError("a number is needed here")


Trail: TypeAlias = "tuple[Trail, int, str | int] | None"
"""A value's place: that of what holds it, how many values stand before it there, the step of the path."""


def _anything(data: Packed) -> Json:
    """Any JSON value: MessagePack has more. Without recursion."""
    rest: list[tuple[Packed, int, Trail]] = [(data, 0, None)]
    while rest:
        value, depth, trail = rest.pop()
        why = _why(value, depth)
        if why:
            raise _at(trail, why)
        if type(value) is list:
            rest.extend((each, depth + 1, (trail, at, at)) for at, each in enumerate(value))
        elif type(value) is dict:
            rest.extend((each, depth + 1, (trail, 2 * at + 1, key)) for at, (key, each) in enumerate(value.items()))
    return data


def _why(value: Packed, depth: int) -> str:
    if depth > MAX_DEPTH:
        return f"a value nests deeper than {MAX_DEPTH} levels"
    if type(value) is dict:
        return "" if all(type(key) is str for key in value) else "the keys of an object are texts"
    if type(value) is float:
        return "" if isfinite(value) else f"{value} is no number of JSON"
    return "" if type(value) in (str, int, bool, list, type(None)) else "this is no JSON value"


def _at(trail: Trail, why: str) -> MisfitError:
    problem = MisfitError(why)
    while trail is not None:
        trail, at, step = trail
        problem.under(at, step)
    return problem


LEAVES: dict[type, Unpack] = {
    Text: _text,
    Uuid: _uuid,
    Digest: _digest,
    Flag: _flag,
    Whole: _whole,
    Number: _real,
    Anything: _anything,
}
