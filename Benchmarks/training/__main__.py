"""Training steps and the many-models experiment: Undertone beside PyTorch and JAX, on the same cores, in one run.

    cd Benchmarks && python3 -m training [--rounds 3] [--only 'step/width=64/*'] [--undertone PROGRAM] [--write]

Prints JSON; each figure is the median of the rounds, and a ratio is taken within a round.
"""

import argparse
import json
import os
import sys
from collections import defaultdict
from datetime import UTC, datetime
from fnmatch import fnmatch
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from machine import describe
from measure import RunFailed, run
from report import replace_block
from tools import ROOT, Tools
from training.environment import HERE, prepare
from training.rows import MANY_MODELS, PRODUCTS, STEPS
from training.table import BEGIN, END, markdown

FOLDER = HERE.parent
Rates = dict[str, dict[str, float]]
"""Steps per second (GFLOP/s for `sgemm`) by row and by program."""


def contenders(python: Path, undertone: Path, names: list[str], threads: int, seconds: float) -> dict[str, list[str]]:
    """Commands that print a line of JSON for each row, or one object with `rows`."""
    steps = [name for name in names if name.startswith("step/")]
    commands: dict[str, list[str]] = {}
    if PRODUCTS in names:
        commands["numpy"] = [str(python), "-m", "training.with_numpy", str(seconds)]
    if MANY_MODELS in names:
        commands["torch digits"] = [str(python), "-m", "training.torch_digits", str(threads)]
    if steps:
        commands["torch"] = [str(python), "-m", "training.torch_steps", str(threads), str(seconds), *steps]
        commands["jax"] = [str(python), "-m", "training.jax_steps", str(threads), str(seconds), *steps]
    if os.access(undertone, os.X_OK):
        commands["undertone"] = [str(undertone), "train", "bench", "--threads", str(threads), "--report", "json"]
    return commands


def parsed(output: str, program: str) -> Rates:
    """Rates by row, out of lines of JSON or of one object with `rows`; a variant counts as a program of its own."""
    try:
        answer = json.loads(output)
        rows = answer.get("rows", [answer])
    except json.JSONDecodeError:
        rows = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    return {
        row["name"]: {program: float(row.get("steps_per_second") or row["gflops"])}
        | {f"{program} {variant}": float(rate) for variant, rate in row.get("variants", {}).items()}
        for row in rows
    }


def measure_round(commands: dict[str, list[str]], threads: int, failures: dict[str, str]) -> Rates:
    """Run every program once; what fails is told and left out."""
    rates: Rates = defaultdict(dict)
    limits = {"OMP_NUM_THREADS": str(threads), "OPENBLAS_NUM_THREADS": str(threads), "JAX_PLATFORMS": "cpu"}
    for program, command in commands.items():
        print(f"{program} …", file=sys.stderr)
        try:
            found = parsed(run(command, FOLDER, limits).output, program.split()[0])
        except (RunFailed, ValueError, KeyError) as failure:
            failures[program] = str(failure)
            continue
        for name, figures in found.items():
            rates[name] |= figures
    return rates


def summary(rounds: list[Rates], names: list[str]) -> list[dict[str, Any]]:
    """One object for each row: rates, ratios of undertone to the others, and the share of the rate of products."""
    operations = {step.name: step.operations for step in STEPS}
    found: list[dict[str, Any]] = []
    for name in names:
        programs = sorted({program for rates in rounds for program in rates.get(name, {})})
        row: dict[str, Any] = {"name": name, "unit": "GFLOP/s" if name == PRODUCTS else "steps/s"}
        for program in programs:
            row[program] = median(rates[name][program] for rates in rounds if program in rates.get(name, {}))
        for program in programs:
            both = [rates[name] for rates in rounds if {"undertone", program} <= set(rates.get(name, {}))]
            if both and program != "undertone":
                ratios = [rates["undertone"] / rates[program] for rates in both]
                row[f"undertone/{program}"] = {"median": median(ratios), "low": min(ratios), "high": max(ratios)}
        if name in operations:
            row["gflops"] = {program: row[program] * operations[name] / 1e9 for program in programs}
        found.append(row)
    return found


def experiment(undertone: Path, failures: dict[str, str]) -> dict[str, float]:
    """Seconds of the whole owl experiment, with bases that are made and with bases that are there."""
    if not os.access(undertone, os.X_OK):
        return {}
    found: dict[str, float] = {}
    with TemporaryDirectory() as cache:
        command = [str(undertone), "train", "demo", "--students", "1", "--cache", cache, "--quiet"]
        for what in ("two bases, two teachers, three drops, five students", "the same with cached bases"):
            try:
                found[what] = run(command, FOLDER).wall
            except RunFailed as failure:
                failures[what] = str(failure)
    return found


def main() -> int:
    """Read arguments, install, measure, print."""
    parser = argparse.ArgumentParser(prog="python3 -m training", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=1.0, help="of each stretch that is timed")
    parser.add_argument("--only", nargs="+", default=["*"], metavar="PATTERN", help="names of rows")
    parser.add_argument("--undertone", type=Path, default=ROOT / ".build/release/undertone")
    parser.add_argument("--no-install", action="store_true", help="take what is there")
    parser.add_argument("--write", action="store_true", help="put the table into README.md")
    parser.add_argument("--output", type=Path, help="write the JSON there, too")
    arguments = parser.parse_args()
    load = os.getloadavg()[0]
    names = [PRODUCTS, MANY_MODELS, *(step.name for step in STEPS)]
    names = [name for name in names if any(fnmatch(name, pattern) for pattern in arguments.only)]
    python, versions = prepare(not arguments.no_install)
    # All programs share the same cores; JAX knows no other bound.
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: arguments.threads])
    undertone = arguments.undertone.resolve()
    missing = None if os.access(undertone, os.X_OK) else "not there"
    machine = describe(Tools([str(undertone)], missing, str(python), dict(versions)), FOLDER, load)
    machine.pop("simdjson", None)
    commands = contenders(python, undertone, names, arguments.threads, arguments.seconds)
    failures: dict[str, str] = {}
    rounds = [measure_round(commands, arguments.threads, failures) for _ in range(arguments.rounds)]
    result = {
        "date": datetime.now(UTC).date().isoformat(),
        "threads": arguments.threads,
        "rounds": arguments.rounds,
        "machine": machine,
        "rows": summary(rounds, names),
        "experiment": experiment(undertone, failures) if arguments.only == ["*"] else {},
        "failures": failures,
    }
    text = json.dumps(result, indent=2) + "\n"
    if arguments.output:
        arguments.output.write_text(text)
    print(text, end="")
    if arguments.write:
        command = " ".join(["python3 -m training", *sys.argv[1:]])
        page = FOLDER / "README.md"
        page.write_text(replace_block(page.read_text(), markdown(result, command), BEGIN, END))
    return 0


if __name__ == "__main__":
    sys.exit(main())
