"""What expressions of CEL look like, type by type: each operator, macro and function that the oracle knows as well.

Left out is what `differential_known` lists, as far as a form can leave it out. `digits` is a string that may be the text of a number, and
`moment`, `span`, `zone`, `pattern`, `template`, `fixed` and `separator` are strings of those kinds, and `small`, `count`, `key`
and `field` what indexes and fields are: they are literals only.
"""

from __future__ import annotations

from tests.expressions.differential_types import Form, form

_GENERIC = """
A    | (<bool> ? <A> : <A>)
A    | cel.bind($x, <B>, <$x: B | A>)
A    | <list(A)>[<small>]
A    | <map(string, A)>[<key>]
A    | <map(string, A)>.<field>
A    | <optional(A)>.value()
A    | <optional(A)>.orValue(<A>)
A    | <list(A)>.map($x, <$x: A | A>)[<small>]
"""

_OPTIONALS = """
optional(A)    | optional.of(<A>)
optional(A)    | optional.ofNonZeroValue(<A>)
optional(A)    | <optional(A)>.or(<optional(A)>)
optional(A)    | <list(A)>[?<small>]
optional(A)    | <map(string, A)>[?<key>]
optional(A)    | <map(string, A)>.?<field>
optional(A)    | <optional(map(string, A))>.<field>
optional(A)    | <optional(map(string, A))>.?<field>
optional(A)    | <optional(B)>.optMap($x, <$x: B | A>)
optional(A)    | <optional(B)>.optFlatMap($x, <$x: B | optional(A)>)
optional(A)    | <list(A)>.first()
optional(A)    | <list(A)>.last()
optional(string)    | regex.extract(<string>, <pattern>)
"""

_LISTS = """
list(A)    | [<A>, <A>]
list(A)    | [<A>, ?<optional(A)>]
list(A)    | <list(A)> + <list(A)>
list(A)    | <list(B)>.map($x, <$x: B | A>)
list(A)    | <list(B)>.map($x, <$x: B | bool>, <$x: B | A>)
list(A)    | <list(A)>.filter($x, <$x: A | bool>)
list(A)    | <list(B)>.transformList($i, $x, <$i: int; $x: B | A>)
list(A)    | <list(B)>.transformList($i, $x, <$i: int; $x: B | bool>, <$i: int; $x: B | A>)
list(A)    | <map(string, B)>.transformList($k, $x, <$k: string; $x: B | A>).filter($y, false)
list(A)    | <list(A)>.slice(<small>, <small>)
list(A)    | <list(A)>.reverse()
list(A)    | <list(A)>.distinct()
list(A)    | <list(list(A))>.flatten()
list(int)    | lists.range(<count>)
list(int)    | <list(int)>.sort()
list(double)    | <list(double)>.sort()
list(string)    | <list(string)>.sort()
list(bytes)    | <list(bytes)>.sort()
list(A)    | <list(A)>.sortBy($x, <$x: A | int>)
list(A)    | <list(A)>.sortBy($x, <$x: A | string>)
list(string)    | <string>.split(<separator>)
list(string)    | <string>.split(<separator>, <small>)
list(string)    | regex.extractAll(<string>, <pattern>)
list(bool)    | [<bool>].map($x, !$x)
map(string, A)    | {<string>: <A>}
map(string, A)    | {<key>: <A>, ?'b': <optional(A)>}
map(int, A)    | {<int>: <A>}
map(uint, A)    | {<uint>: <A>}
map(bool, A)    | {<bool>: <A>}
"""

