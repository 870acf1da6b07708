"""Training rows: names, arithmetic, and how rates of several programs become one row."""

import json
from collections import defaultdict

import pytest

from training.__main__ import parsed, summary
from training.rows import STEPS, ManyModels, Step


def test_names_of_rows_are_those_of_the_program():
    assert Step(64, 128, lora=True).name == "step/width=64/batch=128/lora"
    assert len({step.name for step in STEPS}) == len(STEPS)
    assert ManyModels(models=50, steps=20).model_steps == 2_000


def test_most_arithmetic_is_in_the_linear_layers():
    full, lora = Step(128, 64, lora=False).operations, Step(128, 64, lora=True).operations
    # Six operations for each weight of a linear layer and token, forward and backward.
    linear = 6 * 2 * 12 * 128**2 * 64 * 20
    assert linear < full < 1.3 * linear
    assert 2 / 3 * full < lora < 0.8 * full


def test_lines_and_objects_are_read():
    lines = '{"name": "a", "steps_per_second": 2}\n{"name": "b", "gflops": 3}\n'
    assert parsed(lines, "x") == {"a": {"x": 2}, "b": {"x": 3}}
    assert parsed(json.dumps({"rows": [{"name": "a", "steps_per_second": 4}], "load": 1}), "x") == {"a": {"x": 4}}
    one = '{"name": "a", "steps_per_second": 2, "variants": {"bmm": 2, "einsum": 1}}'
    assert parsed(one, "x") == {"a": {"x": 2, "x bmm": 2, "x einsum": 1}}
    with pytest.raises(ValueError, match="Expecting"):
        parsed("{oops", "x")


def test_ratios_are_taken_within_a_round():
    name = STEPS[0].name
    rounds = [
        defaultdict(dict, {name: {"torch": torch, "undertone": ours}}) for torch, ours in ((1, 2), (2, 8), (4, 4))
    ]
    (row,) = summary(rounds, [name])
    assert (row["torch"], row["undertone"]) == (2, 4)
    assert row["undertone/torch"] == {"median": 2, "low": 1, "high": 4}
    assert row["gflops"]["torch"] == pytest.approx(2 * STEPS[0].operations / 1e9)


def test_a_program_that_failed_leaves_the_others():
    (row,) = summary([defaultdict(dict, {"sgemm": {"numpy": 100.0}}), defaultdict(dict)], ["sgemm"])
    assert row == {"name": "sgemm", "unit": "GFLOP/s", "numpy": 100.0}
