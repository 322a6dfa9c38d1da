"""Numbers, times, texts and bytes at and beyond their limits."""

from __future__ import annotations

from typing import Any

from tests.expressions.hostile import Case, given, harmless, refused

MAX = "9223372036854775807"
MIN = "-9223372036854775808"

NUMBERS = (
    refused(f"{MAX} + n", "failed"),
    refused(f"{MIN} - n", "failed"),
    refused(f"{MAX} * n", "failed"),
    refused(f"-({MIN})", "failed", "mistake"),
    refused(f"{MIN} / -1", "failed", "mistake"),
    refused(f"({MIN} + n - 7) / -1", "failed"),
    refused(f"({MIN} + n - 7) % -1", "any"),
    refused(f"math.abs({MIN})", "failed", "mistake"),
    refused("9223372036854775808", "mistake", "syntax"),
    refused("-9223372036854775809", "mistake", "syntax"),
    refused("18446744073709551616u", "mistake", "syntax"),
    refused("0xffffffffffffffffff", "mistake", "syntax"),
    refused("1 / (n - 7)", "failed"),
    refused("1 % (n - 7)", "failed"),
    refused("1u / uint(n - 7)", "failed"),
    refused("uint(-n)", "failed"),
    refused("0u - uint(n)", "failed"),
    refused("int(1e300)", "failed", "mistake"),
    refused("int(-1e300 * f)", "failed"),
    refused("int(double('NaN'))", "failed"),
    refused("uint(1e300)", "failed", "mistake"),
    refused("int(18446744073709551615u)", "failed", "mistake"),
    refused("int(x)", "failed", data=given("9" * 10_000), name="an int of 10,000 digits"),
    refused("uint(x)", "failed", data=given("9" * 10_000), name="a uint of 10,000 digits"),
    refused("double(x)", "failed", data=given("9" * 10_000), name="a double of 10,000 digits"),
    refused("int(x)", "failed", data=given("٣"), name="digits of another script"),
    refused("double(x)", "failed", data=given("1_0"), name="an underscore in a double"),
    refused("int(x)", "failed", data=given(" 1"), name="a blank before an int"),
    refused("int(s)", "failed", name="an int of 100,000 letters"),
    refused("double(s)", "failed", name="a double of 100,000 letters"),
    refused("bool(s)", "failed", name="a bool of 100,000 letters"),
    harmless("math.bitShiftLeft(1, 9223372036854775807)", 0),
    harmless("math.bitShiftRight(-1, 9223372036854775807) == 0", True),
    refused("math.bitShiftLeft(1, -1)", "failed", "mistake"),
    refused(f"math.round(double({MAX}) * 1e300 * f).format()", "mistake"),
    refused("xs[9223372036854775807]", "failed"),
    refused(f"xs[{MIN}]", "failed"),
    refused("xs[-1]", "failed"),
    refused("xs[1.5]", "failed", "mistake"),
    refused("xs[1e300]", "failed", "mistake"),
    refused("t.charAt(9223372036854775807)", "failed"),
    refused("t.charAt(-1)", "failed"),
    refused(f"t.substring({MIN}, {MAX})", "failed"),
    refused("t.substring(3, 2)", "failed"),
    refused(f"t.indexOf('o', {MAX})", "failed"),
    refused(f"xs.slice({MIN}, {MAX})", "failed"),
    harmless(f"t.split('', {MAX}).size()", 5),
    harmless(f"t.split('', {MIN}).size()", 5),
    harmless(f"t.replace('o', '', {MAX})", "shrt"),
    harmless(f"t.replace('o', '', {MIN})", "shrt"),
    harmless("lists.range(-1)", []),
    harmless(f"lists.range({MIN})", []),
    refused("f / 0.0", "conversion", cel=None),
    refused("[f / 0.0]", "conversion", cel=None),
    refused("{'a': 0.0 / 0.0}", "conversion", cel=None),
    refused('"${[0.0 / 0.0]}"', "conversion", cel=None),
)

HUGE = 10**400


def _of_huge(value: Any, name: str) -> list[Case]:
    """An int of data has any size: nothing takes it for more than it can hold."""
    texts = (
        "x + 1", "x - 1", "x * x", "-x", "x * 1.5", "x / 1.5", "x + f", "double(x)", "int(x)", "uint(x)", "timestamp(x)",
        "lists.range(x)", "xs[x]", "t.charAt(x)", "t.substring(x)", "t.split('o', x)", "t.split('', x)",
        "t.replace('o', 'a', x)", "t.indexOf('o', x)", "t.lastIndexOf('o', x)", "xs.slice(0, x)", "xs.slice(x, x)",
        "math.abs(x)", "math.sqrt(x)", "math.greatest(x, f)", "math.bitShiftLeft(1, x)", "math.bitAnd(1, x)",
        "[x, 1.5].sum()", "[x, x].sum()", "[x].avg()", "'%d'.format([x])", "'%x'.format([x])", "'%f'.format([x])",
        "[[1]].flatten(x)", "duration(x)", "x % 7",
    )  # fmt: skip
    return [Case(f"{name}: {text}", text, ANY, ANY, given(value)) for text in texts] + [
        harmless(f"x == {end}", False, data=given(value), name=f"{name}: x == {end}")
        for end in ("1", "1.5", "1u", MAX, "1e300", "null", "true", "'a'")
    ]


