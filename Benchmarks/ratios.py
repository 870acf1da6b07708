"""Ratios between rows: computed round by round, then the median, so that a slow minute hits both sides alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Literal

from measure import Run


@dataclass(frozen=True)
class Sample:
    """One run of a row and what it answered."""

    run: Run
    records: int | None
    kept: int | None
    own: float | None
    """Seconds that the program itself reports, without its start."""


@dataclass(frozen=True)
class Ratio:
    """Seconds of some rows over seconds of others; the rows of a side are added up."""

    text: str
    over: tuple[str, ...]
    under: tuple[str, ...]
    target: float | None
    """None for a ratio that is shown for information."""
    bound: Literal["at least", "at most"]
    own: bool = False
    """Whether the upper side counts the seconds that the program reports, without its start."""

    @property
    def rows(self) -> set[str]:
        """Names of the rows that it needs."""
        return {*self.over, *self.under}


RATIOS = (
    Ratio("DuckDB ÷ undertone", ("duckdb",), ("undertone",), 3, "at least"),
    Ratio("Polars ÷ undertone", ("polars",), ("undertone",), 5, "at least"),
    Ratio("Python with orjson and re ÷ undertone", ("python",), ("undertone",), 20, "at least"),
    Ratio("published filter ÷ undertone", ("published",), ("undertone",), 60, "at least"),
    Ratio("undertone ÷ bare simdjson pass", ("undertone",), ("simdjson",), 3, "at most"),
    Ratio("undertone ÷ bare simdjson pass, -march=native", ("undertone",), ("simdjson-native",), 3, "at most"),
    Ratio("scan and write ÷ (scan + cp)", ("undertone-write",), ("undertone", "cp"), 1.3, "at most"),
    Ratio("scan and write ÷ (scan + cp and sync)", ("undertone-write",), ("undertone", "cp-sync"), 1.3, "at most"),
    Ratio("one thread ÷ two threads", ("undertone",), ("undertone-2",), 1.8, "at least"),
    Ratio("1,000 words ÷ 10 words", ("undertone-words-1000",), ("undertone-words-10",), 2, "at most"),
    Ratio("100 regex rules ÷ 10", ("undertone-regex-100",), ("undertone-regex-10",), 4, "at most"),
    Ratio("DuckDB's query alone ÷ undertone", ("duckdb",), ("undertone",), None, "at least", own=True),
    Ratio("Polars' query alone ÷ undertone", ("polars",), ("undertone",), None, "at least", own=True),
    Ratio("with SHA-256 ÷ without", ("undertone-digest",), ("undertone",), None, "at most"),
    Ratio("recorded in the catalogue ÷ without digest", ("undertone-lineage",), ("undertone",), 1.6, "at most"),
    Ratio("recorded in the catalogue ÷ with digest", ("undertone-lineage",), ("undertone-digest",), None, "at most"),
    Ratio("gzip input ÷ gzip -dc alone", ("undertone-gzip",), ("gzip",), None, "at most"),
    Ratio("zstd input ÷ zstd -dc alone", ("undertone-zstd",), ("zstd",), None, "at most"),
)

MEMORY_TARGET = 200_000_000


@dataclass(frozen=True)
class Outcome:
    """A ratio with its figures."""

    text: str
    values: tuple[float, ...]
    """One a round; empty where a row is missing."""
    target: float | None
    bound: Literal["at least", "at most"]

    @property
    def median(self) -> float | None:
        """The median of the rounds."""
        return median(self.values) if self.values else None

    @property
    def is_met(self) -> bool | None:
        """Whether the median meets the target; None where there is nothing to compare."""
        if self.target is None or self.median is None:
            return None
        return self.median >= self.target if self.bound == "at least" else self.median <= self.target

    def plain(self) -> dict[str, Any]:
        """Give the outcome as JSON has it."""
        target = None if self.target is None else {self.bound: self.target}
        return {"ratio": self.text, "rounds": self.values, "median": self.median, "target": target, "met": self.is_met}


def outcome(ratio: Ratio, samples: Mapping[str, Sequence[Sample]]) -> Outcome:
    """Compute a ratio from the samples of each row, the n-th sample of a row being of the n-th round."""
    over = [_seconds(samples.get(name, ()), ratio.own) for name in ratio.over]
    under = [_seconds(samples.get(name, ()), False) for name in ratio.under]
    rounds = min(len(column) for column in over + under)
    values = tuple(sum(column[i] for column in over) / sum(column[i] for column in under) for i in range(rounds))
    return Outcome(ratio.text, values, ratio.target, ratio.bound)


def _seconds(samples: Sequence[Sample], own: bool) -> list[float]:
    if own:
        return [sample.own for sample in samples if sample.own is not None]
    return [sample.run.wall for sample in samples]


def peak_memory(samples: Mapping[str, Sequence[Sample]]) -> tuple[str, int] | None:
    """Give the undertone row that held the most memory, and how many bytes."""
    peaks = [
        (name, sample.run.peak) for name, runs in samples.items() if name.startswith("undertone") for sample in runs
    ]
    return max(peaks, key=lambda peak: peak[1], default=None)
