"""Writes fixtures/statistics/answers.json: random inputs, and what SciPy and statsmodels say of them.

    python3 python/statistics/generate.py                          the committed file, anew
    python3 python/statistics/generate.py --seed 7 --out FILE      other inputs, in another file
    python3 python/statistics/generate.py --fresh --out FILE       inputs that nobody has seen

`UNDERTONE_STATISTICS_FIXTURE=FILE swift test --filter FixtureTests` then compares the Swift code with that file.
"""

import argparse
import json
import platform
import secrets
from pathlib import Path

import numpy as np
import scipy
import statsmodels

from answers import KINDS

COMMITTED = Path(__file__).resolve().parents[2] / "fixtures" / "statistics" / "answers.json"
SEED = 20_261_121


def fixture(seed: int) -> dict[str, object]:
    """Draw all cases of a seed; those of one kind do not depend on the other kinds."""
    cases = {}
    for place, (kind, (draw, count)) in enumerate(KINDS.items()):
        rng = np.random.default_rng([seed, place])
        cases[kind] = [draw(rng) for _ in range(count)]
    versions = {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "statsmodels": statsmodels.__version__,
    }
    return {"seed": seed, "versions": versions, "cases": cases}


def text(content: dict[str, object]) -> str:
    """Write one case a line, so that a person can read what changed."""
    lines = []
    for kind, cases in content["cases"].items():
        rows = ",\n".join("   " + json.dumps(case, allow_nan=False, separators=(",", ":")) for case in cases)
        lines.append(f'  "{kind}": [\n{rows}\n  ]')
    head = json.dumps({key: value for key, value in content.items() if key != "cases"})
    return f'{head[:-1]}, "cases": {{\n' + ",\n".join(lines) + "\n}}\n"


def main() -> None:
    """Write the file that the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=SEED, help="of the inputs")
    parser.add_argument("--fresh", action="store_true", help="draw a seed, and say which")
    parser.add_argument("--out", type=Path, default=COMMITTED, help="the file to write")
    arguments = parser.parse_args()
    if arguments.fresh and arguments.out == COMMITTED:
        parser.error("--fresh needs --out: the committed file keeps its seed")
    seed = secrets.randbits(31) if arguments.fresh else arguments.seed
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(text(fixture(seed)), encoding="utf-8")
    print(f"{arguments.out}: seed {seed}")


if __name__ == "__main__":
    main()
