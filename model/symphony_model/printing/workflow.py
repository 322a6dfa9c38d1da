"""The lines of a workflow: what it is, what it takes and gives, and its steps with their blocks, from above to below.

Blocks are walked without recursion: they nest as deep as a writer likes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from symphony_dsl.base.frozen import frozen
from symphony_model.block_forms import BODY, is_alone, value_port
from symphony_model.edges import DataEdge
from symphony_model.nodes import ControlNode, InputNode, OutputNode
from symphony_model.printing.about import about_node, about_workflow, prose
from symphony_model.printing.bodies import Arm, Bodies, Unit
from symphony_model.printing.config import PrettyConfig
from symphony_model.printing.names import own_name
from symphony_model.printing.page import Line, Part
from symphony_model.printing.steps import WORDS, Steps
from symphony_model.printing.values import settings_texts, type_text
from symphony_model.region import Region
from symphony_model.version import UNVERSIONED
from symphony_model.workflow import Workflow

BLANK = Line(0, ())

GLOSSES = {
    ("until", "body"): "in each round",
    ("until", "again"): "before the next round",
    ("until", "done"): "when it ends",
    ("until", "else"): "when the rounds are over",
}
"""When the regions of a loop run, which their names do not say."""


def workflow_lines(workflow: Workflow, config: PrettyConfig) -> Iterator[Line]:
    bodies = Bodies(workflow)
    steps = Steps(bodies, config)
    yield Line(0, (Part("workflow ", "word"), Part(title(workflow), "name")))
    yield from _about(workflow, config)
    yield from _ends("inputs", bodies.inputs, steps)
    yield from _ends("outputs", bodies.outputs, steps)
    yield from Walk(bodies, steps).lines()


def summary(workflow: Workflow) -> Iterator[Part]:
    """A workflow on one line: its name, how large it is, what it takes and gives."""
    bodies = Bodies(workflow)
    yield Part(title(workflow), "name")
    yield Part(f"  {size(bodies)}  ", "quiet")
    for sign, ends in (("", bodies.inputs), (" → ", bodies.outputs)):
        yield Part(f"{sign}(", "quiet")
        yield Part(", ".join(f"{own_name(node)}: {type_text(node.port.data_type)}" for node in ends))
        yield Part(")", "quiet")


def title(workflow: Workflow) -> str:
    return workflow.name if workflow.version == UNVERSIONED else f"{workflow.name} {workflow.version}"


def size(bodies: Bodies) -> str:
    """How many steps there are, those in blocks counted, and in how many levels those of the workflow itself stand."""
    steps = sum(len(bodies.units(body)) for body in bodies.bodies())
    levels = max((unit.level or 0 for unit in bodies.units(None)), default=0)
    return f"{counted(steps, 'step')} in {counted(levels, 'level')}" if levels else counted(steps, "step")


def counted(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _about(workflow: Workflow, config: PrettyConfig) -> Iterator[Line]:
    if workflow.description:
        yield from prose(workflow.description, 1)
    settings = " · ".join(settings_texts(workflow.settings))
    if settings:
        yield Line(1, (Part(settings, "quiet"),), wraps=True)
    if config.show_metadata:
        yield from about_workflow(workflow, 1)


def _ends(heading: str, ends: Sequence[InputNode | OutputNode], steps: Steps) -> Iterator[Line]:
    """What a workflow takes or gives."""
    if not ends:
        return
    yield BLANK
    yield Line(0, (Part(heading, "word"),))
    for node, line in zip(ends, steps.ends(ends), strict=True):
        yield line
        if steps.config.show_metadata:
            yield from about_node(node, 2)


@frozen
class Place:
    """Something that is shown next; `around` is how many blocks it lies in."""

    depth: int
    around: int
    what: Unit | Arm | Line
    number: str = ""
    of: Unit | None = None


class Walk:
    """What stands in what: steps, their arms, and the steps in these."""

    def __init__(self, bodies: Bodies, steps: Steps) -> None:
        self.bodies = bodies
        self.steps = steps
        self.config = steps.config
        self.seen: set[str | None] = set()

    def lines(self) -> Iterator[Line]:
        if not any(self.bodies.bodies()) and not self.bodies.units(None):
            return
        yield BLANK
        yield Line(0, (Part("steps", "word"), Part(f"  {self._size()}", "quiet")))
        yield from self._walked(self._body(None, 1, 0))
        yield from self._unreached()

    def _size(self) -> str:
        levels = [unit.level for unit in self.bodies.units(None)]
        hint = "; those of one number may run at once" if len(set(levels)) < len(levels) else ""
        return size(self.bodies).replace(" steps", "") + hint

    def block(self, unit: Unit, depth: int) -> Iterator[Line]:
        """What stands in a block."""
        return self._walked(self._inner(Place(depth - 1, -1, unit), unit))

    def _unreached(self) -> Iterator[Line]:
        """What stands in regions that nothing opens, so that a graph that is broken can be seen."""
        for body in list(self.bodies.bodies()):
            if body not in self.seen and self.config.max_depth is None:
                yield BLANK
                yield Line(0, (Part(f"in {body}, which nothing opens", "wrong"),))
                yield from self._walked(self._body(body, 1, 0))

    def _walked(self, first: Iterable[Place]) -> Iterator[Line]:
        rest = [*first][::-1]
        while rest:
            place = rest.pop()
            if isinstance(place.what, Line):
                yield place.what
                continue
            shown, inner = (
                self._unit(place, place.what) if isinstance(place.what, Unit) else self._arm(place, place.what)
            )
            yield from shown
            rest.extend(reversed(list(inner)))

    def _body(self, region: str | None, depth: int, around: int) -> list[Place]:
        if region in self.seen:
            return []
        self.seen.add(region)
        units = self.bodies.units(region)
        width = max((len(str(unit.level or "?")) for unit in units), default=0)
        numbers = (f"{unit.level or '?':>{width}} " if len(units) > 1 else "" for unit in units)
        return [Place(depth, around, unit, number) for unit, number in zip(units, numbers, strict=True)]

    # ---- steps ----

    def _unit(self, place: Place, unit: Unit) -> tuple[Iterator[Line], Iterable[Place]]:
        closed = self.config.max_depth is not None and place.around >= self.config.max_depth
        inner: Iterable[Place] = () if closed else self._inner(place, unit)
        return self._shown(place, unit, closed=closed), inner

    def _shown(self, place: Place, unit: Unit, *, closed: bool) -> Iterator[Line]:
        head = self.steps.head(unit, place.number)
        hidden = sum(len(self.bodies.units(arm.region.path)) for arm in unit.arms if arm.region) if closed else 0
        more = (Part(f"  … {counted(hidden, 'step')}", "quiet"),) if hidden else ()
        yield Line(place.depth, (*head, *more))
        yield from self.steps.details(unit, place.depth + 2)
        if self.config.show_metadata:
            yield from about_node(unit.node, place.depth + 2)

    def _inner(self, place: Place, unit: Unit) -> Iterator[Place]:
        mode = _mode(unit)
        for arm in unit.arms:
            if arm.region and is_alone(mode):
                yield from self._body(arm.region.path, place.depth + 1, place.around + 1)
                yield from self._given(unit, arm.region, place.depth + 1)
            else:
                yield Place(place.depth + 1, place.around + 1, arm, of=unit)

    # ---- arms ----

    def _arm(self, place: Place, arm: Arm) -> tuple[Iterator[Line], Iterable[Place]]:
        inner: list[Place] = []
        if arm.region:
            inner = self._body(arm.region.path, place.depth + 1, place.around)
        if arm.region and place.of:
            inner += self._given(place.of, arm.region, place.depth + 1)
        return iter([Line(place.depth, (*self._title(place, arm), *self._nothing(inner)))]), inner

    def _title(self, place: Place, arm: Arm) -> Iterator[Part]:
        is_catch = place.of and _mode(place.of) == "try" and arm.name != BODY
        yield Part(f"{arm.name} error" if is_catch else arm.name, "word")
        gloss = GLOSSES.get((_mode(place.of), arm.name)) if place.of else None
        if gloss:
            yield Part(f"  {gloss}", "quiet")
        if arm.condition:
            yield Part(" when ", "quiet")
            yield Part(arm.condition.source)

    def _nothing(self, inner: Sequence[Place]) -> Iterator[Part]:
        if not inner:
            yield Part("  nothing", "quiet")

    def _given(self, unit: Unit, region: Region, depth: int) -> list[Place]:
        """What leaves a region where it is no step of its own."""
        port = value_port(_mode(unit), region.name)
        if unit.closer is None or port is None:
            return []
        edges = self.bodies.incoming[unit.closer.base.id]
        given = [edge for edge in edges if isinstance(edge, DataEdge) and edge.target_port == port]
        told = (edge for edge in given if self._is_reference(edge))
        word = port if port in WORDS else "yield"
        return [
            Place(depth, 0, Line(depth, (Part(word, "word"), Part(f" {self.steps.names.flow(edge)}")))) for edge in told
        ]

    def _is_reference(self, edge: DataEdge) -> bool:
        return self.steps.names.at(edge.source_node) not in WORDS


def _mode(unit: Unit) -> str:
    return unit.node.config.mode if isinstance(unit.node, ControlNode) else ""
