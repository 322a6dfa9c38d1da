"""A process in an environment of its own, which answers tasks for other implementations: JSON, a line each."""

from __future__ import annotations

import json
import select
import subprocess
from collections.abc import Mapping
from pathlib import Path

from benchmarks.measure import PEER_LIMIT


class Peers:
    """A process that takes too long is ended and started anew."""

    def __init__(self, python: Path, script: str) -> None:
        self.command = [str(python), str(Path(__file__).with_name(script))]
        self.process = self._started()

    def _started(self) -> subprocess.Popen[str]:
        return subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def answer(self, task: Mapping[str, object]) -> float | None:
        """What a task gives; None where the peer refuses it, dies of it or had to be stopped."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(task) + "\n")
        self.process.stdin.flush()
        ready, _, _ = select.select([self.process.stdout], [], [], PEER_LIMIT)
        line = self.process.stdout.readline() if ready else ""
        if not line:
            self.restart()
        return json.loads(line) if line else None

    def restart(self) -> None:
        self.close()
        self.process = self._started()

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
