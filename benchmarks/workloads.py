"""Generated workflows for scale, and Python text of equal content for a peer to parse.

Three shapes, about 9 lines and 190 bytes a step: a chain, a fan (every step reads the input, one reads them all at the
end by way of a sum), and layers in which a step reads two steps of the layer above, chosen by a fixed random sequence.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

HEAD = """wf 1.0

/// Adds two numbers, slowly and with care.
pure operator add(left: int, right: int, note: string = "") -> int {
  python: "sums:add"
}

workflow scale {
  input start: int = 1

"""

STEP = """  /// Step {n}: what it reads was made above.
  @label("step {n}")
  step s{n} = add(
    left: {left},
    right: {right},
    note: "the {n}th of its kind",
  ) {{ retry: 2 }}

"""

PYTHON_STEP = """    # Step {n}: what it reads was made above.
    label("step {n}")
    s{n} = retry(2)(add)(
        left={left},
        right={right},
        note="the {n}th of its kind",
    )

"""


def sources(shape: str, count: int) -> Iterator[tuple[str, str]]:
    """What each step reads, in order."""
    random = Random(7)
    width = max(2, int(count**0.5))
    for n in range(count):
        if shape == "chain":
            yield (f"s{n - 1}" if n else "start", "start")
        elif shape == "fan" or n < width:
            yield ("start", str(n))
        else:
            first = (n // width - 1) * width
            yield (f"s{first + random.randrange(width)}", f"s{first + random.randrange(width)}")


MODULE = "def add(left, right, note=''):\n    return left + right\n"
"""The Python beside the workflow: `sums.py`."""

SHAPES = ("chain", "fan", "layers")


def workflow_text(shape: str, count: int) -> str:
    steps = [STEP.format(n=n, left=left, right=right) for n, (left, right) in enumerate(sources(shape, count))]
    last = f"s{count - 1}"
    return HEAD + "".join(steps) + f"  output last: int = {last}\n}}\n"


def python_text(shape: str, count: int) -> str:
    steps = [PYTHON_STEP.format(n=n, left=left, right=right) for n, (left, right) in enumerate(sources(shape, count))]
    return "def scale(start: int = 1) -> int:\n" + "".join(steps) + f"    return s{count - 1}\n"
