"""Croissant: mlcroissant must load the metadata without an error."""

import logging
from typing import Any

import mlcroissant
from absl import logging as absl_logging

from .complaint import Complaint, parsed

_ALLOWED = ("recommended", "@context")


def validate(text: str) -> None:
    """Check one document; also that mlcroissant sees the files and fields that the document has."""
    document = parsed(text)
    if not isinstance(document, dict):
        raise Complaint("is no object")
    absl_logging.set_verbosity(absl_logging.ERROR)
    logging.getLogger("rdflib").setLevel(logging.CRITICAL)
    try:
        metadata = mlcroissant.Dataset(jsonld=document).metadata
    except Exception as error:
        raise Complaint(f"mlcroissant: {error}") from error
    errors = metadata.ctx.issues.errors
    if errors:
        raise Complaint("mlcroissant: " + "; ".join(sorted(errors)))
    if str(metadata.ctx.conforms_to.value) != document.get("conformsTo"):
        raise Complaint("mlcroissant read another version of the format")
    _compare(
        "files",
        [file.sha256 for file in metadata.distribution],
        [f.get("sha256") for f in _list(document, "distribution")],
    )
    fields = [field for records in _list(document, "recordSet") for field in _list(records, "field")]
    _compare(
        "fields",
        sorted(_text(f.name) for r in metadata.record_sets for f in r.fields),
        sorted(f["name"] for f in fields),
    )
    _compare("name", [_text(metadata.name)], [document.get("name")])


def _list(value: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = value.get(name, [])
    return found if isinstance(found, list) else [found]


def _text(value: str | dict[str, str]) -> str:
    return next(iter(value.values())) if isinstance(value, dict) else value


def _compare(what: str, read: list[Any], written: list[Any]) -> None:
    if read != written:
        raise Complaint(f"mlcroissant read other {what} than were written: {read!r:.300}, not {written!r:.300}")
