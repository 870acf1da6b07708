"""The golden attestations pass the libraries of in-toto, and changed ones don't."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

pytest.importorskip("cryptography")
pytest.importorskip("securesystemslib.dsse")

from securesystemslib.exceptions import VerificationError

from check_envelope import checked_statement

GOLDEN = Path(__file__).resolve().parents[2] / "fixtures" / "lineage" / "attestation"
KEY = GOLDEN / "test-only.pub"
NAMES = ["lineage.dsse.json", "approval.dsse.json"]


@pytest.mark.parametrize("name", NAMES)
def test_golden_envelopes_are_accepted(name: str) -> None:
    """A library that knows nothing of undertone accepts the signature."""
    statement = checked_statement(GOLDEN / name, KEY)
    assert statement["_type"] == "https://in-toto.io/Statement/v1"
    assert statement["subject"][0]["name"] == "kept.jsonl"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("part", ["payload", "payloadType", "sig"])
def test_changed_envelopes_are_refused(name: str, part: str, tmp_path: Path) -> None:
    """A change of payload, type or signature is seen."""
    envelope = json.loads((GOLDEN / name).read_text(encoding="utf-8"))
    if part == "sig":
        signature = bytearray(base64.b64decode(envelope["signatures"][0]["sig"]))
        signature[5] ^= 1
        envelope["signatures"][0]["sig"] = base64.b64encode(signature).decode()
    elif part == "payload":
        payload = base64.b64decode(envelope["payload"]).replace(b"kept.jsonl", b"other.json")
        envelope["payload"] = base64.b64encode(payload).decode()
    else:
        envelope["payloadType"] = "application/json"
    changed = tmp_path / "changed.json"
    changed.write_text(json.dumps(envelope), encoding="utf-8")
    with pytest.raises(VerificationError):
        checked_statement(changed, KEY)


@pytest.mark.parametrize("name", NAMES)
def test_statements_are_valid_in_toto(name: str) -> None:
    """The validator of in-toto accepts the statement."""
    module = pytest.importorskip("in_toto_attestation.v1.statement")
    json_format = pytest.importorskip("google.protobuf.json_format")
    message = pytest.importorskip("in_toto_attestation.v1.statement_pb2").Statement()
    json_format.ParseDict(checked_statement(GOLDEN / name, KEY), message)
    module.Statement.copy_from_pb(message).validate()
