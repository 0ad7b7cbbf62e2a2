"""Records that hold their own digest, so that a flipped bit or a cut in them is seen when they are read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

_SEAL = "seal"


def digest_of(told: Mapping[str, Any]) -> str:
    """Give the SHA-256 of what a record tells."""
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def seal(told: Mapping[str, Any]) -> dict[str, Any]:
    """Add the digest of a record to itself."""
    return {**told, _SEAL: digest_of(told)}


def unsealed(record: object) -> dict[str, Any] | None:
    """Give what a sealed record tells; None when it is not as it was sealed."""
    if not isinstance(record, dict):
        return None
    told = {name: value for name, value in record.items() if name != _SEAL}
    return told if record.get(_SEAL) == digest_of(told) else None
