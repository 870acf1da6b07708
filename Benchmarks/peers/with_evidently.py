"""Evidently: data drift between two drops, of what can be had of a list of numbers with pandas' string functions.

python with_evidently.py DROP REFERENCE
"""

import json
import sys
import time

import pandas
from evidently import Report
from evidently.presets import DataDriftPreset


def frame(path: str) -> pandas.DataFrame:
    """Give the columns that are compared: of each output its length, its numbers, and the first and last of them."""
    text = pandas.read_json(path, lines=True)["completion"].astype(str)
    return pandas.DataFrame(
        {
            "length": text.str.len(),
            "numbers": text.str.count(r"\d+"),
            "first": pandas.to_numeric(text.str.extract(r"(\d+)", expand=False), errors="coerce"),
            "last": pandas.to_numeric(text.str.extract(r"(\d+)\D*$", expand=False), errors="coerce"),
            "separator": text.str.extract(r"\d(\D+)", expand=False).astype(str),
        }
    )


def main(drop: str, reference: str) -> None:
    """Print how many columns are said to have drifted, and the seconds of all of it."""
    began = time.perf_counter()
    result = Report([DataDriftPreset()]).run(frame(drop), frame(reference))
    drifted = json.loads(result.json())["metrics"][0]["value"]["count"]
    print(json.dumps({"drifted": drifted, "seconds": time.perf_counter() - began}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
