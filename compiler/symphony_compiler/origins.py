"""Where a template was written: all that its body needs when it is filled in, in whichever file."""

from __future__ import annotations

from dataclasses import dataclass, field

from symphony_compiler.settings import NO_DEFAULTS, FileDefaults
from symphony_compiler.site import FileNames, Site
from symphony_compiler.spot import Hash
from symphony_compiler.symbols import CallableSymbol
from symphony_dsl.syntax.tree import Template


def _of_none(symbol: CallableSymbol) -> str | None:
    return None


@dataclass(slots=True, eq=False)
class Origin:
    """`site` is that of the declaration. `defaults` are those of its file, `hash_of` knows the workflows that the file sees; both
    are there when the file has been worked out."""

    site: Site
    declaration: Template
    defaults: FileDefaults = field(default=NO_DEFAULTS)
    hash_of: Hash = field(default=_of_none)

    @property
    def names(self) -> FileNames:
        return self.site.file
