"""Ratios, tables, the README block, counts that must agree, and one run of a program."""

import sys
from pathlib import Path

import pytest

from bench import CountsDiffer, check_counts, main
from contenders import Contender
from measure import Run, RunFailed, run
from ratios import RATIOS, Ratio, Sample, outcome, peak_memory
from report import BEGIN, END, Head, markdown, replace_block


def sample(wall: float, own: float | None = None, peak: int = 1, kept: int | None = None) -> Sample:
    return Sample(Run(wall, wall, 0.0, peak, 0, ""), records=10, kept=kept, own=own)


def test_ratios_are_taken_inside_a_round_and_then_the_median():
    samples = {"a": [sample(6), sample(20), sample(9)], "b": [sample(2), sample(10), sample(3)]}
    found = outcome(Ratio("a over b", ("a",), ("b",), 3, "at least"), samples)
    assert found.values == (3, 2, 3)  # The medians' ratio would be the same here, the rounds are not.
    assert found.median == 3
    assert found.is_met is True


def test_sides_are_added_up():
    samples = {"write": [sample(3)], "scan": [sample(1)], "cp": [sample(2)]}
    found = outcome(Ratio("", ("write",), ("scan", "cp"), 0.9, "at most"), samples)
    assert found.values == (1,)
    assert found.is_met is False


def test_the_query_alone_counts_on_the_upper_side_only():
    samples = {"peer": [sample(5, own=4)], "undertone": [sample(2, own=1)]}
    assert outcome(Ratio("", ("peer",), ("undertone",), None, "at least", own=True), samples).values == (2,)


def test_a_missing_row_gives_no_ratio():
    found = outcome(Ratio("", ("a",), ("b",), 3, "at least"), {"a": [sample(1)]})
    assert found.median is None
    assert found.is_met is None


def test_peak_memory_looks_at_undertone_only():
    samples = {"duckdb": [sample(1, peak=9)], "undertone": [sample(1, peak=2), sample(1, peak=4)]}
    assert peak_memory(samples) == ("undertone", 4)
    assert peak_memory({}) is None


def test_the_block_between_the_markers_is_replaced_and_nothing_else():
    text = f"above\n{BEGIN}\nold\n{END}\nbelow\n"
    once = replace_block(text, "new\n")
    assert once == f"above\n{BEGIN}\nnew\n{END}\nbelow\n"
    assert replace_block(once, "new\n") == once


@pytest.mark.parametrize("text", ["", BEGIN, f"{END}{BEGIN}", f"{BEGIN}{BEGIN}{END}"])
def test_a_readme_without_both_markers_is_refused(text: str):
    with pytest.raises(ValueError, match="markers"):
        replace_block(text, "new")


def test_the_readme_has_the_markers():
    readme = Path(__file__).parent.parent / "README.md"
    replace_block(readme.read_text("utf-8"), "new")


def test_the_table_says_what_is_met_and_what_is_not_available():
    rows = [
        Contender("duckdb", "DuckDB", [], "numbers.jsonl"),
        Contender("undertone", "numbers", [], "numbers.jsonl"),
        Contender("polars", "Polars", [], "numbers.jsonl", missing="pip could not install polars"),
    ]
    samples = {"duckdb": [sample(4, kept=7)], "undertone": [sample(1, kept=7)]}
    outcomes = [outcome(ratio, samples) for ratio in RATIOS[:2]]
    head = Head("2026-01-01", "bench.py", {"cores": "2"}, "ten records", 1, 20_000_000)
    table = markdown(head, rows, samples, outcomes, {"numbers.jsonl": 2_000_000_000}, {})
    assert "| DuckDB ÷ undertone | 4.00 | 4.00 to 4.00 | ≥ 3 | yes |" in table
    assert "| Polars ÷ undertone | not available | | ≥ 5 | |" in table
    assert "| undertone | numbers | 1.000 | 1.000 | 1.000 | 2.00 | 0 | 7 |" in table
    assert "| polars | Polars | not available: pip could not install polars |" in table


def test_rows_that_disagree_stop_the_benchmark():
    rows = [Contender(name, "", [], "f", agrees="numbers", records=10) for name in ("a", "b")]
    check_counts(rows, {"a": [sample(1, kept=4)], "b": [sample(1, kept=4)]})
    with pytest.raises(CountsDiffer, match="a 4, b 5"):
        check_counts(rows, {"a": [sample(1, kept=4)], "b": [sample(1, kept=5)]})
    with pytest.raises(CountsDiffer, match="another round"):
        check_counts(rows, {"a": [sample(1, kept=4), sample(1, kept=5)]})
    with pytest.raises(CountsDiffer, match="a None"):
        check_counts(rows, {"a": [sample(1)]})
    with pytest.raises(CountsDiffer, match="seen 10 records"):
        check_counts([Contender("a", "", [], "f", records=11)], {"a": [sample(1)]})
    with pytest.raises(CountsDiffer, match="3 is right"):
        check_counts([Contender("a", "", [], "f", kept=3)], {"a": [sample(1, kept=4)]})


def test_a_run_gives_output_time_and_memory(tmp_path: Path):
    ran = run([sys.executable, "-c", "b = bytearray(b'x' * 150_000_000); print('done')"], tmp_path)
    assert ran.output == "done\n"
    assert 150_000_000 < ran.peak < 1_000_000_000
    assert ran.wall > 0


def test_a_bad_exit_a_signal_and_a_missing_program_are_failures(tmp_path: Path):
    with pytest.raises(RunFailed, match="status 3"):
        run(["sh", "-c", "exit 3"], tmp_path)
    with pytest.raises(RunFailed, match="signal 9"):
        run(["sh", "-c", "kill -9 $$"], tmp_path)
    with pytest.raises(RunFailed, match="No such file"):
        run(["./nothing-here"], tmp_path)
    assert run(["sh", "-c", "exit 1"], tmp_path, accepted=(0, 1)).status == 1


@pytest.mark.parametrize(
    "given", [["--rounds", "0"], ["--write", "--quick"], ["--write", "--only", "duckdb"], ["--no"]]
)
def test_wrong_usage_ends_with_2(given: list[str]):
    with pytest.raises(SystemExit) as ended:
        main(given)
    assert ended.value.code == 2
