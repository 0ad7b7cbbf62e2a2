"""Where pictures stand in the page, and what they are said to show."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import polars as pl
import pytest

from tests.figures.frames import POOLED, TYPES, released
from tests.report.test_page import SETTINGS, drawn, make
from tests.report.test_reading import section
from veje.released import type_picture
from veje.report import build_report
from veje.report.pictures import STANDING

ONE = next(iter(drawn().values()))


def alts(text: str) -> dict[str, str]:
    """Give every picture's alternative text by its title."""
    found = [html.unescape(one) for one in re.findall(r' alt="([^"]*)"', text)]
    return {one.partition(". ")[0].rstrip("."): one.partition(". ")[2] for one in found}


def page(frame: pl.DataFrame | None = None, language: str = "en", *more: str) -> str:
    names = [*(f"{name}.png" for name in more), *(f"{name}.da.png" for name in more)]
    pictures = {**drawn(), **dict.fromkeys(names, ONE)}
    return build_report(replace(make(frame), pictures=pictures), SETTINGS, language)


def cells(table: str, rows: list[tuple[str, str, str, float]]) -> pl.DataFrame:
    """Give a table published rows (type, key, measure, value) for all areas together, and no others."""
    some = released().filter(status="published").head(1)
    made = [
        some.with_columns(
            table=pl.lit(table),
            area=pl.lit(POOLED),
            type_key=pl.lit(own),
            key=pl.lit(key),
            measure=pl.lit(measure),
            value=pl.lit(value),
        )
        for own, key, measure, value in rows
    ]
    return pl.concat([released().filter(pl.col("table") != table), *made])


def test_every_picture_says_what_its_figures_say() -> None:
    for language in ("en", "da"):
        told = alts(page(None, language, *STANDING, type_picture(TYPES[0])))
        assert len(told) == len(STANDING) + 1
        assert all(re.search(r"\d", text) for text in told.values()), told
    en = alts(page(None, "en", *STANDING))
    shares = released().filter(
        pl.col("table") == "state_distribution",
        pl.col("area") == POOLED,
        pl.col("type_key") == "",
        pl.col("key").str.starts_with("q01_"),
    )
    (most,) = shares.filter(pl.col("value") == pl.col("value").max())["value"].head(1)
    assert f"in quarter 1 ({most:.0f}%)" in en["Where persons are in the quarters before the grant"]


def test_a_withheld_figure_is_in_no_picture_s_words() -> None:
    hidden = released().with_columns(
        pl.lit(None, dtype=pl.Float64).alias("value"), pl.lit("withheld").alias("status")
    )
    told = alts(page(hidden, "en", *STANDING))
    assert len(told) > 3
    assert set(told.values()) == {""}


def test_a_picture_without_a_place_is_shown_all_the_same() -> None:
    text = page(None, "en", "a_new_picture")
    assert "A new picture" in alts(section(text, "pictures"))
    assert 'href="#pictures"' in text
    assert 'id="pictures"' not in page()


@pytest.mark.parametrize(
    ("name", "anchor", "rows", "says"),
    [
        (
            "entropy",
            "pictures",
            [("", "q01", "index", 0.71), ("", "q02", "index", 0.5), (TYPES[0], "q03", "index", 0.9)],
            "most mixed in quarter 1 (0.71) and least in quarter 2 (0.50)",
        ),
        (
            "transitions",
            "pictures",
            [
                ("", "cash_benefit.cash_benefit", "share", 91.6),
                ("", "wage_earner.wage_earner", "share", 80.2),
                ("", "wage_earner.cash_benefit", "share", 99.0),
            ],
            "itself: cash benefit (92%); least often: wage earner (80%)",
        ),
        (
            "state_flow",
            "paths",
            [
                ("", "q04_cash_benefit.q08_cash_benefit", "count", 230.0),
                ("", "q12_wage_earner.q16_sickness_benefit", "count", 105.0),
                ("", "q04_cash_benefit.q08_wage_earner", "count", 5.0),
            ],
            "105 persons from wage earner in quarter 12 to sickness benefit in quarter 16",
        ),
        (
            "frequency_groups",
            "pictures",
            [(TYPES[0], f"g{n:02d}_q01.cash_benefit", "presence", 1.0) for n in (1, 1, 2, 3)],
            "Wage earner who became ill: 3 groups.",
        ),
        (
            "shared_sequences",
            "pictures",
            [
                (TYPES[0], "wage_earner*5/sickness_benefit*15", "count", 10.0),
                (TYPES[1], "cash_benefit*20", "count", 45.0),
                (TYPES[1], "others", "count", 60.0),
            ],
            "2 paths are shared by at least 5 persons each, 55 persons in all; the commonest (45 persons)",
        ),
        (
            "dendrogram",
            "naming",
            [
                (TYPES[0] if value in (30.0, 20.0) else "", key, "count", value)
                for key, value in (
                    ("tree", 90.0), ("tree/1", 60.0), ("tree/2", 30.0), ("tree/1/1", 40.0), ("tree/1/2", 20.0)
                )
            ],
            "first divides into 60 and 30 persons, and ends in 3 branches",
        ),
    ],
)  # fmt: skip
def test_new_pictures_have_their_places_and_words(
    name: str, anchor: str, rows: list[tuple[str, str, str, float]], says: str
) -> None:
    told = alts(section(page(cells(name, rows), "en", name), anchor))
    assert any(says in text for text in told.values()), told
    danish = alts(section(page(cells(name, rows), "da", name), anchor))
    assert not any(says in text for text in danish.values())


def test_activity_by_type_and_municipality_names_the_largest_share() -> None:
    name = "activity_by_type_and_municipality"
    shown = released().filter(
        pl.col("table") == "timing_quarters",
        pl.col("area") != POOLED,
        pl.col("type_key") != "",
        pl.col("status") == "published",
    )
    assert shown.height > 0
    (told,) = [text for text in alts(page(None, "en", name)).values() if "The largest share active" in text]
    assert f"({shown['value'].max():.0f}%)" in told


def test_a_table_too_long_for_the_page_is_named_with_its_file() -> None:
    rows = [("", f"q{n:02d}", "index", 0.5) for n in range(200)]
    frame = cells("a_long_table", rows).filter(pl.col("table").is_in(["a_long_table", "bilag_1"]))
    text = build_report(make(frame), SETTINGS, "en")
    told = section(text, "others")
    assert "200 rows, too many for this page: they are in tables/a_long_table.csv" in told
    assert "<table" not in told
