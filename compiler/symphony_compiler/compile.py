"""A file → its symbols, its graphs, and all that is wrong with it.

The passes, each in a file of its own: outline (names), resolve (symbols), build (graphs), tests. A pure function of the tree,
of what the imports lead to, and of the sources of the Python modules that operators name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from symphony_compiler.declare import Imported, outline
from symphony_compiler.resolve import resolve
from symphony_compiler.site import FileNames, PythonModule
from symphony_compiler.symbols import BrokenSymbol, CallableSymbol, ConstSymbol, Declared, Exports, ModuleSymbol
from symphony_compiler.test_parts import TestCase
from symphony_compiler.tests_declared import test_of
from symphony_compiler.unused import report_unused_imports
from symphony_compiler.workflows import Built, Workshop, build
from symphony_dsl.base.diagnostic import Diagnostic
from symphony_dsl.base.frozen import frozen
from symphony_dsl.syntax.tree import File
from symphony_model.workflow import Workflow


@frozen
class Surroundings:
    """What a file is compiled in. `imported` is by the text of the import; `hashes` are those of foreign workflows."""

    package: str
    prelude: Exports
    imported: Mapping[str, Imported]
    hashes: Mapping[tuple[str, str], str] = field(default_factory=dict)
    graphs: Mapping[tuple[str, str], Workflow] = field(
        default_factory=dict, compare=False
    )  # of which these are the hashes


@frozen
class Compiled:
    """What comes of a file. Of the bodies of its workflows an importer sees the content hashes."""

    exports: Exports
    workflows: dict[str, Built | None]
    diagnostics: tuple[Diagnostic, ...]
    modules: frozenset[str]
    tests: tuple[TestCase, ...] = ()


def compile_file(file: File, around: Surroundings, modules: Mapping[str, PythonModule]) -> Compiled:
    names = FileNames(file.path, around.package, prelude=around.prelude, modules=modules)
    made = outline(file, names, around.imported)
    defaults = resolve(made)

    def imported(symbol: CallableSymbol) -> str | None:
        return around.hashes.get((symbol.location.path, symbol.name))

    shop = Workshop(around.package, defaults, imported, file.path)
    workflows = build(shop, made)
    graphs = {**around.graphs, **{(file.path, name): each.graph for name, each in workflows.items() if each}}
    tests = [test_of(site, each, graphs) for site, each in made.tests]
    report_unused_imports(made)
    found = [*file.diagnostics, *(each for island in file.islands for each in island.diagnostics)]
    found += [each for site in made.sites for each in site.reporter.found]
    return Compiled(
        _exports(names, complete=made.complete),
        workflows,
        tuple(sorted(found, key=lambda each: each.location.span)),
        frozenset(names.modules_used),
        tuple(each for each in tests if each),
    )


def _exports(names: FileNames, *, complete: bool) -> Exports:
    """What the file itself declares: nothing is passed on."""
    own: dict[str, Declared] = {
        name: symbol
        for name, symbol in names.declarations.items()
        if symbol.location.path == names.path and not isinstance(symbol, ModuleSymbol)
    }
    constants: dict[str, ConstSymbol | BrokenSymbol] = {
        name: symbol
        for name, symbol in names.constants.items()
        if symbol.location.path == names.path and (name not in own or not isinstance(symbol, BrokenSymbol))
    }
    known = {**names.constants, **names.declarations}
    foreign = {name: each for name, each in known.items() if each.location.path != names.path}
    imported = {name: (each.location.path, each.name) for name, each in foreign.items()}
    return Exports(names.path, own, constants, complete, imported)
