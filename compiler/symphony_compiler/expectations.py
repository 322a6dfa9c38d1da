"""`expect reached(steps.reply.then.yield) && answer.size() > 3` → a condition over what a run made of a workflow.

Needs the graph of the workflow. Guarantees a checked condition over inputs, outputs and questions about steps. What is asked of a step
is a name of its own in the condition, here `step_1`; in messages it is what was written.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from symphony_compiler.bindings import Binding, Frame
from symphony_compiler.callees import calls_inside, replace_calls
from symphony_compiler.chains import prefix
from symphony_compiler.reading import read, text_of
from symphony_compiler.symbols import A_KIND, CallableSymbol
from symphony_compiler.test_parts import Bench, ExpectCase, Question, meant, type_of
from symphony_dsl.base.span import Span
from symphony_dsl.base.types import BOOL, INT, UNKNOWN, Type
from symphony_dsl.expressions.names import mentioned, substitute
from symphony_dsl.expressions.narrowing import path_of
from symphony_dsl.expressions.tree import Call, Expr, Name, Select
from symphony_dsl.expressions.unparse import unparse
from symphony_dsl.expressions.walk import every
from symphony_dsl.syntax.tree import Expect

STEPS = "steps"

ASKED: dict[str, Type] = {"reached": BOOL, "skipped": BOOL, "failed": BOOL, "calls": INT}
"""What can be asked of a step: whether it ran, was passed over, failed; how often it began."""


@dataclass(slots=True)
class Asked:
    """What a condition asks of steps, by the text of the question, and the names that it sees."""

    bench: Bench
    frame: Frame
    questions: dict[str, Question] = field(default_factory=dict)

    def name(self, question: Question, of: Type, node: Expr) -> Name:
        """A name for a question, which is told as it was written."""
        text = unparse(node)
        self.questions[text] = question
        self.frame.names[text] = _binding(self.bench, text, of)
        return Name(node.span, text)


def expectation(bench: Bench, expect: Expect) -> ExpectCase | None:
    site = bench.site
    calls = list(calls_inside(site, expect.condition))
    for call, target in calls:
        site.tainted = True
        if isinstance(target, CallableSymbol):
            message = f"a test calls nothing: `{call.name}` is {A_KIND[target.kind]}, and what a call of it gave is `{STEPS}.name`"
            site.report("WF0401", call.span, message)
    if calls:
        return None
    asked = Asked(bench, _frame(bench))
    reading = read(site, asked.frame, _asked(asked, expect.condition), BOOL)
    if not reading.sound:
        return None
    short = _short_names(asked)
    closed = substitute(reading.expr, lambda part: _renamed(part, short))
    questions = {short[text]: question for text, question in asked.questions.items()}
    types = {short.get(each.binding.name, each.binding.name): each.binding.type or UNKNOWN for each in reading.mentions}
    return ExpectCase(text_of(site, reading, closed), types, questions, site.location(expect.span).span.start)


def _frame(bench: Bench) -> Frame:
    """Inputs and outputs; of an input and an output of one name the output is meant."""
    ports = {each.name: each.type for each in bench.symbol.parameters}
    ports |= {each.name: each.type for each in bench.symbol.outputs}
    return Frame(names={name: _binding(bench, name, of) for name, of in ports.items()})


def _binding(bench: Bench, name: str, of: Type) -> Binding:
    """It comes by no port: a condition of a test is no node."""
    return Binding(name, "input", bench.symbol.location.span, of, {})


def _short_names(asked: Asked) -> dict[str, str]:
    made: dict[str, str] = {}
    for number, text in enumerate(asked.questions, 1):
        name = f"step_{number}"
        while name in asked.frame.names:
            name += "_"
        made[text] = name
    return made


def _renamed(part: Expr, names: dict[str, str]) -> Expr | None:
    return Name(part.span, names[part.name]) if isinstance(part, Name) and part.name in names else None


# ---- questions ----


def _asked(asked: Asked, expr: Expr) -> Expr:
    """The condition with names for what it asks of steps."""
    calls = [each for each, _ in every(expr) if isinstance(each, Call) and each.target is None and each.name in ASKED]
    made: dict[Expr, Expr] = {call: _question(asked, call) for call in calls}
    inside = {id(part) for call in calls for part, _ in every(call)}
    for path, node in mentioned(expr):
        if id(node) in inside:
            continue
        if path[0] == STEPS:
            made[node] = _value(asked, path, node)
        elif asked.frame.find(path[0]) is None and path[0] in asked.bench.nodes:
            made[node] = _bare_step(asked, path[0], node)
    return replace_calls(expr, made) if made else expr


def _bare_step(asked: Asked, name: str, node: Expr) -> Expr:
    site = asked.bench.site
    start = node.span._replace(end=node.span.start)
    fix = site.reporter.replacement(f"write `{STEPS}.{name}`", start, f"{STEPS}.")
    message = f"`{name}` is a step; here it is `{STEPS}.{name}`, beside the inputs and outputs"
    site.report("WF0420", node.span, message, fixes=[fix])
    return asked.name(Question("value", name), UNKNOWN, node)


def _question(asked: Asked, call: Call) -> Expr:
    of, bench = ASKED[call.name], asked.bench
    step = call.arguments[0].value if len(call.arguments) == 1 and call.arguments[0].name is None else None
    path = path_of(step) if step is not None else None
    if step is None or path is None or path[0] != STEPS or len(path) == 1:
        message = f"`{call.name}` asks about one step: `{call.name}({STEPS}.name)`"
        bench.site.report("WF0420", call.span, message)
        return asked.name(Question(call.name, ""), of, call)
    wanted = ".".join(path[1:])
    found = bench.nodes.get(wanted)
    if found is None:
        _unknown_step(bench, path, step)
    return asked.name(Question(call.name, found.base.path if found else wanted), of, call)


def _value(asked: Asked, path: tuple[str, ...], node: Expr) -> Expr:
    """The longest beginning of a chain that is a step, and the fields behind it."""
    bench = asked.bench
    for length in range(len(path), 1, -1):
        found = bench.nodes.get(".".join(path[1:length]))
        if found is None:
            continue
        of = type_of(found)
        if of is None:
            bench.site.report(
                "WF0409", node.span, f"`{'.'.join(path[:length])}` has no value; ask whether it was reached"
            )
        made: Expr = asked.name(Question("value", found.base.path), of or UNKNOWN, prefix(node, len(path), length))
        for at in range(length + 1, len(path) + 1):
            part = prefix(node, len(path), at)
            assert isinstance(part, Select)
            made = Select(part.span, made, part.field, part.field_span, part.optional)
        return made
    _unknown_step(bench, path, node)
    return asked.name(Question("value", ""), UNKNOWN, node)


def _unknown_step(bench: Bench, path: tuple[str, ...], node: Expr) -> None:
    site = bench.site
    if bench.graph is None:
        site.tainted = True
        return
    if len(path) == 1:
        site.report("WF0420", node.span, f"`{STEPS}` has a step behind it: `{STEPS}.name`")
        return
    wanted, steps = ".".join(path[1:]), bench.steps()
    message = f"`{bench.symbol.name}` has no step `{wanted}`"
    site.unknown("WF0420", _behind_steps(path, node), message, wanted, steps, meant(wanted, steps))


def _behind_steps(path: tuple[str, ...], node: Expr) -> Span:
    first = prefix(node, len(path), 2)
    return node.span._replace(start=first.field_span.start) if isinstance(first, Select) else node.span