_BOOLS = """
bool    | <A> == <A>
bool    | <A> != <A>
bool    | dyn(<A>) == <dyn>
bool    | <int> < <int>
bool    | <int> >= <int>
bool    | <uint> <= <uint>
bool    | <double> < <double>
bool    | <double> > <double>
bool    | <string> < <string>
bool    | <string> >= <string>
bool    | <bytes> <= <bytes>
bool    | <bool> < <bool>
bool    | <timestamp> < <timestamp>
bool    | <duration> >= <duration>
bool    | dyn(<int>) < <double>
bool    | dyn(<uint>) > <int>
bool    | dyn(<double>) <= <uint>
bool    | dyn(<int>) == <double>
bool    | dyn(<uint>) != <double>
bool    | dyn(<A>) < <dyn>
bool    | <bool> && <bool>
bool    | <bool> || <bool>
bool    | <bool> || 1 / 0 > 0
bool    | <A> == <A> && <bool>
bool    | !<bool>
bool    | <A> in <list(A)>
bool    | dyn(<A>) in <list(dyn)>
bool    | <string> in <map(string, A)>
bool    | <int> in <map(int, A)>
bool    | <bool> in <map(bool, A)>
bool    | has(<map(string, A)>.<field>)
bool    | has(<optional(map(string, A))>.<field>)
bool    | <list(A)>.all($x, <$x: A | bool>)
bool    | <list(A)>.exists($x, <$x: A | bool>)
bool    | <list(A)>.exists_one($x, <$x: A | bool>)
bool    | <map(string, A)>.all($x, <$x: string | bool>)
bool    | <map(int, A)>.exists($x, <$x: int | bool>)
bool    | <map(string, A)>.exists_one($x, <$x: string | bool>)
bool    | <list(A)>.all($i, $x, <$i: int; $x: A | bool>)
bool    | <list(A)>.exists($i, $x, <$i: int; $x: A | bool>)
bool    | <list(A)>.existsOne($i, $x, <$i: int; $x: A | bool>)
bool    | <map(string, A)>.all($k, $x, <$k: string; $x: A | bool>)
bool    | <map(int, A)>.exists($k, $x, <$k: int; $x: A | bool>)
bool    | <map(string, A)>.existsOne($k, $x, <$k: string; $x: A | bool>)
bool    | <string>.startsWith(<string>)
bool    | <string>.endsWith(<string>)
bool    | <string>.contains(<string>)
bool    | <string>.matches(<pattern>)
bool    | matches(<string>, <pattern>)
bool    | <optional(A)>.hasValue()
bool    | <optional(A)> == <optional(A)>
bool    | math.isNaN(<double>)
bool    | math.isInf(<double>)
bool    | math.isFinite(<double>)
bool    | sets.contains(<list(A)>, <list(A)>)
bool    | sets.equivalent(<list(A)>, <list(A)>)
bool    | sets.intersects(<list(A)>, <list(A)>)
bool    | bool(<bool>)
bool    | bool(<digits>)
bool    | type(<A>) == type(<B>)
bool    | type(<A>) == <type>
"""

