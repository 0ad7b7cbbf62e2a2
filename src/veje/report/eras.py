"""What the pictures of the reforms show, in words, and the groups of regimes that they are of."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from veje.names import WITHHELD
from veje.report.context import Context


def groups_of(context: Context) -> list[str]:
    """List the groups of regimes that are compared, in the order of the config."""
    keys = {key.rpartition(".")[0] for key in context.released.keys("regime_types")}
    listed = [name for name in context.settings.reforms.groups if name in keys]
    return listed or context.labels.ordered("regime_groups", keys)


def types_of(context: Context) -> list[str]:
    """List the types of all groups, those that are shown under one name last."""
    found = set(context.released.frame.filter(table="regime_types")["type_key"])
    return sorted(found, key=lambda one: (one == WITHHELD, one))


def _types(context: Context) -> str:
    """Name the commonest type of each group."""
    told = []
    for group in groups_of(context):
        top = _commonest(context, group)
        if top:
            told.append(_told(context, "says_regime_types", group, top[1], share=top[0]))
    return " ".join(told)


def _profiles(context: Context) -> str:
    """Name the state that the commonest type of each group is longest in."""
    known, told = context.released, []
    for group in groups_of(context):
        top = _commonest(context, group)
        if top is None:
            continue
        mean, state = max(
            (known.value("regime_profiles", known.pooled, top[1], f"{group}.{one}", "mean"), one)
            for one in context.alphabet.states
        )
        if mean:
            short = context.texts.inside(context.labels.state_short(state))
            told.append(_told(context, "says_regime_profiles", group, top[1], n=mean, state=short))
    return " ".join(told)


def _commonest(context: Context, group: str) -> tuple[float, str] | None:
    """Give the share and the name of a group's commonest type; None when no share is released."""
    known = context.released
    shares = [
        (known.value("regime_types", known.pooled, one, f"{group}.share", "share"), one)
        for one in types_of(context)
        if one != WITHHELD
    ]
    share, one = max(shares, default=(0.0, ""))
    return (share, one) if share else None


def _told(context: Context, text: str, group: str, type_key: str, **values: float | str) -> str:
    t, labels = context.texts, context.labels
    numbers = {key: t.number(one, 1) if isinstance(one, float) else one for key, one in values.items()}
    return t(text, group=labels.of("regime_groups", group), type=labels.type(type_key), **numbers)


ERAS: Mapping[str, Callable[[Context], str]] = {"regime_types": _types, "regime_profiles": _profiles}
"""What each picture of the reforms shows."""
