"""Generated workflows for scale, and texts of equal content for peers: Python, WDL, and YAML with a schema.

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


WDL_HEAD = """version 1.0

task add {
  input {
    Int one
    Int two
    String note = ""
  }
  command <<< echo $((~{one} + ~{two})) >>>
  output { Int sum = read_int(stdout()) }
  meta { description: "Adds two numbers, slowly and with care." }
}

workflow scale {
  input { Int start = 1 }

"""

WDL_STEP = """  # Step {n}: what it reads was made above.
  call add as s{n} {{
    input:
      one = {left},
      two = {right},
      note = "the {n}th of its kind",
  }}

"""


def wdl_text(shape: str, count: int) -> str:
    def read(name: str) -> str:
        return f"{name}.sum" if name.startswith("s") and name != "start" else name

    found = enumerate(sources(shape, count))
    steps = [WDL_STEP.format(n=n, left=read(left), right=read(right)) for n, (left, right) in found]
    return f"{WDL_HEAD}{''.join(steps)}  output {{ Int last = s{count - 1}.sum }}\n}}\n"


YAML_HEAD = """# Adds two numbers, slowly and with care.
inputs:
  start: {type: int, default: 1}
steps:
"""

YAML_STEP = """  # Step {n}: what it reads was made above.
  - name: s{n}
    label: step {n}
    uses: add
    with:
      left: "{left}"
      right: "{right}"
      note: the {n}th of its kind
    retry: 2

"""


def yaml_text(shape: str, count: int) -> str:
    steps = [YAML_STEP.format(n=n, left=left, right=right) for n, (left, right) in enumerate(sources(shape, count))]
    return f"{YAML_HEAD}{''.join(steps)}outputs:\n  last: s{count - 1}\n"


YAML_SCHEMA = {
    "type": "object",
    "required": ["inputs", "steps", "outputs"],
    "additionalProperties": False,
    "properties": {
        "inputs": {"type": "object", "additionalProperties": {"type": "object", "required": ["type"]}},
        "outputs": {"type": "object", "additionalProperties": {"type": "string"}},
        "steps": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "uses"],
                "additionalProperties": False,
                "properties": {
                    "name": {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"},
                    "label": {"type": "string"},
                    "uses": {"enum": ["add"]},
                    "with": {
                        "type": "object",
                        "required": ["left", "right"],
                        "additionalProperties": {"type": "string"},
                    },
                    "retry": {"type": "integer", "minimum": 0},
                },
            },
        },
    },
}
"""What a schema can say of such a file: shapes, not names nor types of what flows."""
