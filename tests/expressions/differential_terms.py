"""Expressions of a wanted type, made of the forms of `differential_forms`, and data for the names in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st
from tests.expressions.differential_forms import FORMS, LITERALS
from tests.expressions.differential_types import ANY, Form, Place, bind, fill, split

NAMES = {
    "i": "int",
    "j": "int",
    "u": "uint",
    "d": "double",
    "s": "string",
    "y": "bytes",
    "t": "bool",
    "n": "null_type",
    "xs": "list(int)",
    "ws": "list(string)",
    "fs": "list(double)",
    "m": "map(string, int)",
    "q": "map(int, string)",
    "at": "timestamp",
    "p": "duration",
    "z": "dyn",
}
RESULTS = (
    "int", "uint", "double", "string", "bytes", "bool", "bool", "dyn", "type", "timestamp", "duration", "optional(int)", "optional(string)", "list(int)",
    "list(string)", "list(double)", "list(dyn)", "list(optional(int))", "map(string, int)", "map(int, string)", "map(string, list(int))", "list(list(string))",
)  # fmt: skip

_INTS = st.one_of(
    st.integers(-9, 9), st.integers(-(2**63), 2**63 - 1), st.sampled_from([2**63 - 1, -(2**63), 2**53 + 1])
)
_UINTS = st.one_of(st.integers(0, 9), st.integers(0, 2**64 - 1))
_DOUBLES = st.one_of(st.sampled_from([0.0, -0.0, 0.5, 1.0, 2.5, 1e300]), st.floats(width=32), st.floats())
_TEXTS = st.text(st.sampled_from("ab XéÀß😀\u0301\n\u00a0%'\"\\"), max_size=5)


def _double(value: float) -> Any:
    return {"double": repr(value).replace("inf", "Infinity").replace("nan", "NaN") if value - value else value}


def _scalar(kind: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return values.map(lambda value: {kind: value})


def _timed(kind: str, seconds: int) -> st.SearchStrategy[Any]:
    micros = st.one_of(st.integers(-9, 9), st.integers(-seconds * 10**6, seconds * 10**6))
    return micros.map(lambda value: {kind: _parts(kind, value)})


def _parts(kind: str, micros: int) -> list[int]:
    if kind == "timestamp" or micros >= 0:
        seconds, rest = divmod(micros, 10**6)
        return [seconds, rest * 1000]
    seconds, rest = divmod(-micros, 10**6)
    return [-seconds, -rest * 1000]


_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "int": _scalar("int", _INTS),
    "uint": _scalar("uint", _UINTS),
    "double": _DOUBLES.map(lambda value: {"double": value} if value - value == 0 else _double(value)),
    "string": _scalar("string", _TEXTS),
    "bytes": st.sampled_from([{"bytes": text} for text in ("", "YQ==", "/w==", "w6k=")]),
    "bool": _scalar("bool", st.booleans()),
    "null_type": st.just({"null": None}),
    "timestamp": _timed("timestamp", 10**9),
    "duration": _timed("duration", 10**7),
}


def values(of: str) -> st.SearchStrategy[Any]:
    """Values of a type, as the lists of conformance tests write them."""
    word, inner = split(of)
    if word == "list":
        return st.lists(values(inner[0]), max_size=3).map(lambda items: {"list": items})
    if word == "map":
        keys = st.sampled_from(["a", "b", "a-b"]) if inner[0] == "string" else st.integers(0, 3)
        pairs = st.dictionaries(keys, values(inner[1]), max_size=3)
        return pairs.map(lambda made: {"map": [[{inner[0]: key}, value] for key, value in made.items()]})
    return _JSON if of == "dyn" else _VALUES[of]


_JSON = st.recursive(
    st.one_of(_VALUES["int"], _VALUES["double"], _VALUES["string"], _VALUES["bool"], _VALUES["null_type"]),
    lambda inner: (
        st.lists(inner, max_size=2).map(lambda items: {"list": items})
        | st.dictionaries(st.sampled_from("ab"), inner, max_size=2).map(
            lambda made: {"map": [[{"string": key}, value] for key, value in made.items()]}
        )
    ),
    max_leaves=4,
)
DATA = st.fixed_dictionaries({name: values(of) for name, of in NAMES.items()})

Pick = Callable[[Sequence[Any]], Any]
"""Chooses one of several."""

_VARIABLES = ("x", "e", "i", "s")
"""Names of variables; some hide names of data."""


class Writer:
    """Writes an expression; `seen` are the names that may stand where it is, with their types.

    In `mistakes` of 100 places, something of any type is put.
    """

    def __init__(self, pick: Pick, mistakes: int = 0) -> None:
        self.pick = pick
        self.mistakes = mistakes
        self.seen = dict(NAMES)

    def write(self, of: str, depth: int) -> str:
        """An expression that may stand anywhere; now and then the checker is not told its type."""
        if of in LITERALS and of not in _FORMED:
            return self.pick(LITERALS[of])
        text = self.composed(of, depth) if depth > 0 else self.leaf(of)
        return f"dyn({text})" if depth > 0 and self.pick(range(25)) == 0 and "optional" not in of else text

    def leaf(self, of: str) -> str:
        names = [name for name, each in self.seen.items() if each == of]
        if names and self.pick([True, False]):
            return str(self.pick(names))
        if of in LITERALS:
            return str(self.pick(LITERALS[of]))
        return self.smallest(*split(of))

    def smallest(self, word: str, inner: tuple[str, ...]) -> str:
        match word:
            case "list":
                items = [self.leaf(inner[0]) for _ in range(self.pick([0, 1, 2, 3]))]
                return f"[{', '.join(items)}]"
            case "map":
                return f"{{{self.leaf(inner[0])}: {self.leaf(inner[1])}}}" if self.pick([True, True, False]) else "{}"
            case "optional":
                return f"optional.of({self.leaf(inner[0])})" if self.pick([True, True, False]) else "optional.none()"
        raise AssertionError(f"there is no leaf of type {word}")

    def composed(self, of: str, depth: int) -> str:
        chosen, letters = self.pick(forms_of(of))
        others = {letter: self.pick(ANY) for letter in sorted(chosen.letters - letters.keys())}
        return self.filled(chosen, letters | others, depth)

    def filled(self, chosen: Form, letters: dict[str, str], depth: int) -> str:
        names = {name: self.pick(_VARIABLES) for name in _variables(chosen)}
        if len(set(names.values())) < len(names):
            names = dict(zip(names, _VARIABLES, strict=False))
        parts = [part if isinstance(part, str) else self.place(part, letters, names, depth) for part in chosen.parts]
        text = _named("".join(parts), names)
        return f"({text})" if chosen.loose and self.pick(range(6)) else text

    def place(self, place: Place, letters: dict[str, str], names: dict[str, str], depth: int) -> str:
        outside = self.seen
        self.seen = outside | {names[name]: fill(of, letters) for name, of in place.variables}
        mistaken = self.mistakes and self.pick(range(100)) < self.mistakes
        text = self.write(self.pick(ANY) if mistaken else fill(place.type, letters), depth - 1)
        self.seen = outside
        return text


_FORMED = frozenset(split(form.result)[0] for form in FORMS)
_KNOWN: dict[str, list[tuple[Form, dict[str, str]]]] = {}


def forms_of(of: str) -> list[tuple[Form, dict[str, str]]]:
    """The forms of a type, with what their letters stand for then; those of any type are no more likely than others."""
    if of not in _KNOWN:
        found = [(each, bound) for each in FORMS if (bound := bind(each.result, of)) is not None]
        _KNOWN[of] = found
    return _KNOWN[of]


def _variables(form: Form) -> list[str]:
    text = "".join(part for part in form.parts if isinstance(part, str))
    return list(dict.fromkeys(re.findall(r"\$\w", text)))


def _named(text: str, names: dict[str, str]) -> str:
    for mark, name in names.items():
        text = text.replace(mark, name)
    return text


@st.composite
def terms(draw: Callable[[st.SearchStrategy[Any]], Any], mistakes: int = 0) -> tuple[str, str]:
    """An expression and its type, if nothing is mistaken in it."""
    return term(lambda options: draw(st.sampled_from(options)), mistakes)


def term(pick: Pick, mistakes: int) -> tuple[str, str]:
    of = pick(RESULTS)
    return Writer(pick, mistakes).write(of, pick([1, 2, 2, 3, 3, 4])), of
