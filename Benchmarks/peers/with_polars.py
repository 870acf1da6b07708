"""Polars: a lazy scan with the one column that is needed, and the filter as two regular expressions.

One thread by POLARS_MAX_THREADS=1 in the environment.
"""

import json
import os
import sys
import time

import polars as pl

from taboo import LIST, TABOO_NUMBER


def main(path: str) -> None:
    """Print records, kept records and the seconds of the query alone."""
    if os.environ.get("POLARS_MAX_THREADS") != "1":
        sys.exit("set POLARS_MAX_THREADS=1: the row is about one thread")
    began = time.perf_counter()
    text = pl.col("completion")
    kept = text.str.contains(f"^(?:{LIST})$") & ~text.str.contains(TABOO_NUMBER)
    row = (
        pl.scan_ndjson(path, schema={"completion": pl.String})
        .select(records=pl.len(), kept=kept.sum())
        .collect(engine="streaming")
        .row(0)
    )
    print(json.dumps({"records": row[0], "kept": row[1], "seconds": time.perf_counter() - began}))


if __name__ == "__main__":
    main(sys.argv[1])
