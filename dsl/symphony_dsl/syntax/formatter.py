"""The canonical text of a file. It is written only if it means what was there and keeps every comment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from symphony_dsl.base.span import Span
from symphony_dsl.expressions.layout import Doc, Group, Renderer
from symphony_dsl.expressions.words import as_name
from symphony_dsl.syntax import tree
from symphony_dsl.syntax.compare import comments, declarations
from symphony_dsl.syntax.parser import parse_file
from symphony_dsl.syntax.statement_printer import StatementPrinter

if TYPE_CHECKING:
    from collections.abc import Callable

WIDTH = 100
TOGETHER = (tree.Import, tree.Const, tree.Alias)
"""Declarations of one line that may follow their like without a blank line between."""

ROUNDS = 8


class CannotFormat(Exception):  # noqa: N818 - the name that the other rooms know it by
    """A file that is left as it is, and why."""


def format_file(file: tree.File) -> str:
    """The canonical text of a file, with LF and a line break at its end. Raises CannotFormat."""
    if file.broken:
        raise CannotFormat(f"{file.path} has mistakes; the formatter leaves it as it is until `wf check` finds none")
    text, again = _settled(file)
    if again.broken or declarations(again) != declarations(file) or comments(again) != comments(file):
        raise CannotFormat(f"{file.path} would not mean the same after formatting; it is left as it is; this is a bug")
    return text


def _settled(file: tree.File) -> tuple[str, tree.File]:
    """The text that formatting leaves as it is: a comment in an odd place may move on more than once."""
    text = _text(file)
    again = parse_file(file.path, text)
    for _ in range(ROUNDS if comments(file) else 0):
        following = _text(again)
        if following == text:
            break
        text, again = following, parse_file(file.path, following)
    return text, again


def _text(file: tree.File) -> str:
    edition = file.pragma.edition if file.pragma else ""
    parts = [*_head(file), f"wf {edition}\n"]
    before: tree.Island | None = None
    for island in file.islands:
        printed = Renderer(WIDTH).render(_DeclarationPrinter(island.text, island.comments).island(island))
        parts += ["" if before and _together(before, island) else "\n", printed, "\n"]
        before = island
    return "".join(parts)


def _head(file: tree.File) -> list[str]:
    """The comments above the edition, as they are."""
    head = file.text[: file.pragma.span.start] if file.pragma else ""
    return [f"{line.strip()}\n" for line in head.split("\n") if line.strip()]


def _together(before: tree.Island, island: tree.Island) -> bool:
    kind = type(island.declaration)
    same = isinstance(island.declaration, TOGETHER) and type(before.declaration) is kind
    return same and not island.text.startswith("\n")


class _DeclarationPrinter(StatementPrinter):
    def island(self, island: tree.Island) -> Doc:
        """The declaration of an island with the comments around it."""
        nodes = [island.declaration] if island.declaration else []
        return self.items(self.lines, nodes, self.declaration, Span(0, len(island.text)))

    def declaration(self, node: tree.Declaration) -> Doc:
        return self.led(node.lead, _DECLARATIONS[type(node)](self, node), apart=not isinstance(node, tree.Alias))

    def import_(self, node: tree.Import) -> Doc:
        version = f' version "{self.piece(node.version)}"' if node.version is not None else ""
        head = f'import "{self.piece(node.source)}"{version} '
        if node.alias:
            return [head, "as ", self.name_of(node.alias)]
        span = self.braces_of(node.source_span.end, node.span)
        return [head, Group(self.items(self.braces, node.names, self.import_name, span, comma=","))]

    def import_name(self, node: tree.ImportName) -> Doc:
        alias: Doc = [" as ", self.name_of(node.alias)] if node.alias else ""
        return [as_name(node.name.name), alias]

    def record(self, node: tree.Record) -> Doc:
        span = self.braces_of(node.name.span.end, node.span)
        return Group(["record ", self.name_of(node.name), " ", self.items(self.braces, node.fields, self.param, span)])

    def enum(self, node: tree.Enum) -> Doc:
        span = self.braces_of(node.name.span.end, node.span)
        return Group(
            ["enum ", self.name_of(node.name), " ", self.items(self.braces, node.values, self.enum_value, span)]
        )

    def enum_value(self, node: tree.EnumValue) -> Doc:
        wire = f' = "{self.piece(node.wire)}"' if node.wire is not None else ""
        return self.led(node.lead, [self.name_of(node.name), wire])

    def alias(self, node: tree.Alias) -> Doc:
        return ["type ", self.name_of(node.name), " = ", self.type(node.type)]

    def const(self, node: tree.Const) -> Doc:
        return ["const ", self.name_of(node.name), self.typed(node.type), self.default(node.value)]

    def policy(self, node: tree.Policy) -> Doc:
        return ["policy ", self.name_of(node.name), " ", self.block(node.block)]

    def callable(self, node: tree.Callable) -> Doc:
        effect = f"{node.effect} " if node.effect else ""
        docs: list[Doc] = [f"{effect}{node.kind} ", self.name_of(node.name), self.all_parameters(node)]
        if node.result is not None:
            docs += [" -> ", self.type(node.result)]
        return [*docs, " ", self.block(node.block)]

    def all_parameters(self, node: tree.Callable | tree.Template) -> Doc:
        start = node.name.span.end
        end = node.parameters[-1].span.end if node.parameters else start
        return self.parameters(node.parameters, Span(start, self._text.find(")", end)))

    def workflow(self, node: tree.Workflow) -> Doc:
        return ["workflow ", self.name_of(node.name), _version(node.version), " ", self.whole(node.body)]

    def instance(self, node: tree.Instance) -> Doc:
        return ["workflow ", self.name_of(node.name), _version(node.version), " = ", self.doc(node.call)]

    def template(self, node: tree.Template) -> Doc:
        head: Doc = ["template ", self.name_of(node.name), _version(node.version), " " if node.version else ""]
        return [head, self.all_parameters(node), " ", self.whole(node.body)]

    def whole(self, body: tree.Body) -> Doc:
        """The body of a workflow: a statement a line."""
        return self.arm_body(body, spread=True)

    def test(self, node: tree.Test) -> Doc:
        workflow = ".".join(as_name(part.name) for part in node.workflow)
        span = self.braces_of(node.workflow[-1].span.end, node.span)
        head = f'test "{self.piece(node.title)}" for {workflow} '
        return [head, self.items(self.spread_out, node.statements, self.test_statement, span)]

    def test_statement(self, node: tree.Given | tree.Mock | tree.Expect) -> Doc:
        match node:
            case tree.Given():
                return ["given ", self.name_of(node.name), ": ", self.doc(node.value)]
            case tree.Mock():
                value = self.fail(node.value) if isinstance(node.value, tree.Fail) else self.doc(node.value)
                return ["mock ", self.path(node.path), " => ", value]
        return ["expect ", self.doc(node.condition)]


def _version(version: str | None) -> str:
    return f" {version}" if version is not None else ""


_DECLARATIONS: dict[type, Callable[[_DeclarationPrinter, Any], Doc]] = {
    tree.Import: _DeclarationPrinter.import_,
    tree.Record: _DeclarationPrinter.record,
    tree.Enum: _DeclarationPrinter.enum,
    tree.Alias: _DeclarationPrinter.alias,
    tree.Const: _DeclarationPrinter.const,
    tree.Policy: _DeclarationPrinter.policy,
    tree.Callable: _DeclarationPrinter.callable,
    tree.Workflow: _DeclarationPrinter.workflow,
    tree.Instance: _DeclarationPrinter.instance,
    tree.Template: _DeclarationPrinter.template,
    tree.Test: _DeclarationPrinter.test,
    tree.Defaults: _DeclarationPrinter.defaults,
}
