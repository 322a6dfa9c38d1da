"""The one object that knows texts, imports and results.

Whoever has a disk feeds it: texts of files by their path relative to the package root, sources of Python modules by name.
It says what it lacks. Results are kept by what they were made from: a file is parsed anew when its text has changed, and
compiled anew when its tree, the symbols of a file that it imports, or a module that it names have. So an update reaches
as far as something that others see has changed, and what is kept equals what a cold workspace would make.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from symphony_compiler.compile import Compiled, Surroundings, compile_file
from symphony_compiler.declare import Imported
from symphony_compiler.imports import Link, Links, circles, cycle_message, link, way_back
from symphony_compiler.library import PRELUDE, is_own, own_file
from symphony_compiler.ordering import ordered
from symphony_compiler.paths import folders
from symphony_compiler.python_targets import written_modules
from symphony_compiler.sealing import sealed
from symphony_compiler.site import PythonModule
from symphony_compiler.symbols import Exports
from symphony_compiler.test_parts import TestCase
from symphony_compiler.tools import files_behind
from symphony_compiler.workflows import Built
from symphony_dsl.base.diagnostic import Diagnostic
from symphony_dsl.base.frozen import frozen
from symphony_dsl.syntax.parser import parse_file
from symphony_dsl.syntax.tree import File, Instance, Workflow
from symphony_model.artifact import Artifact
from symphony_model.ids import LOCAL_PACKAGE


@frozen
class _Kept:
    """A result and what it was made from."""

    file: File
    around: Surroundings
    modules: dict[str, PythonModule | None]
    result: Compiled


@dataclass(slots=True)
class Workspace:
    """Paths are POSIX, relative to the package root. `package` is the name in `wf.toml`."""

    package: str = LOCAL_PACKAGE
    _files: dict[str, File] = field(default_factory=dict)
    _refused: dict[str, str] = field(default_factory=dict)
    _packages: dict[str, str] = field(default_factory=dict)
    _modules: dict[str, PythonModule] = field(default_factory=dict)
    _kept: dict[str, _Kept] = field(default_factory=dict)
    _fresh: bool = False

    def update(self, path: str, text: str) -> None:
        """A file has this text now."""
        self._refused.pop(path, None)
        known = self._files.get(path)
        if known is None or known.text != text:
            self._files[path] = parse_file(path, text)
            self._fresh = False

    def remove(self, path: str) -> None:
        """Nothing is known of a file any more; who imports it lacks it again."""
        self._files.pop(path, None)
        self._refused.pop(path, None)
        self._fresh = False

    def refuse(self, path: str, reason: str) -> None:
        """A file cannot be read; those who import it are told why."""
        self._files.pop(path, None)
        self._refused[path] = reason
        self._fresh = False

    def provide(self, package: str, path: str) -> None:
        """A package is there: `path` is its main file, which `import "package"` means, and all below that file's folder is of it."""
        if self._packages.get(package) != path:
            self._packages[package] = path
            self._fresh = False

    def missing(self) -> tuple[str, ...]:
        """The imported files that are neither fed nor refused."""
        wanted = dict.fromkeys(need for path in self._files for need in self._needs(path))
        return tuple(path for path in wanted if self._file(path) is None and path not in self._refused)

    def missing_modules(self) -> tuple[str, ...]:
        """Python modules that operators name and of which nothing is known; more may show when these are fed."""
        written = (name for file in self._files.values() for name in written_modules(file))
        if lacking := tuple(name for name in dict.fromkeys(written) if name not in self._modules):
            return lacking  # to compile now would be in vain
        self._compile()
        named = (name for path in self._files for name in sorted(self._kept[path].result.modules))
        return tuple(name for name in dict.fromkeys(named) if name not in self._modules)

    def update_module(self, name: str, source: str | None) -> None:
        """A module is there; `source` is None where it cannot be read."""
        self._module(name, PythonModule(source=source))

    def refuse_module(self, name: str, reason: str) -> None:
        """There is no such module, or it cannot be used."""
        self._module(name, PythonModule(refused=reason))

    def diagnostics(self, path: str) -> tuple[Diagnostic, ...]:
        """All that is wrong with a file, in the order of its text."""
        self._compile()
        kept = self._kept.get(path)
        return kept.result.diagnostics if kept else ()

    def workflows(self, path: str) -> tuple[str, ...]:
        """The names of the workflows that a file declares, in order."""
        file = self._files.get(path)
        declared = (island.declaration for island in file.islands) if file else ()
        return tuple(dict.fromkeys(each.name.name for each in declared if isinstance(each, Workflow | Instance)))

    def tests(self, path: str) -> tuple[TestCase, ...]:
        """The tests of a file that have no error in them, in order."""
        self._compile()
        kept = self._kept.get(path)
        return kept.result.tests if kept else ()

    def artifact(self, path: str, workflow: str) -> Artifact | None:
        """The complete artifact of a workflow; None where there are errors in it or in what it needs."""
        self._compile()
        return sealed({path: (each.file, each.result) for path, each in self._kept.items()}, path, workflow)

    # ---- results ----

    def _module(self, name: str, module: PythonModule) -> None:
        if self._modules.get(name) != module:
            self._modules[name] = module
            self._fresh = False

    def _file(self, path: str) -> File | None:
        return own_file(path) if is_own(path) else self._files.get(path)

    def _links(self, path: str) -> Links:
        file = self._file(path)
        return link(file, self._packages) if file else {}

    def _needs(self, path: str) -> list[str]:
        linked = [each.path for each in self._links(path).values() if each.path is not None]
        return linked if is_own(path) else [PRELUDE, *linked]

    def _package_of(self, path: str) -> str:
        roots = {main.rpartition("/")[0]: name for name, main in self._packages.items()}
        return next((roots[folder] for folder in folders(path) if folder in roots), self.package)

    def _compile(self) -> None:
        """Bring every result up to date: imported files before those that import them."""
        if self._fresh:
            return
        circle = circles(self._files, self._needs)
        order = ordered(self._files, self._needs).order
        kept: dict[str, _Kept] = {}
        for path in order:
            file = self._file(path)
            if file is not None:
                kept[path] = self._compiled(file, kept, circle)
        self._kept = kept
        self._fresh = True

    def _compiled(self, file: File, kept: Mapping[str, _Kept], circle: Mapping[str, int]) -> _Kept:
        links = self._links(file.path)
        built = _built([each.path for each in links.values() if each.path is not None and each.path in kept], kept)
        around = Surroundings(
            package=self._package_of(file.path),
            prelude=kept[PRELUDE].result.exports if PRELUDE in kept else Exports(PRELUDE),
            imported={source: self._imported(file.path, each, kept, circle) for source, each in links.items()},
            hashes={key: each.hash for key, each in built.items()},
            graphs={key: each.graph for key, each in built.items()},
        )
        before = self._kept.get(file.path)
        if before is not None and before.file is file and before.around == around and self._knows(before.modules):
            return before
        result = compile_file(file, around, self._modules)
        return _Kept(file, around, {name: self._modules.get(name) for name in result.modules}, result)

    def _knows(self, modules: Mapping[str, PythonModule | None]) -> bool:
        return all(self._modules.get(name) == module for name, module in modules.items())

    def _imported(self, path: str, to: Link, kept: Mapping[str, _Kept], circle: Mapping[str, int]) -> Imported:
        if to.path is None:
            return Imported(code=to.code, problem=to.problem, instead=to.instead)
        if path == to.path or circle[path] == circle[to.path]:
            return Imported(code="WF0206", problem=cycle_message(path, way_back(path, to.path, self._needs)))
        if to.path in kept:
            return Imported(exports=kept[to.path].result.exports)
        reason = self._refused.get(to.path, "it is not there")
        return Imported(problem=f'"{to.path}" cannot be imported: {reason}')


def _built(paths: list[str], kept: Mapping[str, _Kept]) -> dict[tuple[str, str], Built]:
    """The workflows of files, and of those that their instruments call by tools."""
    behind = set().union(*(files_behind(kept[path].result.exports) for path in paths))
    built = {path: kept[path].result.workflows for path in dict.fromkeys([*paths, *sorted(behind)])}
    return {(path, name): each for path, made in built.items() for name, each in made.items() if each is not None}
