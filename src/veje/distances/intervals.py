"""The intervals in which CHI2 and EUCLID compare distributions."""

from collections.abc import Sequence

Interval = tuple[int, int]


def intervals(length: int, step: int, overlap: bool, breaks: Sequence[Interval] | None) -> list[Interval]:
    """Return the intervals, (begin, end) each, half open, of sequences of `length` states.

    step: how many positions an interval has; the last may be shorter. overlap: add an interval
    between each two, shifted by half a step, and one at the beginning. breaks: instead, the first
    and last position of each interval, counted from 1. Raises ValueError for an interval outside
    the sequence, a step below 1, or an odd one with overlap.
    """
    if breaks is not None:
        for first, last in breaks:
            if not 1 <= first <= last <= length:
                raise ValueError(f"breaks: ({first}, {last}) does not lie within positions 1 to {length}")
        if not breaks:
            raise ValueError("breaks holds no interval")
        return [(first - 1, last) for first, last in breaks]
    if step < 1:
        raise ValueError(f"step must be 1 or more, but it is {step}")
    if overlap and step % 2:
        raise ValueError(f"step must be even with overlap, but it is {step}")
    if step >= length:
        return [(0, length)]
    plain = [(begin, min(begin + step, length)) for begin in range(0, length, step)]
    return _with_overlap(plain, length, step // 2) if overlap else plain


def _with_overlap(plain: list[Interval], length: int, half: int) -> list[Interval]:
    """Add the intervals half a step on.

    # ASSUME: the ends are TraMineR's: the first interval covers half a step and one position more,
    and one that would leave the sequence ends with it, keeping at least the last position.
    """
    shifted = [(min(begin + half, length - 1), min(end + half, length)) for begin, end in plain]
    mixed = [interval for both in zip(plain, shifted, strict=True) for interval in both]
    return [(0, 1 + half), *mixed]
