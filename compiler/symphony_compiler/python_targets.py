"""`python: "module:function"`: the module is there, the function too, and it takes what the operator passes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from symphony_compiler.python_source import Function, Module, module_of
from symphony_compiler.site import Site
from symphony_compiler.symbols import Parameter
from symphony_dsl.base.diagnostic import Label
from symphony_dsl.base.span import Span
from symphony_dsl.expressions.tree import Literal
from symphony_dsl.syntax.tree import Callable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from symphony_dsl.syntax.tree import File

TARGET = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*")


def written_modules(file: File) -> Iterator[str]:
    """The modules of targets that are plain strings: they are known before anything is compiled."""
    declared = (island.declaration for island in file.islands)
    settings = (setting for each in declared if isinstance(each, Callable) for setting in each.block.settings)
    values = (setting.value for setting in settings if setting.name.name == "python")
    targets = (value.value for value in values if isinstance(value, Literal) and value.kind == "string")
    return (target.partition(":")[0] for target in targets if TARGET.fullmatch(target))


def check_target(site: Site, target: str, span: Span, parameters: tuple[Parameter, ...]) -> None:
    if not TARGET.fullmatch(target):
        site.report("WF0508", span, f'a Python target is written "module:function", but this is "{target}"')
        return
    name, _, function = target.partition(":")
    site.file.modules_used.add(name)
    known = site.file.modules.get(name)
    if known is None:
        return  # not looked up yet: whoever feeds the workspace does that next
    if known.refused is not None:
        site.report("WF0510", span, f"`{target}` cannot run: {known.refused}")
        return
    if known.source is None:
        return
    module = module_of(known.source)
    if module.problem:
        site.report("WF0510", span, f"the Python module `{name}` cannot be read: {module.problem}")
    else:
        _check_function(site, span, name, function, module, parameters)


def _check_function(
    site: Site, span: Span, name: str, function: str, module: Module, parameters: tuple[Parameter, ...]
) -> None:
    found = module.functions.get(function)
    if found is not None:
        _check_parameters(site, span, f"{name}:{function}", found, parameters)
    elif not module.open:
        offered = [each for each in module.functions if not each.startswith("_")]
        near = site.file.suggest(function, offered)
        hint = f"; did you mean `{near}`?" if near else ""
        site.report("WF0511", span, f"the Python module `{name}` has no function `{function}`{hint}")


def _check_parameters(
    site: Site, span: Span, target: str, function: Function, parameters: tuple[Parameter, ...]
) -> None:
    if function.opaque:
        return
    where = f"`{target}` (line {function.line})"
    passed = {each.name: each for each in parameters}
    for name in function.by_position_only:
        if name in function.required or name in passed:
            site.report("WF0512", span, f"{where} takes `{name}` by position only; parameters are passed by name")
    for name in function.required:
        if name not in passed and name not in function.by_position_only:
            site.report("WF0512", span, f"{where} needs `{name}`, which is no parameter of the operator")
    known = (*function.by_name, *function.by_position_only)
    for name, parameter in passed.items():
        if name not in known and not function.takes_any:
            labels = [Label(parameter.location, "this parameter is passed by its name")]
            site.report("WF0512", span, f"{where} has no parameter `{name}`", labels=labels)
