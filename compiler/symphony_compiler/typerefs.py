"""Types as they are written → types.

Needs the file's type names to be known. Guarantees a type for every reference: UNKNOWN where there is an error, which
has been reported or stands in what is referred to. Before: `Ticket[]?`; after: `OptionalType(ListType(RecordType(…)))`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from symphony_compiler.annotations import constraints_of
from symphony_compiler.items import of_each
from symphony_compiler.names import hides
from symphony_compiler.notes import without_metadata
from symphony_compiler.site import Site, Sizes
from symphony_compiler.symbols import ConstSymbol, Declared, ModuleSymbol, TypeSymbol
from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.span import Span
from symphony_dsl.base.types import (
    NAMED,
    TYPE,
    UNKNOWN,
    Constraint,
    Field,
    FunctionType,
    ListType,
    MapType,
    OpaqueType,
    OptionalType,
    Primitive,
    RecordType,
    Type,
    optional,
)
from symphony_dsl.expressions.tree import Expr
from symphony_dsl.syntax.tree import (
    FunctionTypeRef,
    Ident,
    ListTypeRef,
    NamedTypeRef,
    OptionalTypeRef,
    Param,
    RecordTypeRef,
    TypeRef,
)

MAX_DEPTH = 48
MAX_PARTS = 5_000

ELSEWHERE = {
    **dict.fromkeys(("str", "varchar", "char"), "string"),
    **dict.fromkeys(("number", "double", "decimal", "real"), "float"),
    **dict.fromkeys(("any", "object", "dict", "dynamic", "unknown"), "json"),
    **dict.fromkeys(("date", "datetime", "time"), "timestamp"),
    **dict.fromkeys(("timedelta", "interval"), "duration"),
    **dict.fromkeys(("list", "array"), "json[]"),
    **dict.fromkeys(("binary", "blob"), "bytes"),
    "path": "file",
}
"""What other languages call types of ours."""

Default = Callable[[Site, Expr, Type, tuple[Constraint, ...]], tuple[bool, object]]
"""Works out the default of a field: whether it is known, and the value."""


@frozen
class TypeReader:
    """`opaque` are the names of parameters of type `type` that the reference may use. A template's parameters may be functions."""

    site: Site
    default: Default
    opaque: frozenset[str] = frozenset()
    functions: bool = False

    def read(self, ref: TypeRef) -> Type:
        return self.checked(self._made(ref), ref.span)

    def checked(self, made: Type, span: Span) -> Type:
        """The type itself, unless it is too large to be worked with."""
        depth, parts = measure(made, self.site.file.sizes)
        if depth <= MAX_DEPTH and parts <= MAX_PARTS:
            return made
        limits = f"{MAX_DEPTH} levels and {MAX_PARTS:,} parts"
        self.site.report("WF0216", span, f"this type is too large: at most {limits} are allowed")
        return UNKNOWN

    def _made(self, ref: TypeRef) -> Type:
        match ref:
            case NamedTypeRef():
                return self._named(ref)
            case ListTypeRef():
                return ListType(self.read(ref.item))
            case OptionalTypeRef():
                return optional(self.read(ref.item))
            case RecordTypeRef():
                return self.record(ref.fields)
            case FunctionTypeRef():
                return self._function(ref)

    def _function(self, ref: FunctionTypeRef) -> Type:
        if not self.functions:
            message = "only a parameter of a template takes an expression; here a value is needed, or a type of values"
            self.site.report("WF0210", ref.span, message)
            return UNKNOWN
        inner = replace(self, functions=False)
        return FunctionType(inner.function_parameters(ref.parameters), inner.of_values(ref.result))

    def function_parameters(self, params: tuple[Param, ...]) -> tuple[Field, ...]:
        made: dict[str, Field] = {}
        for each in params:
            name, span = each.name.name, each.name.span
            if name in made:
                self.site.report("WF0202", span, f"the function has a parameter `{name}` already")
                continue
            hides(self.site, None, name, span)
            if each.default is not None:
                self.site.report("WF0309", each.default.span, f"`{name}` has no default: every call gives it a value")
            if each.lead.annotations:
                message = "a parameter of a function has no annotations; they stand before a template's own"
                self.site.report("WF0214", each.lead.annotations[0].span, message)
            made[name] = Field(name, self.of_values(each.type))
        return tuple(made.values())

    def of_values(self, ref: TypeRef) -> Type:
        of = self.read(ref)
        if of != TYPE:
            return of
        self.site.report("WF0210", ref.span, "`type` is the type of a parameter, not of a function's values")
        return UNKNOWN

    def _named(self, ref: NamedTypeRef) -> Type:
        head = ref.names[0]
        if len(ref.names) == 1 and head.name == "map":
            return self._map(ref)
        if ref.argument is not None:
            return self._no_generic(ref, head.name, ref.argument)
        if len(ref.names) == 1 and head.name in self.opaque:
            return OpaqueType(head.name)
        if len(ref.names) == 1 and head.name in NAMED:
            return NAMED[head.name]
        return self._declared(ref)

    def _no_generic(self, ref: NamedTypeRef, name: str, argument: TypeRef) -> Type:
        """`list<int>` and the like."""
        item = self.site.text[argument.span.start : argument.span.end]
        wanted = {"list": f"{item}[]", "array": f"{item}[]", "dict": f"map<{item}>", "optional": f"{item}?"}
        written = wanted.get(name.lower())
        if written is None:
            self.site.report("WF0210", ref.span, f"`{name}` takes no type in angle brackets; only `map` does")
            return UNKNOWN
        fix = self.site.reporter.replacement(f"write `{written}`", ref.span, written)
        self.site.report("WF0210", ref.span, f"there is no type `{name}<…>`; write `{written}`", fixes=[fix])
        return UNKNOWN

    def _map(self, ref: NamedTypeRef) -> Type:
        if ref.argument is None:
            fix = self.site.reporter.replacement("write `map<string>`", ref.span, "map<string>")
            message = "`map` needs the type of its values: `map<string>`"
            self.site.report("WF0210", ref.span, message, fixes=[fix])
            return UNKNOWN
        return MapType(self.read(ref.argument))

    def _declared(self, ref: NamedTypeRef) -> Type:
        found = find_declared(self.site, ref.names, self._known_types, "WF0210", "type")
        if isinstance(found, TypeSymbol):
            return found.type
        if found is not None:
            self.site.wrong_kind(ref.span, found, "a type")
        return UNKNOWN

    def _known_types(self) -> list[str]:
        own = [name for name, symbol in self.site.file.declarations.items() if isinstance(symbol, TypeSymbol)]
        return [*own, *NAMED, "map", *self.opaque]

    def record(self, fields: tuple[Param, ...], name: str | None = None) -> RecordType:
        made: dict[str, Field] = {}
        for each in fields:
            if each.name.name in made:
                self.site.report("WF0202", each.name.span, f"the record has a field `{each.name.name}` already")
                continue
            made[each.name.name] = self._field(each)
        return RecordType(tuple(made.values()), name)

    def _field(self, param: Param) -> Field:
        without_metadata(self.site, param.lead)
        of = self.read(param.type)
        if of == TYPE:
            self.site.report("WF0210", param.type.span, "`type` is the type of a parameter, not of a field")
            of = UNKNOWN
        lead = constraints_of(self.site, param.lead, of, self.alias_constraints(param.type), field=True)
        has_default, default = False, None
        if param.default is not None:
            has_default, default = self.default(self.site, param.default, of, lead.constraints)
        return Field(param.name.name, of, has_default, default, lead.constraints, lead.wire, param.lead.doc)

    def alias_constraints(self, ref: TypeRef) -> tuple[Constraint, ...]:
        """What an alias demands of the values of its type, of items of a list or a map, too."""
        match ref:
            case OptionalTypeRef(item=item):
                return self.alias_constraints(item)
            case ListTypeRef(item=item):
                return self._of_each(item, keyed=False)
            case NamedTypeRef(argument=item) if item is not None:
                return self._of_each(item, keyed=True)
        found = self._alias(ref)
        return found.constraints if found else ()

    def _of_each(self, item: TypeRef, *, keyed: bool) -> tuple[Constraint, ...]:
        inner = self._alias(item.item if isinstance(item, OptionalTypeRef) else item)
        of = inner.type if inner else UNKNOWN
        optional = isinstance(item, OptionalTypeRef) or isinstance(of, OptionalType)
        return of_each(self.alias_constraints(item), of, keyed=keyed, optional=optional)

    def _alias(self, ref: TypeRef) -> TypeSymbol | None:
        if not isinstance(ref, NamedTypeRef):
            return None
        found: Declared | ConstSymbol | None = self.site.file.declarations.get(ref.names[0].name)
        if isinstance(found, ModuleSymbol) and len(ref.names) == 2:
            found = found.exports.get(ref.names[1].name)
        return found if isinstance(found, TypeSymbol) else None


