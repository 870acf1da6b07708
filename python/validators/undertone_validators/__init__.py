"""Checks documents with the validators of their formats."""

from collections.abc import Callable

from . import card, croissant, cyclonedx, intoto, openlineage, prov
from .complaint import Complaint

VALIDATORS: dict[str, Callable[[str], None]] = {
    "card": card.validate,
    "croissant": croissant.validate,
    "cyclonedx": cyclonedx.validate,
    "in-toto": intoto.validate,
    "openlineage": openlineage.validate,
    "prov": prov.validate,
}

__all__ = ["VALIDATORS", "Complaint"]
