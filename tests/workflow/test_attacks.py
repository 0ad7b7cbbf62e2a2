"""Attacks on pictures, trees and single persons: they work on a naive release, not on the study's."""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl

from tests.attacks import classes, naive, pictures, single
from tests.attacks.released import CELL, Grain
from tests.workflow.attacked import AREAS, LEAST, OURS, POOLED, QUARTERS, Report, cells_of, ours, table, told
from tests.workflow.conftest import Study
from veje import io
from veje.figures.paths import draw_type
from veje.figures.style import png, styled
from veje.figures.subject import Subject
from veje.labels import Labels
from veje.lists import Alphabet, read_alphabet
from veje.names import OTHER_TYPES, TYPE_TABLES
from veje.released import Released
from veje.tables import places_of


@cache
def alphabet() -> Alphabet:
    return read_alphabet(io.read_list("caswell9", "alphabets"), "caswell9")


def sequences(study: Study) -> pl.Series:
    return table(study, "sequences/sequences")["states"].cast(pl.List(pl.Int64))


def test_dominance(study: Study, record_property: Report) -> None:
    amounts = amounts_of(study)
    insiders = amounts.select(*CELL, pl.col("second").alias("own"))

    def attack(figures: pl.DataFrame, grain: Grain) -> pl.DataFrame:
        """Estimates of the largest amount that are at most a tenth of it too high."""
        claims = classes.dominance(figures, grain, insiders).join(amounts, on=CELL)
        assert claims.filter(pl.col("most") < pl.col("largest")).height == 0
        return claims.filter(10 * (pl.col("most") - pl.col("largest")) < pl.col("largest"))

    worked = attack(naive.exact_release(cells_of(study), 1), Grain(1, 1))
    left = attack(ours(study), OURS)
    told(record_property, "dominance", worked.height, left.height)
    assert (worked["most"] == worked["largest"]).sum() >= 20
    assert left.select(CELL).rows() == []


def amounts_of(study: Study) -> pl.DataFrame:
    """Give the two largest persons' numbers of measures in every sum: CELL, largest, second."""
    types, spells = table(study, "typology/types"), table(study, "timing/spells")
    begun = spells.filter(pl.col("quarter") > 0).select("person", pl.col("kind").alias("key"))
    begun = pl.concat([begun, begun.with_columns(pl.lit("total").alias("key"))])
    placed = begun.group_by("person", "key").len("amount").join(places_of(types, AREAS), on="person")
    names = pl.col("type_key").replace_strict(TYPE_TABLES, default=OTHER_TYPES)
    at = placed.with_columns(
        pl.when(pl.col("type_key") == "").then(pl.lit("table_6_8")).otherwise(names).alias("table")
    )
    ranked = at.with_columns(pl.col("amount").cast(pl.Int64)).group_by(CELL).agg(pl.col("amount").top_k(2))
    return ranked.select(
        *CELL, pl.col("amount").list.max().alias("largest"),
        (pl.col("amount").list.sum() - pl.col("amount").list.max()).alias("second"),
    )  # fmt: skip


def test_figure_against_table(study: Study, record_property: Report) -> None:
    """The picture of a type drawn from exact shares beside a table that withholds them; and ours."""
    figures = ours(study)
    names = {key: f"type_{key}" for key in sorted(set(figures["type_key"]) & set(TYPE_TABLES))}
    given = Released(naive.as_released(naive.exact_release(cells_of(study), 0)), AREAS)
    worked = left = 0
    for key, name in names.items():
        persons = figures.filter(table="timing", area=POOLED, type_key=key, measure="count")["value"][0]
        shown = figures.filter(table="state_distribution", area=POOLED, type_key=key)
        with styled():
            subject = Subject(given, alphabet(), Labels("en", alphabet()))
            drawn = png(draw_type(subject, key))
        truth = cells_of(study).filter(table="state_distribution", area=POOLED, type_key=key)
        claims = pictures.withheld_counts(drawn, shown, alphabet(), persons)
        known = claims.join(truth, on="key").filter(pl.col("count") == pl.col("persons"))
        worked += known.height
        released = (study.release / "figures" / f"{name}.png").read_bytes()
        left += pictures.withheld_counts(released, shown, alphabet(), persons).height
    told(record_property, "figure against table", worked, left)
    assert worked >= 50
    assert left == 0


def test_pixels_read_back(study: Study, record_property: Report) -> None:
    persons, colours = sequences(study), alphabet().colours

    def attack(path: str) -> dict[tuple[int, ...], int]:
        drawn = pictures.persons_drawn((study.folder / "results" / path).read_bytes(), colours, QUARTERS)
        return single.matched(drawn, persons, LEAST)

    worked = attack("private/study/figures/pictures/index_plot.png")
    drawn = sorted(path.relative_to(study.folder / "results") for path in study.release.rglob("*.png"))
    # A row of groups is the state that most of a group are in, quarter by quarter: it may look like
    # somebody's sequence, and tells of nobody, for enough persons are in every state that it draws.
    groups = {path for path in drawn if path.name.startswith("frequency_groups")}
    left = {path.name: attack(path.as_posix()) for path in drawn if path not in groups}
    passed = {key[4:] for key in ours(study).filter(table="frequency_groups")["key"]}
    for path in groups:
        rows = pictures.persons_drawn((study.folder / "results" / path).read_bytes(), colours, QUARTERS)
        states = {
            f"q{at:02d}.{alphabet().states[code]}" for row in rows for at, code in enumerate(row, start=1)
        }
        assert rows
        assert states <= passed
    told(
        record_property,
        "pixels read back",
        sum(worked.values()),
        sum(sum(one.values()) for one in left.values()),
    )
    assert len(worked) >= 600, "sequences of few persons, read without a fault"
    assert len(drawn) >= 16
    assert {name: found for name, found in left.items() if found} == {}


def test_medoid_matching(study: Study, record_property: Report) -> None:
    persons, states = sequences(study), alphabet().states
    names = {
        name: code
        for code, state in enumerate(states)
        for name in (state, *alphabet().labels[state].values())
    }
    labels = [Labels(language, alphabet()) for language in ("en", "da")]
    names |= {one.state_short(state): code for one in labels for code, state in enumerate(states)}
    medoids = naive.medoids(table(study, "sequences/sequences"), table(study, "typology/types"))
    texts = [",".join(states[code] for code in medoid) for medoid in medoids]

    def attack(given: list[str]) -> dict[tuple[int, ...], int]:
        return single.matched(single.written_sequences(given, names, QUARTERS), persons, LEAST)

    worked = attack(texts)
    spelled = attack([naive.spelled(medoid, states) for medoid in medoids])
    paths = [path for path in study.release.rglob("*") if path.suffix in {".csv", ".html", ".json"}]
    left = attack([path.read_text(encoding="utf-8") for path in paths])
    told(record_property, "medoid matching", sum(worked.values()), sum(left.values()))
    assert worked == spelled
    assert len(worked) >= 1
    assert left == {}


def test_small_dendrogram_leaves(study: Study, record_property: Report) -> None:
    distances = np.load(study.private / "study/distances/distances.npy", mmap_mode="r")
    tree = naive.whole_tree(distances, table(study, "sequences/sequences"))
    worked = single.small_leaves(tree, LEAST)
    left = single.small_leaves(single.released_trees(ours(study), OURS), LEAST)
    told(record_property, "small dendrogram leaves", worked.height, left.height)
    assert worked.height >= 800
    assert left["way"].to_list() == []
