"""Workflows → graphs.

Needs the symbols of the file and of all that it imports. Guarantees a graph for each workflow that has no error in it nor
in what it uses; workflows that call each other are worked out in the order of their calls.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TypeVar

from symphony_compiler.bindings import workflow_frame
from symphony_compiler.bodies import Progress, lower_block, lower_statements, word
from symphony_compiler.declare import Outline
from symphony_compiler.graph import Graph
from symphony_compiler.instances import Filled, tell
from symphony_compiler.layout import check_places, positions
from symphony_compiler.needs import needed_names
from symphony_compiler.notes import summary, workflow_metadata
from symphony_compiler.order import Order
from symphony_compiler.ordering import ordered, shown_way
from symphony_compiler.setting_values import RUN_READERS
from symphony_compiler.settings import RUN_ITSELF, WORKFLOW_DEFAULTS, FileDefaults, known_settings, settings_of
from symphony_compiler.signatures import inputs_of, outputs_of
from symphony_compiler.site import Site
from symphony_compiler.spot import Hash, Home, Spot
from symphony_compiler.symbols import BrokenSymbol, CallableSymbol, Model, TemplateSymbol
from symphony_compiler.templates import open_names, refuse_hiding
from symphony_compiler.tools import called_by
from symphony_compiler.unused import report_unused
from symphony_dsl.base.frozen import frozen
from symphony_dsl.expressions.tree import Call
from symphony_dsl.syntax import tree
from symphony_model.ids import NodeId
from symphony_model.json_form.workflow import workflow_hash
from symphony_model.metadata import WorkflowMetadata
from symphony_model.settings import NO_RUN_SETTINGS, NO_SETTINGS, RunSettings, Settings
from symphony_model.version import UNVERSIONED, Version
from symphony_model.workflow import Workflow


@dataclass(slots=True)
class Built:
    """`places` are offsets in the file `source` by the path of a node; `callees` are (file, name) by content hash."""

    graph: Workflow
    places: dict[str, int] = field(default_factory=dict)
    callees: dict[str, tuple[str, str]] = field(default_factory=dict)
    source: str = ""
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


@frozen
class Job:
    """A body to be made a graph of. `site` is where it was written; of an instance that is its template.

    `filled` is the instance that it is, if it is one. An `open` one is a template that nobody has filled in: it is checked only.
    """

    site: Site
    body: tree.Body
    symbol: CallableSymbol
    version: str | None
    documentation: str | None
    metadata: WorkflowMetadata
    outer: Settings
    hash_of: Hash
    filled: Filled | None = None
    open: bool = False


def jobs(shop: Workshop, outline: Outline) -> list[Job]:
    """One for each workflow and each instance that could be named, and for each template."""
    made = [_plain(shop, site, each) for site, each in outline.declared if isinstance(each, tree.Workflow)]
    found = [job for job in made if job] + [_of_instance(each) for each in outline.filled]
    return found + [_of_template(shop, each) for each in outline.templates]


def _plain(shop: Workshop, site: Site, declaration: tree.Workflow) -> Job | None:
    symbol = site.file.declarations.get(declaration.name.name)
    if not isinstance(symbol, CallableSymbol):
        return None
    metadata = workflow_metadata(site, declaration.lead)
    outer = shop.defaults.settings
    return Job(site, declaration.body, symbol, declaration.version, declaration.lead.doc, metadata, outer, shop.hash_of)


def _of_instance(filled: Filled) -> Job:
    declaration, origin = filled.declaration, filled.template.origin
    symbol = filled.site.file.declarations.get(declaration.name.name)
    assert isinstance(symbol, CallableSymbol)
    metadata = workflow_metadata(filled.site, declaration.lead)
    doc = declaration.lead.doc or origin.declaration.lead.doc
    body, outer = origin.declaration.body, origin.defaults.settings
    return Job(filled.inside, body, symbol, declaration.version, doc, metadata, outer, origin.hash_of, filled)


def _of_template(shop: Workshop, template: TemplateSymbol) -> Job:
    origin = template.origin
    declaration = origin.declaration
    names = replace(open_names(template), used=set())
    site = replace(origin.site, file=names)
    metadata = workflow_metadata(site, declaration.lead)
    statements = declaration.body.statements
    symbol = CallableSymbol(
        template.name, template.location, "template", inputs_of(site, statements), outputs_of(site, statements)
    )
    outer = shop.defaults.settings
    return Job(
        site,
        declaration.body,
        symbol,
        declaration.version,
        declaration.lead.doc,
        metadata,
        outer,
        shop.hash_of,
        open=True,
    )


def build(shop: Workshop, outline: Outline) -> dict[str, Built | None]:
    """A graph for each workflow, in the order of the file; None where there is an error."""
    for template in outline.templates:
        refuse_hiding(template)
        template.origin.defaults, template.origin.hash_of = shop.defaults, shop.hash_of
    found = jobs(shop, outline)
    for job in found:
        if job.open:
            _build(shop, job)
            _report_unused_parameters(job, outline)
    named = {job.symbol.name: job for job in found if not job.open}
    calls = {name: _calls(shop, job) for name, job in named.items()}
    order = ordered(named, lambda name: [callee for callee in calls[name] if callee in named])
    for cycle in order.cycles:
        _report_recursion(named[cycle[-2]].site, calls[cycle[-2]][cycle[-1]], cycle)
    for name in order.order:
        shop.made[name] = _build(shop, named[name])
    return {name: shop.made[name] for name in named}


def _report_recursion(site: Site, call: Call, cycle: tuple[str, ...]) -> None:
    itself = f"`{cycle[0]}` cannot call itself"
    message = f"a workflow cannot call itself: {shown_way(cycle)}" if len(cycle) > 2 else itself
    site.report("WF0416", call.name_span, message)


def _report_unused_parameters(job: Job, outline: Outline) -> None:
    """A template without errors uses each of its parameters, in its body or for those behind it."""
    used = job.site.file.used
    outline.names.used |= used
    template = next(each for each in outline.templates if each.origin.declaration.body is job.body)
    if job.site.reporter.found:
        return
    for param in template.origin.declaration.parameters:
        name = param.name.name
        if name not in used and not name.startswith("_") and name not in _types_in(template):
            job.site.report("WF0212", param.name.span, f"the parameter `{name}` is never used")


def _types_in(template: TemplateSymbol) -> set[str]:
    """The parameters that are types in the signature itself."""
    return {name for each in template.origin.declaration.parameters for name in needed_names(each)}


def _build(shop: Workshop, job: Job) -> Built | None:
    site = job.site
    graph = Graph(
        Workflow(
            job.symbol.name,
            shop.package,
            Version.parse(job.version) if job.version else UNVERSIONED,
            summary(job.documentation),
            job.metadata,
            settings=_settings(site, job.body),
        )
    )
    statements = job.body.statements
    graph.positions = positions(site, statements)
    spot = Spot(
        site=site,
        graph=graph,
        frame=workflow_frame(),
        order=Order(graph.control, _nowhere),
        hash_of=job.hash_of,
        symbol=job.symbol,
        lower_block=lower_block,
        defaults=_defaults(site, job.body),
        outer=job.outer,
    )
    lower_statements(spot, statements, Progress(Home.WORKFLOW))
    graph.workflow.regions = tuple(graph.regions)
    if site.sound:
        check_places(site, graph, statements)
    sound = site.sound
    if sound or (job.open and not site.reporter.found):
        report_unused(spot)
    if job.filled:
        tell(job.filled)
    return Built(graph.workflow, graph.places, graph.callees, site.file.path) if sound and not job.open else None


def _nowhere(node: NodeId) -> None:
    """Nothing leads into a workflow."""


def _defaults(site: Site, body: tree.Body) -> Settings:
    found = _the_only(site, body, tree.Defaults, "defaults")
    if found is None:
        return NO_SETTINGS
    above = body.statements[: body.statements.index(found)]
    if any(not isinstance(each, tree.Defaults | tree.Settings) for each in above):
        message = "`defaults` stand first in their workflow, below its `settings` if it has any"
        site.report("WF0407", word(found.span, "defaults"), message)
    return settings_of(site, found.block, WORKFLOW_DEFAULTS)


def _settings(site: Site, body: tree.Body) -> RunSettings:
    found = _the_only(site, body, tree.Settings, "settings")
    if found is None:
        return NO_RUN_SETTINGS
    if found is not body.statements[0]:
        site.report("WF0407", word(found.span, "settings"), "`settings` stand first in their workflow")
    given = known_settings(site, found.block, RUN_ITSELF)
    return RunSettings(**{name: RUN_READERS[name](site, each.value) for name, each in given.items()})


T = TypeVar("T", tree.Defaults, tree.Settings)


def _the_only(site: Site, body: tree.Body, kind: type[T], text: str) -> T | None:
    found = [each for each in body.statements if isinstance(each, kind)]
    for more in found[1:]:
        labels = [site.reporter.label(word(found[0].span, text), "given here")]
        site.report("WF0502", word(more.span, text), f"a workflow has one `{text}`", labels=labels)
    return found[0] if found else None


# ---- who calls whom ----


def _calls(shop: Workshop, job: Job) -> dict[str, Call]:
    """The first call of each name that stands where a call may stand. A template of another file calls nothing of this one."""
    found: dict[str, Call] = {}
    if job.site.file.path != shop.path:
        return found
    for call in _every_call(job.body):
        symbol = job.site.file.declarations.get(call.name) if call.target is None else None
        if call.target is None and not isinstance(symbol, BrokenSymbol):
            found.setdefault(call.name, call)
        if isinstance(symbol, CallableSymbol) and isinstance(symbol.body, Model):
            for each in called_by(symbol.body):
                if each.location.path == shop.path:
                    found.setdefault(each.name, call)
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
