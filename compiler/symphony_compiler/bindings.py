"""The values that a body can name, and what a name stands for in the graph."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.span import Span
from symphony_dsl.base.types import Constraint, Type
from symphony_model.ids import NodeId, node_id, workflow_id
from symphony_model.run_names import RUN, RUN_FACTS

Path = tuple[str, ...]
"""A name and the fields behind it: `kind.label` is `("kind", "label")`."""


OWN = node_id(workflow_id(""), "")
"""Stands for "the node itself" where an expression is over its own ports."""


@frozen
class Port:
    """Where data come from."""

    node: NodeId
    name: str
    type: Type


@dataclass(slots=True, eq=False)
class Binding:
    """A value's name.

    `ports` has a single port under "", or one per field. `type` is that of the whole value; None where there is none.
    `node` is what `after` waits for. `constraints` are those that stand where the name is defined.
    """

    name: str
    what: str  # input, step, variable, fact; ended: a step that is seen from a `finally`
    span: Span
    type: Type | None
    ports: dict[str, Port]
    is_record: bool = False
    node: NodeId | None = None
    quiet: bool = False  # nobody minds that it is not used
    used: bool = False
    constraints: tuple[Constraint, ...] = ()


@dataclass(slots=True, eq=False)
class Frame:
    """The names of a body. `later` are those that its statements define further below; `narrowed` are the paths that
    have been tested.

    `view` is how names from further outside are seen here, and `viewed` are those that have been. Who sees them so does not
    know what has been tested there: that may be what failed.
    """

    parent: Frame | None = None
    names: dict[str, Binding] = field(default_factory=dict)
    later: dict[str, Span] = field(default_factory=dict)
    narrowed: set[Path] = field(default_factory=set)
    view: Callable[[Binding], Binding] | None = None
    viewed: dict[str, Binding] = field(default_factory=dict)

    def chain(self) -> Iterator[Frame]:
        frame: Frame | None = self
        while frame is not None:
            yield frame
            frame = frame.parent

    def find(self, name: str) -> Binding | None:
        views: list[Frame] = []
        for frame in self.chain():
            if name in frame.names:
                return _seen(frame.names[name], views)
            if frame.view is not None:
                views.append(frame)
        return None

    def defined_below(self, name: str) -> Span | None:
        return next((frame.later[name] for frame in self.chain() if name in frame.later), None)

    def is_narrowed(self, path: Path) -> bool:
        for frame in self.chain():
            if path in frame.narrowed:
                return True
            if frame.view is not None:
                return False
        return False

    def every_name(self) -> list[str]:
        return [name for frame in self.chain() for name in frame.names]


def _seen(binding: Binding, views: list[Frame]) -> Binding:
    """A name as it is seen through frames, the outermost first."""
    for frame in reversed(views):
        if binding.name not in frame.viewed:
            assert frame.view is not None, "only frames with a view are asked"
            frame.viewed[binding.name] = frame.view(binding)
        binding = frame.viewed[binding.name]
    return binding


def workflow_frame() -> Frame:
    """What a body can name from the start: the facts of its run, which come by no port."""
    return Frame(names={RUN: Binding(RUN, "fact", Span(0, 0), RUN_FACTS, {})})


def fields(paths: frozenset[Path]) -> frozenset[Path]:
    """The paths that are made of fields only: a value behind a key in brackets stays as it is."""
    return frozenset(path for path in paths if not any(step.startswith("[") for step in path))
