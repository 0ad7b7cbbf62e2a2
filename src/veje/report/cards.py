"""The sentences about one pooled type, for its card."""

from __future__ import annotations

from veje.report.context import Context
from veje.report.naming import far_clusters
from veje.report.summary import classes, sized, states_told


def type_points(context: Context, key: str) -> list[str]:
    """Describe one pooled type in sentences: size, match, states, shifts, activity, persons."""
    return [sentence for make in TYPE_MAKERS if (sentence := make(context, key))]


def _type_size(context: Context, key: str) -> str:
    t = context.texts
    found = [(n, share) for one, n, share in sized(context) if one == key]
    return t("type_size", n=t.number(found[0][0]), share=t.number(found[0][1])) if found else ""


def _type_match(context: Context, key: str) -> str:
    """Say when the type's clusters, or one of them, are far from the type's published profile."""
    t, known, area = context.texts, context.released, context.released.pooled
    own = set(known.frame.filter(table="clusters", area=area, type_key=key)["key"])
    far = [one for one in far_clusters(context, area) if one.type_key == key]
    told = []
    for one in far:
        size = known.cell("clusters", area, key, one.key, "count").value or 0.0
        values = {"far": t.number(one.distance, 1), "quarters": context.settings.window.quarters}
        if len(own) == 1:
            told.append(t("type_weak", **values))
        else:
            cluster = t.inside(context.labels.row("clusters", one.key))
            told.append(t("type_weak_part", cluster=cluster, n=t.number(size), **values))
    return " ".join(told)


def _type_steps(context: Context, key: str) -> str:
    return context.steps([context.released.persons(context.released.pooled, key)])


def _type_states(context: Context, key: str) -> str:
    told = states_told(context, key)
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
    top = sorted(classes(context, key), reverse=True)[:2] if context.measured else []
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


TYPE_MAKERS = (
    _type_size, _type_match, _type_states, _type_shifts, _type_activity, _type_persons, _type_steps,
)  # fmt: skip
