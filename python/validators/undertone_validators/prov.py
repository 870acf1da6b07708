"""PROV-JSON: the package prov must read it, and write it again with every record in it."""

import io
import warnings

from prov.model import ProvDocument

from .complaint import Complaint, parsed

_TIMES = {"prov:startTime", "prov:endTime", "prov:time"}
# What PROV-DM asks for, and the package lets pass.
_ENDS = {
    "used": {"prov:activity", "prov:entity"},
    "wasGeneratedBy": {"prov:entity", "prov:activity"},
    "wasDerivedFrom": {"prov:generatedEntity", "prov:usedEntity"},
    "wasInformedBy": {"prov:informed", "prov:informant"},
    "wasAssociatedWith": {"prov:activity", "prov:agent"},
    "wasAttributedTo": {"prov:entity", "prov:agent"},
}


def validate(text: str) -> None:
    """Check one document; nothing may get lost, and every end of a relation must be declared."""
    written = parsed(text)
    if not isinstance(written, dict):
        raise Complaint("is no object")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            document = ProvDocument.deserialize(io.StringIO(text), format="json")
            document.unified()
            again = parsed(document.serialize(format="json"))
    except Complaint:
        raise
    except Exception as error:
        raise Complaint(f"prov: {type(error).__name__}: {error}") from error
    for section in written.keys() | again.keys():
        if section == "prefix":
            continue
        before, after = written.get(section, {}), again.get(section, {})
        if len(before) != len(after):
            raise Complaint(f"{len(before)} records of {section} were written, {len(after)} read")
        for identifier, record in before.items():
            if not identifier.startswith("_:") and identifier not in after:
                raise Complaint(f"{section} {identifier} got lost")
            label = record.get("prov:label")
            if label is not None and after.get(identifier, {}).get("prov:label") != label:
                raise Complaint(f"the label of {section} {identifier} did not come back as it was")
    declared = {name for section in ("entity", "activity", "agent") for name in written.get(section, {})}
    for section, records in written.items():
        if section in ("prefix", "entity", "activity", "agent"):
            continue
        for identifier, record in records.items():
            if not _ENDS.get(section, set()) <= record.keys():
                raise Complaint(f"{section} {identifier} lacks an end")
            for name, value in record.items():
                is_end = (
                    name.startswith("prov:") and name not in _TIMES and isinstance(value, str) and name != "prov:role"
                )
                if is_end and value not in declared:
                    raise Complaint(f"{section} {identifier} speaks of {value!r}, which is not declared")
