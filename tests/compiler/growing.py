"""Texts that grow in one way each, and a child that counts what reading, formatting and compiling them takes.

`python -m tests.compiler.growing NAME` prints the calls for each size. The child has little memory and ends after ten
seconds, so that what hangs or swells fails instead of stopping the tests.
"""

from __future__ import annotations

import itertools
import json
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from symphony_compiler.workspace import Workspace
from symphony_dsl.syntax.formatter import format_file
from symphony_dsl.syntax.parser import parse_file

SIZES = (40, 160)
MEMORY = 256 * 1024 * 1024
SECONDS = 10


def _flow(statements: str) -> str:
    return f"workflow w {{\n  input a: int\n  input xs: int[]\n{statements}}}\n"


GROWING: dict[str, Callable[[int], str]] = {
    "steps": lambda n: _flow("".join(f"  step s{i} = {f's{i - 1}' if i else 'a'} + 1\n" for i in range(n))),
    "steps of one name": lambda n: _flow("  step s = a\n" * n),
    "effects": lambda n: 'operator f(x: int) { python: "m:f" }\n' + _flow("  step f(x: a)\n" * n),
    "requires": lambda n: _flow('  require a > 1 else "no"\n' * n),
    "unknown names": lambda n: _flow("".join(f"  step s{i} = other{i} + 1\n" for i in range(n))),
    "unknown callables": lambda n: _flow("".join(f"  step s{i} = call{i}(x: a)\n" for i in range(n))),
    "wrong types": lambda n: _flow("".join(f'  step s{i}: int = "x"\n' for i in range(n))),
    "records": lambda n: "".join(f"record R{i} {{ a: int, b: R{max(0, i - 1)}? }}\n" for i in range(n)),
    "fields": lambda n: "record R {\n" + "".join(f"  /// d\n  @min(0) a{i}: int = {i}\n" for i in range(n)) + "}\n",
    "enum values": lambda n: "enum E {\n" + "".join(f"  v{i}\n" for i in range(n)) + "}\n",
    "constants": lambda n: "".join(f"const C{i} = {f'C{i - 1} + 1' if i else 1}\n" for i in range(n)),
    "constants in a circle": lambda n: "".join(f"const C{i} = C{(i + 1) % n}\n" for i in range(n)),
    "aliases": lambda n: "".join(f"type T{i} = {f'T{i - 1}[]' if i % 9 else 'int'}\n" for i in range(n)),
    "policies": lambda n: "".join(f"policy p{i} {{ retry: 1 }}\n" for i in range(n)),
    "operators": lambda n: "".join(f'operator f{i}(a: int) -> int {{ python: "m:f" }}\n' for i in range(n)),
    "parameters": lambda n: f'operator f({", ".join(f"a{i}: int" for i in range(n))}) {{ python: "m:f" }}\n',
    "imports": lambda n: "".join(f'import "./f{i}.wf" as m{i}\n' for i in range(n)),
    "workflows": lambda n: "".join(f"workflow w{i} {{ output o: int = 1 }}\n" for i in range(n)),
    "instances": lambda n: (
        "template t(k: int) { output o: int = k }\n" + "".join(f"workflow w{i} = t(k: {i})\n" for i in range(n))
    ),
    "tests": lambda n: (
        "workflow w { output o: int = 1 }\n" + "".join(f'test "t{i}" for w {{ expect o == 1 }}\n' for i in range(n))
    ),
    "arms of an if": lambda n: _flow(
        "  step s = if a > 0 { yield 0 }" + "".join(f" else if a > {i} {{ yield {i} }}" for i in range(n)) + "\n"
    ),
    "arms of a match": lambda n: _flow(
        "  step s = match a {\n" + "".join(f"    {i} => a + {i}\n" for i in range(n)) + "    else => 0\n  }\n"
    ),
    "branches": lambda n: _flow(
        "  step s = parallel all {\n" + "".join(f"    b{i}: a + {i}\n" for i in range(n)) + "  }\n"
    ),
    "loops": lambda n: _flow("".join(f"  step s{i} = for x in xs {{ yield x }}\n" for i in range(n))),
    "catches": lambda n: _flow(
        "  step s = try { yield a }" + "".join(f" catch e: c{i} {{ yield 1 }}" for i in range(n)) + "\n"
    ),
    "settings": lambda n: 'operator f() { python: "m:f" }\n' + _flow(f"  step f() {{ {'label: 1, ' * n} }}\n"),
    "elements": lambda n: f"const A = [{', '.join(map(str, range(n)))}]\n",
    "entries": lambda n: f"const A = {{ {', '.join(f'a{i}: {i}' for i in range(n))} }}\n",
    "operands": lambda n: f"const A = {' + '.join(map(str, range(n)))}\n",
    "insertions": lambda n: f'const B = "x"\nconst A = "{"${B} " * n}"\n',
    "lines of text": lambda n: 'const A = """\n' + "  a line\n" * n + '  """\n',
    "comments": lambda n: "// one\n" * n + "const A = 1\n" + "// two\n" * n,
    "comments in a list": lambda n: "const A = [\n" + "  1, // c\n  // d\n" * n + "]\n",
    "comments behind operands": lambda n: "const A = 1 // c\n" + "  + 1 // c\n" * n,
    "comments in a head": lambda n: "const\n" + "  // c\n" * n + "  A = 1\n",
    "documentation": lambda n: "/// d\n" * n + "const A = 1\n",
    "documentation of nothing": lambda n: "const A = 1\n" + "/// d\n\n" * n,
    "annotations": lambda n: "@tags(1)\n" * n + "const A = 1\n",
    "names after": lambda n: _flow(
        "".join(f"  step s{i} = a\n" for i in range(n)) + f"  step t = a after {', '.join(f's{i}' for i in range(n))}\n"
    ),
    "places": lambda n: _flow(
        "".join(f"  step s{i} = a\n" for i in range(n))
        + "  layout {\n"
        + "".join(f"    s{i}: [{i}, 0]\n" for i in range(n))
        + "  }\n"
    ),
    "blank lines": lambda n: "\n" * n + "const A = 1\n" + " \n" * n,
    "broken statements": lambda n: _flow("  step s = f(\n" * n),
    "broken declarations": lambda n: "record { a int\n" * n,
    "open braces": lambda n: _flow("  step s = if a > 1 {\n" * n),
    "words": lambda n: "lorem ipsum dolor\n" * n,
    "bytes of nothing": lambda n: "\0" * n,
}


def calls(text: str) -> int:
    """How many functions are called from reading a text to its last artifact."""
    events = itertools.count()
    sys.setprofile(lambda *_: next(events) and None)
    try:
        file = parse_file("main.wf", text)
        if not file.broken:
            format_file(file)
        workspace = Workspace()
        workspace.update("main.wf", text)
        workspace.diagnostics("main.wf")
        for name in workspace.workflows("main.wf"):
            workspace.artifact("main.wf", name)
    finally:
        sys.setprofile(None)
    return next(events)


def main() -> None:
    calls("wf 1.0\n")  # what is made once
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    for name, grown in GROWING.items():
        signal.alarm(SECONDS)
        sys.stdout.write(json.dumps([name, *(calls(f"wf 1.0\n{grown(size)}") for size in SIZES)]) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
