"""The page of the law's lists, for `veje docs`: regimes, flags, what cannot be computed, crosswalks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from veje import io

INTRODUCTION = """# The law as data: regimes, flags, and what registers cannot tell

Written from the lists in this folder and in `data_schema/crosswalks` by `make docs`; edit those.

Most rules hold as a starting point only: a flag is no violation, unless its kind is `hard`, an error
in the data. A flag is not computed for grants of a regime before its rule, and is left out, with a
note, when a register that it needs is not delivered. `measures` is `amfo` or `offl`.
"""


def law_page() -> str:
    """Write the page from the shipped lists."""
    regimes, flags = io.read_list("regimes", "law"), io.read_list("flags", "law")
    cannot, ages = io.read_list("not_computable", "law"), io.read_list("pension_age", "law")
    ways = io.read_list("caswell9_modern", "crosswalks")
    return "\n".join(
        [
            INTRODUCTION,
            "## Regimes\n",
            _table(regimes, ("regime", "from", "to", "scheme_years", "what_en", "source", "certainty")),
            "## Flags\n",
            *[_flag(row) for row in flags.to_dicts()],
            "## Not computable\n",
            "Rules that need a case file; no register has it.\n",
            _table(cannot, ("rule", "source", "needs", "reason_en", "reason_da")),
            "## Pension age\n",
            _table(ages, ("born_from", "months", "source", "certainty")),
            "## Crosswalk between `caswell9` and `modern`\n",
            "`same`: the way there and back is exact. `nearest`: the closest state. `none`: missing.\n",
            _table(ways, ("from", "from_state", "to", "to_state", "relation", "about_en")),
        ]
    )


def _flag(row: Mapping[str, str | None]) -> str:
    """Write one flag: what it is in both languages, and what it rests on."""
    inputs = ", ".join(f"`{one}`" for one in (row["inputs"] or "").split()) or "other flags"
    registers = ", ".join(f"`{one}`" for one in (row["registers"] or "").split()) or "those of its flags"
    parameters = ", ".join(f"`{one}`" for one in (row["parameters"] or "").split()) or "none"
    return (
        f"### `{row['flag']}`\n\n{row['about_en']} {row['about_da']}\n\n"
        f"Kind: {row['kind']}. Source: {row['source']} ({row['certainty']} certainty), "
        f"from regime {row['first_regime']}.\nInputs: {inputs}. Registers: {registers}. "
        f"Parameters: {parameters}.\n"
    )


def _table(frame: pl.DataFrame, columns: Sequence[str]) -> str:
    head = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    rows = ["| " + " | ".join(cell or "" for cell in row) + " |" for row in frame.select(columns).iter_rows()]
    return "\n".join([*head, *rows]) + "\n"
