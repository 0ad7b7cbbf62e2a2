"""The publication's contradictions that change no compared figure, from its register of inconsistencies."""

from __future__ import annotations

from typing import Any

from veje.report.blocks import Field, Row, Table
from veje.report.context import Context


def contradictions_table(context: Context) -> Table:
    """List the entries of the register that no compared figure is corrected or left out by."""
    t, compared = context.texts, context.comparison
    used = set(compared.figures["inconsistency"])
    rows = [_row(told) for told in compared.register.iter_rows(named=True) if told["id"] not in used]
    heads = [t(name) for name in ("printed", "against", "likely_right", "explanation")]
    return Table(t("contradictions"), t("entry"), heads, rows, t("contradictions_note"), folded=True)


def _row(told: dict[str, Any]) -> Row:
    """Set the two places of an entry against each other; the register is in English."""
    sides = [(told[f"location_{side}"], told[f"printed_{side}"]) for side in (1, 2)]
    texts = [": ".join(part for part in side if part) or "–" for side in sides]
    texts += [told["likely_correct"] or "–", told["note"] or "–"]
    return Row(told["id"], [Field(text, "text", language="en") for text in texts])
