"""The report in words: sentences made from the released figures, and from nothing else."""

from __future__ import annotations

from veje.names import SCENARIOS
from veje.report.blocks import Points, Section, Text
from veje.report.context import Context
from veje.report.far import far_clusters
from veje.typology import UNMATCHED

MOST_PAIRS = 4
NOTABLE = 10.0
"""Percent: a lower share is not worth a sentence."""


def summary(context: Context) -> Section:
    """Say in sentences what the tables show."""
    sentences = [sentence for make in MAKERS if (sentence := make(context))]
    t = context.texts
    note = t("summary_note", n=context.settings.disclosure.threshold)
    return Section("summary", t("summary"), [Points(sentences), Text(note, "note")])


def _persons(context: Context) -> str:
    t, known, settings = context.texts, context.released, context.settings.cohort
    total = known.persons(known.pooled).value
    places = t.listing([context.labels.area(area) for area in known.local()])
    dates = {"first": t.date(settings.from_), "last": t.date(settings.to)}
    if total is None:
        return t("sum_nobody", n=context.settings.disclosure.threshold, places=places, **dates)
    text = "sum_persons_day" if settings.from_ == settings.to else "sum_persons"
    window = context.settings.window.quarters
    return t(text, n=t.number(total), places=places, quarters=window, **dates)


def _few(context: Context) -> str:
    """Name the municipalities that are below the threshold while all of them together are not."""
    t, known = context.texts, context.released
    if known.persons(known.pooled).value is None:
        return ""
    few = [context.labels.area(area) for area in known.local() if known.persons(area).value is None]
    threshold = context.settings.disclosure.threshold
    return t("sum_few", n=threshold, places=t.listing(few)) if few else ""


def _weak(context: Context) -> str:
    """Name the pooled types with a cluster that is far from their published profile."""
    t, far = (
        context.texts,
        sorted(far_clusters(context, context.released.pooled), key=lambda one: one.distance),
    )
    worst = {one.type_key: one for one in far}
    told = [
        t(
            "sum_weak_one",
            type=context.labels.type(one.type_key),
            far=t.number(one.distance, 1),
            quarters=context.settings.window.quarters,
        )
        for one in worst.values()
    ]
    return t("sum_weak", weak=t.listing(told)) if told else ""


def _gone(context: Context) -> str:
    measures = () if context.measured else ("amfo",)
    return context.not_delivered(*measures, "udda", "lmdb", "parents")


def _types(context: Context) -> str:
    t, known = context.texts, context.released
    found = sized(context)
    if not found:
        return ""
    told = [
        t("sum_type", type=context.labels.type(key), share=t.number(share), n=t.number(persons))
        for key, persons, share in found
    ]
    return t("sum_types", number=len(known.types(known.pooled)), types=t.listing(told))


def sized(context: Context) -> list[tuple[str, float, float]]:
    """List the pooled types with published numbers: key, persons, percent of all persons."""
    known = context.released
    total = known.persons(known.pooled).value
    found = [(key, known.persons(known.pooled, key).value) for key in known.types(known.pooled)]
    return [(key, n, min(100 * n / total, 100.0)) for key, n in found if n is not None and total]


def _largest(context: Context) -> str:
    found = sized(context)
    if not found:
        return ""
    key, _, share = max(found, key=lambda one: (one[1], one[0]))
    states = states_told(context, key)
    t = context.texts
    return t("sum_largest", type=context.labels.type(key), share=t.number(share), states=states)


def _differences(context: Context) -> str:
    """Name the type whose share differs most between the municipalities that show it."""
    t, known, best = context.texts, context.released, None
    for key in known.types():
        cells = [
            (known.cell("table_7_2", a, key, "share_of_individuals", "share").value, a) for a in known.local()
        ]
        shown = [(value, area) for value, area in cells if value is not None]
        if len(shown) > 1 and (best is None or max(shown)[0] - min(shown)[0] > best[0]):
            best = (max(shown)[0] - min(shown)[0], key, min(shown), max(shown))
    if best is None:
        return ""
    _, key, low, high = best
    area = context.labels.area
    values = {"low": t.number(low[0]), "low_area": area(low[1]), "high": t.number(high[0])}
    return t("sum_differences", type=context.labels.type(key), high_area=area(high[1]), **values)


