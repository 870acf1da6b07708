"""Undertone beside its peers: every row is run in every round, and ratios are taken inside a round.

    python3 Benchmarks/bench.py [--quick] [--rounds N] [--only NAME…] [--write] [--undertone PROGRAM]

Ends with 0 when every row has run and given the right counts, with 1 when one has not (or, with --strict, when a
target is missed), with 2 on wrong usage. See README.md beside this file.
"""

import argparse
import datetime
import fnmatch
import json
import os
import resource
import shlex
import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from contenders import Contender, contenders
from generate import FULL, QUICK, SEED, Scale, prepare
from machine import describe
from measure import RunFailed, run
from ratios import MEMORY_TARGET, RATIOS, Sample, outcome, peak_memory
from report import Head, markdown, replace_block
from tools import HERE, ROOT, find_tools

Samples = dict[str, list[Sample]]


class CountsDiffer(Exception):
    """Rows that must agree on a count and do not: the comparison would be worth nothing."""


def main(given: Sequence[str]) -> int:
    """Run the benchmark; give the exit status."""
    arguments = _arguments(given)
    load = os.getloadavg()[0]  # Before the benchmark adds its own.
    scale = QUICK if arguments.quick else FULL
    rounds = arguments.rounds or (2 if arguments.quick else 5)
    data, manifest = _data(scale, arguments.seed)
    tools = find_tools(arguments.undertone, arguments.compiler, install=not arguments.no_install)
    rows = contenders(tools, ROOT, data, manifest)
    if arguments.only:
        unknown = [name for name in arguments.only if not any(fnmatch.fnmatch(row.name, name) for row in rows)]
        if unknown:
            known = ", ".join(row.name for row in rows)
            print(f"no row is called {', '.join(unknown)}; there are {known}", file=sys.stderr)
            return 2
        rows = [row for row in rows if any(fnmatch.fnmatch(row.name, name) for name in arguments.only)]
    elif tools.undertone_missing:
        print(f"{tools.undertone_missing}, or name the rows to run with --only", file=sys.stderr)
        return 2
    machine = describe(tools, data, load)
    if load > 0.5:
        print(f"the machine is busy (load {load:.2f}): expect noise", file=sys.stderr)
    try:
        samples, failures = measured(rows, rounds, data)
    except CountsDiffer as error:
        print(f"counts differ: {error}", file=sys.stderr)
        return 1

    selected = {row.name for row in rows}
    outcomes = [outcome(ratio, samples) for ratio in RATIOS if ratio.rows <= selected]
    command = _shown_command(given)
    head = Head(
        date=datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d"),
        command=command,
        machine=machine,
        data=f"{scale.numbers:,} number records, {manifest['files']['numbers.jsonl']['bytes'] / 1e6:.0f} MB, "
        f"seed {arguments.seed}",
        rounds=rounds,
        driver_memory=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    )
    sizes = {name: entry["bytes"] for name, entry in manifest["files"].items()}
    table = markdown(head, rows, samples, outcomes, sizes, failures)
    print(table)
    for name, why in failures.items():
        print(f"{name} failed: {why}", file=sys.stderr)
    if arguments.write and not failures:
        readme = HERE / "README.md"
        readme.write_text(replace_block(readme.read_text("utf-8"), table), "utf-8")
        results = HERE / "results" / f"{head.date}.json"
        results.parent.mkdir(exist_ok=True)
        raw = {
            "date": head.date,
            "command": command,
            "machine": machine,
            "data": manifest,
            "rounds": rounds,
            "rows": [_plain(row, samples.get(row.name, [])) for row in rows],
            "ratios": [entry.plain() for entry in outcomes],
        }
        results.write_text(json.dumps(raw, indent=1, ensure_ascii=False) + "\n", "utf-8")
    peak = peak_memory(samples)
    missed = any(entry.is_met is False for entry in outcomes) or (peak is not None and peak[1] >= MEMORY_TARGET)
    return 1 if failures or (arguments.strict and missed) else 0


