"""`python -m tests.cli.killed FOLDER`: writes two files at once, over older ones, and is killed at every step of it.

For each step a child of its own runs to there and is ended as by `kill -9`; what stands in the files then is printed.
"""

from __future__ import annotations

import itertools
import json
import os
import signal
import sys
from pathlib import Path

from symphony.project import files


def write_until(step: int, files_: dict[Path, bytes]) -> None:
    """Ends without a word before this call of C: what asks the system for anything is one."""
    steps = itertools.count()

    def count(_frame: object, event: str, _argument: object) -> None:
        if event == "c_call" and next(steps) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(count)
    files.write_files(files_)
    sys.setprofile(None)


def killed_at(step: int, files_: dict[Path, bytes]) -> bool:
    child = os.fork()
    if not child:
        write_until(step, files_)
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def main(folder: str) -> None:
    files_ = {Path(folder, "a.wf.json"): b"new", Path(folder, "b.wf.json"): b"new"}
    files.write_files(files_)  # what is imported once
    for step in itertools.count():
        for path in files_:
            path.write_text("old")
        if not killed_at(step, files_):
            break
        sys.stdout.write(json.dumps([path.read_text() for path in files_]) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
