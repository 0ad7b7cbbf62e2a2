"""What the page says in words follows this run's settings and deliveries."""

from __future__ import annotations

import html
import re

import polars as pl
import pytest

from tests.figures.frames import ALPHABET, POOLED, TYPES, released
from tests.report.test_page import SETTINGS, make
from veje.dissimilarity import OF_METHOD, REQUIRED, WITH_COSTS
from veje.report import build_report
from veje.report.blank import blank_state
from veje.settings import Clusters, Distances, Sequences, Typology, Validation, Window


def told(frame: pl.DataFrame | None = None, language: str = "en", **changes: object) -> str:
    """Write a page with other settings and give its text without tags."""
    settings = SETTINGS.model_copy(update=changes)
    page = build_report(make(frame), settings, language)
    page = re.sub(r"<style>.*?</style>|data:image[^\"]*", "", page, flags=re.S)
    return html.unescape(re.sub(r"<[^>]+>", " ", page))


def without(*registers: str) -> dict[str, object]:
    return {"registers": SETTINGS.registers.model_copy(update=dict.fromkeys(registers))}


def valued(table: str, key: str, value: float | None, **at: str) -> pl.DataFrame:
    """Give the release with one figure changed, in all places or where `at` says."""
    here = (pl.col("table") == table) & (pl.col("key") == key)
    for column, wanted in at.items():
        here &= pl.col(column) == wanted
    assert released().filter(here).height > 0
    status = "withheld" if value is None else "published"
    return released().with_columns(
        pl.when(here).then(pl.lit(value, dtype=pl.Float64)).otherwise("value").alias("value"),
        pl.when(here).then(pl.lit(status)).otherwise("status").alias("status"),
    )


def test_without_measures_nothing_is_said_of_them() -> None:
    en, da = (told(language=code, **without("amfo")) for code in ("en", "da"))
    assert "because the register of measures was not delivered" in en
    assert "fordi registret over foranstaltninger ikke er leveret" in da
    for gone in ("When measures fall (", "Timing of measures", "Activity in measures", "active in measures"):
        assert gone not in en
    page = build_report(make(), SETTINGS.model_copy(update=without("amfo")), "en")
    for anchor in ("measures", "timing"):
        assert f'id="{anchor}"' not in page
    assert "not delivered" not in told()


@pytest.mark.parametrize(
    ("register", "row", "word"),
    [
        ("udda", "Short higher", "education, because the register of education"),
        ("lmdb", "ADHD medicine in the year before", "medicine, because the register of prescriptions"),
        ("parents", "A parent on disability pension", "because the register of parents"),
        ("ind", "100,000–199,999", "income, because the register of income"),
        ("idap", "250 and over", "unemployment in the year before, because the register of unemployment"),
    ],
)
def test_a_register_that_was_not_delivered_is_named(register: str, row: str, word: str) -> None:
    # The chapter of the publication names every printed figure, delivered or not.
    pages = (told(**without(register)), told())
    page, whole = (text.rpartition("The study's figures again?")[0] for text in pages)
    assert word in page
    assert row not in page
    assert row in whole


def test_a_class_of_none_is_told_cleanly() -> None:
    active = (
        (pl.col("table") == "timing") & ~pl.col("key").is_in(["none", "total"]) & (pl.col("type_key") == "")
    )
    frame = valued("timing", "none", 100.0, area=POOLED, type_key="")
    only_none = frame.with_columns(
        pl.when(active).then(None).otherwise("value").alias("value"),
        pl.when(active).then(pl.lit("withheld")).otherwise("status").alias("status"),
    )
    assert "100% of the persons had no activity in measures." in told(only_none)
    assert "of the persons; 40% had none." in told(valued("timing", "none", 40.0, area=POOLED, type_key=""))


def test_the_state_of_a_blank_week_is_told() -> None:
    assert blank_state(SETTINGS, ALPHABET) == "wage_earner"
    assert told().count("“Wage earner” includes weeks without any transfer") == 2
    gone = Sequences(codes="/nowhere/list.csv")
    assert "does not tell a wage earner from a self-supporting person" in told(sequences=gone)


def test_blank_weeks_split_by_industry_are_told() -> None:
    split = Sequences(blank="by_industry", self_supporting="no_benefit")
    sentence = "in a month without an industry in the register is “No visible benefit (flexjob and others)”"
    assert told(sequences=split).count(sentence) == 2
    assert "is “No visible benefit" not in told()


def rated(values: dict[str, float]) -> pl.DataFrame:
    """The released figures with these values of ASW, and 0 of all other numbers."""
    return released().with_columns(
        pl.when((pl.col("table") == "quality") & pl.col("key").str.ends_with("_ASW"))
        .then(pl.col("key").replace_strict(values, default=0.0))
        .otherwise("value")
        .alias("value")
    )


