"""What a blank week is read as: the state that the page says something about."""

from __future__ import annotations

from veje import io
from veje.errors import BadInput
from veje.lists import BLANK, MISSING, Alphabet
from veje.settings import Settings


def blank_state(settings: Settings, alphabet: Alphabet) -> str | None:
    """Give the state that the code list of the settings has for a blank week.

    With `blank_as` it is that one. None when it is the missing state, or when the list is not there,
    has no such line, or has a state outside the alphabet: the page then says something that holds for
    every list.
    """
    if settings.sequences.blank_as is not None:
        return None if settings.sequences.blank_as == MISSING else settings.sequences.blank_as
    try:
        listed = io.read_list(settings.sequences.codes, "codes")
    except BadInput:
        return None
    column = settings.sequences.state_column
    if not {"code", column} <= set(listed.columns):
        return None
    found = [state for code, state in listed.select("code", column).iter_rows() if code in (None, "", BLANK)]
    known = [state for state in found if state in alphabet.states and state != MISSING]
    return known[-1] if known else None
