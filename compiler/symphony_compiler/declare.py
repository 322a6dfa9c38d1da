"""The names of a file: what it declares, what it imports, and the order in which that can be worked out.

Needs nothing but the trees. Guarantees: every name is taken once; what could not be read or is not supported yet is
there as a broken symbol, so that its use is no second mistake.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from symphony_compiler.ghosts import declared_name, ghosts_of, imported_names
from symphony_compiler.instances import Filled
from symphony_compiler.names import may_declare, may_name
from symphony_compiler.needs import needed_names
from symphony_compiler.ordering import ordered, shown_way
from symphony_compiler.paths import is_relative, is_std
from symphony_compiler.site import FileNames, Site, site_of
from symphony_compiler.symbols import BrokenSymbol, ConstSymbol, Exports, ModuleSymbol, TemplateSymbol
from symphony_dsl.base.diagnostic import Label, Location
from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.span import Span
from symphony_dsl.syntax.repair import HOLE
from symphony_dsl.syntax.tree import (
    Alias,
    Callable,
    Const,
    Declaration,
    Defaults,
    Enum,
    File,
    Ident,
    Import,
    Input,
    Instance,
    Policy,
    Record,
    Step,
    Template,
    Test,
    Workflow,
)

Named = Record | Enum | Alias | Const | Policy | Callable | Workflow | Template | Instance
NAMED_DECLARATIONS = (Record, Enum, Alias, Const, Policy, Callable, Workflow, Template, Instance)
CYCLIC = (Record, Alias, Const)


@frozen
class Imported:
    """What an `import` leads to: a file's symbols, or why it leads nowhere (None: that is said elsewhere) and what may have been meant."""

    exports: Exports | None = None
    code: str = "WF0001"
    problem: str | None = None
    instead: str | None = None


@dataclass(slots=True)
class Outline:
    """A file's declarations with their sites, before they are worked out. `files` are those imported, by source text."""

    names: FileNames
    sites: list[Site] = field(default_factory=list)
    declared: list[tuple[Site, Named]] = field(default_factory=list)
    templates: list[TemplateSymbol] = field(default_factory=list)
    filled: list[Filled] = field(default_factory=list)
    tests: list[tuple[Site, Test]] = field(default_factory=list)
    defaults: list[tuple[Site, Defaults]] = field(default_factory=list)
    imports: list[tuple[Site, Ident]] = field(default_factory=list)
    complete: bool = True


def outline(file: File, names: FileNames, imported: Mapping[str, Imported]) -> Outline:
    made = Outline(names)
    taken: dict[tuple[bool, str], Location] = {}
    for island in file.islands:
        declaration = island.declaration
        site = site_of(names, island, ghosts_of(island), _at_run_time(declaration))
        made.sites.append(site)
        if isinstance(declaration, Import):
            _import(made, site, declaration, imported, taken)
        elif isinstance(declaration, NAMED_DECLARATIONS):
            if declaration.name.name == HOLE or _is_glued(declaration):
                _unreadable(made, site, None, _beginnings(declaration.name.name))
            elif _take(site, declaration.name, isinstance(declaration, Const), taken):
                made.declared.append((site, declaration))
        elif isinstance(declaration, Defaults):
            _file_defaults(made, site, declaration)
        elif isinstance(declaration, Test):
            _test(made, site, declaration)
        else:
            _unreadable(made, site, declared_name(island), [*imported_names(island), *sorted(island.lost)])
    return made


def _is_glued(declaration: Named) -> bool:
    """`operator geturl: string)`: its name and that of its first parameter are one word."""
    return isinstance(declaration, Callable) and any(each.name.name == HOLE for each in declaration.parameters[:1])


def _beginnings(name: str) -> list[str]:
    return [name[:length] for length in range(1, len(name) + 1)]


def _at_run_time(declaration: Declaration | None) -> frozenset[str]:
    """The names in a declaration that have a value only when it runs."""
    match declaration:
        case Workflow(body=body) | Template(body=body):
            return frozenset(each.name.name for each in body.statements if isinstance(each, Input | Step) and each.name)
        case Callable(parameters=parameters):
            return frozenset(each.name.name for each in parameters)
    return frozenset()


def _file_defaults(made: Outline, site: Site, declaration: Defaults) -> None:
    if made.defaults:
        first_site, first = made.defaults[0]
        labels = [first_site.reporter.label(first.span, "given here")]
        site.report("WF0502", _word(declaration, "defaults"), "a file has one `defaults`", labels=labels)
        return
    made.defaults.append((site, declaration))


def _unreadable(made: Outline, site: Site, name: str | None, names: list[str]) -> None:
    known = [name] if name else names
    if not known:
        made.complete = False
    for each in known:
        _broken(made, site, each, Span(0, 0))


def _broken(made: Outline, site: Site, name: str, span: Span) -> None:
    symbol = BrokenSymbol(name, site.location(span))
    made.names.declarations.setdefault(name, symbol)
    made.names.constants.setdefault(name, symbol)


