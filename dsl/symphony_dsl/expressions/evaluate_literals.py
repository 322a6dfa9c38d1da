"""Literals, texts, lists and braces at run time."""

from __future__ import annotations

from collections.abc import Sequence

from symphony_dsl.base.canonical import canonical_json
from symphony_dsl.base.conform import ConversionError, to_json
from symphony_dsl.base.span import Span
from symphony_dsl.base.types import JSON, NULL, SECRET, STRING, ListType, MapType, RecordType, Type
from symphony_dsl.base.values import Secret, Value, secret_text, written
from symphony_dsl.expressions.compiling import Compiler, Compiling, Frame, Present, Run
from symphony_dsl.expressions.functions_convert import text_of
from symphony_dsl.expressions.meter import EvaluationError
from symphony_dsl.expressions.tree import Brace, ListLiteral, Literal, Text


def compile_literal(_compiler: Compiler, node: Literal) -> Compiling:
    yield from ()
    value = node.value
    return lambda frame: value


def compile_text(compiler: Compiler, node: Text) -> Compiling:
    runs: list[Run] = []
    for part in node.parts:
        if isinstance(part, str):
            runs.append(_fixed(part))
        else:
            run = yield compiler.compile(part)
            runs.append(_as_text(run, compiler.type_of(part), part.span))
    compiler.operations += len(runs)
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
    """Scalars as `string()` writes them, anything else as compact JSON with sorted keys."""
    if of in (STRING, SECRET):
        return run
    if not isinstance(of, ListType | MapType | RecordType) and of != JSON:
        return lambda frame: text_of(run(frame))

    def text(frame: Frame) -> str:
        value = run(frame)
        frame[0].walk(value)
        try:
            return canonical_json(to_json(value, of))
        except ConversionError as problem:
            raise EvaluationError("conversion", str(problem), span) from None

    return text


def compile_list(compiler: Compiler, node: ListLiteral) -> Compiling:
    of = compiler.type_of(node)
    assert isinstance(of, ListType), "a list has the type of a list"
    runs: list[Run] = []
    optional: dict[int, Present] = {}
    for at, element in enumerate(node.elements):
        if element.optional:
            runs.append((yield compiler.compile(element.value)))
            optional[at] = compiler.present_as(element.value, of.item)
        else:
            runs.append((yield from compiler.as_type(element.value, of.item)))
    compiler.operations += len(runs)
    return _with_optional(runs, optional) if optional else lambda frame: [run(frame) for run in runs]


def _with_optional(runs: Sequence[Run], optional: dict[int, Present]) -> Run:
    """A list that leaves out those of its optional elements that are absent."""

    def run(frame: Frame) -> list[Value]:
        made = []
        for at, each in enumerate(runs):
            value = each(frame)
            if at not in optional:
                made.append(value)
            elif value is not None:
                made.append(optional[at](frame, value))
        return made

    return run


def compile_brace(compiler: Compiler, node: Brace) -> Compiling:
    of = compiler.type_of(node)
    compiler.operations += len(node.entries)
    if isinstance(of, RecordType):
        return (yield from _record(compiler, node, of))
    assert isinstance(of, MapType), "braces make records and maps"
    return (yield from _map(compiler, node, of))


def _record(compiler: Compiler, node: Brace, of: RecordType) -> Compiling:
    """A record leaves out what is absent; null is a value of `json` and is kept."""
    fields: list[tuple[str, Run, bool]] = []
    for entry in node.entries:
        field = yield compiler.compile(entry.value)
        assert isinstance(entry.key, str), "the fields of a record are words"
        keeps = compiler.type_of(entry.value) in (JSON, NULL)
        fields.append((entry.key, field, keeps))

    def run(frame: Frame) -> dict[str, Value]:
        made = {}
        for name, value_of, keeps in fields:
            value = value_of(frame)
            if value is not None or keeps:
                made[name] = value
        return made

    return run


def _map(compiler: Compiler, node: Brace, of: MapType) -> Compiling:
    entries: list[tuple[Run, Run, Present | None]] = []
    for entry in node.entries:
        assert not isinstance(entry.key, str), "the keys of a map are expressions"
        key = yield from compiler.as_type(entry.key, STRING)
        if entry.optional:
            value = yield compiler.compile(entry.value)
            entries.append((key, value, compiler.present_as(entry.value, of.value)))
        else:
            value = yield from compiler.as_type(entry.value, of.value)
            entries.append((key, value, None))
    span = node.span

    def run(frame: Frame) -> dict[str, Value]:
        made: dict[str, Value] = {}
        for key_of, value_of, present in entries:
            key, value = key_of(frame), value_of(frame)
            if key in made:
                raise EvaluationError("failed", f'the key "{key}" is given twice', span)
            if present is None:
                made[key] = value
            elif value is not None:
                made[key] = present(frame, value)
        return made

    return run