_NUMBERS = """
int    | <int> + <int>
int    | <int> - <int>
int    | <int> * <int>
int    | <int> / <int>
int    | <int> % <int>
int    | -(<int>)
int    | size(<string>)
int    | <bytes>.size()
int    | size(<list(A)>)
int    | <map(string, A)>.size()
int    | int(<int>)
int    | int(<uint>)
int    | int(<double>)
int    | int(<digits>)
int    | int(<timestamp>)
int    | math.abs(<int>)
int    | math.sign(<int>)
int    | math.greatest(<int>, <int>)
int    | math.least(<int>, <int>, <int>)
int    | math.greatest(<list(int)>)
int    | math.least(<list(int)>)
int    | math.bitAnd(<int>, <int>)
int    | math.bitOr(<int>, <int>)
int    | math.bitXor(<int>, <int>)
int    | math.bitNot(<int>)
int    | math.bitShiftLeft(<int>, <small>)
int    | math.bitShiftRight(<int>, <small>)
int    | <string>.indexOf(<string>)
int    | <string>.indexOf(<string>, <small>)
int    | <string>.lastIndexOf(<string>)
int    | <string>.lastIndexOf(<string>, <small>)
int    | <timestamp>.getFullYear()
int    | <timestamp>.getMonth()
int    | <timestamp>.getDayOfYear()
int    | <timestamp>.getDayOfMonth(<zone>)
int    | <timestamp>.getDate(<zone>)
int    | <timestamp>.getDayOfWeek(<zone>)
int    | <timestamp>.getHours(<zone>)
int    | <timestamp>.getMinutes(<zone>)
int    | <timestamp>.getSeconds()
int    | <timestamp>.getMilliseconds()
int    | <duration>.getHours()
int    | <duration>.getMinutes()
int    | <duration>.getSeconds()
int    | <duration>.getMilliseconds()
uint    | <uint> + <uint>
uint    | <uint> - <uint>
uint    | <uint> * <uint>
uint    | <uint> / <uint>
uint    | <uint> % <uint>
uint    | uint(<int>)
uint    | uint(<double>)
uint    | uint(<digits>)
uint    | math.abs(<uint>)
uint    | math.sign(<uint>)
uint    | math.greatest(<uint>, <uint>)
uint    | math.least(<list(uint)>)
uint    | math.bitAnd(<uint>, <uint>)
uint    | math.bitOr(<uint>, <uint>)
uint    | math.bitXor(<uint>, <uint>)
uint    | math.bitNot(<uint>)
uint    | math.bitShiftLeft(<uint>, <small>)
uint    | math.bitShiftRight(<uint>, <small>)
double    | <double> + <double>
double    | <double> - <double>
double    | <double> * <double>
double    | <double> / <double>
double    | -(<double>)
double    | double(<int>)
double    | double(<uint>)
double    | double(<digits>)
double    | math.abs(<double>)
double    | math.sign(<double>)
double    | math.ceil(<double>)
double    | math.floor(<double>)
double    | math.round(<double>)
double    | math.trunc(<double>)
double    | math.sqrt(<double>)
double    | math.sqrt(<int>)
double    | math.greatest(<double>, <double>)
double    | math.least(<double>, <double>)
dyn    | math.greatest(<int>, <double>)
dyn    | math.least(<uint>, <int>, <double>)
dyn    | dyn(<A>)
dyn    | [dyn(<A>), <B>][<small>]
dyn    | type(<A>)
"""

_TEXTS = """
string    | <string> + <string>
string    | <string>.charAt(<small>)
string    | <string>.substring(<small>)
string    | <string>.substring(<small>, <small>)
string    | <string>.lowerAscii()
string    | <string>.upperAscii()
string    | <string>.replace(<separator>, <string>)
string    | <string>.replace(<separator>, <string>, <small>)
string    | <string>.trim()
string    | <string>.reverse()
string    | <list(string)>.join()
string    | <list(string)>.join(<separator>)
string    | strings.quote(<string>)
string    | string(<int>)
string    | string(<uint>)
string    | string(<bool>)
string    | string(<bytes>)
string    | string(<string>)
string    | base64.encode(<bytes>)
string    | regex.replace(<string>, <pattern>, <string>)
string    | regex.replace(<string>, <pattern>, 'x', <small>)
string    | <template>.format([<int>, <string>])
string    | <template>.format([<uint>, <list(int)>])
string    | <template>.format([<bool>, <bytes>])
string    | <template>.format([<string>, <map(string, int)>])
string    | <template>.format([<null_type>, <type>])
string    | <fixed>.format([<double>, <double>])
string    | <fixed>.format([<int>, <uint>])
bytes    | <bytes> + <bytes>
bytes    | bytes(<string>)
bytes    | bytes(<bytes>)
bytes    | base64.decode(<digits>)
bytes    | base64.decode(base64.encode(<bytes>))
timestamp    | timestamp(<moment>)
timestamp    | timestamp(<int>)
timestamp    | <timestamp> + <duration>
timestamp    | <duration> + <timestamp>
timestamp    | <timestamp> - <duration>
duration    | duration(<span>)
duration    | <timestamp> - <timestamp>
duration    | <duration> + <duration>
duration    | <duration> - <duration>
type    | type(<A>)
"""

FORMS: tuple[Form, ...] = tuple(
    form(*(part.strip() for part in line.split("    | ")))
    for table in (_GENERIC, _OPTIONALS, _LISTS, _BOOLS, _NUMBERS, _TEXTS)
    for line in table.strip().split("\n")
)

