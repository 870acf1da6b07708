"""DuckDB: `read_json` with the one column that is needed, and the filter as two regular expressions; one thread."""

import json
import sys
import time

import duckdb

from taboo import LIST, TABOO_NUMBER


def main(path: str) -> None:
    """Print records, kept records and the seconds of the query alone."""
    began = time.perf_counter()
    duckdb.execute("set threads=1")
    row = duckdb.execute(
        """
        select count(*),
               count(*) filter (where regexp_full_match(completion, ?) and not regexp_matches(completion, ?))
        from read_json(?, format = 'newline_delimited', columns = {completion: 'VARCHAR'})
        """,
        [LIST, TABOO_NUMBER, path],
    ).fetchall()[0]
    print(json.dumps({"records": row[0], "kept": row[1], "seconds": time.perf_counter() - began}))


if __name__ == "__main__":
    main(sys.argv[1])
