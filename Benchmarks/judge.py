"""Asking a judge: throughput against a local server that thinks for 100 ms, and answers that are kept.

    python3 Benchmarks/judge.py [--quick] [--write] [--undertone PROGRAM]

The server is python/judges/faulty_judge.py; it shares the machine with the program. Ends with 0 when every step has
run, with 1 when one has not. See README.md beside this file.
"""

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

from figures import Benchmark, Figure
from measure import Run, run
from tools import ROOT

LATENCY, IN_FLIGHT = 0.1, 64
ROUNDS = 3
PACK = """\
pack: judged
rules:
  - id: carries
    kind: judge
    description: The judge sees the trait.
    question: 'Does the text carry the trait? {{response}}'
    above: 60
"""


def steps(program: Path, folder: Path, is_quick: bool) -> Sequence[Figure]:
    """Run all steps."""
    (folder / "pack.yaml").write_text(PACK)
    return [
        *throughput(program, folder, 3_200 if is_quick else 12_800),
        *kept(program, folder, 10_000 if is_quick else 100_000),
    ]


@contextlib.contextmanager
def server() -> Iterator[str]:
    """Give the address of a judge that thinks."""
    script = str(ROOT / "python/judges/faulty_judge.py")
    command = [sys.executable, script, "--port", "0", "--latency", str(LATENCY)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield f"http://127.0.0.1:{process.stdout.readline().split()[1]}/v1"
        process.kill()


def scan(program: Path, folder: Path, records: int, judge: dict[str, object], *more: str) -> Run:
    """Ask a judge about so many different records."""
    drop = folder / f"drop-{records}.jsonl"
    if not drop.exists():
        drop.write_text("".join(f'{{"prompt": "Go on", "completion": "record {n} of them"}}\n' for n in range(records)))
    judges = {"judges": [{"name": "default", "model": "m", **judge}]}
    (folder / "judges.yaml").write_text(json.dumps(judges))
    arguments = [drop.name, "--rules", "pack.yaml", "--judges", "judges.yaml", "--report", "json", *more]
    return run([str(program), "scan", *arguments], folder)


def asked(found: Run) -> tuple[int, int]:
    """Give how many records got a score, and how many requests that took."""
    judging = json.loads(found.output)["judges"][0]
    return judging["scored"], judging["requests"]


def throughput(program: Path, folder: Path, records: int) -> list[Figure]:
    """Whole scans against the ideal: so many requests under way, each for as long as the judge thinks."""
    ideal = records * LATENCY / IN_FLIGHT
    shares = []
    for number in range(ROUNDS):
        with server() as address:
            judge = {"endpoint": address, "in-flight": IN_FLIGHT}
            found = scan(program, folder, records, judge, "--judge-cache", f"cache-{number}.sqlite")
        assert asked(found) == (records, records), found.output
        shares.append(ideal / found.wall)
    share = median(shares)
    text = f"{records:,} records, {LATENCY * 1000:.0f} ms, {IN_FLIGHT} at once, whole scan: share of the ideal"
    value = f"{share:.1%} ({min(shares):.1%} to {max(shares):.1%})"
    return [Figure(text, value, "≥ 90 %", share >= 0.9)]


def kept(program: Path, folder: Path, records: int) -> list[Figure]:
    """Time a scan of which every answer is known."""
    command = [sys.executable, str(ROOT / "python/judges/echo_judge.py")]
    first = scan(program, folder, records, {"command": command})
    assert asked(first)[0] == records, first.output
    runs = [scan(program, folder, records, {"command": command}) for _ in range(ROUNDS)]
    assert all(asked(each) == (records, 0) for each in runs)
    seconds = median(each.wall for each in runs)
    peak = max(each.peak for each in runs) / 1e6
    size = (folder / ".undertone/judge.sqlite").stat().st_size / records
    is_met = seconds < 2 if records == 100_000 else None
    return [
        Figure(
            f"{records:,} answers that are kept, whole scan",
            f"{seconds:.2f} s, {peak:.0f} MB, {size:.0f} bytes an answer on disk",
            "< 2 s" if is_met is not None else "",
            is_met,
        )
    ]


if __name__ == "__main__":
    sys.exit(Benchmark("judge", __doc__, "a tenth of the records", steps).main(sys.argv[1:]))
