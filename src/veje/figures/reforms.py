"""Pictures of the reforms: shares of types and mean quarters by group of regimes."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from veje.figures.bars import Bars, draw_bars
from veje.figures.style import Fill, ramp
from veje.figures.subject import Subject
from veje.names import WITHHELD


def groups_in(subject: Subject) -> list[str]:
    """List the groups of regimes of the release, in the order of their labels."""
    keys = {key.rpartition(".")[0] for key in subject.released.keys("regime_types")}
    return subject.labels.ordered("regime_groups", keys)


def types_in(subject: Subject) -> list[str]:
    """List the types of all groups that the release tells of, the commonest first."""
    released = subject.released
    found = set(released.frame.filter(table="regime_types")["type_key"]) - {WITHHELD}
    whole = {
        one: sum(
            released.value("regime_types", released.pooled, one, f"{group}.share", "share")
            for group in groups_in(subject)
        )
        for one in found
    }
    return sorted(found, key=lambda one: (-whole[one], one))


def draw_regime_types(subject: Subject) -> Figure:
    """Draw the shares of types within each group of regimes."""
    released, pooled = subject.released, subject.released.pooled
    groups, types = groups_in(subject), types_in(subject)
    values = np.array(
        [
            [released.value("regime_types", pooled, one, f"{group}.share", "share") for group in groups]
            for one in types
        ]
    )
    return draw_bars(
        Bars(
            [subject.labels.of("regime_groups", group) for group in groups],
            [subject.labels.type(one) for one in types],
            [Fill(colour) for colour in ramp(len(types))],
            values,
            100.0,
            1,
            subject.labels.word("share_axis"),
        ),
        subject,
    )


def draw_regime_profiles(subject: Subject) -> Figure:
    """Draw the mean quarters in each state, a bar for each type of each group that is shown."""
    released, pooled, states = subject.released, subject.released.pooled, subject.alphabet.states
    every = [(group, one) for group in groups_in(subject) for one in types_in(subject)]
    counted = [(f"{group}.persons", one) for group, one in every]
    has = [released.value("regime_types", pooled, one, key, "count") > 0 for key, one in counted]
    shown = [pair for pair, there in zip(every, has, strict=True) if there] or every
    values = np.array(
        [
            [
                released.value("regime_profiles", pooled, one, f"{group}.{state}", "mean")
                for group, one in shown
            ]
            for state in states
        ]
    )
    used = [at for at in range(len(states)) if values[at].any()]
    labels = subject.labels
    gaps = [at for at in range(1, len(shown)) if shown[at][0] != shown[at - 1][0]]
    heads = {at: f"{labels.of('regime_groups', shown[at][0])}:\n" for at in (0, *gaps)}
    return draw_bars(
        Bars(
            [heads.get(at, "") + labels.type(one) for at, (_, one) in enumerate(shown)],
            [subject.state(at) for at in used],
            [subject.fill(at) for at in used],
            values[used],
            float(released.last_quarter()),
            1,
            labels.word("quarters_axis"),
            gaps=tuple(gaps),
        ),
        subject,
    )