def find_declared(
    site: Site, names: tuple[Ident, ...], known: Callable[[], list[str]], code: str, what: str
) -> Declared | ConstSymbol | None:
    """The declaration that `name` or `alias.name` stands for; where there is none, that has been reported."""
    head = names[0]
    found = site.declared(head.name)
    if found is None and head.name in site.file.constants:
        constant = site.constant(head.name)
        return constant if isinstance(constant, ConstSymbol) else None
    if found is None:
        if head.name not in site.ghosts:
            meant = ELSEWHERE.get(head.name.lower()) if what == "type" else None
            site.unknown(code, head.span, f"there is no {what} `{head.name}`", head.name, known(), meant)
        site.tainted = True
        return None
    if isinstance(found, ModuleSymbol) and len(names) > 1:
        return _member(site, found, names)
    if len(names) > 1:
        site.wrong_kind(head.span, found, "an imported file")
        return None
    return found


def _member(site: Site, module: ModuleSymbol, names: tuple[Ident, ...]) -> Declared | ConstSymbol | None:
    if len(names) == 2:
        return site.member(module, names[1].name, names[1].span)
    message = f"one name stands behind that of an imported file: `{names[0].name}.{names[1].name}`"
    site.report("WF0209", names[2].span.to(names[-1].span), message)
    site.tainted = True
    return None


def measure(of: Type, known: Sizes) -> tuple[int, int]:
    """How deep a type nests and how many parts it has."""
    if isinstance(of, Primitive):
        return 1, 1
    if id(of) not in known:
        inner = [measure(part, known) for part in _parts(of)]
        depth = 1 + max((depth for depth, _ in inner), default=0)
        known[id(of)] = (of, depth, 1 + sum(parts for _, parts in inner))
    return known[id(of)][1:]


def _parts(of: Type) -> tuple[Type, ...]:
    match of:
        case ListType(item) | OptionalType(item) | MapType(item):
            return (item,)
        case RecordType(fields):
            return tuple(each.type for each in fields)
        case FunctionType(parameters, result):
            return (*(each.type for each in parameters), result)
    return ()
