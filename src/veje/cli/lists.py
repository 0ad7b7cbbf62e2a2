"""Lists that several stages read at their rims."""

from __future__ import annotations

from veje import io
from veje.lists import Alphabet, read_alphabet
from veje.settings import Sequences


def alphabet_of(settings: Sequences) -> Alphabet:
    """Read the alphabet that the config names."""
    return read_alphabet(io.read_list(settings.alphabet, "alphabets"), settings.alphabet)
