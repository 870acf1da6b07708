"""The committed answers are what the libraries say, and inputs that nobody has seen can be drawn."""

import json
import math
import os
import secrets
import subprocess
from pathlib import Path

import pytest

from answers import KINDS
from generate import COMMITTED, SEED, fixture, text


def close(one: object, other: object) -> bool:
    """Whether two fixtures are equal, numbers to 1e-9: another processor may round the last digits differently."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(close(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(close, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
    return one == other


def test_the_committed_answers_are_those_of_the_pinned_libraries():
    """A changed input, answer or library is seen."""
    committed = json.loads(COMMITTED.read_text(encoding="utf-8"))
    drawn = json.loads(text(fixture(SEED)))
    assert committed["seed"] == drawn["seed"] == SEED
    assert (
        committed["versions"].items()
        >= {key: drawn["versions"][key] for key in ("numpy", "scipy", "statsmodels")}.items()
    )
    for kind in KINDS:
        for place, (old, new) in enumerate(zip(committed["cases"][kind], drawn["cases"][kind], strict=True)):
            assert close(old, new), f"case {place} of {kind}"
    assert committed["cases"].keys() == KINDS.keys()
    assert {case["ratio"] is None for case in committed["cases"]["fieller"]} == {True, False}


def test_a_changed_answer_is_not_close():
    """The comparison can say no."""
    case = {"p": 0.25, "order": [1, 2], "ratio": None}
    assert close(case, json.loads(json.dumps(case)))
    for changed in [{**case, "p": 0.2500001}, {**case, "order": [2, 1]}, {**case, "ratio": 1.0}, {"p": 0.25}]:
        assert not close(case, changed)


@pytest.mark.skipif(
    "UNDERTONE_SWIFT_PACKAGE" not in os.environ, reason="UNDERTONE_SWIFT_PACKAGE names no package with built tests"
)
def test_swift_agrees_on_inputs_that_nobody_has_seen(tmp_path: Path):
    """The Swift tests pass with a fresh file, and fail with one whose answer is wrong."""
    fresh = fixture(secrets.randbits(31))
    assert run_swift(tmp_path, fresh) == 0, f"seed {fresh['seed']}"
    fresh["cases"]["equivalence"][0]["p"] += 1e-6
    assert run_swift(tmp_path, fresh) != 0


def run_swift(folder: Path, content: dict[str, object]) -> int:
    """Run the Swift tests on a fixture; their exit status."""
    path = folder / "answers.json"
    path.write_text(text(content), encoding="utf-8")
    return subprocess.run(
        ["swift", "test", "--skip-build", "--disable-xctest", "--filter", "UndertoneStatisticsTests.FixtureTests"],
        cwd=os.environ["UNDERTONE_SWIFT_PACKAGE"],
        env={**os.environ, "UNDERTONE_STATISTICS_FIXTURE": str(path)},
        check=False,
    ).returncode
