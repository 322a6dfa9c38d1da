"""Evaluates expressions with other implementations of CEL, in whose environment it is run; knows nothing of ours.

It reads a task a line (`{"peer", "source", "env", "types", "times"}`) and answers a line each: the milliseconds of CPU
that so many evaluations took, or null where the peer is not installed or refuses the expression. With `"compile": true`
the expression is compiled so many times instead. Compiling, and turning data into a peer's own classes where it has a
call for that, are left out of the time.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any

Work = Callable[[], object]
Maker = Callable[[dict[str, Any]], tuple[Work, Work]]
"""From a task to what compiles its expression and what evaluates it."""


def cel_python(task: dict[str, Any]) -> tuple[Work, Work]:
    import celpy

    made = celpy.Environment()
    ready = made.program(made.compile(task["source"]))
    env = {name: celpy.json_to_cel(value) for name, value in task["env"].items()}
    return lambda: made.program(made.compile(task["source"])), lambda: ready.evaluate(env)


def rust(task: dict[str, Any]) -> tuple[Work, Work]:
    import cel

    ready = cel.compile(task["source"])
    return lambda: cel.compile(task["source"]), lambda: ready.execute(task["env"])


def cpp(task: dict[str, Any]) -> tuple[Work, Work]:
    from cel_expr_python import cel

    known = {"int": cel.Type.INT, "string": cel.Type.STRING, "bool": cel.Type.BOOL, "float": cel.Type.DOUBLE}
    made = cel.NewEnv(variables={name: known.get(of, cel.Type.DYN) for name, of in task["types"].items()})
    ready = made.compile(task["source"])
    return lambda: made.compile(task["source"]), lambda: ready.eval(data=task["env"]).plain_value()


PEERS: dict[str, Maker] = {"cel-python": cel_python, "common-expression-language": rust, "cel-expr-python": cpp}


def spent(task: dict[str, Any]) -> float:
    compile_it, evaluate = PEERS[task["peer"]](task)
    work = compile_it if task.get("compile") else evaluate
    work()
    before = time.process_time()
    for _ in range(task["times"]):
        work()
    return 1000 * (time.process_time() - before)


def answered(task: dict[str, Any]) -> float | None:
    try:
        return spent(task)
    except Exception as problem:  # noqa: BLE001  # each peer has errors of its own, and a refusal is an answer
        print(f"{task['peer']}: {problem}", file=sys.stderr)
        return None


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(answered(json.loads(line))), flush=True)
