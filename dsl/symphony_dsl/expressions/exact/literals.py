"""Literals, texts, lists and braces in the exact tier."""

from __future__ import annotations

from collections.abc import Sequence

from symphony_dsl.base.conform import ConversionError, found
from symphony_dsl.base.constraints import shown
from symphony_dsl.base.dynamic import Option, Uint, as_key
from symphony_dsl.base.span import Span
from symphony_dsl.base.types import JSON, SECRET, STRING, ListType, MapType, RecordType, Type, plain
from symphony_dsl.base.values import Secret, Value, secret_text, written
from symphony_dsl.expressions.conversions import data_text
from symphony_dsl.expressions.exact.frame import Compiler, Compiling, Frame, Run, mismatch
from symphony_dsl.expressions.functions.convert import text_of
from symphony_dsl.expressions.meter import EvaluationError
from symphony_dsl.expressions.tree import Brace, Entry, Expr, ListLiteral, Literal, Text


def compile_literal(_compiler: Compiler, node: Literal) -> Compiling:
    yield from ()
    value = Uint(node.value) if node.kind == "uint" else node.value
    return lambda frame: value


def compile_text(compiler: Compiler, node: Text) -> Compiling:
    runs: list[Run] = []
    for part in node.parts:
        if isinstance(part, str):
            runs.append(_fixed(part))
        else:
            run = yield compiler.compile(part)
            runs.append(_as_text(run, compiler.type_of(part), part.span))
    if compiler.type_of(node) == SECRET:
        return _secret(runs)

    def text(frame: Frame) -> str:
        pieces = [run(frame) for run in runs]
        frame[0].work(sum(map(len, pieces)))
        return "".join(pieces)

    return text


def _secret(runs: Sequence[Run]) -> Run:
    def secret(frame: Frame) -> Secret:
        pieces = [run(frame) for run in runs]
        frame[0].work(sum(map(written, pieces)))
        return secret_text(*pieces)

    return secret


def _fixed(text: str) -> Run:
    return lambda frame: text


def _as_text(run: Run, of: Type, span: Span) -> Run:
    """Scalars as `string()` writes them, anything else as data stands in a text."""
    if of in (STRING, SECRET):
        return run
    if not isinstance(of, ListType | MapType | RecordType) and of != JSON:
        return lambda frame: text_of(run(frame))

    def text(frame: Frame) -> str:
        value = run(frame)
        frame[0].walk(value)
        try:
            return data_text(value, of)
        except ConversionError as problem:
            raise EvaluationError("conversion", str(problem), span) from None

    return text


def compile_list(compiler: Compiler, node: ListLiteral) -> Compiling:
    of = compiler.type_of(node)
    item = of.item if isinstance(of, ListType) else JSON
    runs: list[Run] = []
    optional: set[int] = set()
    for at, element in enumerate(node.elements):
        if element.optional:
            runs.append((yield from _part(compiler, element.value, item)))
            optional.add(at)
        else:
            runs.append((yield from compiler.as_type(element.value, item)))
    return _with_optional(runs, optional) if optional else lambda frame: [run(frame) for run in runs]


def _with_optional(runs: Sequence[Run], optional: set[int]) -> Run:
    """A list that leaves out those of its optional elements that are absent."""

    def run(frame: Frame) -> list[Value]:
        made = []
        for at, each in enumerate(runs):
            value = each(frame)
            if at not in optional:
                made.append(value)
            elif value.present:
                made.append(value.value)
        return made

    return run


def _part(compiler: Compiler, node: Expr, target: Type) -> Compiling:
    """An optional element or entry: an Option whose value is of the type."""
    run: Run = yield compiler.compile(node)
    of = compiler.type_of(node)
    convert = compiler.converter(node, plain(of), target)
    span = node.span

    def part(frame: Frame) -> Option:
        value = run(frame)
        if type(value) is not Option:
            raise mismatch("", "an optional behind `?`", value, span)
        return Option(True, convert(frame, value.value)) if value.present else value

    return part


def compile_brace(compiler: Compiler, node: Brace) -> Compiling:
    of = compiler.type_of(node)
    if isinstance(of, RecordType) or node.is_record:
        return (yield from _record(compiler, node))
    return (yield from _map(compiler, node, of if isinstance(of, MapType) else MapType(JSON, JSON)))


def _record(compiler: Compiler, node: Brace) -> Compiling:
    """A record is as data is: it leaves out what is absent; null is a value of `json` and is kept."""
    fields: list[tuple[str, Run]] = []
    for entry in node.entries:
        field: Run = yield compiler.compile(entry.value)
        assert isinstance(entry.key, str), "the fields of a record are words"
        fields.append((entry.key, field))

    def run(frame: Frame) -> dict[str, Value]:
        made = {}
        for name, value_of in fields:
            value = value_of(frame)
            if type(value) is not Option:
                made[name] = value
            elif value.present:
                made[name] = value.value
        return made

    return run


def _map(compiler: Compiler, node: Brace, of: MapType) -> Compiling:
    entries: list[tuple[Run, Run, Entry]] = []
    for entry in node.entries:
        assert not isinstance(entry.key, str), "the keys of a map are expressions"
        key = yield from compiler.as_type(entry.key, of.key)
        compile_value = _part if entry.optional else Compiler.as_type
        value = yield from compile_value(compiler, entry.value, of.value)
        entries.append((key, value, entry))

    def run(frame: Frame) -> dict[Value, Value]:
        made: dict[Value, Value] = {}
        for key_of, value_of, entry in entries:
            key, value = key_of(frame), value_of(frame)
            if not entry.optional:
                put(made, key, value, entry.key_span)
            elif value.present:
                put(made, key, value.value, entry.key_span)
        return made

    return run


def put(made: dict[Value, Value], key: Value, value: Value, span: Span) -> None:
    """Add an entry to a map in the making. Keys are strings, bools and whole numbers, each at most once."""
    if type(key) not in _KEYS:
        message = f"the keys of a map are strings, whole numbers, true and false, not {found(key)}"
        raise EvaluationError("conversion", message, span)
    element = as_key(key)
    if element in made:
        raise EvaluationError("failed", f"the key {shown(key)} is given twice", span)
    made[element] = value


_KEYS = frozenset({str, int, Uint, bool})
