"""The chapter of the typology's checks."""

from __future__ import annotations

import html
import re

import polars as pl
import pytest

from tests.figures.frames import POOLED, released
from tests.report.test_page import SETTINGS, Outline, make
from tests.report.test_reading import section
from veje.report import build_report

TABLES = ("stability", "null_models", "discrepancy", "regression_tree", "indicators", "movers")


def chapter(language: str = "en", frame: pl.DataFrame | None = None) -> str:
    return section(build_report(make(frame), SETTINGS, language), "validation")


def plain(text: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", text))


def value(table: str, key: str, area: str = POOLED) -> float:
    return released().filter(table=table, area=area, key=key, type_key="")["value"].item()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            ("Are the types real?", "How stable the types are", "random durations", "Ties broken at random"),
        ),
        ("da", ("Er typerne virkelige?", "Hvor stabile typerne er", "tilfældige varigheder", "Uafgjorte")),
    ],
)
def test_the_chapter_is_there_in_both_languages(language: str, words: tuple[str, ...]) -> None:
    told = plain(chapter(language))
    for word in words:
        assert word in told
    assert "is left out" not in told
    assert "udeladt" not in told


def test_figures_are_those_of_the_release() -> None:
    cells = [cell for _, cell in Outline(chapter()).cells]
    for table, key in (
        ("stability", "adjusted_rand.mean"),
        ("stability", "cluster_1.low"),
        ("stability", "ties.mean"),
        ("discrepancy", "sex.pseudo_R2"),
        ("indicators", "entropy"),
    ):
        assert f"{value(table, key):.3f}" in cells, (table, key)


def test_the_tree_is_told_step_by_step() -> None:
    root = released().filter(table="regression_tree", key="all", measure="count")
    ways = ("all", "all/sex:woman", "all/sex:woman/age_group:26_35+36_45", "all/sex:man")
    nodes = [root.with_columns(pl.lit(way).alias("key")) for way in ways]
    frame = pl.concat([released().filter(pl.col("table") != "regression_tree"), *nodes])
    heads = re.findall(r"<th[^>]*>([^<]*)</th>", chapter(frame=frame))
    at = heads.index("› Sex: men")
    assert heads[at - 1 : at + 3] == ["All persons", "› Sex: men", "› Sex: women", "› › Age: 26–35, 36–45"]


def test_null_models_say_how_low_p_can_be() -> None:
    assert "With 10 sets of random paths p is 0.091 at the least." in plain(chapter())
    assert "Med 10 sæt tilfældige veje er p mindst 0,091." in plain(chapter("da"))


def test_a_pooled_cluster_of_few_shows_nothing_of_its_stability() -> None:
    frame = released()
    hidden = frame.with_columns(
        pl.when(pl.col("table") == "clusters", pl.col("key") == "cluster_1")
        .then(pl.lit("withheld"))
        .otherwise("type_key")
        .alias("type_key")
    )
    own = (pl.col("table") == "stability") & pl.col("key").str.starts_with("cluster_1.")
    few = (pl.col("table") == "clusters") & (pl.col("type_key") == "withheld")
    hidden = hidden.with_columns(
        pl.when(own | few).then(None).otherwise("value").alias("value"),
        pl.when(own | few).then(pl.lit("withheld")).otherwise("status").alias("status"),
    )
    row = re.search(r"<tr[^>]*>\s*<th[^>]*>Cluster 1</th>.*?</tr>", chapter(frame=hidden), re.DOTALL)
    assert row
    assert not re.search(r"\d\.\d", plain(row.group()))


@pytest.mark.parametrize("table", TABLES)
def test_a_table_that_is_not_there_is_told(table: str) -> None:
    told = plain(chapter(frame=released().filter(pl.col("table") != table)))
    assert told.count("is left out") == 1
