"""The report in words: sentences made from the released figures, and from nothing else."""

from __future__ import annotations

from veje.report.blocks import Points, Section, Text
from veje.report.context import Context

MOST_PAIRS = 4
NOTABLE = 10.0
"""Percent: a lower share is not worth a sentence."""
SCENARIOS = ("early", "continuous", "late", "mixed", "none")


def summary(context: Context) -> Section:
    """Say in sentences what the tables show."""
    sentences = [
        sentence
        for make in (_persons, _types, _largest, _differences, _absent, _last, _measures, _timing)
        if (sentence := make(context))
    ]
    t = context.texts
    note = t("summary_note", sign=t.below(), n=context.settings.disclosure.threshold)
    return Section("summary", t("summary"), [Points(sentences), Text(note, "note")])


def type_points(context: Context, key: str) -> list[str]:
    """Describe one pooled type in sentences: size, states, shifts, activity, persons."""
    makers = (_type_size, _type_states, _type_shifts, _type_activity, _type_persons)
    return [sentence for make in makers if (sentence := make(context, key))]


def _persons(context: Context) -> str:
    t, known, settings = context.texts, context.released, context.settings.cohort
    total = known.persons(known.pooled).value
    if total is None:
        return ""
    places = t.listing([context.labels.area(area) for area in known.local()])
    dates = {"first": t.date(settings.from_), "last": t.date(settings.to)}
    text = "sum_persons_day" if settings.from_ == settings.to else "sum_persons"
    window = context.settings.window.quarters
    return t(text, n=t.number(total), places=places, quarters=window, **dates)


def _types(context: Context) -> str:
    t, known = context.texts, context.released
    sized = _sized(context)
    if not sized:
        return ""
    told = [
        t("sum_type", type=context.labels.type(key), share=t.number(share), n=t.number(persons))
        for key, persons, share in sized
    ]
    return t("sum_types", number=len(known.types(known.pooled)), types=t.listing(told))


def _sized(context: Context) -> list[tuple[str, float, float]]:
    """List the pooled types with published numbers: key, persons, percent of all persons."""
    known = context.released
    total = known.persons(known.pooled).value
    found = [(key, known.persons(known.pooled, key).value) for key in known.types(known.pooled)]
    return [(key, n, min(100 * n / total, 100.0)) for key, n in found if n is not None and total]


def _largest(context: Context) -> str:
    sized = _sized(context)
    if not sized:
        return ""
    key, _, share = max(sized, key=lambda one: (one[1], one[0]))
    states = _states_told(context, key)
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
        for area in known.local()
        if known.cell("table_7_1", area, key, "type_present", "presence").value == 0
    ]
    return t("sum_absent", pairs=t.listing(pairs)) if 0 < len(pairs) <= MOST_PAIRS else ""


def _last(context: Context) -> str:
    t, known = context.texts, context.released
    cells = [(known.value("table_6_4", known.pooled, "", s, "share"), s) for s in context.alphabet.states]
    top = sorted((c for c in cells if c[0]), reverse=True)[:3]
    told = [t("sum_state", state=t.inside(context.labels.state_short(s)), share=t.number(v)) for v, s in top]
    return t("sum_last", n=known.last_quarter(), states=t.listing(told)) if told else ""


def _measures(context: Context) -> str:
    t, known, labels = context.texts, context.released, context.labels
    some = known.cell("table_6_7", known.pooled, "", "any_measure", "share").value
    mean = known.cell("table_6_7", known.pooled, "", "measures_per_person", "mean").value
    kinds = [
        (known.value("table_6_8", known.pooled, "", key, "share"), key) for key in known.keys("table_6_8")
    ]
    if some is None or mean is None or not any(value for value, _ in kinds):
        return ""
    value, key = max(kinds)
    kind = t.inside(labels.row("table_6_8", key))
    return t("sum_measures", some=t.number(some), mean=t.number(mean, 1), kind=kind, share=t.number(value))


def _timing(context: Context) -> str:
    """Say how many have which class of timing, and which type is most often active late."""
    t, known = context.texts, context.released
    shares = _classes(context, "")
    if not shares:
        return ""
    told = t("sum_timing", classes=t.listing([_class_told(context, *one) for one in shares]))
    late = [(known.value("timing", known.pooled, key, "late", "share"), key) for key, _, _ in _sized(context)]
    share, key = max(late, default=(0.0, ""))
    if len(late) > 1 and share >= NOTABLE:
        told += " " + t("sum_late", type=context.labels.type(key), share=t.number(share))
    return told


def _classes(context: Context, type_key: str) -> list[tuple[float, str]]:
    known = context.released
    cells = [(known.cell("timing", known.pooled, type_key, key, "share").value, key) for key in SCENARIOS]
    return [(value, key) for value, key in cells if value is not None]


def _class_told(context: Context, value: float, key: str) -> str:
    t = context.texts
    if key == "none":
        return t("sum_no_class", share=t.number(value))
    return t("sum_class", name=t.inside(context.labels.row("timing", key)), share=t.number(value))


def _states_told(context: Context, key: str, number: int = 4) -> str:
    t, known = context.texts, context.released
    means = [(known.value("bilag_1", known.pooled, key, s, "mean"), s) for s in context.alphabet.states]
    top = sorted((m for m in means if m[0] >= 0.5), reverse=True)[:number]
    told = [
        t("sum_mean", n=t.number(value, 1), state=t.inside(context.labels.state_short(s))) for value, s in top
    ]
    return t.listing(told)


def _type_size(context: Context, key: str) -> str:
    t = context.texts
    found = [(n, share) for one, n, share in _sized(context) if one == key]
    return t("type_size", n=t.number(found[0][0]), share=t.number(found[0][1])) if found else ""


def _type_states(context: Context, key: str) -> str:
    told = _states_told(context, key)
    return context.texts("type_states", states=told) if told else ""


def _type_shifts(context: Context, key: str) -> str:
    t, known = context.texts, context.released
    own = known.cell("shifts", known.pooled, key, "shifts", "mean").value
    everyone = known.cell("shifts", known.pooled, "", "shifts", "mean").value
    if own is None or everyone is None:
        return ""
    return t("type_shifts", own=t.number(own, 1), all=t.number(everyone, 1))


def _type_activity(context: Context, key: str) -> str:
    t = context.texts
    top = sorted(_classes(context, key), reverse=True)[:2]
    told = [
        t("sum_state", state=t.inside(context.labels.row("timing", name)), share=t.number(value))
        for value, name in top
    ]
    return t("type_activity", classes=t.listing(told)) if told else ""


def _type_persons(context: Context, key: str) -> str:
    t, known = context.texts, context.released
    women = known.cell("profile", known.pooled, key, "women", "share").value
    age = known.cell("profile", known.pooled, key, "mean_age", "mean").value
    told = []
    if women is not None:
        told.append(t("type_women", share=t.number(women)))
    if age is not None:
        told.append(t("type_age", age=t.number(age, 1)))
    told_all = t.listing(told)
    return t("type_persons", told=told_all[:1].upper() + told_all[1:]) if told else ""