def _test(made: Outline, site: Site, declaration: Test) -> None:
    for other, each in made.tests:
        if each.title == declaration.title:
            labels = [other.reporter.label(_word(each, "test"), "declared here")]
            site.report("WF0202", _word(declaration, "test"), f'there is a test "{each.title}" already', labels=labels)
            return
    made.tests.append((site, declaration))


def _word(declaration: Declaration, text: str) -> Span:
    start = declaration.span.start
    return Span(start, start + len(text))


# ---- names ----


def _take(site: Site, name: Ident, is_value: bool, taken: dict[tuple[bool, str], Location]) -> bool:
    """Whether a name is free in its namespace and may be given; where not, that has been reported."""
    if not _allowed(site, name, is_value=is_value):
        return True
    first = taken.setdefault((is_value, name.name), site.location(name.span))
    if first == site.location(name.span):
        return True
    labels = [Label(first, "declared here")]
    site.report("WF0202", name.span, f"`{name.name}` is declared already", labels=labels)
    return False


def _allowed(site: Site, name: Ident, *, is_value: bool) -> bool:
    if is_value:
        return may_name(site, name.name, name.span)
    return may_declare(site, name.name, name.span)


# ---- imports ----


def _import(
    made: Outline,
    site: Site,
    declaration: Import,
    imported: Mapping[str, Imported],
    taken: dict[tuple[bool, str], Location],
) -> None:
    found = imported.get(declaration.source, Imported())
    if found.problem is not None:
        written = f'"{found.instead}"'
        fix = site.reporter.replacement(f"write `{written}`", declaration.source_span, written)
        site.report(found.code, declaration.source_span, found.problem, fixes=[fix] if found.instead else [])
    _check_version(site, declaration)
    if declaration.alias is not None:
        _alias(made, site, declaration.alias, found, taken)
    for each in declaration.names:
        name = each.alias or each.name
        made.imports.append((site, name))
        _imported_name(made, site, each.name, name, found, taken)


def _check_version(site: Site, declaration: Import) -> None:
    """Only packages have versions: a file has that of its package, and the library that of the edition."""
    source, span = declaration.source, declaration.version_span
    if span is None or not (is_std(source) or is_relative(source)):
        return
    what = "the library goes with the edition" if is_std(source) else "a file goes with its package"
    fix = site.reporter.replacement("leave it out", Span(declaration.source_span.end, span.end), "")
    site.report("WF0218", span, f"only packages have versions; {what}", fixes=[fix])


def _alias(made: Outline, site: Site, alias: Ident, found: Imported, taken: dict[tuple[bool, str], Location]) -> None:
    if not _take(site, alias, False, taken):
        return
    exports = found.exports or Exports("", complete=False)
    made.names.has_modules = True
    made.names.declarations[alias.name] = ModuleSymbol(alias.name, site.location(alias.span), exports)
    made.imports.append((site, alias))


def _imported_name(
    made: Outline, site: Site, wanted: Ident, name: Ident, found: Imported, taken: dict[tuple[bool, str], Location]
) -> None:
    symbol = found.exports.get(wanted.name) if found.exports else None
    if symbol is None:
        if found.exports is not None and found.exports.complete:
            site.not_in_file(found.exports, wanted.name, wanted.span)
        _broken(made, site, name.name, name.span)
        return
    is_value = isinstance(symbol, ConstSymbol)
    if not _take(site, name, is_value, taken):
        return
    if isinstance(symbol, BrokenSymbol):
        _broken(made, site, name.name, name.span)
    elif isinstance(symbol, ConstSymbol):
        made.names.constants[name.name] = symbol
    else:
        made.names.declarations[name.name] = symbol


# ---- order ----


def in_order(made: Outline) -> list[tuple[Site, Named]]:
    """The declarations, each behind what it needs. What is made of itself is reported and becomes a broken symbol."""
    by_name: dict[str, list[int]] = {}
    for at, (_, declaration) in enumerate(made.declared):
        by_name.setdefault(declaration.name.name, []).append(at)

    def needs(at: int) -> list[int]:
        names = dict.fromkeys(needed_names(made.declared[at][1]))
        return [found for name in names for found in by_name.get(name, ()) if _can_need(made, at, found)]

    found = ordered(range(len(made.declared)), needs)
    for cycle in found.cycles:
        _report_cycle(made, cycle)
    return [made.declared[at] for at in found.order]


def _can_need(made: Outline, one: int, other: int) -> bool:
    """Types and constants need only each other; nothing is needed of callables and workflows here."""
    needed = made.declared[other][1]
    if isinstance(needed, Callable | Workflow | Instance):
        return False
    if isinstance(needed, Template):
        return isinstance(made.declared[one][1], Instance)
    return one != other or isinstance(needed, CYCLIC)


def _report_cycle(made: Outline, cycle: tuple[int, ...]) -> None:
    names = [made.declared[at][1].name.name for at in cycle]
    site, declaration = made.declared[cycle[0]]
    way = shown_way(names)
    what = "refers to itself" if len(names) == 2 else f"is made of itself: {way}"
    site.report("WF0211", declaration.name.span, f"`{names[0]}` {what}")
    _broken(made, site, names[0], declaration.name.span)
