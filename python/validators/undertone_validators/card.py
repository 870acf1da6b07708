"""Cards of the Hugging Face Hub: huggingface_hub must load the block, and give back the same data after writing it."""

import re

import yaml
from huggingface_hub import DatasetCard, ModelCard

from .complaint import Complaint

_STRINGS = ("license", "license_name", "base_model_relation", "pretty_name", "model_name")
_LISTS = ("base_model", "datasets", "tags", "size_categories", "language_creators")


def validate(text: str) -> None:
    """Check one README with its block."""
    try:
        block = re.match(r"---\n(.*?)\n---\n", text, re.DOTALL)
        if block is None:
            raise Complaint("there is no block of YAML in front")
        written = yaml.safe_load(block[1])
        if not isinstance(written, dict):
            raise Complaint("the block is no mapping")
        kind = written.get("undertone", {}).get("kind")
        card = (DatasetCard if kind == "drop" else ModelCard)(text)
        again = type(card)(str(card)).data.to_dict()
    except Complaint:
        raise
    except Exception as error:
        raise Complaint(f"huggingface_hub: {type(error).__name__}: {error}") from error
    if card.data.to_dict() != written or again != written:
        raise Complaint("huggingface_hub reads other data than YAML says")
    for name in _STRINGS:
        if name in written and not isinstance(written[name], str):
            raise Complaint(f"{name} is no text")
    for name in _LISTS:
        if name in written and not (
            isinstance(written[name], list) and all(isinstance(item, str) for item in written[name])
        ):
            raise Complaint(f"{name} is no list of texts")
    for origin in written.get("undertone", {}).get("came_from", []):
        if not all(isinstance(origin.get(name), str) for name in ("id", "kind", "name")):
            raise Complaint("an entry of came_from has no id, kind and name that are texts")
