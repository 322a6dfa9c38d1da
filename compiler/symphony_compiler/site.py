"""Where a pass stands: the file with its names, and the island that is worked on with its reporter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import TypeAlias

from symphony_compiler.functions import LocalFunction
from symphony_compiler.library import written
from symphony_compiler.symbols import A_KIND, BrokenSymbol, ConstSymbol, Declared, Exports, ModuleSymbol
from symphony_dsl.base.diagnostic import MAX_SUGGESTIONS, Fix, Label, Location, Reporter, Severity, did_you_mean
from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.span import Span
from symphony_dsl.base.types import Type
from symphony_dsl.syntax.repair import HOLE
from symphony_dsl.syntax.tree import Island, Statement

Sizes: TypeAlias = dict[int, tuple[Type, int, int]]
"""Depth and number of parts of a type, by its `id`; the type is kept so that the id stays its own."""


@frozen
class PythonModule:
    """A module that an operator names. `source` is None where it is there but cannot be read; `refused` says why not."""

    source: str | None = None
    refused: str | None = None


@dataclass(slots=True)
class FileNames:
    """Every name that a file's declarations may use: its own, the imported, and those of the prelude."""

    path: str
    package: str = ""
    declarations: MutableMapping[str, Declared] = field(default_factory=dict)
    constants: MutableMapping[str, ConstSymbol | BrokenSymbol] = field(default_factory=dict)
    prelude: Exports = field(default_factory=lambda: Exports(""))
    used: set[str] = field(default_factory=set)
    modules: Mapping[str, PythonModule] = field(default_factory=dict)
    modules_used: set[str] = field(default_factory=set)
    sizes: Sizes = field(default_factory=dict)
    functions: Mapping[str, LocalFunction] = field(default_factory=dict)
    suggestions: int = 0
    has_modules: bool = False

    def declared(self, name: str) -> Declared | None:
        self.used.add(name)
        return self.declarations.get(name) or self.prelude.declarations.get(name)

    def constant(self, name: str) -> ConstSymbol | BrokenSymbol | None:
        self.used.add(name)
        return self.constants.get(name)

    def suggest(self, name: str, known: Iterable[str]) -> str | None:
        self.suggestions += 1
        return did_you_mean(name, known) if self.suggestions <= MAX_SUGGESTIONS else None


@dataclass(slots=True)
class Site:
    """One island. `tainted` says that something with an error was used.

    `ghosts` are names that its unreadable parts may define; names `at_run_time` have no value before. `statement` is
    the one that is worked on. `mistakes` of syntax are where they start.
    """

    file: FileNames
    reporter: Reporter
    text: str = ""
    ghosts: frozenset[str] = frozenset()
    at_run_time: frozenset[str] = frozenset()
    statement: Statement | None = None
    mistakes: tuple[int, ...] = ()
    tainted: bool = False

    @property
    def broken(self) -> bool:
        return bool(self.mistakes)

    @property
    def sound(self) -> bool:
        errors = (each for each in self.reporter.found if each.severity is Severity.ERROR)
        return not self.tainted and not self.broken and next(errors, None) is None

    def declared(self, name: str) -> Declared | None:
        found = self.file.declared(name)
        if found is not None and not found.sound:
            self.tainted = True
        return found

    def constant(self, name: str) -> ConstSymbol | BrokenSymbol | None:
        found = self.file.constant(name)
        if found is not None and not found.sound:
            self.tainted = True
        return found

    def member(self, module: ModuleSymbol, name: str, span: Span) -> Declared | ConstSymbol | None:
        """What an imported file declares by a name; where it declares no such thing, that is reported."""
        found = module.exports.get(name)
        if found is None and module.exports.complete:
            self.not_in_file(module.exports, name, span)
        if found is None or not found.sound:
            self.tainted = True
        return found

    def report(
        self,
        code: str,
        span: Span,
        message: str,
        *,
        labels: Iterable[Label] = (),
        notes: Iterable[str] = (),
        fixes: Iterable[Fix] = (),
    ) -> None:
        self.reporter.report(code, span, message, labels=labels, notes=notes, fixes=fixes)

    def unknown(
        self, code: str, span: Span, message: str, name: str, known: Iterable[str], meant: str | None = None
    ) -> None:
        """Report a name that is not there, with the one that was probably meant."""
        if name == HOLE:
            self.tainted = True
            return
        near = meant or self.file.suggest(name, known)
        if near is None:
            self.report(code, span, message)
            return
        fix = self.reporter.replacement(f"write `{near}`", span, near)
        self.report(code, span, f"{message}; did you mean `{near}`?", fixes=[fix])

    def wrong_kind(self, span: Span, found: Declared | ConstSymbol, wanted: str) -> None:
        """Report a name that stands for another kind of thing; a broken one is never wrong."""
        self.tainted = True
        if isinstance(found, BrokenSymbol):
            return
        labels = [Label(found.location, "declared here")]
        self.report("WF0209", span, f"`{found.name}` is {A_KIND[found.kind]}, not {wanted}", labels=labels)

    def not_in_file(self, exports: Exports, name: str, span: Span) -> None:
        """Report what an imported file does not declare; what it imports itself it does not pass on."""
        message = f"`{exports.path}` declares no `{name}`"
        if name not in exports.imported:
            self.unknown("WF0205", span, message, name, exports.names())
            return
        path, own = exports.imported[name]
        place = written(self.file.path, path)
        self.report("WF0205", span, f'{message}, it only imports it; import `{own}` from "{place}"')

    def not_here(self, span: Span, what: str) -> None:
        """Report what the language has and this version does not."""
        self.report("WF0901", span, f"{what} cannot be compiled by this version yet")

    def location(self, span: Span) -> Location:
        return self.reporter.location(span)


def site_of(file: FileNames, island: Island, ghosts: frozenset[str], at_run_time: frozenset[str]) -> Site:
    errors = [each for each in island.diagnostics if each.severity is Severity.ERROR]
    mistakes = tuple(each.location.span.start - island.start for each in errors)
    reporter = Reporter(file.path, island.start, [], tuple(_line(island, at) for at in mistakes))
    return Site(file, reporter, island.text, ghosts, at_run_time, mistakes=mistakes)


def _line(island: Island, at: int) -> Span:
    """The line on which a mistake stands, in the island."""
    end = island.text.find("\n", at)
    return Span(island.text.rfind("\n", 0, at) + 1, len(island.text) if end < 0 else end)
