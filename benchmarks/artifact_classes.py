"""Classes for other libraries, as a person would write them for the schema of artifacts; it knows nothing of ours but the schema.

    {"type": "object", "properties": {"count": {"type": "integer", "minimum": 1}}, "additionalProperties": false}
    class Concurrency(Base):
        count: Annotated[int, Rule(ge=1)]

The text is that of a Python module, for pydantic and for msgspec alike but for what msgspec has no word for: it tells objects
of a union apart by a member of one word only, so the objects of another union become one with all their members.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from typing import Any

Schema = dict[str, Any]
WORD = re.compile(r"\w+")

TYPES = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}
RULES = {
    "minLength": "min_length", "minItems": "min_length", "pattern": "pattern", "minimum": "ge", "maximum": "le",
    "exclusiveMinimum": "gt",
}  # fmt: skip

PYDANTIC = """
from typing import Annotated, Any, Dict, List, Literal, Optional, Union
from pydantic import BaseModel, ConfigDict
from pydantic import Field as Named
from pydantic import Field as Rule

class Base(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
"""

MSGSPEC = """
from typing import Annotated, Any, Dict, List, Literal, Optional, Union
from msgspec import Meta as Rule, Struct, field

class Base(Struct, forbid_unknown_fields=True, omit_defaults=True):
    pass
"""


def camel(name: str) -> str:
    return "".join(part.title() for part in name.split("_"))


def plain(schema: Schema) -> str:
    rules = ", ".join(f"{word}={schema[key]!r}" for key, word in RULES.items() if key in schema)
    return f"Annotated[{TYPES[schema['type']]}, Rule({rules})]" if rules else TYPES[schema["type"]]


@dataclass
class Classes:
    """`lines` are those of the classes that were needed so far."""

    tagged_only: bool
    lines: list[str] = field(default_factory=list)

    def module(self, schema: Schema) -> str:
        for name, each in schema["$defs"].items():
            if "properties" in each and "allOf" not in each:
                self.declare(camel(name), each)
            else:
                self.lines.append(f"{camel(name)} = {self.type(each, camel(name))}")
        self.declare("Envelope", schema)
        aliases = [line for line in self.lines if " = " in line and not line.startswith(" ")]
        classes = [line for line in self.lines if line not in aliases]
        head = MSGSPEC if self.tagged_only else PYDANTIC
        return "\n".join(["from __future__ import annotations", head, *classes, *in_order(aliases)]) + "\n"

    def declare(self, name: str, schema: Schema) -> str:
        members = dict(schema["properties"])
        base = "Base"
        if self.tagged_only and "const" in members.get("kind", {}):
            base += f', tag_field="kind", tag="{members.pop("kind")["const"]}"'
        needed = schema.get("required", ())
        order = sorted(members, key=lambda member: member not in needed)
        made = [self.member(member, members[member], name, member in needed) for member in order]
        self.lines += ["", f"class {name}({base}):", *made]
        return name

    def member(self, member: str, schema: Schema, of: str, needed: bool) -> str:
        made = self.type(schema, of + camel(member))
        made = made if needed else f"Optional[{made}]"
        if member.startswith("$"):
            named = f'field(name="{member}")' if self.tagged_only else f'Named(alias="{member}")'
            return f"    {member[1:]}_: {made} = {named}"
        return f"    {member}: {made}" + ("" if needed else " = None")

    def type(self, schema: Schema | bool, name: str) -> str:
        if isinstance(schema, bool):
            return "Any"
        for word, make in FORMS.items():
            if word in schema:
                return make(self, schema, name)
        return "Any"

    def reference(self, schema: Schema, _name: str) -> str:
        return camel(schema["$ref"].removeprefix("#/$defs/"))

    def tagged(self, schema: Schema, _name: str) -> str:
        kinds = ", ".join(self.reference(each["then"], "") for each in schema["allOf"])
        rule = "" if self.tagged_only else ', Rule(discriminator="kind")'
        return f"Annotated[Union[{kinds}]{rule}]" if rule else f"Union[{kinds}]"

    def forms(self, schema: Schema, name: str) -> str:
        return self.either(schema["anyOf"], name)

    def conditional(self, schema: Schema, name: str) -> str:
        return self.either([schema["then"], schema["else"]], name)

    def either(self, options: list[Schema], name: str) -> str:
        objects = [each for each in options if "properties" in each]
        others = [self.type(each, name + str(at)) for at, each in enumerate(options) if each not in objects]
        if self.tagged_only and objects:
            one = self.merged(objects, name, others)
            return f"Union[{', '.join([*others, one])}]"
        made = [self.declare(f"{name}{camel(next(iter(each['properties'])))}", each) for each in objects]
        return f"Union[{', '.join([*others, *made])}]"

    def merged(self, objects: list[Schema], name: str, others: list[str]) -> str:
        """One class with all the members; an expression beside them is one of them, too."""
        if "Expression" in others:
            others.remove("Expression")
            objects = [*objects, EXPRESSION]
        members = {key: each for option in objects for key, each in option["properties"].items()}
        return self.declare(f"{name}Object", {"properties": members})

    def array(self, schema: Schema, name: str) -> str:
        made = f"List[{self.type(schema.get('items') or schema['prefixItems'][0], name + 'Item')}]"
        return f"Annotated[{made}, Rule(min_length={schema['minItems']})]" if "minItems" in schema else made

    def object(self, schema: Schema, name: str) -> str:
        if "properties" in schema:
            return self.declare(name, schema)
        key = self.type(schema.get("propertyNames", {"type": "string"}), "")
        return f"Dict[{key}, {self.type(schema.get('additionalProperties', True), name + 'Item')}]"

    def typed(self, schema: Schema, name: str) -> str:
        others = {"array": self.array, "object": self.object}
        return others[schema["type"]](schema, name) if schema["type"] in others else plain(schema)


EXPRESSION: Schema = {"properties": {"source": {"type": "string", "minLength": 1}, "type": {"$ref": "#/$defs/type"}}}

FORMS: dict[str, Callable[[Classes, Schema, str], str]] = {
    "$ref": Classes.reference,
    "allOf": Classes.tagged,
    "anyOf": Classes.forms,
    "if": Classes.conditional,
    "const": lambda _, schema, __: f"Literal[{schema['const']!r}]",
    "enum": lambda _, schema, __: f"Literal[{', '.join(map(repr, schema['enum']))}]",
    "type": Classes.typed,
}


def in_order(aliases: list[str]) -> list[str]:
    """Those that others name come before these."""
    lines = {line.partition(" = ")[0]: line for line in aliases}
    named = {name: set(WORD.findall(line)) & lines.keys() - {name} for name, line in lines.items()}
    return [lines[name] for name in TopologicalSorter(named).static_order()]
