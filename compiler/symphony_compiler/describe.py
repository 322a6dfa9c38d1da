"""Where a callable is declared, for messages: its place, or for one of the standard library its signature."""

from __future__ import annotations

from symphony_compiler.library import is_own
from symphony_compiler.symbols import CallableSymbol, Parameter
from symphony_dsl.base.diagnostic import Label
from symphony_dsl.base.types import TYPE


def declared(symbol: CallableSymbol) -> list[Label]:
    return [] if is_own(symbol.location.path) else [Label(symbol.location, "declared here")]


def described(symbol: CallableSymbol) -> list[str]:
    if not is_own(symbol.location.path):
        return []
    parameters = ", ".join(_parameter(each) for each in symbol.parameters)
    result = "" if symbol.result.whole is None else f" -> {symbol.result.whole}"
    return [f"its signature is `{symbol.name}({parameters}){result}`"]


def _parameter(parameter: Parameter) -> str:
    if not parameter.has_default:
        return f"{parameter.name}: {parameter.type}"
    default = parameter.default if parameter.type == TYPE else repr(parameter.default)
    return f"{parameter.name}: {parameter.type} = {default}"
