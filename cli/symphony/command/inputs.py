"""The inputs of a run, from words of the command line and from a file.

A `string` and an enum are taken as text, a path as a path (from where the command is called), everything else as JSON.
`@PATH` reads the value from a file; `@@` is a plain `@`. A secret is `@env:NAME` or `@file:PATH` and never a value.
Every mistake is collected, so that one look shows them all.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from symphony.command.documents import document, parse_json, yaml
from symphony.project import files
from symphony_dsl.base.diagnostic import did_you_mean
from symphony_dsl.base.errors import UserError
from symphony_dsl.base.types import BYTES, DURATION, MODEL, PATHS, SECRET, STRING, TIMESTAMP, EnumType, plain
from symphony_dsl.base.values import SecretRef
from symphony_model.nodes import InputNode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from symphony_dsl.base.types import Type
    from symphony_model.workflow import Workflow

_TEXTS = frozenset({STRING, MODEL, TIMESTAMP, DURATION})
"""Types whose JSON value is a string, so that the quotes may be left out."""


@dataclass(slots=True)
class Inputs:
    """What was given, by input; `problems` are sentences."""

    types: Mapping[str, Type]
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def read(workflow: Workflow, file: str | None, words: Sequence[str]) -> dict[str, Any]:
    """The values by input; `words` (`name=value`) win over `file`. Raises UserError that names every mistake."""
    inputs = Inputs(types_of(workflow))
    if file is not None:
        _from_file(inputs, file)
    for word in words:
        _from_word(inputs, word)
    names = [word.partition("=")[0] for word in words]
    inputs.problems += [f"input {name!r} is given twice" for name in dict.fromkeys(names) if names.count(name) > 1]
    if inputs.problems:
        raise UserError("\n       ".join(inputs.problems), hint=_known(inputs))
    return inputs.values


def types_of(workflow: Workflow) -> dict[str, Type]:
    return {node.base.name: node.port.data_type for node in workflow.nodes.values() if isinstance(node, InputNode)}


def _known(inputs: Inputs) -> str:
    if not inputs.types:
        return "this workflow takes no inputs"
    return "inputs are " + ", ".join(f"{name}: {of}" for name, of in inputs.types.items())


def _from_word(inputs: Inputs, word: str) -> None:
    name, equals, text = word.partition("=")
    if not equals:
        inputs.problems.append(f"--input {word}: write it as name=value")
        return
    _take(inputs, f"input {name!r}", name, lambda of: value_of(of, text))


def _from_file(inputs: Inputs, file: str) -> None:
    data = document(file)
    if not isinstance(data, dict):
        raise UserError("the inputs must be an object with a field an input", place=file)
    for name, value in data.items():
        _take(inputs, f"{file}: input {name!r}", str(name), lambda of, value=value: _given(of, value))


def _take(inputs: Inputs, place: str, name: str, make: Any) -> None:  # noqa: ANN401 - a function of the type
    of = inputs.types.get(name)
    if of is None:
        meant = did_you_mean(name, inputs.types)
        inputs.problems.append(f"{place}: there is no such input{f'; did you mean {meant!r}?' if meant else ''}")
        return
    try:
        inputs.values[name] = make(plain(of))
    except UserError as error:
        inputs.problems.append(f"{place}: {error}")


def _given(of: Type, value: Any) -> Any:  # noqa: ANN401 - a JSON value
    """A value of an inputs file: as it is, but for a secret, which is written as on the command line."""
    return _secret(value) if of == SECRET and isinstance(value, str) else value


def value_of(of: Type, text: str) -> Any:  # noqa: ANN401 - a JSON value
    if of == SECRET:
        return _secret(text)
    if of in PATHS:
        return _path(text.removeprefix("@"))
    if text.startswith("@@"):
        return _plain_value(of, text[1:], None)
    if text.startswith("@"):
        return _content(of, Path(os.path.abspath(text[1:])))
    return _plain_value(of, text, None)


def _secret(text: str) -> SecretRef:
    kind, _, rest = text.partition(":")
    if kind == "@env" and rest:
        return SecretRef(f"env:{rest}")
    if kind == "@file" and rest:
        return SecretRef(f"file:{_path(rest)}")
    # the text may be the secret itself: it is not shown
    raise UserError("a secret is given as @env:NAME or @file:PATH, so that it is written down nowhere")


def _path(text: str) -> str:
    """Absolute: a step looks a relative path up in the home, whoever calls means the folder they are in."""
    path = Path(os.path.abspath(text))
    if not path.exists():
        raise UserError("there is no such file or folder", place=files.shown(path))
    return str(path)


def _content(of: Type, path: Path) -> Any:  # noqa: ANN401 - a JSON value
    if of == BYTES:
        return files.read_bytes(path)
    text = files.read_text(path)
    if of != STRING and path.suffix in (".yaml", ".yml"):
        return yaml(text, files.shown(path))
    return _plain_value(of, text if of == STRING else text.strip(), files.shown(path))


def _plain_value(of: Type, text: str, place: str | None) -> Any:  # noqa: ANN401 - a JSON value
    if of == STRING or isinstance(of, EnumType) or (of in _TEXTS and not text.startswith('"')):
        return text
    return parse_json(text, place)
