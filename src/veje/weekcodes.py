"""DREAM's weekly codes as small numbers: the text that a code is delivered as, tidied and numbered."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa

from veje.errors import BadInput, shown

MOST_CODES = np.iinfo(np.uint16).max


def tidy_code(code: str) -> str:
    """Write a weekly code as plain text: "111.0" and " 111" are 111; ".", "NaN" and blanks are none."""
    tidy = code.strip().removesuffix(".0")
    return "" if tidy.lower() in {"", ".", "nan"} else tidy


class WeekCoder:
    """Numbers for codes in the order in which they are met; number 0 is blank.

    What looks like an identifier gets the one code "(not shown)": a row whose cells are shifted must
    not carry a personal number into the list of codes. It is an unknown code to whoever reads it.
    """

    def __init__(self) -> None:
        self.codes = [""]
        self._number_of = {"": 0}
        self._delivered: list[str] = []
        self._numbers = np.zeros(0, dtype=np.uint16)
        self._kind = pl.Enum([])

    def encode(self, weeks: pl.DataFrame, path: Path) -> pa.Table:
        """Turn a frame of weekly codes as text into one of numbers (uint16), column by column.

        Raises `BadInput` for more distinct codes than a weekly column can have.
        """
        # One long column: thousands of short ones would mostly be overhead.
        cells = pl.concat(weeks.get_columns()).fill_null("")
        known = cells.cast(self._kind, strict=False)
        if known.null_count():
            self._learn(cells.filter(known.is_null()).unique(maintain_order=True).to_list(), path)
            known = cells.cast(self._kind)
        matrix = self._numbers[known.to_physical().to_numpy()].reshape(weeks.width, weeks.height)
        return pa.table(dict(zip(weeks.columns, map(pa.array, matrix), strict=True)))

    def _learn(self, delivered: list[str], path: Path) -> None:
        self._delivered += delivered
        if len(self._delivered) > MOST_CODES:
            raise BadInput(f"{path}: more than {MOST_CODES:,} different codes: are the Y_YYWW columns weeks?")
        numbers = []
        for text in delivered:
            code = shown(tidy_code(text))
            if code not in self._number_of:
                self._number_of[code] = len(self.codes)
                self.codes.append(code)
            numbers.append(self._number_of[code])
        self._numbers = np.concatenate([self._numbers, np.array(numbers, dtype=np.uint16)])
        self._kind = pl.Enum(self._delivered)
