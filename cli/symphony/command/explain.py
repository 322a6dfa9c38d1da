"""`wf explain`: what a code means, with a wrong and a right example."""

from __future__ import annotations

import re
import sys

import click

from symphony.command import say
from symphony.command.exits import Exit
from symphony.command.options import Command

TITLE = re.compile(r"#+ (.*)")
NUMBER = re.compile(r"[A-Z]*([0-9]{1,6})")
TERM = re.compile(r"`([^`]+)`")


@click.command("explain", cls=Command, example="wf explain WF0201")
@click.argument("code", required=False)
def command(code: str | None) -> int:
    """Say what a code means: what is wrong, why, a wrong and a right example.

    Without a code all of them are listed.
    """
    from symphony.command.pages import page
    from symphony_dsl.base.codes import CODES

    paint = say.painter(sys.stdout)
    if code is None:
        say.result(_list(paint))
        return Exit.DONE
    wanted = code.upper().strip("[]")
    if wanted not in CODES:
        raise click.UsageError(f"there is no code {code!r}{_meant(wanted)}")
    say.result(_shown(page(wanted).text, paint))
    return Exit.DONE


def _meant(wanted: str) -> str:
    """The code that was probably meant: by its number, or by its name."""
    from symphony.command.options import near
    from symphony_dsl.base.codes import CODES, RETIRED

    if wanted in RETIRED:
        return f"; what it stood for is told as {' or '.join(RETIRED[wanted])} now"
    named = {each.name: each.code for each in CODES.values()}
    if wanted.lower() in named:
        return f"; `{wanted.lower()}` is {named[wanted.lower()]}"
    number = NUMBER.fullmatch(wanted)
    if number is None:
        return near(wanted.lower(), named)
    nearest = min(CODES, key=lambda each: abs(int(each[2:]) - int(number.group(1))))
    return f"; did you mean '{nearest}'?"


def _list(paint: say.Painter) -> str:
    from symphony.command.pages import BANDS
    from symphony_dsl.base.codes import CODES

    lines = []
    for band, title in BANDS.items():
        lines += [paint(title, "bold")]
        lines += [f"  {paint(each.code, 'cyan')}  {each.what}" for each in CODES.values() if each.code.startswith(band)]
        lines += [""]
    return "\n".join(lines)


def _shown(text: str, paint: say.Painter) -> str:
    """A page for a terminal: titles stand out, examples are indented, and Markdown's own signs are gone."""
    lines = []
    inside = False
    for line in text.splitlines():
        if line.startswith("```"):
            inside = not inside
            name = line[3:].partition(" ")[2]
            lines += [f"    {paint(f'// {name}', 'dim')}"] if inside and name else []
        elif inside:
            lines.append(f"    {line}".rstrip())
        else:
            lines.append(_prose(line, paint))
    return "\n".join(lines) + "\n"


def _prose(line: str, paint: say.Painter) -> str:
    title = TITLE.fullmatch(line)
    if title:
        return paint(title.group(1), "bold")
    return TERM.sub(lambda found: paint(found.group(1), "cyan"), line) if paint.on else line