ANY = ("any",)
"""An error, or a value: but an orderly one."""

TIMES = (
    refused("timestamp('9999-12-31T23:59:59.999999999Z') + 1ns", "failed", cel=None),
    refused("timestamp('9999-12-31T23:59:59.999999999Z') + duration('1ns')", "failed"),
    refused("timestamp('0001-01-01T00:00:00Z') - duration('1ns')", "failed"),
    refused("timestamp('0001-01-01T00:00:00Z').getFullYear('-00:01')", "any"),
    refused("timestamp('9999-12-31T23:59:59Z').getFullYear('+23:59')", "any"),
    refused("timestamp('10000-01-01T00:00:00Z')", "failed", "mistake"),
    refused("timestamp('0000-01-01T00:00:00Z')", "failed", "mistake"),
    refused("timestamp('2024-02-30T00:00:00Z')", "failed", "mistake"),
    refused("timestamp('2024-01-01T00:00:00')", "failed", "mistake"),
    refused("timestamp('2024-01-01T24:00:00Z')", "failed", "mistake"),
    refused("timestamp('2024-01-01T00:00:00+99:00')", "failed", "mistake"),
    refused("timestamp('٢٠٢٤-01-01T00:00:00Z')", "failed", "mistake"),
    refused("timestamp(253402300800)", "failed", "mistake"),
    refused("timestamp(-62135596801)", "failed", "mistake"),
    refused(f"timestamp({MAX})", "failed", "mistake"),
    refused(f"timestamp({MIN})", "failed", "mistake"),
    refused("timestamp(s)", "failed"),
    refused("timestamp('2024-01-01T00:00:00.' + s + 'Z')", "failed"),
    refused("timestamp(x)", "any", data=given("2024-01-01T00:00:00." + "1" * 100_000 + "Z"), name="a fraction of 100,000"),
    refused("timestamp(x)", "failed", data=given("9" * 100_000), name="a timestamp of 100,000 digits"),
    refused("duration('315576000001s')", "failed", "mistake"),
    refused("duration('-315576000001s')", "failed", "mistake"),
    refused("duration('9000000000s') + duration('9000000000s')", "failed"),
    refused("duration('-9000000000s') - duration('9000000000s')", "failed"),
    refused("duration('9300000000s')", "failed", "mistake"),
    refused("duration(x)", "failed", data=given("9" * 100_000 + "s"), name="a duration of 100,000 digits"),
    refused("duration(x)", "failed", data=given("1." + "9" * 100_000 + "s"), cel=ANY, name="a duration with 100,000 digits behind"),
    refused("duration(x)", "failed", data=given("9" * 100_000), name="a duration without a unit"),
    refused("duration(x)", "failed", data=given("1h" * 500_000), name="a duration of 500,000 parts"),
    refused("duration('')", "failed", "mistake"),
    refused("duration('s')", "failed", "mistake"),
    refused("duration('1')", "failed", "mistake"),
    refused("duration('1s ')", "failed", "mistake"),
    refused("duration('--1s')", "failed", "mistake"),
    refused("timestamp('9999-12-31T23:59:59Z') - timestamp('0001-01-01T00:00:00Z')", "failed"),
    *(
        refused(f"at.getHours('{zone}')", "failed")
        for zone in (
            "../../../etc/passwd", "/etc/passwd", "Nowhere/Land", "+99:99", "+1", "12:60", "UTC\\u0000", "", " ",
            "localtime", "posixrules", "__class__", "Europe/../Europe/Berlin", "europe/berlin/", "+00:00:00",
        )
    ),
    refused("at.getHours(s)", "failed"),
)  # fmt: skip

SURROGATE = "\ud800"
"""Half of a character, which the borders of the language let in nowhere; an evaluation that meets it does not break."""


def _of_surrogates() -> list[Case]:
    texts = (
        "x", "x + 'a'", "[x]", "{'k': x}", "{(x): 1}", "bytes(x)", "x.matches('a')", "t.matches(x)", "x.reverse()",
        "x.split('')", "x.trim()", "x.upperAscii()", "strings.quote(x)", "base64.encode(bytes(x))", "base64.decode(x)",
        "'%s'.format([x])", "[x].join(x)", "x.replace(x, x)", "[x].sort()", "[x].distinct()", "timestamp(x)", "duration(x)",
        "int(x)", "bool(x)", "at.getHours(x)", "j[x]", "string(x)", "m[x]", "xs.groupBy(i, x)", '"${x}"', "regex.extract(x, x)",
    )  # fmt: skip
    return [
        *(Case(f"a surrogate: {text}", text, ANY, ANY, given(SURROGATE)) for text in texts),
        harmless("x == x && x.size() == 1 && !(x in words)", True, data=given(SURROGATE), name="a surrogate: compared"),
        refused("x", "any", data=given({SURROGATE: 1}), name="a surrogate: as a key"),
        refused("x", "any", data=given([[SURROGATE]]), name="a surrogate: deep inside"),
    ]


