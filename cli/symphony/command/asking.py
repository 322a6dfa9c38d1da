"""The questions of a run, asked on a terminal: a field at a time, again where an answer does not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from symphony.command import say
from symphony_dsl.base.errors import UserError
from symphony_dsl.base.types import BOOL, EnumType, OptionalType, RecordType, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from symphony.command.ends import Run
    from symphony_dsl.base.types import Field, Type


def ask(run: Run, asks: Mapping[str, str]) -> None:
    """Ask until every question has an answer that the run takes. Raises click.Abort where the person goes away."""
    for address, prompt in asks.items():
        form = _form(run, address)
        if form is not None:
            say.note(f"\n{address}: {say.visible(prompt)}")
            _until_taken(run, address, form)


def _until_taken(run: Run, address: str, form: Type) -> None:
    """Or until nobody wants an answer any more: another one was faster, or the run was cancelled meanwhile."""
    from symphony_runtime.commands import Kind
    from symphony_runtime.sending import command, send

    while True:
        value = _value(form, "answer")
        verdict = send(run.store, run.execution_id, command(Kind.PROVIDE_INPUT, address, value=value, has_value=True))
        if verdict.done:
            return
        say.error(verdict.message)
        if verdict.why != "invalid":
            return


def _form(run: Run, address: str) -> Type | None:
    """What an answer looks like; None where the question is no longer asked."""
    from symphony_runtime.engine import recover

    found = recover(run.store, run.execution_id).asks.get(address)
    return found.plan.node.outputs[0].data_type if found else None


def _value(of: Type, name: str) -> Any:  # noqa: ANN401 - a JSON value
    if isinstance(of, RecordType):
        return {field.wire or field.name: value for field in of.fields if (value := _field(field)) is not None}
    if of == BOOL:
        return click.confirm(f"  {name}", err=True)
    if isinstance(of, EnumType):
        return click.prompt(f"  {name}", type=click.Choice([wire for _, wire in of.values]), err=True)
    return _written(of, name)


def _field(field: Field) -> Any:  # noqa: ANN401 - a JSON value; None leaves it out
    if not field.optional:
        return _value(field.type, field.name)
    text = click.prompt(f"  {field.name} ({plain(field.type)}, may be empty)", default="", show_default=False, err=True)
    return _read(plain(field.type), text) if text else None


def _written(of: Type, name: str) -> Any:  # noqa: ANN401 - a JSON value
    shown = plain(of) if isinstance(of, OptionalType) else of
    while True:
        text = click.prompt(f"  {name} ({shown})", err=True)
        try:
            return _read(plain(of), text)
        except UserError as problem:
            say.error(str(problem))


def _read(of: Type, text: str) -> Any:  # noqa: ANN401 - a JSON value
    from symphony.command.inputs import value_of

    return value_of(of, text)
