"""What a scan need not look at again."""

from __future__ import annotations

import hashlib


class Clean:
    """Unpacked streams that hold nothing: a picture stands in its file, and again in each page."""

    def __init__(self) -> None:
        self._depths: dict[tuple[bytes, bool], int] = {}
        self._walked: dict[tuple[bytes, bool], int] = {}

    def has(self, stream: bytes, depth: int, text: bool) -> bool:
        """Tell whether a stream was looked at before, at least as deep; else note that it is now."""
        digest = hashlib.sha256(stream).digest()
        # What is called text was looked at as all else is too.
        if max(self._depths.get((digest, kind), -1) for kind in (text, True)) >= depth:
            return True
        self._walked[digest, text] = depth
        return False

    def settle(self, found: int) -> None:
        """End the look at a file: what was noted holds nothing when nothing was found in all of it."""
        if not found:
            self._depths |= self._walked
        self._walked = {}
