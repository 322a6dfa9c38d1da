"""The Rust declarations that read the bincode of a version, made of its layout."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from symphony_model.binary.layout import (
    Anything,
    Choice,
    Digest,
    Either,
    Flag,
    Keyed,
    Layout,
    Many,
    Named,
    Number,
    Record,
    Shape,
    Tagged,
    Text,
    Uuid,
    Whole,
    layout_of,
)

LEAVES: dict[type, str] = {
    Text: "String",
    Uuid: "Uuid",
    Digest: "Hash",
    Flag: "bool",
    Whole: "i64",
    Number: "Number",
    Anything: "Value",
}
OPTIONS: dict[type, str] = {Text: "Text", Whole: "Whole", Many: "List", Choice: "Name"}
"""What a form of several is called, where it has no name of its own."""

DERIVE = "#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]"
KEYWORDS = {"type", "enum", "if", "match", "try"}

HEAD = """use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub type Hash = [u8; 32];

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SchemaVersion {
    pub major: u32,
    pub minor: u32,
    pub patch: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Number {
    Whole(i64),
    Real(f64),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Value {
    Null,
    Bool(bool),
    Whole(i64),
    Big(u64),
    Real(f64),
    Text(String),
    List(Vec<Value>),
    Object(Vec<(String, Value)>),
}
"""


def declarations(version: str) -> str:
    layout = layout_of(version)
    made = Declarations(layout, _owners(layout))
    made.declare("Artifact", "", layout.root, ["    pub schema_version: SchemaVersion,"])
    for name, shape in layout.shapes.items():
        if type(shape) not in LEAVES:
            made.declare(camel(name), name, shape)
    return "\n".join([HEAD, *made.lines])


def camel(name: str) -> str:
    return "".join(part.title() for part in name.split("_"))


def member(name: str) -> str:
    return f"r#{name}" if name in KEYWORDS else name


def _owners(layout: Layout) -> dict[str, set[Shape]]:
    """The shapes that stand under each name of a member without a definition of their own."""
    found: dict[str, set[Shape]] = {}
    for shape in [layout.root, *layout.shapes.values()]:
        for each in _records(shape):
            for part in each.parts:
                found.setdefault(part.name, set()).add(part.shape)
    return found


def _records(shape: Shape) -> Iterator[Record]:
    if isinstance(shape, Record):
        yield shape
        for part in shape.parts:
            yield from _records(part.shape)
    if isinstance(shape, Either):
        for option in shape.options:
            yield from _records(option)


@dataclass
class Declarations:
    layout: Layout
    shapes_of: dict[str, set[Shape]]
    lines: list[str] = field(default_factory=list)
    declared: set[str] = field(default_factory=set)

    def declare(self, name: str, owner: str, shape: Shape, first: list[str] | None = None) -> None:
        """`owner` is the definition in which this stands."""
        if name in self.declared:
            return
        self.declared.add(name)
        match shape:
            case Record():
                self._put(f"pub struct {name}", [*(first or []), *self._fields(shape, name, owner, "    pub ")])
            case Choice(words):
                self._put(f"pub enum {name}", [f"    {camel(word)}," for word in words])
            case Tagged(kinds):
                self._put(
                    f"pub enum {name}", [f"    {camel(kind)}({self.type(each, '', owner)})," for kind, each in kinds]
                )
            case Either(options):
                self._put(f"pub enum {name}", [self._variant(option, name, owner) for option in options])
            case _:
                self.lines += [f"pub type {name} = {self.type(shape, name, owner)};", ""]

    def _put(self, head: str, body: list[str]) -> None:
        self.lines += [DERIVE, f"{head} {{", *body, "}", ""]

    def _fields(self, record: Record, name: str, owner: str, before: str) -> list[str]:
        made = []
        for part in record.parts:
            of = self.type(part.shape, self._name(part.name, name), owner)
            made.append(f"{before}{member(part.name)}: {of if part.required else f'Option<{of}>'},")
        return made

    def _name(self, part: str, of: str) -> str:
        return camel(part) if len(self.shapes_of.get(part, ())) == 1 else of + camel(part)

    def _variant(self, option: Shape, name: str, owner: str) -> str:
        if isinstance(option, Record):
            fields = " ".join(self._fields(option, name, owner, "")).rstrip(",")
            return f"    {camel(option.parts[0].name)} {{ {fields} }},"
        called = camel(option.name) if isinstance(option, Named) else OPTIONS[type(option)]
        return f"    {called}({self.type(option, name + called, owner)}),"

    def type(self, shape: Shape, name: str, owner: str) -> str:
        """`name` is what it is called where it has to be declared for this."""
        match shape:
            case Named(definition):
                leaf = LEAVES.get(type(self.layout.of(shape)))
                of = leaf or camel(definition)
                return f"Box<{of}>" if self._holds(definition, owner) else of
            case Many(item):
                return f"Vec<{self.type(item, name, '')}>"
            case Keyed(key, value):
                return f"Vec<({self.type(key, name, '')}, {self.type(value, name, '')})>"
            case Record() | Choice() | Either() | Tagged():
                self.declare(name, owner, shape)
                return name
        return LEAVES[type(shape)]

    def _holds(self, definition: str, owner: str) -> bool:
        """Whether a value of the definition holds one of the owner without a list between them."""
        rest, seen = [definition], set()
        while rest:
            name = rest.pop()
            if name == owner:
                return True
            if name not in seen:
                seen.add(name)
                rest += _held(self.layout.shapes[name])
        return False


def _held(shape: Shape) -> Iterator[str]:
    match shape:
        case Named(name):
            yield name
        case Record(parts):
            for part in parts:
                yield from _held(part.shape)
        case Either(options):
            for option in options:
                yield from _held(option)
        case Tagged(kinds):
            for _, each in kinds:
                yield from _held(each)
