"""What the pictures of moves, mixture, shared paths and branches show, from their released tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from veje.report.context import Context


def shown(context: Context, table: str, type_key: str | None = None) -> Iterator[tuple[str, str, float]]:
    """Give what is published of a table for all areas together: type, key and value.

    type_key: only that type's, of all persons when it is empty; None: of every type.
    """
    known = context.released
    frame = known.frame.filter(table=table, area=known.pooled, status="published")
    for own, key, value in frame.select("type_key", "key", "value").iter_rows():
        if type_key in (None, own):
            yield own, key, value


def entropy(context: Context) -> str:
    """Name the quarters in which states are most and least mixed."""
    t = context.texts
    values = [(value, int(key[1:])) for _, key, value in shown(context, "entropy", "")]
    if not values:
        return ""
    (high, most), (low, least) = max(values), min(values)
    return t("says_mixed", most=most, high=t.number(high, 2), least=least, low=t.number(low, 2))


def transitions(context: Context, type_key: str = "", name: str = "") -> str:
    """Name the states that a quarter is most and least often followed by itself."""
    t, known = context.texts, context.released
    staying = [
        (cell.value, state)
        for state in context.alphabet.states
        if (cell := known.cell("transitions", known.pooled, type_key, f"{state}.{state}", "share")).value
    ]
    if len(staying) < 2:
        return ""
    (high, most), (low, least) = max(staying), min(staying)
    states = {"most": _state(context, most), "least": _state(context, least)}
    told = t("says_staying", high=t.number(high or 0), low=t.number(low or 0), **states)
    return f"{name}: {t.inside(told)}" if name else told


def transitions_by_type(context: Context) -> str:
    """Say the same for each type."""
    known = context.released
    told = [transitions(context, key, context.labels.type(key)) for key in known.types(known.pooled)]
    return " ".join(one for one in told if one)


def state_flow(context: Context) -> str:
    """Name the largest move between two states from one year to the next."""
    t, moves = context.texts, []
    for _, key, value in shown(context, "state_flow", ""):
        (quarter, state), (then, other) = (part.split("_", 1) for part in key.split("."))
        if state != other:
            moves.append((value, int(quarter[1:]), int(then[1:]), state, other))
    if not moves:
        return ""
    value, at, last, source, target = max(moves)
    states = {"state": _state(context, source), "other": _state(context, target)}
    return t("says_move", n=t.number(value), quarter=at, then=last, **states)


def frequency_groups(context: Context) -> str:
    """Give the number of groups that each type is shown in."""
    t = context.texts
    groups: dict[str, set[str]] = {}
    for own, key, _ in shown(context, "frequency_groups"):
        groups.setdefault(own, set()).add(key.partition("_")[0])
    told = [
        t("says_groups", type=context.labels.type(own), n=len(found)) for own, found in groups.items() if own
    ]
    return " ".join(told)


def shared_sequences(context: Context) -> str:
    """Say how many paths are shared, by how many, and which is the commonest."""
    t = context.texts
    paths = [(value, key) for own, key, value in shown(context, "shared_sequences") if own and "*" in key]
    if not paths:
        return ""
    value, key = max(paths)
    spells = [part.rsplit("*", 1) for part in key.split("/")]
    path = [t("sum_mean", state=_state(context, state), n=length) for state, length in spells]
    persons = t.number(sum(number for number, _ in paths))
    values = {"n": t.number(value), "path": t.listing(path), "persons": persons}
    return t("says_shared", number=len(paths), least=context.settings.disclosure.threshold, **values)


def dendrogram(context: Context) -> str:
    """Say how the tree of all areas together first divides, and into how many branches in all."""
    t, known = context.texts, context.released
    frame = known.frame.filter(table="dendrogram", area=known.pooled, status="published", measure="count")
    sizes = dict(frame.select("key", "value").iter_rows())
    first = [t.number(sizes[key]) for key in sizes if key.count("/") == 1]
    ends = [key for key in sizes if not any(other.startswith(f"{key}/") for other in sizes)]
    return t("says_tree", parts=t.listing(first), n=len(ends)) if len(first) > 1 else ""


def activity(context: Context) -> str:
    """Name the type, the municipality and the quarter with the largest share of active persons."""
    t, known = context.texts, context.released
    frame = known.frame.filter(table="timing_quarters", status="published", measure="share")
    found = [
        (value, area, own, int(key[1:]))
        for area, own, key, value in frame.select("area", "type_key", "key", "value").iter_rows()
        if own and area != known.pooled
    ]
    if not found:
        return ""
    value, area, own, quarter = max(found)
    names = {"type": context.labels.type(own), "area": context.labels.area(area)}
    return t("says_most_active", share=t.number(value), quarter=quarter, **names)


def _state(context: Context, state: str) -> str:
    return context.texts.inside(context.labels.state_short(state))


MOVES: Mapping[str, Callable[[Context], str]] = {
    "entropy": entropy,
    "transitions": transitions,
    "transitions_by_type": transitions_by_type,
    "state_flow": state_flow,
    "frequency_groups": frequency_groups,
    "shared_sequences": shared_sequences,
    "dendrogram": dendrogram,
    "activity_by_type_and_municipality": activity,
}
"""What a picture shows, by its name."""
