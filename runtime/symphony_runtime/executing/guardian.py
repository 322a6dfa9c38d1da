"""Who kills our processes when we cannot any more.

A worker sees its pipe end when its engine dies, but user code may hold the interpreter at that moment; and what a worker
or a shell started has no pipe of ours. So an engine that starts processes also starts one guardian: a tiny shell that
reads, line by line, which process groups live, and kills those of the last line when its input ends, and then whatever else has
the mark of the engine (`marks`). The kernel closes that pipe however the engine ends. A process does nothing of its own before its group is written there.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
from typing import IO

from symphony_runtime.executing.leash import Leash, mark_of

_SCRIPT = """
while read -r line; do groups="$line"; done
[ -n "$groups" ] || exit 0
for group in $groups; do kill -s KILL -- "-$group"; done
for _ in 1 2 3; do
  for file in /proc/[0-9]*/environ; do
    grep -q "SYMPHONY_LEASH=$1/" "$file" && pid="${file#/proc/}" && kill -s KILL "${pid%/environ}"
  done
done
"""


class Guardian:
    """Started with the first group; a guardian that was lost is not replaced, the workers' own pipes remain."""

    def __init__(self) -> None:
        self.leash = Leash()
        self._groups: set[int] = set()
        self._process: subprocess.Popen[bytes] | None = None
        self._lost = False

    def add(self, group: int) -> None:
        self._groups.add(group)
        self._tell()

    def discard(self, group: int) -> None:
        self._groups.discard(group)
        self._tell()

    def close(self) -> None:
        """Let the guardian go; groups that still live are killed by it."""
        self.leash.close()
        if self._process is None:
            return
        with contextlib.suppress(OSError):
            _input(self._process).close()
        self._process.wait()
        self._process = None

    def _tell(self) -> None:
        """Best effort: the guardian is the last of several nets."""
        if self._lost:
            return
        line = " ".join(map(str, sorted(self._groups))) + "\n"
        try:
            os.write(_input(self._process or self._start()).fileno(), line.encode())
        except OSError:
            self._lost = True

    def _start(self) -> subprocess.Popen[bytes]:
        nothing = subprocess.DEVNULL
        argv = ["/bin/sh", "-c", _SCRIPT, "guardian", mark_of(self.leash.path)]
        process = subprocess.Popen(  # noqa: S603 - the script is the constant above
            argv, stdin=subprocess.PIPE, stdout=nothing, stderr=nothing, cwd="/", env={}, start_new_session=True
        )
        os.set_blocking(_input(process).fileno(), False)
        self._process = process
        return process


def _input(process: subprocess.Popen[bytes]) -> IO[bytes]:
    assert process.stdin is not None, "it was started with a pipe"
    return process.stdin
