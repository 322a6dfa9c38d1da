"""What a file declares, as other files and the bodies of its workflows see it.

Symbols compare by value, places included: a file whose symbols stayed the same has nothing new for its readers. A thing
with an error in it is there all the same, with the type UNKNOWN where nothing better is known, so that those who use it
hear nothing of the error; `sound` is false there, and whatever is made with it gives no graph. Declarations (callables, types, policies, import aliases) and values (constants) are two
namespaces.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any, TypeAlias

from symphony_compiler.generic import replaced
from symphony_dsl.base.diagnostic import Location
from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.types import TYPE, UNKNOWN, Constraint, OptionalType, Type
from symphony_model.nodes import InstrumentConfig, OperatorConfig, OperatorType
from symphony_model.ports import PortDefinition
from symphony_model.settings import NO_SETTINGS, Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from symphony_compiler.origins import Origin


@frozen
class TypeSymbol:
    """A record, an enum or an alias. `constraints` stand in front of an alias and hold wherever it is used."""

    name: str
    location: Location
    kind: str  # record, enum, type
    type: Type
    constraints: tuple[Constraint, ...] = ()
    sound: bool = True


@frozen
class ConstSymbol:
    """A constant; its value counts only where it is sound."""

    name: str
    location: Location
    type: Type
    value: Any
    sound: bool = True
    kind: str = "const"


@frozen
class Parameter:
    """`default` is a typed value and counts only where `has_default` is true."""

    name: str
    location: Location
    type: Type
    has_default: bool = False
    default: Any = None
    constraints: tuple[Constraint, ...] = ()
    doc: str | None = None

    @property
    def is_needed(self) -> bool:
        """Whether a call has to give it; one whose type has an error may be optional."""
        return not (self.has_default or isinstance(self.type, OptionalType) or self.type == UNKNOWN)

    def port(self, types: Mapping[str, Type]) -> PortDefinition:
        """The port of a call that gives `types` to parameters of type `type`."""
        more = (self.has_default, self.default, self.constraints)
        return PortDefinition(self.name, replaced(self.type, types), self.is_needed, *more, documentation=self.doc)


RESULT = "result"
"""The port of what gives a value."""


@frozen
class OutputPort:
    """A port of a result. All but its name and type is what stands at the field that it is of, or at the alias of its type."""

    name: str
    type: Type
    has_default: bool = False
    default: Any = None
    constraints: tuple[Constraint, ...] = ()
    wire: str | None = None
    doc: str | None = None

    def port(self) -> PortDefinition:
        more = (self.has_default, self.default, self.constraints, self.wire, self.doc)
        return PortDefinition(self.name, self.type, True, *more)


@frozen
class Result:
    """`whole` is the type of a call as a value, None where it has none. `is_record`: each field is a port."""

    whole: Type | None
    ports: tuple[OutputPort, ...]
    is_record: bool

    @property
    def looks_like_value(self) -> bool:
        """Whether it is a record with the ports of a value."""
        return self.is_record and [each.name for each in self.ports] == [RESULT]


@frozen
class Model:
    """What runs an instrument. Its `tools` are there when all of its file is known."""

    model_id: str
    config: InstrumentConfig
    tools: list[CallableSymbol] = field(default_factory=list)


@frozen
class Code:
    """What runs an operator."""

    type: OperatorType
    config: OperatorConfig


@frozen
class CallableSymbol:
    """`body` is None for workflows, whose graph is looked up by `location.path` and name, and where an error stands.

    Not `complete`: parts of its interface could not be read; `outputs` are those of a workflow that could be. `ports` are
    those of a call that gives no types: most are one of many calls of the same.
    """

    name: str
    location: Location
    kind: str  # instrument, operator, workflow
    parameters: tuple[Parameter, ...]
    result: Result
    settings: Settings = NO_SETTINGS
    body: Model | Code | None = None
    sound: bool = True
    complete: bool = True
    outputs: tuple[OutputPort, ...] = ()
    documentation: str | None = None
    ports: tuple[tuple[PortDefinition, ...], tuple[PortDefinition, ...]] = field(init=False, repr=False, compare=False)
    _by_name: dict[str, Parameter] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        inputs = tuple(each.port({}) for each in self.parameters if each.type != TYPE)
        object.__setattr__(self, "ports", (inputs, tuple(each.port() for each in self.result.ports)))
        object.__setattr__(self, "_by_name", {each.name: each for each in reversed(self.parameters)})

    def parameter(self, name: str) -> Parameter | None:
        return self._by_name.get(name)


@frozen
class TemplateSymbol:
    """Two are the same only if their `origin` is: whoever uses a template works its body out anew."""

    name: str
    location: Location
    parameters: tuple[Parameter, ...]
    origin: Origin
    sound: bool = True
    complete: bool = True
    kind: str = "template"

    def parameter(self, name: str) -> Parameter | None:
        return next((each for each in self.parameters if each.name == name), None)


@frozen
class PolicySymbol:
    name: str
    location: Location
    settings: Settings
    sound: bool = True
    kind: str = "policy"


@frozen
class BrokenSymbol:
    """A name that something unreadable or unsupported defines: whatever is done with it is right."""

    name: str
    location: Location
    kind: str = "broken"
    sound: bool = False


@frozen
class Exports:
    """What a file offers. `complete` is false where parts of it could not even be named.

    `imported` are names that it has of other files, with those and what they call it: it does not pass them on.
    """

    path: str
    declarations: dict[str, Declared] = field(default_factory=dict)
    constants: dict[str, ConstSymbol | BrokenSymbol] = field(default_factory=dict)
    complete: bool = True
    imported: dict[str, tuple[str, str]] = field(default_factory=dict)

    def get(self, name: str) -> Declared | ConstSymbol | None:
        return self.declarations.get(name) or self.constants.get(name)

    def names(self) -> list[str]:
        return [*self.declarations, *self.constants]


@frozen
class ModuleSymbol:
    """`import … as name`."""

    name: str
    location: Location
    exports: Exports
    kind: str = "import"
    sound: bool = True


Declared: TypeAlias = "TypeSymbol | CallableSymbol | TemplateSymbol | PolicySymbol | ModuleSymbol | BrokenSymbol"

A_KIND = {
    "record": "a record",
    "enum": "an enum",
    "type": "a type",
    "const": "a constant",
    "instrument": "an instrument",
    "operator": "an operator",
    "workflow": "a workflow",
    "template": "a template",
    "policy": "a policy",
    "import": "an imported file",
    "broken": "a declaration",
}
"""Kinds with their article, for sentences."""