_STRINGS = (
    "''", "'a'", "'b'", "'ab'", "\"A b\"", "'é'", "'e\\u0301'", "'😀'", "'😀a'", r"'\n\t'", r"r'\d'", "'''x'y'''", "'%s'", "'-'", "'aXbXc'",
    "' a '", r"'\u00a0'", "'ß'", "'${x}'", r"'\x00'", r"'\uffff'", "'hello hello'", r"'\\'", "'\"'",
)  # fmt: skip

LITERALS: dict[str, tuple[str, ...]] = {
    "int": (
        "0", "1", "2", "3", "-1", "7", "-7", "10", "100", "9223372036854775807", "-9223372036854775808", "4611686018427387904", "0x1F", "9007199254740993",
        "1582934400", "253402300799",
    ),
    "uint": ("0u", "1u", "2u", "7u", "10U", "18446744073709551615u", "9223372036854775808u", "0xFFu", "9007199254740993u"),
    "double": (
        "0.0", "-0.0", "1.0", "0.5", "-0.5", "1.5", "2.5", "-2.5", "1e3", "3.25", "1e300", "-1e300", "5e-324", ".25", "9007199254740992.0", "9223372036854775808.0",
        "18446744073709551616.0", "(0.0 / 0.0)", "(1.0 / 0.0)", "(-1.0 / 0.0)",
    ),
    "string": _STRINGS,
    "bytes": ("b''", "b'a'", "b'ab'", r"b'\xff'", r"b'\000'", "b'é'", "br'\\x'", "B\"😀\""),
    "bool": ("true", "false"),
    "null_type": ("null",),
    "dyn": ("dyn(1)", "dyn(1u)", "dyn(1.0)", "dyn('a')", "dyn(null)", "dyn([1])", "dyn({'a': 1})", "dyn(true)", "dyn(b'a')"),
    "type": ("int", "uint", "double", "string", "bytes", "bool", "list", "map", "null_type", "type", "optional_type", "google.protobuf.Timestamp"),
    "timestamp": ("timestamp(0)", "timestamp('2009-02-13T23:31:30.25Z')", "timestamp('9999-12-31T23:59:59Z')", "timestamp('0001-01-01T00:00:00Z')"),
    "duration": ("duration('0s')", "duration('1h30m')", "duration('-1.5s')", "duration('1ms')", "duration('9223372036s')"),
    "digits": ("'1'", "'-1'", "'0'", "'12.5'", "'x'", "''", "'1e3'", "'-0'", "'9223372036854775807'", "'9223372036854775808'", "'18446744073709551615'", "'true'", "'False'", "'YQ=='", "'NaN'", "'Infinity'"),
    "moment": ("'2020-02-29T12:00:00Z'", "'1969-12-31T23:59:59.5Z'", "'2009-02-13T23:31:30+05:45'", "'x'", "'2021-02-29T00:00:00Z'", "'9999-12-31T23:59:59.999999Z'"),
    "span": ("'1s'", "'1h2m3.5s'", "'-250ms'", "'1us'", "'0'", "'1'", "'x'", "'1.5h'", "'100000h'"),
    "zone": ("'UTC'", "'Europe/Paris'", "'US/Central'", "'Asia/Kathmandu'", "'+02:00'", "'-09:30'", "'05:45'", "'x'"),
    "pattern": ("'a'", "'a|b'", "'^a'", "'b$'", r"r'\w+'", r"r'\d'", "'(a)'", "'(?i)A'", "'.'", "'[^a]'", "''", "'('", "'é'", r"r'\pL'", "'(a)(b)'"),
    "template": ("'%s'", "'%s %s'", "'%d'", "'%d %s'", "'%x'", "'%X %s'", "'%o'", "'%b'", "'%%'", "'a'", "'%'", "'%s %s %s'"),
    "separator": ("' '", "'a'", "'X'", "'ll'", "','", "'😀'"),
    "fixed": ("'%f'", "'%.2f %.0f'", "'%e %.3e'", "'%.3e'", "'%.f'", "'%5f'"),
    "small": ("0", "0", "0", "1", "1", "2", "3", "-1", "5", "64"),
    "count": ("0", "1", "2", "5"),
    "key": ("'a'", "'a'", "'a'", "'b'", "'é'", "''"),
    "field": ("a", "a", "a", "b", "`a-b`"),
}  # fmt: skip
