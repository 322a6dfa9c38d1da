"""Artifacts: a graph with every graph that it calls, and where in the text all of it was written."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from symphony_compiler.compile import Compiled
from symphony_compiler.workflows import Built
from symphony_dsl.base.span import SourceText
from symphony_dsl.syntax.tree import File
from symphony_model.artifact import Artifact
from symphony_model.workflow import Workflow

Results = Mapping[str, tuple[File, Compiled]]


def sealed(results: Results, path: str, name: str) -> Artifact | None:
    """The artifact of a workflow; None where there are errors in it or in what it needs."""
    main = _built(results, path, name)
    if main is None:
        return None
    callees: dict[str, Workflow] = {}
    sources = {main.hash: _sources(results, path, main)}
    rest = list(main.callees.items())
    while rest:
        called, (where, callee) = rest.pop(0)
        if called in callees:
            continue
        built = _built(results, where, callee)
        if built is None or built.hash != called:
            return None
        callees[called] = built.graph
        sources.setdefault(called, _sources(results, where, built))
        rest.extend(built.callees.items())
    return Artifact(main.graph, main.hash, callees, sources)


def _built(results: Results, path: str, name: str) -> Built | None:
    found = results.get(path)
    return found[1].workflows.get(name) if found else None


@lru_cache(maxsize=8)
def _text(file: File) -> SourceText:
    """The lines of a file are found once for all workflows in it."""
    return SourceText(file.path, file.text)


def _sources(results: Results, path: str, built: Built) -> dict[str, tuple[str, int]]:
    where = built.source or path  # an instance was written where its template is
    text = _text(results[where][0])
    return {node: (where, text.position(place).line) for node, place in built.places.items()}
