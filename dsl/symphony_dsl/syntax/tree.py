"""The tree of a `.wf` file: what was written, in order, with its places.

Spans are relative to the island (the top-level declaration) that a node stands in; `Island.start` makes them absolute.
Together with the list of comments the tree is lossless up to layout: the formatter prints from it.
Nodes compare by identity; `symphony_dsl.syntax.compare` compares trees without their spans.
"""

from __future__ import annotations

from typing import TypeAlias

from symphony_dsl.base.diagnostic import Diagnostic, Severity
from symphony_dsl.base.frozen import frozen, node
from symphony_dsl.base.span import Span
from symphony_dsl.expressions.tree import Argument, Call, Expr


@node
class Ident:
    """A name where it is written."""

    span: Span
    name: str


@node
class Annotation:
    """`@name(arguments)`; `arguments` is None where there are no parentheses."""

    span: Span
    name: Ident
    arguments: tuple[Argument, ...] | None


@node
class Lead:
    """What stands in front of a declaration, statement, field, parameter, enum value, arm or branch."""

    doc: str | None = None  # the text of its `///` lines, without slashes, joined by line breaks
    annotations: tuple[Annotation, ...] = ()
    doc_start: int | None = None  # where the first of those lines starts


NO_LEAD = Lead()

# ---- types ----


@node
class NamedTypeRef:
    """`string`, `Ticket`, `types.Ticket`, `map<T>` (then `argument` is T)."""

    span: Span
    names: tuple[Ident, ...]
    argument: TypeRef | None = None


@node
class ListTypeRef:
    span: Span
    item: TypeRef


@node
class OptionalTypeRef:
    span: Span
    item: TypeRef


@node
class RecordTypeRef:
    span: Span
    fields: tuple[Param, ...]


@node
class FunctionTypeRef:
    span: Span
    parameters: tuple[Param, ...]
    result: TypeRef


TypeRef: TypeAlias = "NamedTypeRef | ListTypeRef | OptionalTypeRef | RecordTypeRef | FunctionTypeRef"


@node
class Param:
    """A parameter of a callable or template, or a field of a record."""

    span: Span
    lead: Lead
    name: Ident
    type: TypeRef
    default: Expr | None


# ---- settings ----


@node
class Setting:
    span: Span
    name: Ident
    value: Expr


@node
class Block:
    """`{ name: value … }`: settings of a call, a callable, a policy, `defaults`."""

    span: Span
    settings: tuple[Setting, ...]


# ---- values: what may stand right of `=`, after `yield`, in an arm or branch ----


@node
class Node:
    """An expression or a call, with the settings of the call. Which of both it is, resolution decides."""

    span: Span
    expr: Expr
    settings: Block | None = None


@node
class Body:
    """`{ statements }`. `lost`: some of them could not be read."""

    span: Span
    statements: tuple[Statement, ...]
    lost: bool = False


@node
class IfArm:
    span: Span
    condition: Expr
    body: Body


@node
class If:
    """`if … else if … else …`; `settings` of every control block are those of its `with`."""

    span: Span
    arms: tuple[IfArm, ...]
    otherwise: Body | None
    settings: Block | None = None


@node
class Pattern:
    """An atom of a pattern: a word (`name`) or a literal (`literal`), never both."""

    span: Span
    name: str | None
    literal: Expr | None = None


@node
class MatchArm:
    """`patterns` is None for `else`."""

    span: Span
    lead: Lead
    patterns: tuple[Pattern, ...] | None
    value: Body | Node | Fail


@node
class Match:
    span: Span
    subject: Expr
    arms: tuple[MatchArm, ...]
    settings: Block | None = None


@node
class For:
    """`for [key,] item in items [parallel [limit]]`. `limit` is None where `parallel` has no number."""

    span: Span
    key: Ident | None
    item: Ident
    items: Expr
    parallel: bool
    limit: Expr | None
    body: Body
    settings: Block | None = None


@node
class Loop:
    span: Span
    variable: Ident | None
    variable_type: TypeRef | None
    initial: Expr | None
    maximum: Expr | None
    every: Expr | None
    body: Body
    otherwise: Body | None
    settings: Block | None = None


@node
class Branch:
    span: Span
    lead: Lead
    name: Ident
    value: Body | Node


@node
class Parallel:
    """`parallel all { … }`, or `parallel first [count] { … }`."""

    span: Span
    first: bool
    count: int | None
    branches: tuple[Branch, ...]
    settings: Block | None = None


@node
class Catch:
    """`catch e: timeout | no_url { … }`; no codes means every failure; `body` is empty for `{ }`."""

    span: Span
    name: Ident
    codes: tuple[Ident, ...]
    body: Body


@node
class Try:
    span: Span
    body: Body | Node
    catches: tuple[Catch, ...]
    settings: Block | None = None


Control: TypeAlias = "If | Match | For | Loop | Parallel | Try"
Value: TypeAlias = "Node | If | Match | For | Loop | Parallel | Try"

# ---- statements ----


@node
class Input:
    span: Span
    lead: Lead
    name: Ident
    type: TypeRef
    default: Expr | None


@node
class Output:
    """`output name[: type] [= value]`; without a value it stands for the step of that name."""

    span: Span
    lead: Lead
    name: Ident
    type: TypeRef | None
    value: Expr | None


