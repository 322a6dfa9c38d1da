"""Where our expressions and the oracle are known to differ, each with an example that still shows it."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Difference:
    """Explains an example, and whatever has these patterns in the expression, in what we say and in what the oracle says."""

    reason: str
    example: str
    expr: str = ""
    ours: str = ""
    oracle: str = ""

    def explains(self, expr: str, ours: str, oracle: str) -> bool:
        patterns = ((self.expr, expr), (self.ours, ours), (self.oracle, oracle))
        return all(re.search(pattern, text, re.DOTALL) for pattern, text in patterns)


OURS = (
    Difference(
        "floats mix with ints and uints in arithmetic",
        "1 + 1.0",
        oracle=r"overloads found : _[-+*/]_\((double, u?int64|u?int64, double)\)",
    ),
    Difference(
        "numbers of different types are sorted together",
        "[1, 2.0].sort()",
        oracle="list elements must have the same type",
    ),
    Difference(
        "the keys of a map are sorted too",
        "dyn({'a': 1}).sortBy(k, k)",
        oracle=r"\(map\)\.@sortByAssociatedKeys",
    ),
    Difference(
        "an evaluation has a budget",
        "lists.range(1000001).size()",
        ours="costs more than|more than [0-9,]+ (elements|characters)",
    ),
)
"""What we add to CEL."""

AS_OTHERS = (
    Difference(
        "an optional element may be a `dyn`",
        "[?dyn(optional.of(1))]",
        oracle=r"expected type 'optional_type\(",
    ),
    Difference(
        "NaN has no place in an order",
        "math.least(0.0 / 0.0, 1.0)",
        expr=r"math\.(least|greatest)|sort",
        ours='"error"',
        oracle="value",
    ),
    Difference(
        "flattening takes a level off the type",
        "[[1]] + [[2]].flatten()",
        expr="flatten",
        ours="does not take|need one type",
    ),
    Difference(
        "an empty pattern matches between any two characters",
        "regex.extractAll('ab', '')",
        expr=r"regex\.(replace|extractAll)\(.*''",
    ),
    Difference(
        "a pattern is read though nothing is replaced",
        "regex.replace('a', '(', 'x', 0)",
        expr=r"regex\.replace\(",
        ours="no regular expression",
    ),
    Difference(
        "no range of numbers is shorter than none",
        "lists.range(-1)",
        expr=r"lists\.range\(",
        oracle="vector::reserve",
    ),
    Difference(
        "`in` looks for a key of any type",
        "dyn(b'') in {1: 1}",
        oracle="overloads found : @in",
    ),
    Difference(
        "a part of a text may end where the text ends",
        "'ab'.substring(0, 2)",
        oracle="greater than <string>.size",
    ),
    Difference(
        "a list has an element at 1u and at 1.0, as at 1",
        "[1][?dyn(0u)].hasValue()",
        oracle=r"overloads found : _\[\?_\]\(list, (uint64|double)\)",
    ),
    Difference(
        "a bool is no number",
        "int(true)",
        ours="does not take (true|false)",
        oracle="value",
    ),
    Difference(
        "a repeated key is an error that `||` and `&&` can absorb",
        "{'a': 1, ?'a': optional.of(2)} == {} && false",
        oracle="duplicate key in map",
    ),
    Difference(
        "a `dyn` may be the range of a macro",
        "true || [][0].all(x, true)",
        oracle="cannot be the range of a comprehension",
    ),
)
"""What the oracle does in its own way, and others, such as cel-go, or the documentation, have as we do."""

OPEN = (
    Difference(
        "the type of what is in `[]`, `{}` and `none()` is free; the oracle takes that of the first signature it tries",
        "[].sort() + ['a']",
        expr=r"\[\]|\{\}|none\(\)",
        oracle="found no matching overload",
    ),
    Difference(
        "a macro that is not well formed is told when it is asked for",
        "true || math.least([]) > 0",
        oracle=r"invalid single argument value|simple literal arguments must be numeric|can only be applied to a list"
        r"|has\(\) argument must be",
    ),
    Difference(
        "how a double is written is left open",
        "string(1e6)",
        expr=r"\b(string|format)\b",
        ours="value",
        oracle=r'"string": "[^"]*\d(\.\d|e[+-]\d)',
    ),
    Difference(
        "bytes are text only where they are UTF-8",
        r"'%s'.format([b'\xff']).size()",
        expr="format",
        ours="not UTF-8",
    ),
    Difference(
        "a minus before a number is an operator, and not a part of the number",
        "true || !-1",
        expr=r"!-[\d.]|-\d+[.\[]",
        ours="expected a value, but found|is too large",
    ),
    Difference(
        "a pair of `!` or `-` stands before a bool or a number",
        "!!'a'",
        expr="!!|--",
        ours='"error"',
    ),
    Difference(
        "`optFlatMap` makes an optional",
        "optional.of(1).optFlatMap(x, x) == 1",
        expr="optFlatMap",
        ours="expected an optional",
    ),
    Difference(
        "the empty text is no time zone",
        "timestamp(0).getHours('')",
        ours="`` is no time zone",
    ),
    Difference(
        "the order of a map is that of its keys",
        "{'k': 1, 'j': 2, 'i': 3, 'h': 4, 'g': 5, 'f': 6, 'e': 7, 'd': 8, 'c': 9, 'b': 10, 'a': 11}.map(k, k)",
        expr=r"(\b[mq]|\})\.(filter|map|transformList)\(",
        ours='"list"',
        oracle='"list"',
    ),
)
"""Of what the specification says nothing."""

FAULTS = (
    Difference(
        "the slots of nested macros are mixed up",
        "[1].map(x, 1 >= 2 < [[1], [2]].exists(e, x, true), (cel.bind(i, true, i) ? optional.none().a"
        " : optional.ofNonZeroValue(1))).map(o, [?o])",
        expr=r"\(\w, \w, |sortBy",
        oracle="<jump_condition>|<iter_range>",
    ),
    Difference(
        "a macro of two variables loses the second inside of the target of another",
        "[1].transformList(x, e, true, e).first().optMap(i, 1).hasValue()",
        expr=r"\.opt(Flat)?Map",
        oracle="undeclared reference to '[xeis]'",
    ),
    Difference(
        "`transformMap` and `transformMapEntry` are known, and cannot run; no form has them",
        "{'a': 1}.transformMap(k, v, v)",
        oracle="cel.@mapInsert",
    ),
)
"""Faults of the oracle."""

KNOWN = (*OURS, *AS_OTHERS, *OPEN, *FAULTS)
