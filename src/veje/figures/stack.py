"""Stacked states by quarter: bands with steps, the withheld remainder, and the names of the bands."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from veje.figures.legend import Entry, text_width
from veje.figures.style import SOFT, WITHHELD, write_on
from veje.figures.subject import Shares, Subject

APART = 5.8
"""Percent of the axis' height that two names at its edge need between them."""
ROOM = 9.0
"""Percent: a name stands inside a band only where it is at least this thick."""


def stack(axes: Axes, shares: Shares, subject: Subject) -> None:
    """Stack the states' shares as bands with steps at the quarters, the withheld remainder on top."""
    quarters = shares.shape[1]
    edges = np.arange(quarters + 1) + 0.5
    upper = np.vstack([np.zeros(quarters), shares.cumsum(axis=0)])
    for i in range(len(shares)):
        if shares[i].any():
            low, high = _steps(upper[i]), _steps(upper[i + 1])
            axes.fill_between(edges, low, high, step="post", **subject.fill(i).looks)
            axes.stairs(upper[i + 1], edges, color="white", linewidth=0.7, baseline=None)
    if has_rest(shares):
        axes.fill_between(edges, _steps(upper[-1]), 100.0, step="post", **WITHHELD)
    axes.set_ylim(0, 100)
    quarter_axis(axes, quarters)


def has_rest(shares: Shares) -> bool:
    """Tell whether a remainder is left to hatch in some quarter."""
    return bool((shares.sum(axis=0) < 99.9).any())


def quarter_axis(axes: Axes, quarters: int) -> None:
    """Number the quarters, the first, every fifth and the last."""
    axes.set_xlim(0.5, quarters + 0.5)
    axes.set_xticks([1, *[q for q in range(5, quarters, 5) if quarters - q > 2], quarters])


def state_entries(subject: Subject, panels: Sequence[Shares]) -> list[Entry]:
    """List the legend's entries: the states seen in at least one panel, and the withheld remainder."""
    seen = [i for i in range(len(panels[0])) if any(shares[i].any() for shares in panels)]
    entries: list[Entry] = [(subject.state(i), subject.fill(i)) for i in seen]
    if any(has_rest(shares) for shares in panels):
        entries.append((subject.labels.word("withheld"), None))
    return entries


def name_bands(axes: Axes, shares: Shares, values: Shares, subject: Subject) -> None:
    """Name every band at the right edge with its last share, moved apart where names would touch.

    shares: the bands' heights. values: the released shares, which are written.
    """
    last = shares[:, -1]
    middle = last.cumsum() - last / 2
    held = [i for i in range(len(last)) if shares[i].any()]
    wanted = [float(middle[i]) for i in held]
    rest = 100 - float(last.sum())
    if rest >= 1:
        wanted.append(100 - rest / 2)
    right = shares.shape[1] + 0.5
    places = spread(wanted, APART, 100.0)
    for i, want, place in zip([*held, None], wanted, places, strict=False):
        axes.plot([right + 0.15, right + 0.75], [want, place], color=SOFT, linewidth=0.6, clip_on=False)
        looks = {**WITHHELD, "linewidth": 0.6} if i is None else subject.fill(i).looks
        axes.add_patch(Rectangle((right + 0.85, place - 1.7), 0.6, 3.4, clip_on=False, **looks))
        told = subject.labels.word("withheld_cell")
        if i is not None:
            told = band_name(subject, i, float(values[i, -1]))
        axes.text(right + 1.75, place, told, va="center", color=SOFT if i is None else None)
    title = subject.labels.row("timing_quarters", f"q{shares.shape[1]:02d}")
    axes.text(right + 0.85, 102.5, title, va="bottom", color=SOFT)


def band_name(subject: Subject, state: int, share: float) -> str:
    """Name a band with its share; a very long name is cut."""
    name = textwrap.shorten(subject.labels.state_short(subject.alphabet.states[state]), 36, placeholder="…")
    return f"{name}  {subject.percent(share)}" if share else name


def band_width(subject: Subject, values: Shares, space: float) -> float:
    """Give the width in inches that leaves room for the bands' names, of a space that both share."""
    held = [i for i in range(len(values)) if values[i].any()]
    names = [text_width(band_name(subject, i, float(values[i, -1]))) for i in held]
    # Hinting makes drawn text a little wider than its outline.
    longest = 1.06 * max([*names, text_width(subject.labels.word("withheld_cell"))])
    return (space - longest - 0.06) / (1 + 1.75 / float(values.shape[1]))


def spread(wanted: Sequence[float], least: float, top: float) -> list[float]:
    """Move ascending heights apart to at least `least`, inside 0 to `top`, by a sweep up and one down."""
    places = [max(place, least / 2) for place in wanted]
    for i in range(1, len(places)):
        places[i] = max(places[i], places[i - 1] + least)
    ceiling = top - least / 2
    for i in reversed(range(len(places))):
        places[i] = min(places[i], ceiling)
        ceiling = places[i] - least
    return places


def name_inside(axes: Axes, shares: Shares, subject: Subject) -> None:
    """Name each band inside where it is thickest over as many quarters as its name is long."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    quarter = axes.get_position().width * figure.get_figwidth() / shares.shape[1]
    upper = shares.cumsum(axis=0)
    for i in range(len(shares)):
        name = subject.state(i)
        reach = int(np.ceil(text_width(name) / quarter + 0.6))
        spot = widest(upper[i] - shares[i], upper[i], reach)
        if spot is not None:
            write_on(axes, *spot, name, subject.fill(i))


def widest(low: Shares, high: Shares, reach: int) -> tuple[float, float] | None:
    """Find the middle of the thickest flat box of `reach` quarters between two lines, if a label fits."""
    best, spot = ROOM, None
    for start in range(len(low) - reach + 1):
        part = slice(start, start + reach)
        floor, ceiling = float(low[part].max()), float(high[part].min())
        if ceiling - floor > best:
            best, spot = ceiling - floor, (start + reach / 2 + 0.5, (floor + ceiling) / 2)
    return spot


def head(axes: Axes, title: str, longest: int = 42, lift: float = 0.0) -> None:
    """Write a panel's title in bold with its second line, if any, in grey below it.

    lift: points that both stand higher, over something that lies on the panel's upper edge.
    """
    name, _, rest = title.partition("\n")
    axes.set_title(textwrap.shorten(name, longest, placeholder="…"), pad=lift + (16 if rest else 5))
    if rest:
        axes.annotate(
            rest,
            (0, 1),
            (0, 4 + lift),
            xycoords="axes fraction",
            textcoords="offset points",
            color=SOFT,
            va="bottom",
        )


def _steps(values: Shares) -> Shares:
    """Repeat the last value, as a step drawing needs one more edge than values."""
    return np.append(values, values[-1])
