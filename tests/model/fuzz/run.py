"""Fuzzes a reader with atheris: `python -m tests.model.fuzz.run FORMAT [SECONDS]`, in an environment that has atheris, which is no
dependency of the project. What takes a new way through the code is added to the corpus in tests/data/fuzz; what fails is written
into `crash-…` in the folder that you are in, and belongs into the corpus when it is mended.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris  # type: ignore[import-not-found]

with atheris.instrument_imports(include=["symphony_model", "symphony_dsl.base"]):
    from tests.model.fuzz.targets import CORPUS, TARGETS
    from tests.model.hostile_binary import WORKFLOW

    from symphony_model.binary.compression import Compression

SECONDS = 300

SEEDS = {
    "msgpack": [WORKFLOW.to_msgpack()],
    "bincode": [WORKFLOW.to_bincode()],
    "compressed": [WORKFLOW.to_compressed(how) for how in Compression],
    "json": [WORKFLOW.to_json().encode()],
}


def main(name: str, seconds: int = SECONDS) -> None:
    corpus = CORPUS / name
    corpus.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for at, seed in enumerate(SEEDS[name]):
            (Path(folder) / f"seed-{at}").write_bytes(seed)
        options = [f"-max_total_time={seconds}", "-timeout=20", "-rss_limit_mb=1024", "-max_len=8192"]
        atheris.Setup([sys.argv[0], str(corpus), folder, *options], TARGETS[name])
        atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
