"""The workflows of plans: sound graphs with blocks in blocks, nodes and edges declared in any order."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hypothesis import strategies as st
from tests.model.generators.nested_nodes import (
    ENDS,
    ITEMS,
    NAME,
    TEXT,
    Source,
    base,
    closing,
    made,
    nid,
    opener_of,
    port,
    ports_for,
    result_of,
    written,
)
from tests.model.generators.nested_sheet import Sheet
from tests.model.generators.plans import FINALLY, FORMS, Block, Body, Step, bodies
from tests.model.generators.shapes import SWAPS, Swaps, swapped

from symphony_dsl.base.types import BOOL, STRING, ListType, Type, optional
from symphony_model.block_forms import FAILURE
from symphony_model.nodes import ControlConfig, ControlNode, InputNode, OutputNode
from symphony_model.region import Region
from symphony_model.workflow import Workflow

Scope = list[Source]


@dataclass
class Maker(Sheet):
    steps: int = 0

    def body(self, region: str | None, statements: Body, scope: Scope) -> Scope:
        """What the statements give, the last of them last. What a body defines is seen below it, within it."""
        given, above = Scope(), ""
        for statement in statements:
            if isinstance(statement, Block) and statement.form == FINALLY:
                self.final(region, statement, scope, given)
                break
            path = self.fresh(region)
            given += self.statement(path, region, statement, [*scope, *given])
            if isinstance(statement, Block) and statement.follows and above:
                self.control(above, opener_of(path, statement.form))
            above = path
        return given

    def fresh(self, region: str | None) -> str:
        self.steps += 1
        return f"{region}/s{self.steps}" if region else f"s{self.steps}"

    def statement(self, path: str, region: str | None, statement: Step | Block, scope: Scope) -> Scope:
        if isinstance(statement, Step):
            return self.step(path, region, statement, scope)
        make = self.loop if statement.form == "until" else self.block
        return make(path, region, statement, scope)

    def step(self, path: str, region: str | None, step: Step, scope: Scope) -> Scope:
        """At the top a step reads something, so that it is not alone."""
        read = chosen(step.reads or (() if region else (0,)), scope)
        node = made(step.kind, base(path, region), ports_for(read))
        self.put(node)
        self.feed(path, read)
        return [Source(path, "result", port.data_type) for port in node.outputs]

    # ---- blocks ----

    def block(self, path: str, region: str | None, block: Block, scope: Scope) -> Scope:
        given = self.open(path, region, block, scope)
        values: dict[str, Source] = {}
        for name, statements in zip(block.named, block.arms, strict=True):
            seen = [] if (block.form, name) == ("try", "body") else given
            found = self.body(self.arm(path, region, block.form, name), statements, [*scope, *seen])
            if found and (block.form == "all" or not values or found[-1].type == next(iter(values.values())).type):
                values[name] = found[-1]
        return self.close(path, region, block.form, values)

    def open(self, path: str, region: str | None, block: Block, scope: Scope) -> Scope:
        """The opening node, and what it gives to what stands in its block."""
        read, given = chosen(block.reads, scope), dict[str, Type]()
        if block.form == "each":
            lists = [(source, source.type.item) for source in scope if isinstance(source.type, ListType)]
            items, item = lists[-1]
            read, given = [items], {"item": item}
        elif block.form == "try":
            given = {"error": FAILURE}
        config = ControlConfig(block.form, count=1 if block.form == "first" and block.follows else None)
        return self.opening(path, region, config, read, given)

    def opening(
        self, path: str, region: str | None, config: ControlConfig, read: Scope, given: dict[str, Type]
    ) -> Scope:
        opener = opener_of(path, config.mode)
        outputs = tuple(port(name, of) for name, of in given.items())
        self.put(ControlNode(base(opener, region), ENDS[config.mode][0], config, ports_for(read), outputs))
        self.feed(opener, read)
        return [Source(opener, name, of) for name, of in given.items()]

    def arm(self, path: str, region: str | None, form: str, name: str) -> str:
        """A region of a block; its path."""
        own = path if name in ("each", FINALLY) else f"{path}:{name}"
        order = FORMS.get(form, (name,)).index(name)
        self.regions.append(Region(own, name, nid(opener_of(path, form)), nid(path), order, region))
        return own

    def close(self, path: str, region: str | None, form: str, values: dict[str, Source]) -> Scope:
        inputs = tuple(port(closing(form, name), of.type, required=False) for name, of in values.items())
        result = result_of(form, values)
        outputs = (port("result", result),) if result else ()
        config = ControlConfig(form, opener=opener_of(path, form))
        self.put(ControlNode(base(path, region), ENDS[form][1], config, inputs, outputs))
        for name, value in values.items():
            self.data(value, path, closing(form, name))
        return [Source(path, "result", each.data_type) for each in outputs]

    # ---- loops, and what ends a body ----

    def loop(self, path: str, region: str | None, block: Block, scope: Scope) -> Scope:
        """`again` and `done` see what the body defines; each region but `else` ends with the node that gives its value."""
        arms = dict(zip(block.named, block.arms, strict=True))
        given = self.rounds(path, region, chosen(block.reads, scope), has_variable="again" in arms)
        body = self.body(self.arm(path, region, "until", "body"), without_finally(arms["body"]), [*scope, *given])
        values = {"body": self.last(f"{path}:body", "until", BOOL)}
        for final in finals(arms["body"]):
            self.final(f"{path}:body", final, [*scope, *given], body)
        for name, word in (("again", "next"), ("done", "yield")):
            if name in arms:
                arm = self.arm(path, region, "until", name)
                self.deciders[arm] = values["body"].path
                self.body(arm, without_finally(arms[name]), [*scope, *given, *body])
                values[name] = self.last(arm, word, STRING)
        if arms.get("else"):
            found = self.body(self.arm(path, region, "until", "else"), arms["else"], [*scope, *given])
            if found and found[-1].type == STRING:
                values["else"] = found[-1]
        return self.close(path, region, "until", values)

    def rounds(self, path: str, region: str | None, read: Scope, *, has_variable: bool) -> Scope:
        """The opening node of a loop."""
        config = ControlConfig("until", maximum=3)
        if not has_variable:
            return self.opening(path, region, config, read, {})
        given = self.opening(path, region, config, read, {"variable": STRING})
        opener = self.nodes[nid(opener_of(path, "until"))]
        assert isinstance(opener, ControlNode)
        self.put(replace(opener, inputs=(*opener.inputs, port("init", STRING))))
        self.data(TEXT, opener.base.path, "init")
        return given

    def last(self, region: str, word: str, of: Type) -> Source:
        """A node that follows all others of a region."""
        path = f"{region}/{word}"
        self.lead_to(path, region)
        self.put(written(base(path, region), "1 < 2" if of == BOOL else '"a"', of))
        return Source(path, "result", of)

    def final(self, region: str | None, block: Block, scope: Scope, given: Scope) -> None:
        """It follows whatever else is last, and sees what may be absent then."""
        path = f"{region}/finally" if region else "finally"
        self.lead_to(opener_of(path, FINALLY), region)
        self.opening(path, region, ControlConfig(FINALLY), [], {})
        maybe = [Source(each.path, each.port, optional(each.type)) for each in given]
        self.body(self.arm(path, region, FINALLY, FINALLY), block.arms[0], [*scope, *maybe])
        self.close(path, region, FINALLY, {})

    def lead_to(self, path: str, region: str | None) -> None:
        for node in self.inside(region):
            if not isinstance(node, InputNode) and not self.leads_on(node):
                self.control(node.base.path, path)


def finals(statements: Body) -> list[Block]:
    return [each for each in statements if isinstance(each, Block) and each.form == FINALLY]


def without_finally(statements: Body) -> Body:
    return tuple(each for each in statements if each not in finals(statements))


def chosen(reads: tuple[int, ...], scope: Scope) -> Scope:
    return [scope[-1 - at % len(scope)] for at in reads]


def nested(plan: Body) -> Workflow:
    """The workflow of a plan, its outer regions first."""
    maker = Maker()
    value = [TEXT, *maker.body(None, plan, [ITEMS, TEXT])][-1]
    maker.put(OutputNode(base("output.all", None), port("input", value.type)))
    maker.data(value, "output.all", "input")
    maker.join()
    regions = tuple(sorted(maker.regions, key=lambda region: region.path.count("/")))
    return Workflow.of(NAME, nodes=maker.nodes.values(), edges=maker.edges.values(), regions=regions)


def reordered(workflow: Workflow, nodes: Swaps, edges: Swaps) -> Workflow:
    """The same workflow, its nodes and edges declared in another order."""
    parts = swapped(workflow.nodes.values(), nodes), swapped(workflow.edges, edges)
    return Workflow.of(workflow.name, nodes=parts[0], edges=parts[1], regions=workflow.regions)


def nested_workflows(forms: tuple[str, ...] = tuple(FORMS)) -> st.SearchStrategy[Workflow]:
    return st.builds(reordered, bodies(forms).map(nested), SWAPS, SWAPS)
