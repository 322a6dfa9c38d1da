"""Statements, values, settings and types as documents."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from symphony_dsl.base.span import Span
from symphony_dsl.expressions.layout import HARD, LINE, Doc, Group, Nest, Remark, joined
from symphony_dsl.expressions.tree import Binary, Brace, Call, Conditional, Index, Literal, Name, Select
from symphony_dsl.expressions.walk import settle
from symphony_dsl.expressions.words import as_name, as_word
from symphony_dsl.syntax import tree
from symphony_dsl.syntax.compare import yielded_alone
from symphony_dsl.syntax.source_printer import SourcePrinter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from symphony_dsl.expressions.lr import Made
    from symphony_dsl.expressions.tree import Expr
    from symphony_dsl.expressions.walk import Walk


class StatementPrinter(SourcePrinter):
    def items(
        self, form: Callable[..., Walk[Doc]], nodes: Sequence[Made], show: Callable[[Made], Doc], span: Span, **how: str
    ) -> Doc:
        """A list of what is no expression."""

        def shown(node: Made) -> Walk[Doc]:
            yield from ()
            return show(node)

        return settle(form(nodes, shown, span, **how))

    def statement(self, node: tree.Statement) -> Doc:
        return self.led(node.lead, _STATEMENTS[type(node)](self, node))

    def led(self, lead: tree.Lead, doc: Doc, *, apart: bool = False) -> Doc:
        """A node with what stands in front of it: documentation on lines of its own, then annotations."""
        if lead is tree.NO_LEAD:
            return doc
        docs: list[Doc] = [[Remark(f"/// {line}".rstrip()), HARD] for line in _doc_lines(lead)]
        if not lead.annotations:
            return [*docs, doc]
        annotations: list[Doc] = joined([self.annotation(each) for each in lead.annotations], LINE)
        if apart:
            return [*docs, Group(annotations), HARD, doc]
        return [*docs, Group([Group(annotations), LINE, doc])]

    def annotation(self, node: tree.Annotation) -> Doc:
        name = f"@{as_word(node.name.name)}"
        if node.arguments is None:
            return name
        return [name, settle(self.enclosed("()", node.arguments, super().argument, node.span))]

    # ---- statements ----

    def input(self, node: tree.Input) -> Doc:
        return ["input ", self.name_of(node.name), self.typed(node.type), self.default(node.default)]

    def output(self, node: tree.Output) -> Doc:
        return ["output ", self.name_of(node.name), self.typed(node.type), self.default(node.value)]

    def step(self, node: tree.Step) -> Doc:
        head: Doc = "step "
        if node.name is not None:
            head = ["step ", self.name_of(node.name), self.typed(node.type), " = "]
        return [head, self.value(node.value), self.after_names(node.after)]

    def after_names(self, names: tuple[tree.After, ...]) -> Doc:
        docs: list[Doc] = []
        for name in names:
            priority = "" if name.priority is None else f" priority {name.priority}"
            docs.append([*self.before(name.span.start), as_name(name.name.name), priority])
        return Group([" after ", Nest(joined(docs, [",", LINE]))]) if docs else ""

    def yield_(self, node: tree.Yield) -> Doc:
        return ["yield ", self.value(node.value)]

    def next(self, node: tree.Next) -> Doc:
        return ["next ", self.value(node.value)]

    def until(self, node: tree.Until) -> Doc:
        return ["until ", self.doc(node.condition)]

    def require(self, node: tree.Require) -> Doc:
        condition = self.doc(node.condition)
        return Group(["require ", condition, Nest([LINE, "else ", self.doc(node.otherwise)])])

    def fail(self, node: tree.Fail) -> Doc:
        return ["fail ", self.doc(node.value)]

    def finally_(self, node: tree.Finally) -> Doc:
        return Group(["finally ", self.body(node.body)])

    def defaults(self, node: tree.Defaults) -> Doc:
        return ["defaults ", self.block(node.block)]

    def settings(self, node: tree.Settings) -> Doc:
        return ["settings ", self.block(node.block)]

    def layout(self, node: tree.Layout) -> Doc:
        return Group(
            ["layout ", self.items(self.braces, node.places, self.place, self.braces_of(node.span.start, node.span))]
        )

    def place(self, node: tree.Place) -> Doc:
        return [self.path(node.path), ": ", self.doc(node.value)]

    def path(self, path: tuple[tree.Ident, ...]) -> Doc:
        first = self._text[path[0].span.start : path[0].span.end]  # `output` starts a path, and needs no back-quotes
        return ".".join([first, *(as_word(part.name) for part in path[1:])])

    # ---- settings ----

    def block(self, node: tree.Block) -> Doc:
        return Group(self.items(self.braces, node.settings, self.setting, node.span))

    def setting(self, node: tree.Setting) -> Doc:
        return [as_word(node.name.name), ": ", self.doc(node.value)]

    # ---- values ----

    def value(self, node: tree.Value) -> Doc:
        if isinstance(node, tree.Node):
            return self.node(node)
        made = _VALUES[type(node)](self, node)
        return [made, " with ", self.block(node.settings)] if node.settings else made

    def node(self, node: tree.Node) -> Doc:
        return [self.doc(node.expr), " ", self.block(node.settings)] if node.settings else self.doc(node.expr)

    def body(self, node: tree.Body) -> Doc:
        """Statements in braces; more than one are never on one line. The line breaks belong to the group around."""
        if len(node.statements) > 1:
            return self.items(self.spread_out, node.statements, self.statement, node.span)
        return self.items(self.braces, node.statements, self.statement, node.span)

    def inner(self, node: tree.Body | tree.Node | tree.Fail) -> Doc:
        """What may be a body or a value; a body that only yields is its value."""
        if isinstance(node, tree.Fail):
            return self.fail(node)
        if isinstance(node, tree.Node) and _opens_brace(node.expr):
            return Group(["{", Nest([LINE, "yield ", self.node(node)]), LINE, "}"])
        if isinstance(node, tree.Node):
            return self.node(node)
        alone = yielded_alone(node)
        if alone is None or self.pending(node.span.end) or _opens_brace(alone.expr):
            return Group(self.body(node))
        return self.node(alone)

    def if_(self, node: tree.If) -> Doc:
        """All arms are on one line, or none is."""
        bodies = [arm.body for arm in node.arms] + ([node.otherwise] if node.otherwise else [])
        spread = any(len(body.statements) > 1 or self.spread(body.statements, body.span) for body in bodies)
        docs: list[Doc] = []
        for arm in node.arms:
            docs += [" else if " if docs else "if ", self.doc(arm.condition), " ", self.arm_body(arm.body, spread)]
        if node.otherwise:
            docs += [" else ", self.arm_body(node.otherwise, spread)]
        return Group(docs)

    def arm_body(self, body: tree.Body, spread: bool) -> Doc:
        if not spread or not (body.statements or self.pending(body.span.end)):
            return self.body(body)
        return self.items(self.spread_out, body.statements, self.statement, body.span)

    def match(self, node: tree.Match) -> Doc:
        subject = self.doc(node.subject)
        span = self.braces_of(node.subject.span.end, node.span)
        return ["match ", subject, " ", self.items(self.spread_out, node.arms, self.arm, span)]

    def arm(self, node: tree.MatchArm) -> Doc:
        patterns = ["else"] if node.patterns is None else [self.pattern(pattern) for pattern in node.patterns]
        return self.led(node.lead, [_either(patterns), " => ", self.inner(node.value)])

    def pattern(self, node: tree.Pattern) -> Doc:
        return as_name(node.name) if node.name is not None else self.doc(_literal(node))

    def for_(self, node: tree.For) -> Doc:
        names = [self.name_of(name) for name in (node.key, node.item) if name is not None]
        docs: list[Doc] = ["for ", *joined([*names], ", "), " in ", self.doc(node.items)]
        if node.parallel:
            docs += [" parallel", *([" ", self.limit(node.limit)] if node.limit else [])]
        return Group([*docs, " ", self.body(node.body)])

    def loop(self, node: tree.Loop) -> Doc:
        docs: list[Doc] = ["loop "]
        if node.variable and node.initial:
            docs += [self.name_of(node.variable), self.typed(node.variable_type), " = ", self.doc(node.initial), " "]
        for word, limit in (("max ", node.maximum), ("every ", node.every)):
            docs += [word, self.limit(limit), " "] if limit else []
        docs.append(Group(self.body(node.body)))
        return [*docs, " else ", Group(self.body(node.otherwise))] if node.otherwise else docs

    def limit(self, expr: Expr) -> Doc:
        plain = isinstance(expr, Literal) and expr.kind in ("int", "duration") and not str(expr.value).startswith("-")
        return self.doc(expr) if plain or _is_path(expr) else ["(", self.doc(expr), ")"]

    def parallel(self, node: tree.Parallel) -> Doc:
        count = f" {node.count}" if node.count is not None else ""
        head = f"parallel first{count} " if node.first else "parallel all "
        span = self.braces_of(node.span.start, node.span)
        return [head, self.items(self.spread_out, node.branches, self.branch, span)]

    def branch(self, node: tree.Branch) -> Doc:
        return self.led(node.lead, [self.name_of(node.name), ": ", self.inner(node.value)])

    def try_(self, node: tree.Try) -> Doc:
        """The `catch` of a call may go to a line of its own, that of a body follows its brace."""
        tried = self.inner(node.body)
        docs: list[Doc] = []
        for catch in node.catches:
            codes: list[Doc] = [as_name(code.name) for code in catch.codes]
            head: Doc = [f"catch {as_name(catch.name.name)}", [": ", _either(codes)] if codes else "", " "]
            docs.append([*self.before(catch.span.start), head, Group(self.body(catch.body))])
        if isinstance(node.body, tree.Body) and yielded_alone(node.body) is None:
            return ["try ", tried, " ", *joined(docs, " ")]
        return Group(["try ", tried, Nest([LINE, *joined(docs, LINE)])])

    # ---- types ----

    def name_of(self, name: tree.Ident) -> Doc:
        comments = self.before(name.span.start)
        written = f"`{name.name}`" if self._text[name.span.start] == "`" else as_name(name.name)
        return Nest([*comments, written]) if comments else written

    def typed(self, node: tree.TypeRef | None) -> Doc:
        return [": ", self.type(node)] if node is not None else ""

    def default(self, expr: Expr | None) -> Doc:
        return [" = ", self.doc(expr)] if expr is not None else ""

    def type(self, node: tree.TypeRef) -> Doc:
        comments = self.before(node.span.start)
        made = _TYPES[type(node)](self, node)
        return Nest([*comments, made]) if comments else made

    def named_type(self, node: tree.NamedTypeRef) -> Doc:
        name = ".".join(as_name(part.name) for part in node.names)
        return [name, "<", self.type(node.argument), ">"] if node.argument is not None else name

    def list_type(self, node: tree.ListTypeRef) -> Doc:
        return [self.type(node.item), "[]"]

    def optional_type(self, node: tree.OptionalTypeRef) -> Doc:
        return [self.type(node.item), "?"]

    def record_type(self, node: tree.RecordTypeRef) -> Doc:
        return Group(self.items(self.braces, node.fields, self.param, node.span))

    def function_type(self, node: tree.FunctionTypeRef) -> Doc:
        span = Span(
            node.span.start,
            self._text.find(")", node.parameters[-1].span.end) + 1 if node.parameters else node.span.start,
        )
        return [self.parameters(node.parameters, span), " -> ", self.type(node.result)]

    def parameters(self, nodes: Sequence[tree.Param], span: Span) -> Doc:
        return self.items(partial(self.enclosed, "()"), nodes, self.param, span)

    def param(self, node: tree.Param) -> Doc:
        made: Doc = [as_word(node.name.name), self.typed(node.type), self.default(node.default)]
        return self.led(node.lead, made)

    def braces_of(self, start: int, span: Span) -> Span:
        """The place of the braces that end a node, the first behind `start`."""
        return Span(self._text.find("{", start), span.end)


def _either(docs: Sequence[Doc]) -> Doc:
    return Group([docs[0], Nest([[LINE, "| ", doc] for doc in docs[1:]])])


def _doc_lines(lead: tree.Lead) -> list[str]:
    return lead.doc.split("\n") if lead.doc is not None else []


def _literal(node: tree.Pattern) -> Expr:
    assert node.literal is not None, "a pattern is a word or a literal"
    return node.literal


def _opens_brace(expr: Expr) -> bool:
    """Whether the text of an expression starts with a brace, which would open a body where one may stand."""
    while True:
        match expr:
            case Binary(left=first) | Conditional(condition=first) | Select(operand=first) | Index(operand=first):
                expr = first
            case Call(target=Brace() | Binary() | Select() | Index() | Call() as first):
                expr = first
            case _:
                return isinstance(expr, Brace)


def _is_path(expr: Expr) -> bool:
    while isinstance(expr, Select) and not expr.optional:
        expr = expr.operand
    return isinstance(expr, Name) and not expr.absolute


_STATEMENTS: dict[type, Callable[[StatementPrinter, Any], Doc]] = {
    tree.Input: StatementPrinter.input,
    tree.Output: StatementPrinter.output,
    tree.Step: StatementPrinter.step,
    tree.Yield: StatementPrinter.yield_,
    tree.Next: StatementPrinter.next,
    tree.Until: StatementPrinter.until,
    tree.Require: StatementPrinter.require,
    tree.Fail: StatementPrinter.fail,
    tree.Finally: StatementPrinter.finally_,
    tree.Defaults: StatementPrinter.defaults,
    tree.Settings: StatementPrinter.settings,
    tree.Layout: StatementPrinter.layout,
}

_VALUES: dict[type, Callable[[StatementPrinter, Any], Doc]] = {
    tree.If: StatementPrinter.if_,
    tree.Match: StatementPrinter.match,
    tree.For: StatementPrinter.for_,
    tree.Loop: StatementPrinter.loop,
    tree.Parallel: StatementPrinter.parallel,
    tree.Try: StatementPrinter.try_,
}

_TYPES: dict[type, Callable[[StatementPrinter, Any], Doc]] = {
    tree.NamedTypeRef: StatementPrinter.named_type,
    tree.ListTypeRef: StatementPrinter.list_type,
    tree.OptionalTypeRef: StatementPrinter.optional_type,
    tree.RecordTypeRef: StatementPrinter.record_type,
    tree.FunctionTypeRef: StatementPrinter.function_type,
}
