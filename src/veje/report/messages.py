"""What each picture shows, said in words from the released figures it is drawn from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise

from veje.released import type_picture
from veje.report.context import Context
from veje.report.eras import ERAS
from veje.report.moves import MOVES
from veje.report.risks import RISKS
from veje.report.summary import classes_told, sized


def message(context: Context, name: str) -> str:
    """Say what a picture shows; empty when no figure that it needs is released."""
    if name.startswith("type_"):
        return _type(context, name)
    return MESSAGES[name](context) if name in MESSAGES else ""


def _flow(context: Context) -> str:
    """Say how many are left, and at which step most are lost."""
    t, known = context.texts, context.released
    keys = [key for key in known.keys("flow") if not key.endswith("_rows")]
    left = [(known.cell("flow", known.pooled, "", key, "count").value, key) for key in keys]
    shown = [(value, key) for value, key in left if value is not None]
    if len(shown) < 2:
        return ""
    lost = [(a - b, key) for (a, _), (b, key) in pairwise(shown)]
    most, step = max(lost, key=lambda one: one[0])
    values = {"first": t.number(shown[0][0]), "last": t.number(shown[-1][0]), "n": t.number(most)}
    return t("says_flow", step=context.labels.row("flow", step), **values)


def commonest(context: Context, area: str, type_key: str, quarter: int) -> tuple[float, str] | None:
    """Give the share and the name of the state that most are in, None when no share is released."""
    known = context.released
    shares = [
        (known.cell("state_distribution", area, type_key, f"q{quarter:02d}_{state}", "share").value, state)
        for state in context.alphabet.states
    ]
    top = max((one for one in shares if one[0] is not None), default=None, key=lambda one: one[0] or 0.0)
    if top is None or top[0] is None:
        return None
    return top[0], context.texts.inside(context.labels.state_short(top[1]))


def _ends(context: Context, area: str, type_key: str, text: str = "says_ends", **values: object) -> str:
    """Name the commonest states of the first and of the last quarter."""
    last = context.released.last_quarter()
    first, then = (commonest(context, area, type_key, quarter) for quarter in (1, last))
    if first is None or then is None:
        return ""
    t = context.texts
    shares = {"share": t.number(first[0]), "last_share": t.number(then[0])}
    return t(text, state=first[1], last_state=then[1], quarter=last, **shares, **values)


def _all(context: Context) -> str:
    return _ends(context, context.released.pooled, "")


def _by_type(context: Context) -> str:
    known = context.released
    told = [
        _ends(context, known.pooled, key, "says_ends_of", name=context.labels.type(key))
        for key in known.types(known.pooled)
    ]
    return " ".join(one for one in told if one)


def _by_area(context: Context) -> str:
    told = [
        _ends(context, area, "", "says_ends_of", name=context.labels.area(area))
        for area in context.released.local()
    ]
    return " ".join(one for one in told if one)


def _type(context: Context, name: str) -> str:
    """Say where a type's persons are, and when most of them are active."""
    known = context.released
    told = []
    for key in known.types(known.pooled):
        if type_picture(key) == name:
            told += [_ends(context, known.pooled, key), _most_active(context, key)]
    return " ".join(one for one in told if one)


def _most_active(context: Context, type_key: str, text: str = "says_active", **values: object) -> str:
    """Name the quarter in which the largest share of a type's persons is active."""
    known, t = context.released, context.texts
    if not context.measured:
        return ""
    cells = [
        (known.cell("timing_quarters", known.pooled, type_key, key, "share").value, int(key[1:]))
        for key in known.keys("timing_quarters")
    ]
    shown = [(value, quarter) for value, quarter in cells if value is not None]
    if not shown:
        return ""
    share, quarter = max(shown)
    return t(text, share=t.number(share), quarter=quarter, **values)


def _heat_map(context: Context) -> str:
    known = context.released
    told = [
        _most_active(context, key, "says_active_of", name=context.labels.type(key))
        for key in known.types(known.pooled)
    ]
    return " ".join(one for one in told if one)


def _mean_time(context: Context) -> str:
    """Name the state in which each type's persons are longest."""
    t, known, told = context.texts, context.released, []
    for key, _, _ in sized(context):
        means = [(known.value("bilag_1", known.pooled, key, s, "mean"), s) for s in context.alphabet.states]
        mean, state = max(means, key=lambda one: one[0])
        name = t.inside(context.labels.state_short(state))
        told.append(t("says_longest", type=context.labels.type(key), state=name, n=t.number(mean, 1)))
    return " ".join(told)


def _types_by_area(context: Context) -> str:
    """Name each municipality's largest type."""
    t, known, told = context.texts, context.released, []
    for area in known.local():
        cells = [
            (known.cell("table_7_2", area, key, "share_of_individuals", "share").value, key)
            for key in known.types()
        ]
        shown = [(value, key) for value, key in cells if value is not None]
        if shown:
            share, key = max(shown)
            values = {"area": context.labels.area(area), "type": context.labels.type(key)}
            told.append(t("says_largest", share=t.number(share), **values))
    return " ".join(told)


def _quality(context: Context) -> str:
    """Give the number of clusters that each area was divided into."""
    t, known = context.texts, context.released
    taken = [
        t("says_number", area=context.labels.area(area), k=t.number(cell.value))
        for area in known.areas
        if (cell := known.cell("quality", area, "", "chosen_k", "index")).value is not None
    ]
    return t("says_numbers", numbers=t.listing(taken)) if taken else ""


MESSAGES: Mapping[str, Callable[[Context], str]] = {
    "flow": _flow,
    "state_distribution": _all,
    "state_distribution_by_type": _by_type,
    "state_distribution_by_municipality": _by_area,
    "mean_time": _mean_time,
    "types_by_municipality": _types_by_area,
    "timing_classes": classes_told,
    "timing_heat_map": _heat_map,
    "quality": _quality,
    "modal_states": _by_type,
    **MOVES,
    **ERAS,
    **RISKS,
}
