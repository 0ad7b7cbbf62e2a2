"""What the picture of persons without a grant shows, in words, and the types that it is of."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from veje.names import NOT_GRANTED
from veje.report.context import Context


def types_of(context: Context) -> list[str]:
    """List the pooled types that the release shows, the one with most persons first."""
    return context.released.types(context.released.pooled)


def _says(context: Context) -> str:
    """Name the paths that most and least often end in a grant."""
    known, t = context.released, context.texts
    shares = [
        (cell.value, one)
        for one in types_of(context)
        if (cell := known.cell(NOT_GRANTED, known.pooled, one, "granted", "share")).value is not None
    ]
    if len(shares) < 2:
        return ""
    (least, low), (most, high) = min(shares), max(shares)
    return t(
        "says_not_granted",
        high=context.labels.type(high),
        most=t.number(most, 1),
        low=context.labels.type(low),
        least=t.number(least, 1),
    )


RISKS: Mapping[str, Callable[[Context], str]] = {NOT_GRANTED: _says}
"""What the picture shows."""
