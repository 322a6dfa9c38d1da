"""`test "…" for workflow { given … mock … expect … }` → what a runner needs to try a workflow out.

Needs the graphs of the file's workflows and of those it imports. Guarantees that what is given and what stands for calls have values of the
right types, that each path is that of a node, and that an expectation is a condition.
"""

from __future__ import annotations

import re

from symphony_compiler.annotations import of_declaration
from symphony_compiler.constants import evaluate, hold
from symphony_compiler.expectations import expectation
from symphony_compiler.mocks import mocks_of
from symphony_compiler.site import Site
from symphony_compiler.symbols import BrokenSymbol, CallableSymbol
from symphony_compiler.test_parts import Bench, Graphs, TestCase
from symphony_compiler.typerefs import find_declared
from symphony_dsl.base.conform import to_json
from symphony_dsl.base.diagnostic import Label
from symphony_dsl.base.types import SECRET, STRING, plain
from symphony_dsl.base.values import Json, SecretRef
from symphony_dsl.syntax.tree import Expect, Given, Mock, Test

SECRET_SOURCE = re.compile(r"(env|file):.+", re.DOTALL)


def test_of(site: Site, declaration: Test, graphs: Graphs) -> TestCase | None:
    """None where there is an error."""
    of_declaration(site, declaration.lead)
    symbol = _workflow(site, declaration)
    if symbol is None:
        return None
    bench = Bench(site, symbol, graphs)
    statements = declaration.statements
    given = _givens(bench, declaration)
    mocks = mocks_of(bench, (each for each in statements if isinstance(each, Mock)))
    expects = [expectation(bench, each) for each in statements if isinstance(each, Expect)]
    if not expects and not site.broken:
        message = f'the test "{declaration.title}" expects nothing, so it cannot fail'
        site.report("WF0421", declaration.span._replace(end=declaration.span.start + len("test")), message)
    if not site.sound:
        return None
    workflow = (symbol.location.path, symbol.name)
    return TestCase(declaration.title, workflow, given, mocks, tuple(each for each in expects if each))


def _workflow(site: Site, declaration: Test) -> CallableSymbol | None:
    def known() -> list[str]:
        found = site.file.declarations.items()
        return [name for name, each in found if isinstance(each, CallableSymbol) and each.kind == "workflow"]

    found = find_declared(site, declaration.workflow, known, "WF0201", "workflow")
    if isinstance(found, CallableSymbol) and found.kind == "workflow":
        return found
    if found is not None and not isinstance(found, BrokenSymbol):
        site.wrong_kind(declaration.workflow[-1].span, found, "a workflow")
    site.tainted = True
    return None


# ---- given ----


def _givens(bench: Bench, declaration: Test) -> dict[str, Json]:
    made: dict[str, Json] = {}
    seen: dict[str, Given] = {}
    for each in declaration.statements:
        if not isinstance(each, Given):
            continue
        first = seen.setdefault(each.name.name, each)
        if first is not each:
            labels = [bench.site.reporter.label(first.name.span, "given here")]
            bench.site.report("WF0404", each.name.span, f"`{each.name.name}` is given twice", labels=labels)
            continue
        _given(bench, each, made)
    missing = [f"`{each.name}`" for each in bench.symbol.parameters if each.is_needed and each.name not in seen]
    if missing and bench.symbol.complete and not bench.site.broken:
        span = declaration.workflow[-1].span
        labels = [Label(bench.symbol.location, "declared here")]
        message = f"`{bench.symbol.name}` needs {', '.join(missing)}: `given {missing[0][1:-1]}: …`"
        bench.site.report("WF0402", span, message, labels=labels)
    return made


def _given(bench: Bench, given: Given, made: dict[str, Json]) -> None:
    site, name = bench.site, given.name.name
    parameter = bench.symbol.parameter(name)
    if parameter is None:
        if bench.symbol.complete:
            known = [each.name for each in bench.symbol.parameters]
            site.unknown("WF0403", given.name.span, f"`{bench.symbol.name}` has no input `{name}`", name, known)
        return
    if plain(parameter.type) == SECRET:
        _given_secret(site, given, made)
        return
    value = evaluate(site, given.value, parameter.type)
    if not value.known:
        return
    labels = [Label(parameter.location, "declared here")]
    hold(site, given.value.span, f"`{name}`", value.value, parameter.constraints, labels)
    made[name] = to_json(value.value, parameter.type)


def _given_secret(site: Site, given: Given, made: dict[str, Json]) -> None:
    """Where it comes from: a test has no secrets of its own."""
    source = evaluate(site, given.value, STRING)
    if source.known and SECRET_SOURCE.fullmatch(source.value):
        made[given.name.name] = to_json(SecretRef(source.value), SECRET)
    elif source.known:
        message = "a secret is given by where it comes from: `env:NAME` or `file:PATH`"
        site.report("WF0301", given.value.span, message)
