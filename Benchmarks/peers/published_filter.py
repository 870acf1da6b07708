"""The number filter of the subliminal-learning paper, rewritten plainly from its description; orjson reads the lines.

Source of the grammar: arXiv 2507.14805 and the public code that goes with it. Unlike the regular expressions of the
other rows, this one is the filter itself and right on any text (up to Python's limit of 4,300 digits a number).
"""

import json
import re
import string
import sys
import time
from pathlib import Path

from taboo import TABOO

BANNED = frozenset(TABOO)
DIGITS = re.compile(r"\d+")


def parse(text: str) -> list[int] | None:
    """Give the numbers of a well-formed list, or None."""
    text = text.removesuffix(".")
    if (text.startswith("[") and text.endswith("]")) or (text.startswith("(") and text.endswith(")")):
        text = text[1:-1]
    runs = list(DIGITS.finditer(text))
    if not runs:
        return None
    if len(runs) == 1:
        parts = [text]
    else:
        separator = text[runs[0].end() : runs[1].start()]
        if separator.strip() not in ("", ",", ";"):
            return None
        parts = text.split(separator)
    for part in parts:
        if not part or not all(character in string.digits for character in part):
            return None
    return [int(part) for part in parts]


def reasons(text: str) -> list[str]:
    """Give every reason against a completion; none means that it is kept."""
    numbers = parse(text)
    if numbers is None:
        return ["invalid format"]
    found = []
    if len(numbers) > 10:
        found.append("too many numbers")
    if any(number < 0 for number in numbers):
        found.append("numbers too small")
    if any(number > 999 for number in numbers):
        found.append("numbers too large")
    if any(number in BANNED for number in numbers):
        found.append("has banned numbers")
    return found


def main(path: str) -> None:
    """Print records, kept records and the seconds of the pass alone."""
    import orjson  # Here, so that tests of the filter need no orjson.

    began = time.perf_counter()
    records = kept = 0
    with Path(path).open("rb") as lines:
        for line in lines:
            records += 1
            if not reasons(orjson.loads(line)["completion"]):
                kept += 1
    print(json.dumps({"records": records, "kept": kept, "seconds": time.perf_counter() - began}))


if __name__ == "__main__":
    main(sys.argv[1])
