"""The tables as Markdown, and their place in the README."""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import NamedTuple

from contenders import Contender
from ratios import MEMORY_TARGET, Outcome, Sample, peak_memory

BEGIN = "<!-- bench: begin; written by bench.py --write -->"
END = "<!-- bench: end -->"


class Head(NamedTuple):
    """What stands above the tables."""

    date: str
    command: str
    machine: Mapping[str, str]
    data: str
    rounds: int
    driver_memory: int


def markdown(
    head: Head,
    rows: Sequence[Contender],
    samples: Mapping[str, Sequence[Sample]],
    outcomes: Sequence[Outcome],
    sizes: Mapping[str, int],
    failures: Mapping[str, str],
) -> str:
    """Give head, table of ratios and table of rows; `sizes` are bytes of the inputs by name."""
    lines = [f"{head.date}, `{head.command}`: {head.rounds} round{'s' * (head.rounds > 1)} over {head.data}.", ""]
    lines += [f"- {name}: {value}" for name, value in head.machine.items()]
    if any(row.is_undertone for row in rows):
        lines += ["", "| ratio | median | lowest to highest round | target | met? |", "|---|--:|--:|--:|---|"]
        lines += [_ratio_line(outcome) for outcome in outcomes]
        lines.append(_memory_line(samples))
    lines += [
        "",
        "| row | what it is | min s | median s | user + system s | GB/s | peak MB | kept |",
        "|---|---|--:|--:|--:|--:|--:|--:|",
    ]
    for row in rows:
        why = failures.get(row.name) or row.missing
        if samples.get(row.name):
            lines.append(_row_line(row, samples[row.name], _decoded_size(row, sizes)))
        elif why is not None:
            lines.append(f"| {row.name} | {row.text} | not available: {why.splitlines()[0]} | | | | | |")
    lines += [
        "",
        "Seconds are of whole processes. GB/s is input, unpacked, over the median. Memory below "
        f"{head.driver_memory / 1e6:.0f} MB can't be told apart: the driver holds that much when it starts a program.",
    ]
    return "\n".join(lines) + "\n"


def replace_block(text: str, block: str, begin: str = BEGIN, end: str = END) -> str:
    """Put `block` between the markers of a README.

    Raises ValueError where the markers are not there once each, in order.
    """
    if text.count(begin) != 1 or text.count(end) != 1 or text.index(begin) > text.index(end):
        raise ValueError("the README must hold both markers once, the first one first")
    before, rest = text.split(begin)
    after = rest.split(end)[1]
    return f"{before}{begin}\n{block.strip()}\n{end}{after}"


def _ratio_line(outcome: Outcome) -> str:
    target = "" if outcome.target is None else f"{'≥' if outcome.bound == 'at least' else '≤'} {outcome.target:g}"
    if outcome.median is None:
        return f"| {outcome.text} | not available | | {target} | |"
    span = f"{min(outcome.values):.2f} to {max(outcome.values):.2f}"
    return f"| {outcome.text} | {outcome.median:.2f} | {span} | {target} | {_met(outcome.is_met)} |"


def _memory_line(samples: Mapping[str, Sequence[Sample]]) -> str:
    target = f"< {MEMORY_TARGET / 1e6:g} MB"
    peak = peak_memory(samples)
    if peak is None:
        return f"| most memory of any undertone row | not available | | {target} | |"
    name, size = peak
    met = _met(size < MEMORY_TARGET)
    return f"| most memory of any undertone row | {size / 1e6:.0f} MB | in {name} | {target} | {met} |"


def _met(is_met: bool | None) -> str:
    return "" if is_met is None else "yes" if is_met else "**no**"


def _decoded_size(row: Contender, sizes: Mapping[str, int]) -> int | None:
    return None if row.input is None else sizes.get(row.input.removesuffix(".gz").removesuffix(".zst"))


def _row_line(row: Contender, samples: Sequence[Sample], size: int | None) -> str:
    walls = [sample.run.wall for sample in samples]
    processor = median(sample.run.user + sample.run.system for sample in samples)
    rate = f"{size / median(walls) / 1e9:.2f}" if size and size > 1_000_000 else ""
    peak = max(sample.run.peak for sample in samples) / 1e6
    kept = "" if samples[0].kept is None else f"{samples[0].kept:,}"
    return (
        f"| {row.name} | {row.text} | {min(walls):.3f} | {median(walls):.3f} | {processor:.3f} | {rate} "
        f"| {peak:.0f} | {kept} |"
    )
