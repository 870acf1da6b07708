"""Profiles and comparisons of whole drops: rate, memory, and side by side with Evidently.

    python3 Benchmarks/compare.py [--quick] [--write] [--undertone PROGRAM]

Evidently computes drift of five columns that pandas makes of each output; undertone counts and tests some twenty
things, and its classifier tries to tell records apart. Ends with 0 when every step has run, with 1 when one has not.
See README.md beside this file.
"""

import json
import sys
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from statistics import median

from figures import Benchmark, Figure
from generate import FULL, QUICK, SEED, prepare
from measure import Run, run
from tools import HERE, VENV, packages

ROUNDS = 3


def steps(program: Path, folder: Path, is_quick: bool) -> Sequence[Figure]:
    """Run all steps."""
    data, _ = prepare(folder.parent, QUICK if is_quick else FULL, SEED)
    records = 100_000 if is_quick else 1_000_000
    drop, reference = folder / "drop.jsonl", folder / "reference.jsonl"
    # Line by line: what the driver holds counts as memory of the programs that it starts.
    with (data / "numbers.jsonl").open("rb") as lines:
        for path in (drop, reference):
            with path.open("wb") as file:
                file.writelines(islice(lines, records))

    def undertone(*arguments: str) -> Run:
        return run([str(program), *arguments, "--quiet"], folder)

    figures = []
    for name, least in (("numbers", 1.0), ("prose", 0.3)):
        path = data / f"{name}.jsonl"
        seconds, peak = middle(lambda path=path: undertone("stats", str(path)))
        rate = path.stat().st_size / seconds / 1e9
        text = f"`stats` of {path.stat().st_size / 1e6:,.0f} MB of {name}"
        figures.append(Figure(text, f"{rate:.2f} GB/s, {peak:.0f} MB", f"≥ {least} GB/s", rate >= least))
        figures.append(Figure(f"memory of that, {name}", f"{peak:.0f} MB", "< 300 MB", peak < 300))
    arguments = ("compare", drop.name, "--reference", reference.name)
    seconds, peak = middle(lambda: undertone(*arguments))
    is_met = seconds < 15 if records == 1_000_000 else None
    text = f"`compare` of two drops of {records:,} records"
    figures.append(Figure(text, f"{seconds:.1f} s, {peak:.0f} MB", "< 15 s" if is_met is not None else "", is_met))
    return [*figures, *evidently(folder, drop, reference, seconds, records)]


def middle(measure: Callable[[], Run]) -> tuple[float, float]:
    """Give the median of seconds, and the most megabytes."""
    runs = [measure() for _ in range(ROUNDS)]
    return median(each.wall for each in runs), max(each.peak for each in runs) / 1e6


def evidently(folder: Path, drop: Path, reference: Path, seconds: float, records: int) -> list[Figure]:
    """Compare with Evidently on the same two files, where it can be had."""
    version = packages("drift", True)["evidently"]
    text = f"Evidently {version} ÷ `compare`, the same files of {records:,} records"
    if version is None:
        return [Figure("Evidently ÷ `compare`", "pip could not install it")]
    found = run([str(VENV / "bin/python"), str(HERE / "peers/with_evidently.py"), drop.name, reference.name], folder)
    drifted = int(json.loads(found.output)["drifted"])
    value = (
        f"{found.wall / seconds:.1f} ({found.wall:.1f} s, {found.peak / 1e6:.0f} MB, {drifted} of 5 columns drifted)"
    )
    return [Figure(text, value)]


if __name__ == "__main__":
    sys.exit(Benchmark("compare", __doc__, "a tenth of the records", steps).main(sys.argv[1:]))
