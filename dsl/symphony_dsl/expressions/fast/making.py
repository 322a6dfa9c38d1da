"""What the parts of the generator share: the names it makes, what it knows of values, and how it charges.

A pass over a node gives the Python expression of its value. Where a value is asked for twice it is kept in a temporary by
`:=`, which is a variable of the function also when it stands inside of a comprehension.

The units of a run are counted in a variable, which is there only where something has a price that the data decide. What
costs too much makes the function give up, and the exact tier finds out the rest.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from symphony_dsl.base.times import Duration, Timestamp
from symphony_dsl.base.types import (
    BOOL,
    BYTES,
    DURATION,
    FLOAT,
    INT,
    MODEL,
    NULL,
    PATHS,
    STRING,
    TIMESTAMP,
    EnumType,
    ListType,
    MapType,
    OptionalType,
    RecordType,
    Type,
)
from symphony_dsl.base.values import Value
from symphony_dsl.expressions.checker.check import Checked
from symphony_dsl.expressions.fast.code import (
    Code,
    Unserved,
    both,
    call,
    choose,
    compare,
    compute,
    constant,
    name,
    named,
    value_of,
)
from symphony_dsl.expressions.meter import BUDGET, UNIT
from symphony_dsl.expressions.tree import Call, Expr
from symphony_dsl.expressions.walk import Walk

Making: TypeAlias = "Walk[Code]"

Classes: TypeAlias = "tuple[type | None, ...]"
"""The classes of some values; None for what only the value tells."""

METER = "u0"
"""The variable with the units that have been charged."""

FEW = BUDGET // 8
"""So many units a run may have been charged when a function is called. Rounds take a small part of the time that they take in
the exact tier, functions as long as there: beyond this, what was done here would be done for nothing too often. It is also
less than the longest text costs, so that whoever stays below needs no other limit."""

_CLASSES: dict[Type, type] = {
    NULL: type(None),
    BOOL: bool,
    INT: int,
    FLOAT: float,
    BYTES: bytes,
    TIMESTAMP: Timestamp,
    DURATION: Duration,
    **dict.fromkeys((STRING, MODEL, *PATHS), str),
}
_SHAPES: dict[type, type] = {EnumType: str, ListType: list, MapType: dict, RecordType: dict}

NUMBERS = frozenset({int, float})
TEXTS = frozenset({str, bytes})
SCALARS = NUMBERS | TEXTS | {bool, Timestamp, Duration}


def class_of(of: Type) -> type | None:
    """The class of all values of a type; None where only the value tells."""
    return _SHAPES.get(type(of)) or (_CLASSES.get(of) if not isinstance(of, OptionalType) else None)


def stop() -> Value:
    """Called where the fast tier cannot go on."""
    raise Unserved


@dataclass(slots=True)
class Maker:
    """`ports` are the variables with what comes from outside (`dotted`: some are paths), `bound` those of the macros around the node in hand.

    `given` are the globals of the function.
    """

    checked: Checked
    bodies: Mapping[Call, int]
    make_node: Callable[[Maker, Expr], Making]
    ports: Mapping[str, str]
    dotted: bool
    bound: dict[str, str] = field(default_factory=dict)
    given: dict[str, Value] = field(default_factory=dict)
    metered: bool = False
    _count: int = 0
    _known: dict[int, str] = field(default_factory=dict)

    def make(self, node: Expr) -> Making:
        return self.make_node(self, node)

    def type_of(self, node: Expr) -> Type:
        return self.checked.types[node]

    def class_of(self, node: Expr) -> type | None:
        return class_of(self.type_of(node))

    def variable(self) -> str:
        self._count += 1
        return f"v{self._count}"

    def value(self, value: Value) -> str:
        """The name of a global with this value."""
        if id(value) not in self._known:
            self._known[id(value)] = f"g{len(self._known)}"
            self.given[self._known[id(value)]] = value
        return self._known[id(value)]

    def call(self, function: Callable[..., Value], *arguments: Code) -> Code:
        return call(self.value(function), *arguments)

    def stop(self) -> Code:
        return self.call(stop)

    def kept(self, code: Code) -> tuple[Code, Callable[[], Code]]:
        """A value for the place that is evaluated first, and for each place after that."""
        if is_plain(code):
            return code, lambda: code
        temporary = self.variable()
        return named(temporary, code), lambda: name(temporary)

    def found(self, code: Code) -> tuple[Code, Callable[[], Code]]:
        """Whether a value is not None, and the value where it is not."""
        if isinstance(code, ast.IfExp) and is_none(code.orelse):
            inner, again = self.found(code.body)
            return both(code.test, inner), again
        first, again = self.kept(code)
        return compare(first, "is not", constant(None)), again

    def charged(self, units: Code, value: Code, limit: int = BUDGET) -> Code:
        """The value, before which so many units are charged; what they are reckoned from may charge, too."""
        self.metered = True
        total = named(METER, compute(units, "+", name(METER)))
        return choose(compare(total, "<=", constant(limit)), value, self.stop())

    def weighed(self, weigh: Callable[..., int], arguments: Sequence[Code], value: Code) -> Code:
        """The value, before which a function tells how many units have been charged by then, from arguments and meter."""
        self.metered = True
        total = named(METER, self.call(weigh, *arguments, name(METER)))
        return choose(total, value, constant(None))

    def is_class(self, value: Code, of: type) -> Code:
        return compare(self.call(type, value), "is", name(self.value(of)))

    def text_units(self, *texts: Code) -> Code:
        """What it costs to go through texts; the length of a constant is written down."""
        total: Code | None = None
        for each in texts:
            length = constant(len(value_of(each))) if isinstance(each, ast.Constant) else self.call(len, each)
            total = length if total is None else compute(total, "+", length)
        assert total is not None, "there is a text"
        return compute(total, "//", constant(UNIT))


def is_plain(code: Code) -> bool:
    """Whether a value is a variable or a constant, which may stand in many places."""
    return isinstance(code, ast.Name | ast.Constant)


def is_none(code: Code) -> bool:
    return isinstance(code, ast.Constant) and code.value is None


def none_tells(of: Type) -> bool:
    """Whether None says of a value of an optional type that it is absent: it does not where it may be a value."""
    return not isinstance(of, OptionalType) or class_of(of.item) not in (None, type(None))
