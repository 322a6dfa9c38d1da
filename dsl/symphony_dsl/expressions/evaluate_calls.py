"""Functions, methods and operators of the table at run time.

Where the types are known, a call is its implementation and no more. Where a `json` takes part, the signatures that the
checker left are tried on the values.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from symphony_dsl.base.conform import found
from symphony_dsl.base.flows import flows
from symphony_dsl.base.span import Span
from symphony_dsl.base.types import ListType, MapType, Primitive, Type
from symphony_dsl.base.values import Value
from symphony_dsl.expressions.checker_calls import full_name, namespaced
from symphony_dsl.expressions.compiling import Compiler, Compiling, Frame, Run, data_path
from symphony_dsl.expressions.meter import EvaluationError
from symphony_dsl.expressions.signatures import Choice, FunctionError, fits
from symphony_dsl.expressions.tree import Call, Expr


def compile_function(compiler: Compiler, node: Call) -> Compiling:
    """`name(…)`, `math.name(…)` and `has(…)`."""
    values = [argument.value for argument in node.arguments]
    runs: list[Run] = []
    for value in values:
        runs.append((yield compiler.compile(value)))
    compiler.operations += 1
    if node.target is None and node.name == "has":
        tested = runs[0]
        return lambda frame: tested(frame) is not None
    return call(compiler, node, full_name(node) or node.name, values, runs)


def method(compiler: Compiler, node: Call, target: Run) -> Compiling:
    assert node.target is not None, "a method is called on something"
    values = [node.target]
    runs = [target]
    for argument in node.arguments:
        values.append(argument.value)
        runs.append((yield compiler.compile(argument.value)))
    return call(compiler, node, node.name, values, runs)


def is_function(node: Call) -> bool:
    return node.target is None or namespaced(node)


def call(compiler: Compiler, node: Expr, name: str, values: Sequence[Expr], runs: Sequence[Run]) -> Run:
    """A call of what the checker found in the table of functions."""
    choices = compiler.checked.choices[node]
    types = [compiler.type_of(value) for value in values]
    choice, *others = choices
    if others or choice.dynamic:
        return _dynamic(choices, types, runs, name, _places(values), node.span)
    ready = [
        compiler.converted(value, run, of, wanted)
        for value, run, of, wanted in zip(values, runs, types, choice.parameters, strict=True)
    ]
    return _static(choice, ready, node.span)


def _static(choice: Choice, runs: Sequence[Run], span: Span) -> Run:
    function, weigh = choice.overload.run, _weight(choice)
    if weigh is None and len(runs) == 2:
        return _pair(function, runs[0], runs[1], span)

    def run(frame: Frame) -> Value:
        arguments = [each(frame) for each in runs]
        if weigh is not None:
            weigh(frame, arguments)
        try:
            return function(*arguments)
        except FunctionError as problem:
            raise EvaluationError("failed", str(problem), span) from None

    return run


def _pair(function: Callable[..., Value], left: Run, right: Run, span: Span) -> Run:
    def run(frame: Frame) -> Value:
        try:
            return function(left(frame), right(frame))
        except FunctionError as problem:
            raise EvaluationError("failed", str(problem), span) from None

    return run


_Weigh = Callable[[Frame, Sequence[Value]], None]


def _weight(choice: Choice) -> _Weigh | None:
    """What charges for a call before it is made; None where it costs no more than any operation."""
    effort = choice.overload.effort
    if effort is None:
        return None
    if choice.overload.deep and not all(map(_flat, choice.parameters)):
        return lambda frame, arguments: frame[0].walk(*arguments)
    if isinstance(choice.result, ListType):
        return lambda frame, arguments: frame[0].make(effort(*arguments))
    return lambda frame, arguments: frame[0].work(effort(*arguments))


def _flat(of: Type) -> bool:
    """Whether values of a type are compared in no time."""
    match of:
        case ListType(item) | MapType(item):
            return isinstance(item, Primitive) and item.name in ("int", "float", "bool", "timestamp", "duration")
    return isinstance(of, Primitive) and of.name != "json"


def _dynamic(
    choices: Sequence[Choice], types: Sequence[Type], runs: Sequence[Run], name: str, where: str, span: Span
) -> Run:
    """Each choice with the positions at which only the value tells whether it fits."""
    open_ = [
        (choice, _weight(choice), [at for at, of in enumerate(types) if not _certain(of, choice.parameters[at])])
        for choice in choices
    ]

    def run(frame: Frame) -> Value:
        arguments = [each(frame) for each in runs]
        frame[0].walk(*arguments)
        for choice, weigh, positions in open_:
            if all(fits(arguments[at], choice.parameters[at]) for at in positions):
                return _called(choice, weigh, frame, arguments, span)
        listed = " and ".join(found(each) for each in arguments)
        raise EvaluationError("conversion", f"{where}`{name}` does not take {listed}", span)

    return run


def _certain(of: Type, wanted: Type) -> bool:
    return flows(of, wanted).kind <= 1


def _called(choice: Choice, weigh: _Weigh | None, frame: Frame, arguments: Sequence[Value], span: Span) -> Value:
    if weigh is not None:
        weigh(frame, arguments)
    try:
        return choice.overload.run(*arguments)
    except FunctionError as problem:
        raise EvaluationError("failed", str(problem), span) from None


def _places(values: Sequence[Expr]) -> str:
    """The paths of the values in the data, as the start of a message."""
    paths = [path for path in map(data_path, values) if path]
    return f"{', '.join(paths)}: " if paths else ""
