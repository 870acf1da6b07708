"""Checks an attestation with securesystemslib, the library of in-toto and TUF, instead of with undertone.

python3 check_envelope.py ENVELOPE.dsse.json PUBLIC_KEY.pub prints the statement, or fails.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from securesystemslib.dsse import Envelope
from securesystemslib.signer import SSlibKey

PAYLOAD_TYPE = "application/vnd.in-toto+json"


def public_key(path: Path) -> SSlibKey:
    """Read a public key under the id that undertone gives it: SHA-256 of its SubjectPublicKeyInfo in DER."""
    key = load_pem_public_key(path.read_bytes())
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return SSlibKey.from_crypto(key, keyid=hashlib.sha256(der).hexdigest())


def checked_statement(envelope_path: Path, key_path: Path) -> dict[str, Any]:
    """Return the statement in an envelope; raise where the key did not sign it or it is of another type."""
    envelope = Envelope.from_dict(json.loads(envelope_path.read_text(encoding="utf-8")))
    envelope.verify([public_key(key_path)], threshold=1)
    if envelope.payload_type != PAYLOAD_TYPE:
        raise ValueError(f"the payload is {envelope.payload_type!r}, not {PAYLOAD_TYPE!r}")
    statement: dict[str, Any] = json.loads(envelope.payload)
    return statement


def main() -> None:
    """Run as a program."""
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    print(json.dumps(checked_statement(Path(sys.argv[1]), Path(sys.argv[2])), indent=2))


if __name__ == "__main__":
    main()
