"""`http: { method: "GET", url: "https://x.example/items/${id}" }` → the request that an operator sends.

Needs the parameters of the operator. Guarantees a request whose parts are expressions over them, of types that can be sent. An
address is kept in parts, what is written and what is a value, so that a value never becomes another path or query.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from symphony_compiler.bindings import Frame
from symphony_compiler.constants import evaluate
from symphony_compiler.reading import read, text_of
from symphony_compiler.site import Site
from symphony_dsl.base.flows import a, hidden_in
from symphony_dsl.base.span import Span
from symphony_dsl.base.types import SECRET, STRING
from symphony_dsl.expressions.folding import NotConstant, constant
from symphony_dsl.expressions.tree import Brace, Entry, Expr, Literal, Text
from symphony_model.http_request import HttpRequest, UrlPart
from symphony_model.nodes import Effect
from symphony_model.ports import Expression
from symphony_model.validating.values import wrong_request

METHODS = ("GET", "HEAD", "OPTIONS", "PUT", "DELETE", "POST", "PATCH")
BODILESS = ("GET", "HEAD")
SCHEMES = ("https://", "http://")
ONCE = frozenset({"POST", "PATCH"})
"""Methods that do something more when they are sent again."""

KNOWN = ("method", "url", "headers", "query", "body")


def request_of(site: Site, frame: Frame, value: Expr) -> HttpRequest | None:
    if not isinstance(value, Brace) or not all(isinstance(each.key, str) for each in value.entries):
        site.report("WF0503", value.span, 'a request is written as `{ method: "GET", url: "https://…" }`')
        return None
    given = _entries(site, value)
    url = _url(site, frame, given.get("url"), value.span)
    method = _method(site, given.get("method"))
    headers, query = (_part(site, frame, _as_record(given.get(name))) for name in ("headers", "query"))
    body = _part(site, frame, given.get("body"))
    if url is None or method is None or not site.sound:
        return None
    request = HttpRequest(method, url, headers, query, body)
    if method in BODILESS and "body" in given:
        site.report(
            "WF0503", _key_span(given["body"]), f"a request by {method} has no body; `method` is `POST` or the like"
        )
    for name, of, wanted in wrong_request(request):
        site.report("WF0301", given[name].value.span, f"`{name}` of a request takes {wanted}, not {a(of)}")
    return request


def effect_of(request: HttpRequest) -> Effect:
    return Effect.ONCE if request.method in ONCE else Effect.REPEATABLE


def _entries(site: Site, value: Brace) -> dict[str, Entry]:
    given: dict[str, Entry] = {}
    for each in value.entries:
        name = str(each.key)
        if name not in KNOWN:
            site.unknown("WF0501", _key_span(each), f"a request has no `{name}`", name, KNOWN)
        elif name in given:
            labels = [site.reporter.label(_key_span(given[name]), "given here")]
            site.report("WF0502", _key_span(each), f"`{name}` is given twice", labels=labels)
        else:
            given[name] = each
    return given


def _key_span(entry: Entry) -> Span:
    return entry.span._replace(end=entry.span.start + len(str(entry.key)))


def _method(site: Site, given: Entry | None) -> str | None:
    if given is None:
        return "GET"
    made = evaluate(site, given.value, STRING)
    if not made.known:
        return None
    if made.value in METHODS:
        return str(made.value)
    upper = str(made.value).upper()
    fixes = [site.reporter.replacement(f"write `{upper}`", given.value.span, f'"{upper}"')] if upper in METHODS else []
    site.report("WF0503", given.value.span, f"the method of a request is one of {', '.join(METHODS)}", fixes=fixes)
    return None


def _url(site: Site, frame: Frame, given: Entry | None, span: Span) -> tuple[UrlPart, ...] | None:
    if given is None:
        site.report("WF0504", span, 'the request has no address: `url: "https://…"`')
        return None
    value = given.value
    pieces = [each for each in value.parts if each != ""] if isinstance(value, Text) else [value]
    made = [each if isinstance(each, str) else _value(site, frame, each, at == 0) for at, each in enumerate(pieces)]
    parts = tuple(each for each in made if each is not None)
    if len(parts) < len(made):
        return None
    if isinstance(parts[0], str) and not parts[0].startswith(SCHEMES):
        message = f"an address starts with {' or '.join(f'`{each}`' for each in SCHEMES)}"
        site.report("WF0503", value.span, message)
        return None
    return parts


def _value(site: Site, frame: Frame, expr: Expr, is_start: bool) -> UrlPart | None:
    """A value in an address. The start of it is text where that is known: it is no value from outside."""
    reading = read(site, frame, Text(expr.span, (expr,)))
    if is_start and reading.sound and not reading.ports and reading.type == STRING:
        with suppress(NotConstant):
            return str(constant(reading.expr))
    if hidden_in(reading.type) == SECRET:
        message = "an address holds no secret: it would be written into logs; secrets go into `headers`"
        site.report("WF0301", expr.span, message)
        return None
    return Expression(text_of(site, reading), STRING) if reading.sound else None


def _as_record(given: Entry | None) -> Entry | None:
    """`{ "X-Key": key, "X-Page": "1" }` has names that are known, so each value has a type of its own."""
    value = given.value if given else None
    if not given or not isinstance(value, Brace) or value.is_record:
        return given
    names = [each.key.value if isinstance(each.key, Literal) else None for each in value.entries]
    if not names or not all(isinstance(name, str) and "`" not in name for name in names):
        return given
    entries = tuple(replace(each, key=str(name)) for each, name in zip(value.entries, names, strict=True))
    return replace(given, value=replace(value, entries=entries))


def _part(site: Site, frame: Frame, given: Entry | None) -> Expression | None:
    if given is None:
        return None
    reading = read(site, frame, given.value)
    return Expression(text_of(site, reading), reading.type) if reading.sound else None
