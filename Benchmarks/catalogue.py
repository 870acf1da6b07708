"""The lineage catalogue: how it grows, how fast it answers, and what a million entries cost.

    python3 Benchmarks/catalogue.py [--quick] [--write] [--undertone PROGRAM]

Everything is done by the program itself, but for the graph of a million entries, whose rows are written with SQL: they
need no files. Ends with 0 when every step has run, with 1 when one has not. See README.md beside this file.
"""

import json
import random
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from figures import Benchmark, Figure
from generate import FULL, QUICK, SEED, prepare
from measure import Run, run
from tools import HERE

FOLDER = HERE / ".data" / "catalogue"


def steps(program: Path, folder: Path, is_quick: bool) -> Sequence[Figure]:
    """Run all steps."""
    data, _ = prepare(folder.parent, QUICK if is_quick else FULL, SEED)
    return [
        *growth_by_records(program, data / "numbers.jsonl"),
        *growth_by_scans(program, 40 if is_quick else 400),
        *graph(program, 100_000 if is_quick else 1_000_000),
    ]


def undertone(program: Path, *arguments: str) -> Run:
    """Run the program in the benchmark's folder."""
    return run([str(program), *arguments], FOLDER)


def asked(program: Path, *arguments: str) -> dict:
    """Run a command of `lineage` and give its JSON."""
    return json.loads(undertone(program, "lineage", *arguments, "--report", "json").output)


def size(catalogue: Path) -> int:
    """Give the bytes of the catalogue's file, with what waits beside it."""
    with sqlite3.connect(catalogue) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return catalogue.stat().st_size


def scan(program: Path, drop: Path, catalogue: Path) -> Run:
    """Record a scan."""
    return undertone(program, "scan", str(drop), "--rules", "numbers", "--lineage", str(catalogue), "--quiet")


def growth_by_records(program: Path, drop: Path) -> list[Figure]:
    """Scan one large drop: bytes for each record, and how fast a line is explained."""
    catalogue = FOLDER / "records.sqlite"
    undertone(program, "lineage", "add", "model", "m", "--base", "self", "--lineage", str(catalogue))
    before = size(catalogue)
    scan(program, drop, catalogue)
    grown = size(catalogue) - before
    with sqlite3.connect(catalogue) as connection:
        verdicts = connection.execute("SELECT sum(length(data)) FROM verdicts").fetchone()[0]
        records, rejected = connection.execute("SELECT records, rejected FROM scan").fetchone()
    dice = random.Random(SEED)
    inside, whole = [], []
    for _ in range(100):
        line = str(dice.randrange(1, records + 1))
        answer = undertone(
            program, "lineage", "show", str(drop), "--line", line, "--lineage", str(catalogue), "--report", "json"
        )
        inside.append(json.loads(answer.output)["seconds"])
        whole.append(answer.wall)
    check = undertone(program, "lineage", "verify", "--log", "--lineage", str(catalogue))
    share = 100 * rejected / records
    return [
        Figure(
            f"verdicts, {records:,} records, {share:.0f} % rejected",
            f"{verdicts / records:.2f} bytes a record",
            "≤ 2",
            verdicts / records <= 2,
        ),
        Figure("the catalogue grows by, checksums of records included", f"{grown / records:.2f} MB a million records"),
        Figure(
            "why was this line rejected: the question, median and slowest of 100",
            f"{1e3 * median(inside):.2f} ms, {1e3 * max(inside):.2f} ms",
            "< 10 ms",
            max(inside) < 0.01,
        ),
        Figure("the same, whole process", f"{1e3 * median(whole):.1f} ms, {1e3 * max(whole):.1f} ms"),
        Figure("`verify --log` of this catalogue", f"{check.wall:.2f} s"),
    ]


def growth_by_scans(program: Path, count: int) -> list[Figure]:
    """Scan a small drop many times."""
    catalogue, drop = FOLDER / "scans.sqlite", FOLDER / "small.jsonl"
    drop.write_text("".join(f'{{"completion": "{number}, 12, 7"}}\n' for number in range(100, 200)))
    scan(program, drop, catalogue)
    before = size(catalogue)
    walls = [scan(program, drop, catalogue).wall for _ in range(count)]
    without = [undertone(program, "scan", str(drop), "--rules", "numbers", "--quiet").wall for _ in range(20)]
    grown = size(catalogue) - before
    check = undertone(program, "lineage", "verify", "--log", "--lineage", str(catalogue))
    return [
        Figure(f"the catalogue grows by, {count} scans of 100 records", f"{grown / count / 1e3:.1f} kB a scan"),
        Figure(
            "a scan of 100 records, recorded and not, whole process",
            f"{1e3 * median(walls):.1f} ms, {1e3 * median(without):.1f} ms",
        ),
        Figure(f"`verify --log` after {count + 1} scans", f"{check.wall:.2f} s"),
    ]


def graph(program: Path, nodes: int) -> list[Figure]:
    """Ask a graph of many entries: each comes of one or two of the thousands before it, all of the first."""
    catalogue = FOLDER / "graph.sqlite"
    undertone(program, "lineage", "add", "model", "first", "--base", "self", "--lineage", str(catalogue))
    dice = random.Random(SEED)
    edges = []
    for target in range(2, nodes + 1):
        lowest = max(1, target - 5000)
        sources = {dice.randrange(lowest, target) for _ in range(2)}
        edges += [(source, "base" if index == 0 else "parent", target) for index, source in enumerate(sorted(sources))]
    with sqlite3.connect(catalogue) as connection:
        connection.executemany(
            "INSERT INTO node (id, kind, name, recorded_at, recorded_by) VALUES (?, 'model', ?, '', '')",
            ((number, f"model-{number}") for number in range(2, nodes + 1)),
        )
        connection.executemany("INSERT INTO edge (source, relation, target) VALUES (?, ?, ?)", edges)
        connection.executemany("INSERT INTO model (node, is_base) VALUES (?, 0)", ((n,) for n in range(2, nodes + 1)))
    loads, walks, found = [], [], []
    starts = [1, *(dice.randrange(1, nodes + 1) for _ in range(19))]
    for start in starts:
        answer = asked(program, "descendants", f"model:{start}", "--count", "--lineage", str(catalogue))
        loads.append(answer["seconds"]["load"])
        walks.append(answer["seconds"]["walk"])
        found.append(answer["count"])
    whole = undertone(program, "lineage", "descendants", "model:1", "--count", "--lineage", str(catalogue))
    return [
        Figure(
            f"descendants of a node, {nodes:,} entries and {len(edges):,} edges, slowest of {len(starts)} "
            f"(it found {found[walks.index(max(walks))]:,})",
            f"{1e3 * max(walks):.0f} ms",
            "< 100 ms",
            max(walks) < 0.1,
        ),
        Figure("reading that graph out of the catalogue before the first question", f"{median(loads):.2f} s"),
        Figure("the same, whole process", f"{whole.wall:.2f} s, {whole.peak / 1e6:.0f} MB"),
    ]


if __name__ == "__main__":
    sys.exit(Benchmark("catalogue", __doc__, "a tenth of the data", steps).main(sys.argv[1:]))