BYTES = (
    *(
        refused(f"base64.decode('{junk}')", "failed", "mistake")
        for junk in ("!!!!", "a", "=", "====", "YQ==YQ==", "Y Q=", "é", "\\u0000", "{{7*7}}")
    ),
    harmless("base64.decode('') == b''", True),
    refused("base64.decode(s + 'a')", "failed"),
    refused("string(b'\\xff')", "failed"),
    refused("string(b'\\xed\\xa0\\x80')", "failed"),
    refused("string(b'\\xc0\\x80')", "failed"),
    refused("string(b'\\xf4\\x90\\x80\\x80')", "failed"),
    refused("string(b'\\xff' + raw)", "failed"),
    harmless("b'\\000'.size()", 1),
    harmless("bytes('\\u0000').size()", 1),
)

NULS = (
    harmless("x.size()", 3, data=given("a\0b"), name="NUL: size"),
    harmless("x.contains('\\u0000')", True, data=given("a\0b"), name="NUL: contains"),
    harmless("x.split('\\u0000')", ["a", "b"], data=given("a\0b"), name="NUL: split"),
    harmless("x.matches('^a.b$')", True, data=given("a\0b"), name="NUL: matches"),
    harmless("x.matches('a\\u0000b')", True, data=given("a\0b"), name="NUL: in a pattern"),
    harmless("x.matches('^a$')", False, data=given("a\0b"), name="NUL: ends nothing"),
    harmless("x == 'a'", False, data=given("a\0b"), name="NUL: compared"),
    harmless("x['a\\u0000b']", 1, data=given({"a\0b": 1, "a": 2}), name="NUL: in a key"),
    refused("int(x)", "failed", data=given("1\0"), name="NUL: behind a number"),
    refused("duration(x)", "failed", data=given("1s\0"), name="NUL: behind a duration"),
    refused("timestamp(x)", "failed", data=given("2024-01-01T00:00:00Z\0"), name="NUL: behind a timestamp"),
)

MIXED = (
    refused("j + 1", "conversion", "failed"),
    refused("j.l + t", "conversion", "failed"),
    refused("j.gone.x", "conversion", "failed"),
    refused("j.gone + 1", "conversion", "failed"),
    refused("!j", "conversion", "failed"),
    refused("-j.t", "conversion", "failed"),
    refused("j ? 1 : 2", "conversion", "failed"),
    refused("j.t && b", "conversion", "failed"),
    refused("j.l < j.l", "conversion", "failed"),
    refused("j < j", "conversion", "failed"),
    refused("[j, 1].sort()", "conversion", "failed", "mistake"),
    refused("[j, 1].max()", "conversion", "failed", "mistake"),
    refused("j.t.map(c, c)", "conversion", "failed"),
    refused("j.nope.map(c, c)", "failed"),
    refused("j[j]", "conversion", "failed"),
    refused("j[1.5]", "conversion", "failed"),
    refused("{'a': 1, (t + 'a'): 2, 'shorta': 3}", "failed"),
    refused("{1: 1, 1.0: 2}", "failed", "mistake"),
    harmless("{j: 1}", {"j": 1}, cel=("failed", "conversion", "mistake")),
    refused("{1.5: 1}", "failed", "conversion", "mistake", "syntax"),
    refused("optional.none().value()", "failed", "mistake"),
    refused("optional.of(1).orValue(2).orValue(3)", "mistake"),
    refused("[].min()", "failed", "mistake", cel=ANY),
    refused("has(j)", "mistake", cel=("mistake", "syntax")),
    refused("has(1)", "mistake", "syntax"),
    refused("has(j.a, j.l)", "mistake", "syntax"),
    refused("xs.map(1, 2)", "mistake", "syntax"),
    refused("xs.map(y.z, 2)", "mistake", "syntax"),
    refused("xs.map(y)", "mistake", "syntax"),
    refused("xs.all(y, y, y, y)", "mistake", "syntax"),
    refused("cel.bind(y, 1)", "mistake", "syntax"),
    refused("cel.bind(1, 1, 1)", "mistake", "syntax"),
    refused("map(xs, y, y)", "mistake", "syntax"),
)

CASES: tuple[Case, ...] = (
    *NUMBERS,
    *_of_huge(HUGE, "an int of 401 digits"),
    *_of_huge(2**63, "2 to the 63rd"),
    *TIMES,
    *_of_surrogates(),
    *BYTES,
    *NULS,
    *MIXED,
)
