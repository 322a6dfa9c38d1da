"""Literals, texts, lists and braces in the fast tier."""

from __future__ import annotations

from symphony_dsl.base.types import BOOL, INT, JSON, STRING, ListType, MapType, OptionalType, RecordType
from symphony_dsl.expressions.fast.code import Code, Unserved, choose, constant, joined, listed, mapping, name, pair
from symphony_dsl.expressions.fast.help import entries, record, shorter, walked, writing
from symphony_dsl.expressions.fast.making import FEW, Maker, Making
from symphony_dsl.expressions.fast.values import as_type
from symphony_dsl.expressions.functions.convert import text_of
from symphony_dsl.expressions.tree import Brace, Expr, ListLiteral, Literal, Text


def make_literal(maker: Maker, node: Literal) -> Making:
    yield from ()
    if node.kind == "uint":
        raise Unserved
    return name(maker.value(node.value)) if node.kind == "duration" else constant(node.value)


def make_text(maker: Maker, node: Text) -> Making:
    if maker.type_of(node) != STRING:
        raise Unserved
    parts: list[Code] = []
    for part in node.parts:
        parts.append(constant(part) if isinstance(part, str) else _piece(maker, part, (yield maker.make(part))))
    first, again = maker.kept(joined(parts))
    return maker.charged(maker.text_units(first), again(), FEW)


def _piece(maker: Maker, part: Expr, code: Code) -> Code:
    """A scalar as `string()` writes it, anything else as compact JSON; an int writes itself."""
    of = maker.type_of(part)
    if of in (STRING, INT):
        return code
    if of == BOOL:
        return choose(code, constant("true"), constant("false"))
    if isinstance(of, ListType | MapType | RecordType) or of == JSON:
        first, again = maker.kept(code)
        return maker.weighed(walked, [first], maker.call(writing(of), again()))
    if maker.class_of(part) is None:
        raise Unserved
    return maker.call(text_of, code)


def make_list(maker: Maker, node: ListLiteral) -> Making:
    of = maker.type_of(node)
    item = of.item if isinstance(of, ListType) else JSON
    codes: list[Code] = []
    for element in node.elements:
        if isinstance(maker.type_of(element.value), OptionalType) is not element.optional:
            raise Unserved
        codes.append((yield from as_type(maker, element.value, item)))
    optional = tuple(at for at, element in enumerate(node.elements) if element.optional)
    return maker.call(shorter, listed(codes), constant(optional)) if optional else listed(codes)


def make_brace(maker: Maker, node: Brace) -> Making:
    of = maker.type_of(node)
    if isinstance(of, RecordType) or node.is_record:
        return (yield from _record(maker, node))
    return (yield from _map(maker, node, of if isinstance(of, MapType) else MapType(JSON, JSON)))


def _record(maker: Maker, node: Brace) -> Making:
    keys: list[str] = []
    values: list[Code] = []
    optional: list[str] = []
    for entry in node.entries:
        assert isinstance(entry.key, str), "the fields of a record are words"
        keys.append(entry.key)
        values.append((yield maker.make(entry.value)))
        if isinstance(maker.type_of(entry.value), OptionalType):
            optional.append(entry.key)
    made = mapping([constant(key) for key in keys], values)
    return maker.call(record, made, constant(tuple(optional))) if optional else made


def _map(maker: Maker, node: Brace, of: MapType) -> Making:
    keys: list[Code] = []
    values: list[Code] = []
    for entry in node.entries:
        assert not isinstance(entry.key, str), "the keys of a map are expressions"
        if (
            entry.optional
            or maker.class_of(entry.key) is not str
            or isinstance(maker.type_of(entry.value), OptionalType)
        ):
            raise Unserved
        keys.append((yield maker.make(entry.key)))
        values.append((yield from as_type(maker, entry.value, of.value)))
    written = all(isinstance(entry.key, Literal) for entry in node.entries)
    if written:
        return mapping(keys, values)
    return maker.call(entries, *(pair(key, value) for key, value in zip(keys, values, strict=True)))
