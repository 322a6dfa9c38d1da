"""Functions, methods and operators of the table in the fast tier: the overload that the exact tier would find.

Where the classes of all values are known, so is the overload, and a call is a call of its implementation. Where not, it
is found each time.
"""

from __future__ import annotations

from collections.abc import Sequence

from symphony_dsl.base.types import ListType, OptionalType
from symphony_dsl.expressions.fast.code import Code, Unserved, choose, compare, constant
from symphony_dsl.expressions.fast.help import Late, charging, found, or_none
from symphony_dsl.expressions.fast.making import FEW, TEXTS, Maker, Making, class_of, is_plain, none_tells
from symphony_dsl.expressions.fast.paths import is_there
from symphony_dsl.expressions.functions.signatures import FUNCTION, METHOD, Overload, sizes
from symphony_dsl.expressions.functions.table import overloads
from symphony_dsl.expressions.tree import Call, Expr, Name


def function_name(node: Call) -> str | None:
    """The name of what is called without a value: `size`, `math.abs`; None for a method."""
    if node.target is None:
        return node.name
    name = f"{node.target.name}.{node.name}" if isinstance(node.target, Name) else ""
    return name if overloads(FUNCTION, name) else None


def make_function(maker: Maker, node: Call) -> Making:
    name = function_name(node)
    assert name is not None, "methods stand in chains"
    if name == "has":
        return (yield from is_there(maker, node.arguments[0].value))
    values = [argument.value for argument in node.arguments]
    codes: list[Code] = []
    for value in values:
        codes.append((yield maker.make(value)))
    return table_call(maker, node, FUNCTION, name, values, codes)


def method(maker: Maker, node: Call, target: Code) -> Making:
    assert node.target is not None, "a method is called on something"
    values, codes = [node.target], [target]
    for argument in node.arguments:
        values.append(argument.value)
        codes.append((yield maker.make(argument.value)))
    if isinstance(maker.type_of(node.target), OptionalType):
        return _of_optional(maker, node, codes)
    return table_call(maker, node, METHOD, node.name, values, codes)


def _of_optional(maker: Maker, node: Call, codes: Sequence[Code]) -> Code:
    """Methods of what may be absent, which is None then."""
    assert node.target is not None, "a method is called on something"
    first, again = maker.kept(codes[0])
    there = compare(first, "is not", constant(None))
    if not none_tells(maker.type_of(node.target)) or not all(map(is_plain, codes[1:])):
        raise Unserved
    match node.name:
        case "hasValue":
            return there
        case "value":
            return choose(there, again(), maker.stop())
        case "orValue" if maker.class_of(node.arguments[0].value) is maker.class_of(node) is not None:
            return choose(there, again(), codes[1])
    raise Unserved


def table_call(maker: Maker, node: Expr, style: str, name: str, values: Sequence[Expr], codes: Sequence[Code]) -> Code:
    types = [maker.type_of(value) for value in values]
    if any(isinstance(of, OptionalType) for of in types):
        raise Unserved
    classes = tuple(map(class_of, types))
    settled = _settled(maker, node)
    known = tuple(each for each in classes if each is not None)
    if len(known) < len(classes):
        return _late(maker, Late(style, name, settled), codes)
    overload = found(style, name, settled, known)
    made = _priced(maker, overload, known, codes)
    return maker.call(or_none, made) if isinstance(overload.result, OptionalType) else made


def _settled(maker: Maker, node: Expr) -> Overload | None:
    choices = maker.checked.choices.get(node, ())
    return choices[0].overload if len(choices) == 1 and not choices[0].dynamic else None


def _priced(maker: Maker, overload: Overload, classes: Sequence[type], codes: Sequence[Code]) -> Code:
    if overload.effort is None and not overload.deep:
        return maker.call(overload.run, *codes)
    kept = [maker.kept(code) for code in codes]
    firsts, again = [first for first, _ in kept], [later() for _, later in kept]
    run = maker.call(overload.run, *again)
    if overload.name == "contains" and classes == (str, str):
        run = compare(again[1], "in", again[0])
    if overload.effort is sizes and not overload.deep and TEXTS.issuperset(classes) and not _gives_list(overload):
        return maker.charged(maker.text_units(*firsts), run, FEW)
    return maker.weighed(charging(overload), firsts, run)


def _gives_list(overload: Overload) -> bool:
    return isinstance(overload.result, ListType)


def _late(maker: Maker, late: Late, codes: Sequence[Code]) -> Code:
    kept = [maker.kept(code) for code in codes]
    run = maker.call(late.run, *(later() for _, later in kept))
    return maker.weighed(late.charged, [first for first, _ in kept], run)
