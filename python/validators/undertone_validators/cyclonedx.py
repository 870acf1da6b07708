"""CycloneDX: the strict JSON schema of version 1.6, and references that lead somewhere."""

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from .complaint import Complaint, parsed


def validate(text: str) -> None:
    """Check one bill of materials."""
    document = parsed(text)
    error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if error is not None:
        raise Complaint(f"CycloneDX 1.6: {error}")
    # The schema leaves the version open.
    if document["specVersion"] != "1.6":
        raise Complaint(f"CycloneDX {document['specVersion']!r}, not 1.6")
    components = document.get("components", []) + document.get("services", [])
    if "component" in document.get("metadata", {}):
        components.append(document["metadata"]["component"])
    known = [component["bom-ref"] for component in components]
    if len(known) != len(set(known)):
        raise Complaint("a bom-ref is there twice")
    for dependency in document.get("dependencies", []):
        for reference in [dependency["ref"], *dependency.get("dependsOn", [])]:
            if reference not in known:
                raise Complaint(f"a dependency speaks of {reference!r}, which is not there")