def _absent(context: Context) -> str:
    """Name the types that a municipality does not show, when they are few."""
    t, known, labels = context.texts, context.released, context.labels
    pairs = [
        t("sum_absent_pair", type=labels.type(key), area=labels.area(area))
        for key in known.types()
        if key != UNMATCHED
        for area in known.local()
        if known.cell("table_7_1", area, key, "type_present", "presence").value == 0
    ]
    return t("sum_absent", pairs=t.listing(pairs)) if 0 < len(pairs) <= MOST_PAIRS else ""


def _last(context: Context) -> str:
    t, known = context.texts, context.released
    cells = [(known.value("table_6_4", known.pooled, "", s, "share"), s) for s in context.alphabet.states]
    top = sorted((c for c in cells if c[0]), reverse=True)[:3]
    told = [t("sum_state", state=t.inside(context.labels.state_short(s)), share=t.number(v)) for v, s in top]
    text = "sum_last_three" if len(told) == 3 else "sum_last"
    return t(text, n=known.last_quarter(), states=t.listing(told)) if told else ""


def _measures(context: Context) -> str:
    t, known, labels = context.texts, context.released, context.labels
    some = known.cell("table_6_7", known.pooled, "", "any_measure", "share").value
    mean = known.cell("table_6_7", known.pooled, "", "measures_per_person", "mean").value
    kinds = [
        (known.value("table_6_8", known.pooled, "", key, "share"), key) for key in known.keys("table_6_8")
    ]
    if not context.measured or some is None or mean is None or not any(value for value, _ in kinds):
        return ""
    value, key = max(kinds)
    kind = t.inside(labels.row("table_6_8", key))
    told = {"some": t.number(some), "mean": t.number(mean, 1), "among": _among(context, some)}
    return t("sum_measures", kind=kind, share=t.number(value), **told)


def _among(context: Context, some: float) -> str:
    """Give the mean among persons with any measure, if the released figures leave no doubt of it.

    some: percent of all persons with any. Counts are known to half of `rounding`, the share to half
    of its last decimal.
    """
    t, known, base = context.texts, context.released, context.settings.disclosure.rounding
    total = known.cell("table_6_7", known.pooled, "", "total", "count").value
    measures = known.cell("table_6_8", known.pooled, "", "total", "count").value
    if not total or not measures:
        return ""
    persons, slack = some / 100 * total, base / 2 + 0.0005 * total
    low, high = (measures - base / 2) / (persons + slack), (measures + base / 2) / max(persons - slack, 1)
    told = t.number(low, 1)
    return t("sum_among", mean=told) if told == t.number(high, 1) else ""


def _timing(context: Context) -> str:
    """Say how many have which class of timing, and which type is most often active late."""
    t, known = context.texts, context.released
    told = classes_told(context)
    if not told:
        return ""
    late = [(known.value("timing", known.pooled, key, "late", "share"), key) for key, _, _ in sized(context)]
    share, key = max(late, default=(0.0, ""))
    if len(late) > 1 and share >= NOTABLE:
        told += " " + t("sum_late", type=context.labels.type(key), share=t.number(share))
    return told


def classes(context: Context, type_key: str) -> list[tuple[float, str]]:
    """List the shown classes of timing of a pooled type, or of all persons: percent, class."""
    known = context.released
    cells = [(known.cell("timing", known.pooled, type_key, key, "share").value, key) for key in SCENARIOS]
    return [(value, key) for value, key in cells if value is not None]


def classes_told(context: Context) -> str:
    """Write how many of all persons have which class of timing; empty when nothing of it is shown."""
    t, labels = context.texts, context.labels
    shares = classes(context, "") if context.measured else []
    some = [
        t("sum_class", name=t.inside(labels.row("timing", key)), share=t.number(value))
        for value, key in shares
        if key != "none"
    ]
    idle = [t.number(value) for value, key in shares if key == "none"]
    if not some:
        return t("sum_timing_none", share=idle[0]) if idle else ""
    if not idle:
        return t("sum_timing", classes=t.listing(some))
    return t("sum_timing_rest", classes=t.listing(some), share=idle[0])


def states_told(context: Context, key: str, number: int = 4) -> str:
    """Write the states in which the type's persons are for most quarters, with their means."""
    t, known = context.texts, context.released
    means = [(known.value("bilag_1", known.pooled, key, s, "mean"), s) for s in context.alphabet.states]
    top = sorted((m for m in means if m[0] >= 0.5), reverse=True)[:number]
    told = [
        t("sum_mean", n=t.number(value, 1), state=t.inside(context.labels.state_short(s))) for value, s in top
    ]
    return t.listing(told)


MAKERS = (_persons, _few, _types, _weak, _largest, _differences, _absent, _last, _measures, _timing, _gone)