@node
class After:
    span: Span
    name: Ident
    priority: int | None


@node
class Step:
    """`step name[: type] = value [after …]`, or without a name (then it stands in line)."""

    span: Span
    lead: Lead
    name: Ident | None
    type: TypeRef | None
    value: Value
    after: tuple[After, ...] = ()


@node
class Yield:
    span: Span
    lead: Lead
    value: Value


@node
class Next:
    span: Span
    lead: Lead
    value: Value


@node
class Until:
    span: Span
    lead: Lead
    condition: Expr


@node
class Require:
    span: Span
    lead: Lead
    condition: Expr
    otherwise: Expr


@node
class Fail:
    span: Span
    lead: Lead
    value: Expr


@node
class Finally:
    span: Span
    lead: Lead
    body: Body


@node
class Defaults:
    """`defaults { … }`, in a body or at the top of a file."""

    span: Span
    lead: Lead
    block: Block


@node
class Settings:
    span: Span
    lead: Lead
    block: Block


@node
class Place:
    span: Span
    path: tuple[Ident, ...]
    value: Expr


@node
class Layout:
    span: Span
    lead: Lead
    places: tuple[Place, ...]


Statement: TypeAlias = (
    "Input | Output | Step | Yield | Next | Until | Require | Fail | Finally | Defaults | Settings | Layout"
)

# ---- declarations ----


@node
class Pragma:
    """`wf 1.0`."""

    span: Span
    edition: str


@node
class ImportName:
    span: Span
    name: Ident
    alias: Ident | None


@node
class Import:
    """`import "source" [version "…"] { names }` or `… as alias`; exactly one of `names` and `alias`."""

    span: Span
    lead: Lead
    source: str
    source_span: Span
    version: str | None
    version_span: Span | None
    alias: Ident | None
    names: tuple[ImportName, ...]


@node
class Record:
    span: Span
    lead: Lead
    name: Ident
    fields: tuple[Param, ...]


@node
class EnumValue:
    """`name` or `name = "wire name"`."""

    span: Span
    lead: Lead
    name: Ident
    wire: str | None


@node
class Enum:
    span: Span
    lead: Lead
    name: Ident
    values: tuple[EnumValue, ...]


@node
class Alias:
    """`type Name = …`."""

    span: Span
    lead: Lead
    name: Ident
    type: TypeRef


@node
class Const:
    span: Span
    lead: Lead
    name: Ident
    type: TypeRef | None
    value: Expr


@node
class Policy:
    span: Span
    lead: Lead
    name: Ident
    block: Block


@node
class Callable:
    """An instrument or operator: `[effect] kind name(parameters) [-> result] { settings }`."""

    span: Span
    lead: Lead
    effect: str | None  # pure, repeatable, once
    kind: str  # instrument, operator
    name: Ident
    parameters: tuple[Param, ...]
    result: TypeRef | None
    block: Block


@node
class Workflow:
    span: Span
    lead: Lead
    name: Ident
    version: str | None
    body: Body


@node
class Instance:
    """`workflow name 1.0.0 = template(arguments)`."""

    span: Span
    lead: Lead
    name: Ident
    version: str | None
    template: tuple[Ident, ...]
    call: Call


@node
class Template:
    span: Span
    lead: Lead
    name: Ident
    version: str | None
    parameters: tuple[Param, ...]
    body: Body


@node
class Given:
    span: Span
    name: Ident
    value: Expr


@node
class Mock:
    span: Span
    path: tuple[Ident, ...]
    value: Expr | Fail


@node
class Expect:
    span: Span
    condition: Expr


@node
class Test:
    span: Span
    lead: Lead
    title: str
    workflow: tuple[Ident, ...]
    statements: tuple[Given | Mock | Expect, ...]


Declaration: TypeAlias = (
    "Import | Record | Enum | Alias | Const | Policy | Callable | Workflow | Instance | Template | Test | Defaults"
)

# ---- files ----


@frozen
class Comment:
    """A `//` comment, from its slashes to the end of its line; the span is relative to the island.

    `///` lines are here only where they stand in front of nothing that can have documentation.
    """

    span: Span
    text: str


@node
class Island:
    """A top-level declaration and the comments in it and directly above it: the unit of recovery and of caching.

    `declaration` is None where nothing could be made of the text. `diagnostics` are those of reading it, with absolute
    locations. A declaration may be there although diagnostics are: the statements that could be read. `lost` are the names
    that what could not be read may have defined, so that nobody reports those as unknown.
    """

    start: int
    text: str
    declaration: Declaration | None
    comments: tuple[Comment, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
    lost: frozenset[str] = frozenset()


@node
class File:
    """A parsed file. `pragma` spans are absolute."""

    path: str
    text: str
    pragma: Pragma | None
    islands: tuple[Island, ...]
    diagnostics: tuple[Diagnostic, ...] = ()  # of the file itself: edition, encoding

    @property
    def broken(self) -> bool:
        """Whether any part of the text could not be read; a warning does not count."""
        return any(diagnostic.severity is Severity.ERROR for diagnostic in self.all_diagnostics)

    @property
    def all_diagnostics(self) -> tuple[Diagnostic, ...]:
        """Those of the file and of its islands, in the order of the text."""
        return (*self.diagnostics, *(found for island in self.islands for found in island.diagnostics))