def test_a_set_number_of_clusters_is_compared_with_the_best() -> None:
    frame = rated({"k02_ASW": 0.498, "k03_ASW": 0.469, "k04_ASW": 0.3})
    page = told(frame, clusters=Clusters(k=3))
    assert "the number 3 is set in the settings; by ASW 2 would be best (0.498 against 0.469)." in page
    assert "Herning: 3, the best by ASW" in page
    assert "3 (set)" in page
    assert "3 (chosen)" in page
    lowest = told(frame, clusters=Clusters(k=3, criterion="HC"))
    assert "All four municipalities: the number 3 is set" in lowest


def test_a_vote_of_indices_is_told() -> None:
    page = told(clusters=Clusters(criterion=["ASW", "PBC"]))
    assert "the best by the vote of ASW and PBC of the numbers" in page
    two = Clusters(k=3, criterion=["ASW", "ASWw"])
    assert "by the vote of ASW and ASWw 2 would be best (1 against 1)" in told(
        rated({"k02_ASW": 0.5}), clusters=two
    )


@pytest.mark.parametrize(
    ("method", "words"),
    [("ward", "Ward's method (D2), on"), ("k_medoids", "around medoids"), ("single", "Single linkage, on")],
)
def test_the_method_of_clustering_is_that_of_this_run(method: str, words: str) -> None:
    assert words in told(clusters=Clusters(method=method))


def test_a_weak_match_is_marked() -> None:
    close = told()
    assert "weak match" not in close.lower()
    frame = valued("clusters", "cluster_1", 4.7, area=POOLED, measure="index")
    page = told(frame)
    (key,) = frame.filter(table="clusters", key="cluster_1", area=POOLED, measure="index")["type_key"]
    assert key in TYPES
    assert page.count("nearest published type, but 4.7 of 20 quarters away") == 2
    assert "(weak match)" in page
    assert "To be read with care" in page
    far = told(frame, typology=Typology(limit=10))
    assert "To be read with care" not in far
    assert "To be read with care" not in told(frame, typology=Typology(reference=None))


def test_the_method_is_that_of_this_run() -> None:
    plain = told(
        distances=Distances(method="HAM", costs="CONSTANT"), window=Window(anchor="calendar_quarter")
    )
    # What the clusters are compared with is a setting of its own.
    bare = plain.replace(", ".join(Validation().choices), "")
    for field in Distances.model_fields.values():
        bare = bare.replace(field.description, "")
    for word in ("TRATE", "Optimal matching", "Substitution costs"):
        assert word not in bare
    assert "Every substitution costs 2." in plain
    assert "blocks of 13" not in plain
    assert "no effect in this run: clusters.sample_size, clusters.samples, distances.features, " in plain
    assert "distances.features, distances.indel, distances.lag" in plain
    assert "distances.parameters, sequences.priority" in plain
    assert "window.weeks_per_quarter." in plain
    usual = told()
    assert "TRATE takes the costs from transition rates" in usual
    assert "Hamming distance (HAM)" not in usual
    assert "in blocks of 13 consecutive weeks" in usual


def test_every_method_and_its_costs_are_told() -> None:
    for method, parameters in OF_METHOD.items():
        needed = {REQUIRED[method]: 0.5} if method in REQUIRED else {}
        page = told(distances=Distances(method=method, parameters=needed))
        assert f"({method})" in page
        assert ("TRATE takes the costs" in page) == (method in WITH_COSTS), parameters
    chosen = Distances(method="OMspell", parameters={"expcost": 0.25}, costs="INDELSLOG")
    page = told(distances=chosen)
    assert "expcost: 0.25" in page
    assert "INDELSLOG makes rare states dear" in page
    own = told(distances=Distances(costs="OWN", matrix="/home/somebody/costs.csv"))
    assert "The costs are the user's own matrix." in own.replace("&#39;", "'")
    assert "costs.csv" in own
    assert "somebody" not in own


def test_small_groups_are_noted() -> None:
    note = "so shares of small groups move in steps"
    assert note in told()
    large = released().with_columns(
        pl.when((pl.col("measure") == "count") & (pl.col("status") == "published"))
        .then(pl.col("value") * 100)
        .otherwise("value")
        .alias("value")
    )
    whole = large.filter((pl.col("measure") != "count") | (pl.col("status") == "published"))
    assert note not in told(whole)


def test_an_unmatched_type_is_not_missed_anywhere() -> None:
    absent = valued("table_7_1", "type_present", 0.0, area="viborg", type_key=TYPES[0])
    sentence = re.search(r"too few persons to show: ([^.]*)\.", told(absent))
    assert sentence
    assert "“Wage earner who became ill” in Viborg" in sentence[1]
    named = absent.with_columns(pl.col("type_key").replace({TYPES[0]: "unmatched"}))
    assert "“Unlike every known type” in Viborg" not in told(named)


def test_the_mean_of_measures_says_over_whom() -> None:
    some = valued("table_6_7", "any_measure", 60.0)
    assert "the mean over all persons, also those with none, is" in told(some)
    assert "gennemsnittet over alle personer, også dem uden, er" in told(some, language="da")


def test_nothing_is_said_of_measures_where_everyone_has_one() -> None:
    """A share of everyone is withheld."""
    assert "also those with none" not in told()


def test_links_between_the_languages() -> None:
    assert "This page in Danish" in told()
    assert "Denne side på engelsk" in told(language="da")
