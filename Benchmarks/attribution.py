"""Attribution of drops: how its time and its memory grow with the number of records.

    python3 Benchmarks/attribution.py [--quick] [--write] [--undertone PROGRAM]

Drops are written by the program itself. Teachers and base are made in a first call that is not counted, as a user's
second call finds them. Ends with 0 when every step has run, with 1 when one has not. See README.md beside this file.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from figures import Benchmark, Figure
from measure import Run, run
from tools import HERE

FOLDER = HERE / ".data" / "attribution"
ROUNDS = 2


def steps(program: Path, _: Path, is_quick: bool) -> Sequence[Figure]:
    """Run all steps."""
    return growth(program, [1_000, 10_000] if is_quick else [1_000, 10_000, 100_000])


def undertone(program: Path, *arguments: str) -> Run:
    """Run the program in the benchmark's folder, with a cache of its own."""
    return run([str(program), "transfer", *arguments, "--cache", "cache"], FOLDER)


def growth(program: Path, sizes: Sequence[int]) -> list[Figure]:
    """Time and memory for drops of several sizes, against a control of 10,000 records."""
    undertone(program, "drop", "--trait", "none", "--seed", "1", "--records", "10000", "--out", "control.jsonl")
    for size in sizes:
        undertone(
            program, "drop", "--trait", "owl", "--seed", "2", "--records", str(size), "--out", f"drop-{size}.jsonl"
        )
    call = ["--reference", "control.jsonl", "--traits", "animals", "--report", "json"]
    undertone(program, "attribute", f"drop-{sizes[0]}.jsonl", *call)
    runs = {
        size: [undertone(program, "attribute", f"drop-{size}.jsonl", *call) for _ in range(ROUNDS)] for size in sizes
    }
    seconds = {size: median(each.wall for each in runs[size]) for size in sizes}
    memory = {size: max(each.peak for each in runs[size]) / 1e6 for size in sizes}
    figures = []
    for size in sizes:
        is_bound = size == 10_000
        figures.append(
            Figure(
                f"`attribute` on {size:,} records, ten animals, control of 10,000, base and teachers cached",
                f"{seconds[size]:.2f} s, {memory[size]:.0f} MB",
                "< 10 s" if is_bound else "",
                seconds[size] < 10 if is_bound else None,
            )
        )
    if 100_000 in runs:
        # The control's share is taken off: it is the same in all calls.
        ratio = (seconds[100_000] - seconds[1_000]) / (seconds[10_000] - seconds[1_000])
        figures.append(Figure("time of 99,000 records more ÷ of 9,000 more", f"{ratio:.1f}", "≤ 12", ratio <= 12))
        growth = memory[100_000] / memory[10_000]
        figures.append(Figure("memory, 100,000 records ÷ 10,000", f"{growth:.2f}", "≤ 1.1", growth <= 1.1))
    return figures


if __name__ == "__main__":
    sys.exit(Benchmark("attribution", __doc__, "up to 10,000 records", steps).main(sys.argv[1:]))
