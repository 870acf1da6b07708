"""`python -m undertone_validators FORMAT FILE…`: 0 all are valid, 1 one is not, 2 wrong usage."""

import sys
from pathlib import Path

from . import VALIDATORS, Complaint


def main(arguments: list[str]) -> int:
    """Validate files and say what is wrong with them."""
    if len(arguments) < 2 or arguments[0] not in VALIDATORS:
        print(f"usage: python -m undertone_validators {{{'|'.join(VALIDATORS)}}} FILE…", file=sys.stderr)
        return 2
    result = 0
    for path in arguments[1:]:
        try:
            VALIDATORS[arguments[0]](Path(path).read_text(encoding="utf-8"))
        except (Complaint, OSError, UnicodeDecodeError) as error:
            print(f"{path}: {error!s:.2000}", file=sys.stderr)
            result = 1
    return result


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
