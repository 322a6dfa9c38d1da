"""YAML as a way to write JSON: dates stay texts, and nothing is built but what JSON has.

Aliases are refused: they would let a small file stand for a huge value.
"""

from __future__ import annotations

from typing import Any

import yaml

from symphony_dsl.base.errors import UserError


class _Loader(yaml.SafeLoader):
    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]  # the stubs give it no type
            raise yaml.MarkedYAMLError(problem="aliases are not read here", problem_mark=mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"the field {key.value!r} is given twice", problem_mark=key.start_mark
                )
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)


_NOT_JSON = ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:merge", "tag:yaml.org,2002:value")
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in _NOT_JSON]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def parse_yaml(text: str, place: str) -> Any:  # noqa: ANN401 - a JSON value
    """Raises UserError with line and column."""
    try:
        return _as_json(yaml.load(text, _Loader), place)  # noqa: S506 - a safe loader, narrowed further
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"{place}:{mark.line + 1}:{mark.column + 1}" if mark else place
        raise UserError(f"this is no YAML: {error.problem or error.context}", place=where) from None
    except yaml.YAMLError as error:
        raise UserError(f"this is no YAML: {str(error).splitlines()[0]}", place=place) from None
    except (RecursionError, ValueError) as error:
        raise UserError(f"this YAML cannot be read: {type(error).__name__}", place=place) from None


def _as_json(value: Any, place: str) -> Any:  # noqa: ANN401 - a JSON value
    """Names of fields must be texts; what YAML alone has (sets, binary) is refused. Depth is bounded by the parser."""
    if isinstance(value, dict):
        for name in value:
            if not isinstance(name, str):
                raise UserError(f"the field name {name!r} is no text; put it in quotes", place=place)
        return {name: _as_json(item, place) for name, item in value.items()}
    if isinstance(value, list):
        return [_as_json(item, place) for item in value]
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise UserError(f"a value of YAML's type {type(value).__name__} has no place in JSON", place=place)
