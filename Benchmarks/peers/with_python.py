"""Python: orjson reads the lines, `re` looks at the completion."""

import json
import re
import sys
import time
from pathlib import Path

import orjson

from taboo import LIST_BY_REFERENCE, TABOO_NUMBER_BY_LOOKING


def main(path: str) -> None:
    """Print records, kept records and the seconds of the pass alone."""
    began = time.perf_counter()
    is_list = re.compile(LIST_BY_REFERENCE).fullmatch
    taboo = re.compile(TABOO_NUMBER_BY_LOOKING).search
    read = orjson.loads
    records = kept = 0
    with Path(path).open("rb") as lines:
        for line in lines:
            text = read(line)["completion"]
            records += 1
            if is_list(text) and not taboo(text):
                kept += 1
    print(json.dumps({"records": records, "kept": kept, "seconds": time.perf_counter() - began}))


if __name__ == "__main__":
    main(sys.argv[1])
