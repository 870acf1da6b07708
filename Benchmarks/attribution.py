"""Attribution of drops: how its time and its memory grow with the number of records.

    python3 Benchmarks/attribution.py [--quick] [--write] [--undertone PROGRAM]

Drops are written by the program itself. Teachers and base are made in a first call that is not counted, as a user's
second call finds them. Ends with 0 when every step has run, with 1 when one has not. See README.md beside this file.
"""

import argparse
import datetime
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from catalogue import Figure, markdown
from measure import Run, RunFailed, run
from report import replace_block
from tools import HERE, ROOT

BEGIN = "<!-- attribution: begin; written by attribution.py --write -->"
END = "<!-- attribution: end -->"
FOLDER = HERE / ".data" / "attribution"
ROUNDS = 2


def main(given: Sequence[str]) -> int:
    """Run all steps; give the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="up to 10,000 records")
    parser.add_argument("--write", action="store_true", help="put the table into README.md")
    parser.add_argument("--undertone", default=str(ROOT / ".build/release/undertone"), help="the program")
    arguments = parser.parse_args(given)
    program = Path(arguments.undertone).resolve()
    if not program.exists():
        print(f"{program} is not there: make build", file=sys.stderr)
        return 2
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    try:
        figures = growth(program, [1_000, 10_000] if arguments.quick else [1_000, 10_000, 100_000])
    except RunFailed as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
    command = " ".join(["python3 Benchmarks/attribution.py", *given])
    table = markdown(f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}, `{command}`", figures)
    print(table)
    if arguments.write:
        page = HERE / "README.md"
        page.write_text(replace_block(page.read_text(), table, BEGIN, END))
    return 0


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
    sys.exit(main(sys.argv[1:]))