def measured(rows: Sequence[Contender], rounds: int, data: Path) -> tuple[Samples, dict[str, str]]:
    """Run all rows round by round; give the samples by row, and why a row failed.

    Raises CountsDiffer after a round in which rows that must agree did not.
    """
    samples: Samples = defaultdict(list)
    failures: dict[str, str] = {}
    _warm({data / row.input for row in rows if row.input is not None and row.missing is None})
    for number in range(1, rounds + 1):
        for row in rows:
            if row.missing is not None or row.name in failures:
                continue
            print(f"round {number} of {rounds}: {row.name}", file=sys.stderr)
            try:
                samples[row.name].append(_sample(row))
            except RunFailed as error:
                failures[row.name] = str(error)
                samples.pop(row.name, None)
        check_counts(rows, samples)
    return samples, failures


def check_counts(rows: Sequence[Contender], samples: Samples) -> None:
    """Raise CountsDiffer where a row's counts are not what they must be."""
    groups: dict[str, dict[str, int | None]] = defaultdict(dict)
    for row in rows:
        for sample in samples.get(row.name, []):
            if row.records is not None and sample.records != row.records:
                raise CountsDiffer(f"{row.name} has seen {sample.records} records, and there are {row.records}")
            if row.kept is not None and sample.kept != row.kept:
                raise CountsDiffer(f"{row.name} keeps {sample.kept} records, and {row.kept} is right")
            if row.agrees is not None and groups[row.agrees].setdefault(row.name, sample.kept) != sample.kept:
                raise CountsDiffer(f"{row.name} keeps another number of records in another round")
    for kept in groups.values():
        if len(set(kept.values())) > 1 or None in kept.values():
            raise CountsDiffer("kept records are " + ", ".join(f"{name} {count}" for name, count in kept.items()))


def _data(scale: Scale, seed: int) -> tuple[Path, dict[str, Any]]:
    # Another process makes them: what this one holds is the floor of every peak that it measures.
    flags = ["--quick"] if scale == QUICK else []
    command = [sys.executable, str(HERE / "generate.py"), "--seed", str(seed), *flags]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return prepare(HERE / ".data", scale, seed)


def _sample(row: Contender) -> Sample:
    if row.before is not None:
        row.before()
    try:
        ran = run(row.command, ROOT, row.environment, row.accepted)
    finally:
        if row.after is not None:
            row.after()
    answer: Any = None
    try:
        answer = json.loads(ran.output)
    except ValueError:
        if row.records is not None:
            raise RunFailed(f"{row.name} printed no JSON: {ran.output[:200]!r}") from None
    if not isinstance(answer, dict):
        answer = {}
    return Sample(ran, answer.get("records"), answer.get("kept"), answer.get("seconds"))


def _warm(files: set[Path]) -> None:
    # One pass over every input, so that the first round too reads from memory and not from the disk.
    for path in files:
        with path.open("rb") as file:
            while file.read(1 << 20):
                pass


def _plain(row: Contender, samples: Sequence[Sample]) -> dict[str, Any]:
    runs = []
    for sample in samples:
        costs = asdict(sample.run)
        costs.pop("output")
        runs.append(costs | {"records": sample.records, "kept": sample.kept, "own": sample.own})
    return {"row": row.name, "text": row.text, "command": row.command, "missing": row.missing, "runs": runs}


def _shown_command(given: Sequence[str]) -> str:
    return shlex.join(["python3", "Benchmarks/bench.py", *(word.replace(f"{ROOT}/", "") for word in given)])


def _arguments(given: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench.py", description="Undertone beside its peers, as a table of ratios.", allow_abbrev=False
    )
    parser.add_argument("--quick", action="store_true", help="a tenth of the data and two rounds: a smoke test")
    parser.add_argument("--rounds", type=int, help="rounds (5; 2 with --quick)")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="rows to run; * and ? match as in a shell")
    parser.add_argument("--write", action="store_true", help="put the table into README.md, and results/DATE.json")
    parser.add_argument("--strict", action="store_true", help="end with 1 where a target is missed")
    parser.add_argument("--seed", type=int, default=SEED, help=f"seed of the data ({SEED})")
    parser.add_argument("--undertone", type=Path, default=ROOT / ".build/release/undertone", help="the program")
    parser.add_argument("--compiler", help="C++ compiler of the simdjson pass (g++, else clang++)")
    parser.add_argument("--no-install", action="store_true", help="take the peers as they are, call no pip")
    arguments = parser.parse_args(given)
    if arguments.rounds is not None and arguments.rounds < 1:
        parser.error("--rounds must be 1 or more")
    if arguments.write and (arguments.only or arguments.quick):
        parser.error("--write takes the whole benchmark, so neither --only nor --quick")
    return arguments


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
