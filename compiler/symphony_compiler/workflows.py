"""Workflows → graphs.

Needs the symbols of the file and of all that it imports. Guarantees a graph for each workflow that has no error in it nor
in what it uses; workflows that call each other are worked out in the order of their calls.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from symphony_compiler.annotations import summary, workflow_metadata
from symphony_compiler.bindings import Frame
from symphony_compiler.bodies import Progress, lower_block, lower_statements, word
from symphony_compiler.graph import Graph
from symphony_compiler.layout import check_places, positions
from symphony_compiler.order import Order
from symphony_compiler.ordering import ordered, shown_way
from symphony_compiler.setting_values import RUN_READERS
from symphony_compiler.settings import RUN, WORKFLOW_DEFAULTS, FileDefaults, known_settings, settings_of
from symphony_compiler.site import Site
from symphony_compiler.spot import Hash, Home, Spot
from symphony_compiler.symbols import BrokenSymbol, CallableSymbol
from symphony_compiler.unused import report_unused
from symphony_dsl.expressions.tree import Call
from symphony_dsl.syntax import tree
from symphony_model.ids import NodeId
from symphony_model.json_workflow import workflow_hash
from symphony_model.settings import NO_RUN_SETTINGS, NO_SETTINGS, RunSettings, Settings
from symphony_model.version import UNVERSIONED, Version
from symphony_model.workflow import Workflow


@dataclass(slots=True)
class Built:
    """`places` are offsets in the file by the path of a node; `callees` are (file, name) by content hash."""

    graph: Workflow
    places: dict[str, int] = field(default_factory=dict)
    callees: dict[str, tuple[str, str]] = field(default_factory=dict)
    _hash: str | None = None

    @property
    def hash(self) -> str:
        """The content hash, made when it is first asked for: most checks need none."""
        if self._hash is None:
            self._hash = workflow_hash(self.graph)
        return self._hash


@dataclass(slots=True)
class Workshop:
    """All that the workflows of a file have in common."""

    package: str
    defaults: FileDefaults
    imported: Hash
    path: str
    made: dict[str, Built | None] = field(default_factory=dict)

    def hash_of(self, symbol: CallableSymbol) -> str | None:
        if symbol.location.path != self.path:
            return self.imported(symbol)
        found = self.made.get(symbol.name)
        return found.hash if found else None


def build(shop: Workshop, declared: list[tuple[Site, tree.Workflow]]) -> dict[str, Built | None]:
    """A graph for each workflow, in the order of the file; None where there is an error."""
    sites = {declaration.name.name: (site, declaration) for site, declaration in declared}
    calls = {name: _calls(site, declaration) for name, (site, declaration) in sites.items()}
    found = ordered(sites, lambda name: [callee for callee in calls[name] if callee in sites])
    for cycle in found.cycles:
        _report_recursion(sites[cycle[-2]][0], calls[cycle[-2]][cycle[-1]], cycle)
    for name in found.order:
        site, declaration = sites[name]
        shop.made[name] = _build(shop, site, declaration)
    return {name: shop.made[name] for name in sites}


def _report_recursion(site: Site, call: Call, cycle: tuple[str, ...]) -> None:
    itself = f"`{cycle[0]}` cannot call itself"
    message = f"a workflow cannot call itself: {shown_way(cycle)}" if len(cycle) > 2 else itself
    site.report("WF0416", call.name_span, message)


def _build(shop: Workshop, site: Site, declaration: tree.Workflow) -> Built | None:
    name = declaration.name.name
    symbol = site.file.declarations.get(name)
    if not isinstance(symbol, CallableSymbol):
        return None
    graph = Graph(
        Workflow(
            name,
            shop.package,
            Version.parse(declaration.version) if declaration.version else UNVERSIONED,
            summary(declaration.lead.doc),
            workflow_metadata(site, declaration.lead),
            settings=_settings(site, declaration),
        )
    )
    statements = declaration.body.statements
    graph.positions = positions(site, statements)
    spot = Spot(
        site=site,
        graph=graph,
        frame=Frame(),
        order=Order(graph.control, _nowhere),
        hash_of=shop.hash_of,
        symbol=symbol,
        lower_block=lower_block,
        defaults=_defaults(site, declaration),
        outer=shop.defaults.settings,
    )
    lower_statements(spot, statements, Progress(Home.WORKFLOW))
    graph.workflow.regions = tuple(graph.regions)
    if site.sound:
        check_places(site, graph, statements)
    if not site.sound:
        return None
    report_unused(spot)
    return Built(graph.workflow, graph.places, graph.callees)


def _nowhere(node: NodeId) -> None:
    """Nothing leads into a workflow."""


def _defaults(site: Site, declaration: tree.Workflow) -> Settings:
    found = _the_only(site, declaration, tree.Defaults, "defaults")
    if found is None:
        return NO_SETTINGS
    above = declaration.body.statements[: declaration.body.statements.index(found)]
    if any(not isinstance(each, tree.Defaults | tree.Settings) for each in above):
        message = "`defaults` stand first in their workflow, below its `settings` if it has any"
        site.report("WF0407", word(found.span, "defaults"), message)
    return settings_of(site, found.block, WORKFLOW_DEFAULTS)


def _settings(site: Site, declaration: tree.Workflow) -> RunSettings:
    found = _the_only(site, declaration, tree.Settings, "settings")
    if found is None:
        return NO_RUN_SETTINGS
    if found is not declaration.body.statements[0]:
        site.report("WF0407", word(found.span, "settings"), "`settings` stand first in their workflow")
    given = known_settings(site, found.block, RUN)
    return RunSettings(**{name: RUN_READERS[name](site, each.value) for name, each in given.items()})


T = TypeVar("T", tree.Defaults, tree.Settings)


def _the_only(site: Site, declaration: tree.Workflow, kind: type[T], text: str) -> T | None:
    found = [each for each in declaration.body.statements if isinstance(each, kind)]
    for more in found[1:]:
        labels = [site.reporter.label(word(found[0].span, text), "given here")]
        site.report("WF0502", word(more.span, text), f"a workflow has one `{text}`", labels=labels)
    return found[0] if found else None


# ---- who calls whom ----


def _calls(site: Site, declaration: tree.Workflow) -> dict[str, Call]:
    """The first call of each name that stands where a call may stand."""
    found: dict[str, Call] = {}
    for call in _every_call(declaration.body):
        if call.target is None and not isinstance(site.file.declarations.get(call.name), BrokenSymbol):
            found.setdefault(call.name, call)
    return found


_PARTS: dict[type, tuple[str, ...]] = {
    tree.Body: ("statements",),
    tree.Step: ("value",),
    tree.Yield: ("value",),
    tree.Next: ("value",),
    tree.Finally: ("body",),
    tree.If: ("arms", "otherwise"),
    tree.IfArm: ("body",),
    tree.Match: ("arms",),
    tree.MatchArm: ("value",),
    tree.For: ("body",),
    tree.Loop: ("body", "otherwise"),
    tree.Parallel: ("branches",),
    tree.Branch: ("value",),
    tree.Try: ("body", "catches"),
    tree.Catch: ("body",),
}
"""The fields in which there are calls that make nodes."""


def _every_call(body: tree.Body) -> Iterator[Call]:
    rest: list[object] = [body]
    while rest:
        part = rest.pop()
        if isinstance(part, tuple):
            rest.extend(reversed(part))
        elif isinstance(part, tree.Node) and isinstance(part.expr, Call):
            yield part.expr
        else:
            rest.extend(getattr(part, name) for name in reversed(_PARTS.get(type(part), ())))
