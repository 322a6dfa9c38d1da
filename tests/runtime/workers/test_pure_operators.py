"""`json_parse`, `json_format` and `text`, called in line and through the router."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.runtime.workers.worker_nodes import operator, task

from symphony_dsl.base.times import Duration
from symphony_dsl.base.types import FLOAT, INT, JSON, STRING, ListType, record
from symphony_model.nodes import OperatorType
from symphony_runtime.operators.pure import PURE
from symphony_runtime.task import Failure, Success

TEXT = {"text": STRING}
FORMAT = operator(OperatorType.JSON_FORMAT, {"value": JSON, "indent": INT}, STRING)
AS_TEXT = operator(OperatorType.TEXT, {"value": JSON}, STRING)


def parse(text, of=JSON):
    return PURE[OperatorType.JSON_PARSE](operator(OperatorType.JSON_PARSE, TEXT, of), {"text": text})


@pytest.mark.parametrize(
    ("text", "of", "value"),
    [
        ('{"a": [1, 2.5, null, "ä"]}', JSON, {"a": [1, 2.5, None, "ä"]}),
        ("\ufeff[]", JSON, []),
        ("[1, 2]", ListType(FLOAT), [1.0, 2.0]),
        ('{"a": 1, "other": 2}', record(a=INT), {"a": 1}),
        ('{"result": {"a": 1}}', {"result": record(a=INT)}, {"a": 1}),
        ('{"result": 1}', record(result=INT), {"result": 1}),
        ("null", JSON, None),
    ],
)
def test_parse(text, of, value):
    assert parse(text, of) == Success({"result": value})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the text is no JSON at line 1, column 1: expecting value"),
        ('{\n  "a": 1,\n  "b" 2\n}', "the text is no JSON at line 3, column 7: expecting ':' delimiter"),
        ("[1] 2", "the text is no JSON at line 1, column 5: extra data"),
        ("[NaN]", "the text is no JSON: NaN is no JSON number"),
        ("[" * 100_000, "the JSON nests deeper than 200 levels"),
        ("[" * 300 + "]" * 300, "the text is no JSON: the value nests deeper than 200 levels"),
        ('["\\ud800"]', "the text is no JSON: [0]: the string holds half of a surrogate pair, which is no character"),
        ("1e999", "the text is no JSON: expected a float, found a number that is not finite"),
    ],
)
def test_what_is_no_json(text, message):
    outcome = parse(text)
    assert (outcome.code, outcome.message) == ("conversion", message)


def test_a_value_that_does_not_fit_names_its_path():
    outcome = parse('[{"a": 1}, {"a": "x"}]', ListType(record(a=INT)))
    message = 'the JSON does not fit at [1].a: expected an int, found the string "x"'
    assert outcome == Failure("conversion", message, {"path": "[1].a"})


@pytest.mark.parametrize(
    ("value", "indent", "text"),
    [
        ({"b": 1, "a": [True, None, "ä"]}, 0, '{"a":[true,null,"ä"],"b":1}'),
        ({"a": 1}, 2, '{\n  "a": 1\n}'),
        ("x", None, '"x"'),
        (Duration.parse("90s"), 0, '"1m30s"'),
    ],
)
async def test_format(run, tmp_path, value, indent, text):
    assert await run(task(FORMAT, tmp_path, value=value, indent=indent)) == Success({"result": text})


@pytest.mark.parametrize(("value", "text"), [("a b", "a b"), ({"a": 1}, '{"a":1}'), (1.5, "1.5"), (None, "null")])
async def test_text(run, tmp_path, value, text):
    assert await run(task(AS_TEXT, tmp_path, value=value)) == Success({"result": text})


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=50, derandomize=True, deadline=None)
@given(JSON_VALUES, st.integers(0, 4))
def test_parsing_what_was_formatted_gives_the_value(value, indent):
    text = PURE[OperatorType.JSON_FORMAT](FORMAT, {"value": value, "indent": indent}).outputs["result"]
    assert parse(text) == Success({"result": value})
