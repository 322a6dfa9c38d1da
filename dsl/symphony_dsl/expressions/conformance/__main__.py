"""`python -m symphony_dsl.expressions.conformance FILE.jsonl …`."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from symphony_dsl.expressions.conformance.runner import run_list


def main(paths: Iterable[str]) -> int:
    """Print what a list comes to; how a program ends that tells it."""
    failed = False
    for path in paths:
        report = run_list(Path(path).read_text("utf-8-sig"))
        sys.stdout.writelines(f"{line}\n" for line in (*report.failures, report))
        failed = failed or bool(report.failures)
    return int(failed)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: python -m symphony_dsl.expressions.conformance FILE.jsonl …")
    sys.exit(main(sys.argv[1:]))
