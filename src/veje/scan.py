"""Looking for personal numbers where none may be."""

from __future__ import annotations

import re

TOKEN = re.compile(rb"[0-9A-Za-z]{6,16}")
CPR = re.compile(rb"(\d{6})-(\d{4})")


def find_identifiers(content: bytes, identifiers: frozenset[bytes]) -> int:
    """Count the places in a file's bytes at which a known identifier stands, plain or hyphenated."""
    plain = sum(1 for token in TOKEN.findall(content) if token in identifiers)
    return plain + sum(1 for a, b in CPR.findall(content) if a + b in identifiers)
