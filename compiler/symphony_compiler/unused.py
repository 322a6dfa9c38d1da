"""Names that are defined and never used. Only a text without errors is asked: what cannot be read may use a name."""

from __future__ import annotations

from symphony_compiler.bindings import Binding
from symphony_compiler.declare import Outline
from symphony_compiler.spot import Spot

WHAT = {"input": "input", "step": "step", "variable": "variable"}


def report_unused(spot: Spot) -> None:
    for binding in spot.bindings:
        if not binding.used and not binding.quiet and not binding.name.startswith("_"):
            spot.site.report("WF0212", binding.span, _message(binding))


def _message(binding: Binding) -> str:
    if binding.what == "variable":
        return f"`{binding.name}` is never used; call it `_{binding.name}` if that is meant"
    return f"the {WHAT[binding.what]} `{binding.name}` is never used"


def report_unused_imports(outline: Outline) -> None:
    if not all(site.sound for site in outline.sites):
        return
    for site, name in outline.imports:
        if name.name not in outline.names.used:
            site.report("WF0212", name.span, f"`{name.name}` is imported and never used")
