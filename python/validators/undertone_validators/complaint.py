"""What a validator has against a document."""

import json
from typing import Any


class Complaint(Exception):
    """A document is not what its format asks for."""


def parsed(text: str) -> Any:  # noqa: ANN401 - a JSON value
    """Give the JSON value of a text; two members of one name are a complaint, as readers disagree about them."""

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        if len(names) != len(set(names)):
            raise Complaint(f"a member is there twice, among {sorted(names)}")
        return dict(pairs)

    try:
        return json.loads(text, object_pairs_hook=members)
    except json.JSONDecodeError as error:
        raise Complaint(f"not JSON: {error}") from error
