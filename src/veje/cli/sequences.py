"""Rim of stage `sequences`."""

from __future__ import annotations

from veje import io
from veje.cli.files import Files
from veje.lists import Alphabet, read_alphabet, read_codes
from veje.sequences import build_sequences
from veje.settings import Sequences, Settings


def run(settings: Settings, inputs: Files, outputs: Files) -> None:
    """Read DREAM spells and the cohort, write quarter states and unique sequences."""
    own = settings.sequences
    alphabet = alphabet_of(own)
    table = io.read_list(own.codes, "codes")
    codes = read_codes(table, own.state_column, alphabet, settings.registers.dream.version, own.codes)
    result = build_sequences(
        inputs.table("dream"), inputs.table("cohort"), codes, alphabet, own, settings.window
    )
    outputs.write(result.sequences, "sequences")
    outputs.write(result.unique, "unique")
    outputs.write(result.week_codes, "week_codes")


def alphabet_of(settings: Sequences) -> Alphabet:
    """Read the alphabet that the config names."""
    return read_alphabet(io.read_list(settings.alphabet, "alphabets"), settings.alphabet)
