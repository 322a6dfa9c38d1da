"""Names, fields, indices and `has` in the fast tier.

What may be absent is None here when it is absent, as in the data. A step that is asked about (by `has` or `??`, or behind
`.?`) leads from anything that has no such part to None; any other step fails, and leaves the rest to the exact tier.
"""

from __future__ import annotations

from symphony_dsl.base.types import INT, JSON, STRING, ListType, MapType, OptionalType, RecordType, Type, plain
from symphony_dsl.expressions.fast.code import (
    Code,
    Unserved,
    after,
    between,
    both,
    choose,
    compare,
    constant,
    item,
    mapping,
    name,
)
from symphony_dsl.expressions.fast.making import Maker, Making, is_plain
from symphony_dsl.expressions.narrowing import path_of
from symphony_dsl.expressions.tree import Element, Expr, Index, ListLiteral, Literal, Name, Select


def port(maker: Maker, node: Expr) -> str | None:
    """The variable of a name, or of a path that is a port as a whole (`kind.label`)."""
    if isinstance(node, Name) and not node.absolute:
        return maker.bound.get(node.name) or maker.ports.get(node.name)
    if not maker.dotted or not isinstance(node, Select):
        return None
    path = path_of(node)
    return maker.ports.get(".".join(path)) if path and path[0] not in maker.bound else None


def make_name(maker: Maker, node: Name | Select) -> Making:
    yield from ()
    variable = port(maker, node)
    if variable is not None:
        return name(variable)
    if isinstance(node, Select) or node.absolute:
        raise Unserved
    return _assembled(maker, f"{node.name}.")


def _assembled(maker: Maker, head: str) -> Code:
    """The record of ports with one head."""
    below = [port.removeprefix(head) for port in maker.ports if port.startswith(head)]
    if not below:
        raise Unserved
    fields = dict.fromkeys(each.partition(".")[0] for each in below)
    values = [
        name(maker.ports[head + each]) if head + each in maker.ports else _assembled(maker, f"{head}{each}.")
        for each in fields
    ]
    return mapping([constant(each) for each in fields], values)


def select(maker: Maker, node: Select, operand: Code) -> Making:
    yield from ()
    of = maker.type_of(node.operand)
    asked = node.optional or isinstance(of, OptionalType) or isinstance(maker.type_of(node), OptionalType)
    if asked:
        return _asked(maker, operand, of, constant(node.field), there=not isinstance(of, OptionalType))
    return item(operand, constant(node.field))


def index(maker: Maker, node: Index, operand: Code) -> Making:
    of, key_of = maker.type_of(node.operand), maker.type_of(node.index)
    key = yield maker.make(node.index)
    if node.optional or isinstance(of, OptionalType):
        return _asked_index(maker, node, operand, key, there=not isinstance(of, OptionalType))
    if isinstance(of, ListType) and key_of == INT:
        return _element(maker, operand, node.index, key)
    if (isinstance(of, MapType) or of == JSON) and key_of == STRING:
        return item(operand, key)
    raise Unserved


def sure(maker: Maker, node: Index) -> Making:
    """`[?x][0]`, as the compiler writes what is known to be there."""
    assert isinstance(node.operand, ListLiteral), "it is an element of a list"
    found, again = maker.found((yield maker.make(node.operand.elements[0].value)))
    return choose(found, again(), maker.stop())


def is_sure(node: Index) -> bool:
    match node:
        case Index(optional=False, operand=ListLiteral(elements=(Element(optional=True),)), index=Literal(value=0)):
            return True
    return False


def _element(maker: Maker, operand: Code, at: Expr, key: Code) -> Code:
    """Python would count a negative position from the end."""
    if isinstance(at, Literal) and at.value >= 0:
        return item(operand, key)
    first, again = maker.kept(key)
    return choose(compare(first, ">=", constant(0)), item(operand, again()), maker.stop())


def _asked_index(maker: Maker, node: Index, operand: Code, key: Code, *, there: bool) -> Code:
    of, key_of = maker.type_of(node.operand), maker.type_of(node.index)
    first, again = maker.kept(key)
    if isinstance(plain(of), ListType) and key_of == INT:
        found = _asked_element(maker, operand, again(), there=there)
    elif key_of == STRING:
        found = _asked(maker, operand, of, again(), there=there)
    else:
        raise Unserved
    return found if is_plain(key) else after([first], found)


def _asked_element(maker: Maker, operand: Code, key: Code, *, there: bool) -> Code:
    first, again = maker.kept(operand)
    inside = between(constant(0), "<=", key, "<", maker.call(len, again()))
    condition = inside if there else both(compare(again(), "is not", constant(None)), inside)
    found = choose(condition, item(again(), key), constant(None))
    return found if is_plain(operand) else after([first], found)


def _asked(maker: Maker, operand: Code, of: Type, key: Code, *, there: bool) -> Code:
    """What stands under a key of a record, a map or a `json`; None where there is no such thing.

    `there` says that the operand is not None itself.
    """
    if not isinstance(plain(of), RecordType | MapType):
        first, again = maker.kept(operand)
        condition = both(maker.call(isinstance, first, name(maker.value(dict))), compare(key, "in", again()))
    elif there:
        first, again = maker.kept(operand)
        condition = compare(key, "in", first)
    else:
        found, again = maker.found(operand)
        condition = both(found, compare(key, "in", again()))
    return choose(condition, item(again(), key), constant(None))


def soft(maker: Maker, node: Expr) -> Making:
    """A path that is asked about; its value is None where it is absent, null or missing."""
    steps: list[Select | Index] = []
    while isinstance(node, Select | Index) and not port(maker, node):
        steps.append(node)
        node = node.operand
    code = yield make_name(maker, node) if isinstance(node, Name | Select) else maker.make(node)
    there = not isinstance(maker.type_of(node), OptionalType)
    for step in reversed(steps):
        code = yield from _soft_step(maker, step, code, there=there)
        there = there and _certain(maker.type_of(step.operand), step)
    return code


def _certain(of: Type, step: Select | Index) -> bool:
    """Whether a step always finds something."""
    field = of.get(step.field) if isinstance(of, RecordType) and isinstance(step, Select) else None
    return field is not None and not isinstance(field.type, OptionalType)


def _soft_step(maker: Maker, node: Select | Index, operand: Code, *, there: bool) -> Making:
    of = maker.type_of(node.operand)
    if isinstance(node, Index):
        return _asked_index(maker, node, operand, (yield maker.make(node.index)), there=there)
    if there and _certain(of, node):
        return item(operand, constant(node.field))
    return _asked(maker, operand, of, constant(node.field), there=there)


def is_there(maker: Maker, node: Expr) -> Making:
    """`has(path)`."""
    there, _ = maker.found((yield from soft(maker, node)))
    return there
