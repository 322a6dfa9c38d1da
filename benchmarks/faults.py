"""`python -m benchmarks.faults FOLDER --seed N`: how well mistakes in files are found.

Takes every file without errors below a folder, makes one to five mistakes in it, and compares what is said with what was
done: a fault counts as found where an error is reported at its line (`tests/faults` says which lines those are).
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from tests.faults.measuring import MOST, Score, Trial, measure
from tests.faults.planting import KINDS
from tests.faults.units import units

from symphony_dsl.base.span import SourceText


def show(score: Score) -> None:
    share = score.found / score.planted if score.planted else 1.0
    each = score.spurious / score.planted if score.planted else 0.0
    print(f"planted {score.planted:,}  found {score.found:,} ({share:.1%})  missed {score.missed:,}  ", end="")
    print(f"spurious {score.spurious:,} ({each:.2f} a fault)")
    planted = Counter(fault.edit.kind for trial in score.trials for fault in trial.faults)
    missed = Counter(fault.edit.kind for trial in score.trials for fault in trial.missed)
    for kind in KINDS:
        print(f"  {kind:<10} planted {planted[kind]:>6,}  missed {missed[kind]:>5,}")


def show_trial(trial: Trial) -> None:
    source = SourceText(trial.path, trial.text)
    print(f"\n==== {trial.path}")
    for number, line in enumerate(trial.text.split("\n"), 1):
        print(f"{number:>4} {line}")
    for fault in trial.faults:
        state = "MISSED" if fault in trial.missed else "found "
        print(f"{state} {fault.edit.kind} {sorted(fault.lines)} {fault.edit.text!r}")
    for each in trial.spurious:
        place = source.position(each.location.span.start)
        print(f"SPURIOUS {each.location.path}:{place.line}:{place.column} {each.code} {each.message}")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--seed", type=int, default=0)
    arguments.add_argument("--count", type=int, default=1000, help="how many spoilt texts are tried")
    arguments.add_argument("--most", type=int, default=MOST, help="how many faults a text has at most")
    arguments.add_argument("--show", type=int, default=0, help="print so many texts in which something went wrong")
    chosen = arguments.parse_args()
    score = measure(units(chosen.folder), chosen.seed, chosen.count, chosen.most)
    for trial in [each for each in score.trials if each.missed or each.spurious][: chosen.show]:
        show_trial(trial)
    show(score)


if __name__ == "__main__":
    main()
