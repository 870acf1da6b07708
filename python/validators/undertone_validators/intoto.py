"""in-toto: a Statement of version 1, by the checks of in-toto-attestation; also inside a DSSE envelope."""

import base64
import binascii

from google.protobuf.json_format import ParseDict, ParseError
from in_toto_attestation.v1 import statement_pb2
from in_toto_attestation.v1.statement import Statement

from .complaint import Complaint, parsed

PAYLOAD_TYPE = "application/vnd.in-toto+json"


def validate(text: str) -> None:
    """Check a statement, or the statement in an envelope. Signatures are not checked here."""
    document = parsed(text)
    if not isinstance(document, dict):
        raise Complaint("is no object")
    if "payload" in document:
        if document.get("payloadType") != PAYLOAD_TYPE or not document.get("signatures"):
            raise Complaint(f"the envelope is not signed, or holds no {PAYLOAD_TYPE}")
        try:
            document = parsed(base64.b64decode(document["payload"], validate=True).decode("utf-8"))
        except (binascii.Error, TypeError, UnicodeDecodeError) as error:
            raise Complaint(f"the payload is not Base64 of UTF-8: {error}") from error
    try:
        message = ParseDict(document, statement_pb2.Statement())
        Statement.copy_from_pb(message).validate()
    except (ParseError, ValueError, TypeError) as error:
        raise Complaint(f"in-toto: {error}") from error
