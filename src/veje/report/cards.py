"""One pooled type for its card: sentences, and its persons beside all persons."""

from __future__ import annotations

from dataclasses import replace

from veje.report.beside import side_by_side
from veje.report.blocks import Table
from veje.report.context import Context
from veje.report.far import far_clusters
from veje.report.summary import classes, sized, states_told


def type_points(context: Context, key: str) -> list[str]:
    """Describe one pooled type in sentences: size, match, states, activity."""
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


def _type_activity(context: Context, key: str) -> str:
    t = context.texts
    top = sorted(classes(context, key), reverse=True)[:2] if context.measured else []
    told = [
        t("sum_state", state=t.inside(context.labels.row("timing", name)), share=t.number(value))
        for value, name in top
    ]
    return t("type_activity", classes=t.listing(told)) if told else ""


def type_profile(context: Context, key: str) -> Table:
    """Show one pooled type's main traits beside those of all persons."""
    t, pooled = context.texts, context.released.pooled
    made = side_by_side(
        context, [(pooled, key), (pooled, "")], t("profile_of", type=context.labels.type(key))
    )
    return replace(made, columns=[t("this_type"), t("all_persons")], note="")


TYPE_MAKERS = (_type_size, _type_match, _type_states, _type_activity, _type_steps)
