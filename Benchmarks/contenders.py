"""Who runs against whom: every row of the benchmark, with its command and what its answer must be."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools import Tools

KEPT, REJECTED, COPY = "out/kept.jsonl", "out/rejected.jsonl", "out/copy"


@dataclass(frozen=True)
class Contender:
    """A row: a program that is run as a whole process."""

    name: str
    text: str
    """What the row means, in a few words."""
    command: list[str]
    input: str | None
    """The generated file that it reads, by its name in the data folder."""
    environment: dict[str, str] = field(default_factory=dict)
    accepted: tuple[int, ...] = (0,)
    """Exit statuses that are no failure."""
    agrees: str | None = None
    """Rows with the same word here must keep the same number of records."""
    kept: int | None = None
    """Records that it must keep, where the generator knows."""
    records: int | None = None
    """Records that it must see."""
    before: Callable[[], None] | None = None
    """What is done before each run, off the clock."""
    after: Callable[[], None] | None = None
    """What is done after each run, off the clock."""
    missing: str | None = None
    """Why it can't be run here, if it can't."""

    @property
    def is_undertone(self) -> bool:
        """Whether the row is about the program itself."""
        return self.name.startswith("undertone")


def contenders(tools: Tools, root: Path, data: Path, manifest: dict[str, Any]) -> list[Contender]:
    """Give all rows in the order in which a round runs them; paths in commands are relative to `root`."""
    place = data.relative_to(root)
    numbers = str(place / "numbers.jsonl")
    total, prose = manifest["scale"]["numbers"], manifest["scale"]["prose"]

    def scan(name: str, text: str, rules: str, file: str, *flags: str, **more: Any) -> Contender:  # noqa: ANN401
        threads = [] if "--threads" in flags else ["--threads", "1"]
        digest = [] if name in ("undertone-digest", "undertone-lineage") else ["--no-digest"]
        command = [*tools.undertone, "scan", str(place / file), "--rules", rules, *threads, *digest]
        more = {"missing": tools.undertone_missing, "accepted": (0, 1)} | more
        return Contender(name, text, [*command, *flags, "--report", "json"], file, **more)

    def peer(name: str, text: str, script: str, package: str | None, **more: Any) -> Contender:  # noqa: ANN401
        command = [tools.python, f"Benchmarks/peers/{script}.py", numbers]
        missing = tools.package_missing(package)
        whole = {"agrees": "numbers", "records": total, "missing": missing} | more
        return Contender(name, text, command, "numbers.jsonl", **whole)

    whole: dict[str, Any] = {"agrees": "numbers", "records": total}
    outputs = [str(place / KEPT), str(place / REJECTED)]
    copy = ["cp", "--reflink=never", *outputs, str(place / COPY)]

    def settled() -> None:
        tools.settle(data)  # What one row has left to be written must not slow the next one down.

    def primed(folder: str) -> Callable[[], None]:
        def prime() -> None:
            # An empty folder, and as many pages of memory just given back as the row is about to fill: taking fresh
            # ones costs several times the copying on a virtual machine, and would fall on whichever row writes first.
            _empty(data / folder)
            shutil.copyfile(data / "numbers.jsonl", data / folder / "prime")
            settled()
            (data / folder / "prime").unlink()

        return prime

    def uncopied() -> None:
        settled()
        _empty(data / COPY)

    rows = [
        Contender(
            f"simdjson{suffix}",
            f"bare simdjson On-Demand pass, one field, {flags}",
            [str(binary), numbers],
            "numbers.jsonl",
            records=total,
            missing=tools.simdjson_missing,
        )
        for suffix, flags, binary in tools.simdjson
    ]
    rows += [
        scan("undertone", "`numbers` pack, one thread, no digest", "numbers", "numbers.jsonl", **whole),
        scan("undertone-digest", "the same with SHA-256 of the input", "numbers", "numbers.jsonl", **whole),
        scan(
            "undertone-lineage",
            "the same, recorded in a new catalogue",
            "numbers",
            "numbers.jsonl",
            "--lineage",
            str(place / "lineage" / "lineage.sqlite"),
            before=lambda: _empty(data / "lineage"),
            **whole,
        ),
        scan(
            "undertone-2",
            "two threads, no digest",
            "numbers",
            "numbers.jsonl",
            "--threads",
            "2",
            missing=tools.undertone_missing or tools.second_core_missing,
            **whole,
        ),
        scan(
            "undertone-write",
            "one thread, kept and rejected records written",
            "numbers",
            "numbers.jsonl",
            "--kept",
            outputs[0],
            "--rejected",
            outputs[1],
            before=primed("out"),
            after=settled,
            **whole,
        ),
        Contender(
            "cp",
            "`cp` of what the row above has written",
            copy,
            None,
            missing=tools.undertone_missing,
            before=primed(COPY),
            after=uncopied,
        ),
        Contender(
            "cp-sync",
            "`cp`, then `sync -f`",
            ["sh", "-c", f"{' '.join(copy)} && sync -f {place / COPY}"],
            None,
            missing=tools.undertone_missing,
            before=primed(COPY),
            after=uncopied,
        ),
        peer("duckdb", "DuckDB, `read_json` and two regular expressions, one thread", "with_duckdb", "duckdb"),
        peer(
            "polars",
            "Polars, lazy scan and two regular expressions, one thread",
            "with_polars",
            "polars",
            environment={"POLARS_MAX_THREADS": "1"},
        ),
        peer("python", "Python, orjson and `re`", "with_python", "orjson"),
        peer("published", "the published filter, plain Python, orjson", "published_filter", "orjson"),
    ]
    for kind, text in (("words", "listed words"), ("regex", "regex rules")):
        for size, hits in manifest["planted"][kind].items():
            rows.append(
                scan(
                    f"undertone-{kind}-{size}",
                    f"prose, {int(size):,} {text}, one thread",
                    str(place / f"{kind}-{size}.yaml"),
                    "prose.jsonl",
                    kept=prose - hits,
                    records=prose,
                )
            )
    for name, program in (("gz", "gzip"), ("zst", "zstd")):
        made = f"numbers.jsonl.{name}"
        missing = None if made in manifest["files"] else f"{program} is not installed"
        unpack = [program, "-dc", *(["-T1", "-q"] if program == "zstd" else []), str(place / made)]
        rows += [
            scan(
                f"undertone-{program}",
                f"{program} input, one thread",
                "numbers",
                made,
                missing=tools.undertone_missing or missing,
                **whole,
            ),
            # Through a shell, because nothing but its cost is wanted of the half gigabyte that it prints.
            Contender(
                program,
                f"`{program} -dc` of the same file",
                ["sh", "-c", f"exec {' '.join(unpack)} > /dev/null"],
                made,
                missing=missing if shutil.which(program) else f"{program} is not installed",
            ),
        ]
    line = manifest["files"]["line.jsonl"]["bytes"]
    rows += [
        scan(
            "undertone-line",
            f"one line of {line / 1e9:g} GB: malformed or a clear error",
            "numbers",
            "line.jsonl",
            accepted=(0, 1, 3),
        ),
        scan("undertone-start", "ten records: what starting costs", "numbers", "ten.jsonl", records=10),
    ]
    return rows


def _empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
