"""Expressions as they are written → checked, closed, and with the ports that they mention.

Needs the names of the file and, inside a body, those of its frame. Guarantees: each name that is not there has been
reported once and has the type UNKNOWN from here on; constants are written out, enum values are their wire names, an
alias of an imported file is gone, and a path that an outer test has narrowed is unpacked. What is left of names are
ports, named as written. Before: `kind.label == Label.praise && size(xs) < LIMIT`; after: `kind.label == "praise" &&
size(xs) < 3` with the ports `kind.label` and `xs`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from symphony_compiler.bindings import Binding, Frame, Path, Port
from symphony_compiler.callees import calls_inside, refuse_deep_call, replace_calls
from symphony_compiler.chains import prefix, unpacked
from symphony_compiler.constants_written import Use, written_out
from symphony_compiler.functions import inlined
from symphony_compiler.site import Site
from symphony_compiler.symbols import (
    A_KIND,
    BrokenSymbol,
    CallableSymbol,
    ConstSymbol,
    Declared,
    ModuleSymbol,
    TypeSymbol,
)
from symphony_dsl.base.diagnostic import Label
from symphony_dsl.base.flows import a, kept_inside, ported
from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.span import Span
from symphony_dsl.base.types import (
    BOOL,
    FLOAT,
    INT,
    JSON,
    STRING,
    UNKNOWN,
    EnumType,
    MapType,
    Type,
    plain,
)
from symphony_dsl.expressions.checker.celtypes import TYPE_NAMES
from symphony_dsl.expressions.checker.check import check
from symphony_dsl.expressions.checker.excuses import excused
from symphony_dsl.expressions.estimate.estimate import warn_of_cost
from symphony_dsl.expressions.estimate.sizes import Size, bounded_by, of_constant
from symphony_dsl.expressions.macros import binding as binding_of
from symphony_dsl.expressions.names import mentioned, substitute
from symphony_dsl.expressions.parser import limit_passed
from symphony_dsl.expressions.scope import Scope
from symphony_dsl.expressions.tree import Call, Expr, Literal, Name, Select
from symphony_dsl.expressions.unparse import unparse
from symphony_dsl.expressions.walk import children, every
from symphony_model.run_names import RUN


@frozen
class Mention:
    """A place in an expression where ports are named; `node` is the part that stands for them."""

    node: Expr
    binding: Binding
    ports: tuple[str, ...]  # as written

    @property
    def whole(self) -> bool:
        """Whether a record is meant whose fields are ports."""
        return self.binding.is_record and isinstance(self.node, Name)


@frozen
class Reading:
    """`expr` is closed. `written` is what stands in the text. `expected` is the type it is
    needed in, or its own. Not `sound`: there is an error, and no graph."""

    written: Expr
    expr: Expr
    type: Type
    expected: Type
    ports: dict[str, Port]
    mentions: tuple[Mention, ...]
    sound: bool


@dataclass(slots=True)
class _Plan:
    """What is known of the names of an expression while it is read. `whole` is the expression.

    `members` are constants of imported files.
    """

    whole: Expr
    values: dict[str, Type] = field(default_factory=dict)
    enums: dict[str, EnumType] = field(default_factory=dict)
    closed: dict[Expr, Expr] = field(default_factory=dict)
    mentions: list[Mention] = field(default_factory=list)
    narrowed: set[Path] = field(default_factory=set)
    sizes: dict[str, Size] = field(default_factory=dict)
    sound: bool = True
    members: dict[str, ConstSymbol] = field(default_factory=dict)
    constants: list[Use] = field(default_factory=list)
    excused: frozenset[Expr] | None = None  # looked for where a name is not there


def read(site: Site, frame: Frame | None, expr: Expr, expected: Type | None = None) -> Reading:
    if expected is not None and (known := _plainly(frame, expr, expected)):
        return known
    plan = _Plan(expr)
    seen = len(site.reporter.found)
    called = _calls(expr)
    named = _without_calls(site, frame, expr, plan) if called else expr
    if site.file.has_modules:
        named = _without_aliases(site, named, plan)
    if called:
        _macro_variables(site, frame, named, plan)
    plan.whole = named
    for path, node in mentioned(named):
        _place(site, frame, path, node, plan)
    functions = site.file.functions
    signatures = {name: each.type for name, each in functions.items()} if called else {}
    scope = Scope(plan.values, plan.enums, functions=signatures).with_narrowed(frozenset(plan.narrowed))
    checked = check(named, scope, site.reporter, expected)
    of = _leaving(site, expr, checked.type)
    written = written_out(plan.whole, plan.constants, checked.types)
    plan.closed.update(written.values)
    closed = replace_calls(named, written.tests) if written.tests else named
    closed = substitute(closed, plan.closed.get) if plan.closed else closed
    if called and functions:
        closed = _filled_in(site, closed, plan)
    sound = plan.sound and not any(each.severity == "error" for each in site.reporter.found[seen:])
    if called and sound:
        warn_of_cost(named, checked, plan.sizes, site.reporter)
    if site.broken and UNKNOWN in checked.types.values():
        sound = False  # the parser has said what is wrong with it
    ports = {name: _port(each.binding, name) for each in plan.mentions for name in each.ports}
    return Reading(
        expr,
        closed,
        of,
        expected or of,
        ports,
        tuple(plan.mentions),
        sound,
    )


def _plainly(frame: Frame | None, expr: Expr, expected: Type) -> Reading | None:
    """What most arguments are: a literal, or the name of a value, of the very type that is needed."""
    needed = plain(expected)
    if isinstance(expr, Literal):
        return Reading(expr, expr, needed, expected, {}, (), True) if LITERALS_OF.get(expr.kind) == needed else None
    if frame is None or not isinstance(expr, Name) or expr.absolute:
        return None
    binding = frame.find(expr.name)
    if binding is None or binding.type != needed or binding.is_record or frame.is_narrowed((expr.name,)):
        return None
    if not binding.ports or needed == UNKNOWN:
        return None
    binding.used = True
    mention = Mention(expr, binding, (expr.name,))
    return Reading(expr, expr, needed, expected, {expr.name: binding.ports[""]}, (mention,), True)


LITERALS_OF: dict[str, Type] = {"bool": BOOL, "int": INT, "float": FLOAT, "string": STRING}


def _filled_in(site: Site, expr: Expr, plan: _Plan) -> Expr:
    """With the functions that are parameters of the template around it, where they have been given."""
    functions = site.file.functions
    used = {each.name for each, _ in every(expr) if isinstance(each, Call) and each.target is None} & functions.keys()
    site.file.used.update(used)
    if any(functions[name].body is None for name in used):
        plan.sound = False
        return expr
    return inlined(expr, functions) if used else expr


def _leaving(site: Site, expr: Expr, of: Type) -> Type:
    """The type of a value that has left its expression."""
    inside = kept_inside(of)
    if inside is None:
        return ported(of)
    why = "its keys are no strings" if isinstance(inside, MapType) else "it is no data"
    site.report("WF0301", expr.span, f"{a(inside)} never leaves an expression, since {why}")
    return UNKNOWN


def text_of(site: Site, reading: Reading, expr: Expr | None = None) -> str:
    """What stands in the graph for an expression, or for one that was made of it; the run reads it again."""
    text = unparse(expr or reading.expr)
    limit = limit_passed(text)
    if limit is not None:
        message = f"an expression has at most {limit}, its constants included; make steps of parts of it"
        site.report("WF0316", reading.written.span, message)
    return text


def _calls(expr: Expr) -> bool:
    """Whether anything is called in an expression, which is asked before anything slow is done about calls."""
    rest = [expr]
    while rest:
        found = rest.pop()
        if isinstance(found, Call):
            return True
        rest.extend(children(found))
    return False


def _port(binding: Binding, name: str) -> Port:
    return binding.ports[name.partition(".")[2]]


def _macro_variables(site: Site, frame: Frame | None, expr: Expr, plan: _Plan) -> None:
    """Let the checker see the values that a variable of a macro would hide."""
    for each, _ in every(expr):
        macro = binding_of(each) if isinstance(each, Call) else None
        for variable in macro.variables if macro else ():
            if (frame and frame.find(variable.name)) or variable.name in site.file.constants:
                plan.values.setdefault(variable.name, JSON)


def _without_calls(site: Site, frame: Frame | None, expr: Expr, plan: _Plan) -> Expr:
    """Calls of callables are refused here; what stays in their place is a name that fits everywhere."""
    found = dict(calls_inside(site, expr))
    for call, target in found.items():
        refuse_deep_call(site, frame, call, target)
        plan.values[f"{call.name}(…)"] = UNKNOWN
        plan.sound = False
    if not found:
        return expr
    return replace_calls(expr, {call: Name(call.span, f"{call.name}(…)") for call in found})


def _without_aliases(site: Site, expr: Expr, plan: _Plan) -> Expr:
    """`types.Label.praise` with `types` an imported file becomes a name `types.Label` and a field."""
    renamed: dict[Expr, Expr] = {}
    for path, node in mentioned(expr):
        module = site.file.declarations.get(path[0])
        if isinstance(module, ModuleSymbol):
            site.file.used.add(path[0])
            member = prefix(node, len(path), min(2, len(path)))
            renamed[member] = _member(site, module, member, plan)
    return substitute(expr, renamed.get) if renamed else expr


def _member(site: Site, module: ModuleSymbol, node: Expr, plan: _Plan) -> Name:
    if not isinstance(node, Select):
        site.wrong_kind(node.span, module, "a value")
        plan.values[module.name], plan.sound = UNKNOWN, False
        return Name(node.span, module.name)
    name = Name(node.span, f"{module.name}.{node.field}")
    found = site.member(module, node.field, node.field_span)
    if isinstance(found, ConstSymbol):
        plan.members[name.name] = found
    elif isinstance(found, TypeSymbol) and isinstance(found.type, EnumType):
        plan.enums[name.name] = found.type
    elif found is not None:
        site.wrong_kind(node.field_span, found, "a value")
    plan.values.setdefault(name.name, UNKNOWN)
    plan.sound = plan.sound and found is not None and found.sound
    return name


def _place(site: Site, frame: Frame | None, path: Path, node: Expr, plan: _Plan) -> None:
    """Find out what the root of a chain stands for, and note what that means for the expression."""
    root = path[0]
    if root in plan.enums and root not in site.file.declarations:  # `types.Label`, found before
        _enum_value(plan.enums[root], path, node, plan)
        return
    if root in plan.members:
        _constant(frame, plan.members[root], path, node, plan)
        return
    binding = frame.find(root) if frame else None
    if frame is not None and binding is not None:
        _bound(site, frame, binding, path, node, plan)
    elif root not in plan.values:
        _declared(site, frame, path, node, plan)
    elif (constant := site.file.constants.get(root)) is not None and isinstance(constant, ConstSymbol):
        _constant(frame, constant, path, node, plan)


def _bound(site: Site, frame: Frame, binding: Binding, path: Path, node: Expr, plan: _Plan) -> None:
    binding.used = True
    root = prefix(node, len(path), 1)
    if binding.type is None:
        labels = [site.reporter.label(binding.span, "defined here")]
        site.report("WF0409", root.span, f"`{binding.name}` has no value", labels=labels)
    plan.values[binding.name] = UNKNOWN if binding.type is None else binding.type
    plan.sound = plan.sound and binding.type not in (None, UNKNOWN)
    if binding.constraints:
        plan.sizes[binding.name] = bounded_by(binding.constraints, f"`{binding.name}`")
    plan.mentions.append(_mention(binding, path, node))
    if binding.type is not None:
        made, narrowed = unpacked(frame.is_narrowed, binding.type, path, node)
        plan.narrowed |= narrowed
        if made is not None:
            plan.closed[node] = made


def _mention(binding: Binding, path: Path, node: Expr) -> Mention:
    root = prefix(node, len(path), 1)
    if not binding.is_record:
        return Mention(root, binding, (binding.name,) if binding.ports else ())
    if len(path) > 1 and path[1] in binding.ports:
        return Mention(prefix(node, len(path), 2), binding, (f"{binding.name}.{path[1]}",))
    return Mention(root, binding, tuple(f"{binding.name}.{each}" for each in binding.ports))


def _declared(site: Site, frame: Frame | None, path: Path, node: Expr, plan: _Plan) -> None:
    root = prefix(node, len(path), 1)
    constant = site.constant(path[0])
    if isinstance(constant, ConstSymbol):
        _constant(frame, constant, path, node, plan)
        return
    found = site.file.declarations.get(path[0])
    if constant is None and isinstance(found, TypeSymbol) and isinstance(found.type, EnumType):
        site.declared(path[0])
        plan.enums[path[0]] = found.type
        _enum_value(found.type, path, node, plan)
        return
    if constant is None and _is_left_to_the_checker(site, frame, path, root, plan):
        return
    plan.values[path[0]], plan.sound = UNKNOWN, False
    if isinstance(constant, BrokenSymbol):
        site.tainted = True
    elif found is not None:
        _no_value(site, root.span, found)
    else:
        unknown_value(site, frame, path[0], root.span)


def _is_left_to_the_checker(site: Site, frame: Frame | None, path: Path, root: Expr, plan: _Plan) -> bool:
    """Whether it is the name of a type, and nothing that may be called so, or part of a mistake that it has words for."""
    name = path[0]
    if name in site.ghosts or name in site.at_run_time or (frame is not None and frame.defined_below(name)):
        return False
    if name in TYPE_NAMES or ".".join(path[:3]) in TYPE_NAMES:
        return True
    if plan.excused is None:
        plan.excused = excused(plan.whole)
    return name not in site.file.declarations and root in plan.excused


def _constant(frame: Frame | None, symbol: ConstSymbol, path: Path, node: Expr, plan: _Plan) -> None:
    plan.values[path[0]] = symbol.type
    plan.sound = plan.sound and symbol.sound
    if frame:
        plan.narrowed |= unpacked(lambda part: frame.is_narrowed(_as_written(part)), symbol.type, path, node)[1]
    if symbol.sound:
        plan.sizes[symbol.name] = of_constant(symbol.value, f"`{symbol.name}`")
        plan.constants.append(Use(symbol, path, node))


def _as_written(path: Path) -> Path:
    """The path of a constant with the alias of its file as a name of its own."""
    return (*path[0].split("."), *path[1:])


def _enum_value(of: EnumType, path: Path, node: Expr, plan: _Plan) -> None:
    wire = of.wire(path[1]) if len(path) > 1 else None
    if wire is not None:
        part = prefix(node, len(path), 2)
        plan.closed[part] = Literal(part.span, "string", wire)


def _no_value(site: Site, span: Span, found: Declared) -> None:
    if isinstance(found, BrokenSymbol):
        site.tainted = True
    elif isinstance(found, CallableSymbol):
        message = f"`{found.name}` is {A_KIND[found.kind]}, not a value; call it as a step: `step … = {found.name}(…)`"
        site.report("WF0209", span, message, labels=[Label(found.location, "declared here")])
    else:
        site.wrong_kind(span, found, "a value")


LITERALS = {"True": "true", "False": "false", "TRUE": "true", "FALSE": "false", "yes": "true", "no": "false"}
NOTHING = frozenset({"None", "nil", "undefined", "NULL", "Null"})
_ELSEWHERE = {
    "it": "`@check(…)`, where it is the value that is checked",
    "steps": "a `test`",
    RUN: "the body of a workflow, which may pass it on as an argument",
}


def unknown_value(site: Site, frame: Frame | None, name: str, span: Span) -> None:
    """Report a name that is no value here, unless what could not be read may define it."""
    if frame is None and (name in site.at_run_time or name == RUN):
        message = f"`{name}` is known only when the workflow runs; this must be known when the text is read"
        site.report("WF0213", span, message)
        return
    below = frame.defined_below(name) if frame else None
    if below is not None:
        labels = [site.reporter.label(below, "defined here")]
        message = f"`{name}` is defined further below; a name is defined above its use"
        site.report("WF0204", span, message, labels=labels)
        return
    if name in site.ghosts:
        site.tainted = True
        return
    if name in site.file.functions:
        wanted = ", ".join(each.name for each in site.file.functions[name].type.parameters)
        site.report("WF0209", span, f"`{name}` is a function, not a value; call it: `{name}({wanted})`")
        return
    if name in _ELSEWHERE:
        site.report("WF0201", span, f"`{name}` is there only in {_ELSEWHERE[name]}")
        return
    if name in LITERALS:
        fix = site.reporter.replacement(f"write `{LITERALS[name]}`", span, LITERALS[name])
        site.report("WF0201", span, f"`{name}` is written `{LITERALS[name]}`", fixes=[fix])
        return
    if name in NOTHING:
        message = f"there is no `{name}`: what may be absent has a type `T?`, and is tested by `has(…)`"
        site.report("WF0201", span, message)
        return
    known = [*(frame.every_name() if frame else ()), *site.file.constants]
    site.unknown("WF0201", span, f"there is no `{name}` here", name, known)
