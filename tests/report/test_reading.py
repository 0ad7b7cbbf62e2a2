"""What the page says of the deliveries, of activity and of clusters too small to name."""

from __future__ import annotations

import re

import polars as pl

from tests.figures.frames import POOLED, released
from tests.report.test_page import DELIVERY, SETTINGS, Outline, make
from veje.report import build_report


def section(text: str, anchor: str) -> str:
    found = re.search(rf'<section id="{anchor}".*?</section>', text, re.DOTALL)
    assert found, anchor
    return found.group()


AMFO = SETTINGS.registers.model_copy(update={"amfo": SETTINGS.registers.dream})
DELIVERED = SETTINGS.model_copy(update={"registers": AMFO})


def pages(frame: pl.DataFrame | None = None) -> list[str]:
    return [build_report(make(frame), DELIVERED, language) for language in ("en", "da")]


def test_what_was_read_is_told_in_both_languages() -> None:
    for text, rows, unknown in zip(
        pages(),
        ("Rows read", "Læste rækker"),
        ("With a code that is not in the list", "Med en kode, der ikke er på listen"),
        strict=True,
    ):
        told = section(text, "reading")
        assert told.count(unknown) == 2
        cells = [cell for _, cell in Outline(told).cells]
        # 90 rows of DREAM, 360 of measures; 16 weeks, 7 of them of an unknown code.
        assert cells[:2] == ["90", "360"]
        assert "15" in cells
        assert "5" in cells
        assert rows in told


def test_weeks_split_by_industry_have_rows_of_their_own() -> None:
    as_listed = section(pages()[0], "reading")
    assert "industry" not in as_listed
    unknown = released().filter(pl.col("table") == "reading", pl.col("key") == "dream/unknown_week_codes")
    more = [
        unknown.with_columns(key=pl.lit(f"dream/blank_{kind}")) for kind in ("present", "absent", "unknown")
    ]
    told = section(pages(pl.concat([released(), *more]))[0], "reading")
    for row in ("with an industry", "without an industry", "before 2008: not told apart"):
        assert told.count(f"Blank, {row}") == 1


def counted(text: str, title: str) -> dict[str, str]:
    """Give a table of the section by its rows: label to the number shown."""
    parts = section(text, "reading").split("<caption>")[1:]
    table = next(part for part in parts if title in part.partition("</caption>")[0])
    cells = re.findall(r"<th[^>]*scope=\"row\"[^>]*>(.*?)</th>\s*<td[^>]*>(.*?)</td>", table, re.DOTALL)
    return {
        re.sub(r"<[^>]+>", "", head).strip(): re.sub(r"<[^>]+>", "", cell).strip() for head, cell in cells
    }


def test_records_that_were_joined_are_told_by_rule() -> None:
    english, danish = pages()
    told = counted(english, "Records of measures that were joined or cut")
    frame = released().filter(pl.col("table") == "reading", pl.col("key") == "spells/other_measure")
    (value,) = frame["value"]
    (label,) = [head for head in told if head.startswith("Measures that share a day with another measure")]
    assert value > 0
    assert told[label] == f"{value:.0f}"
    assert not any("change of registers" in head for head in told), "one register of measures only"
    assert any("afkortet ved indeksugen" in head for head in counted(danish, "er samlet eller afkortet"))


def test_the_rules_between_two_registers_are_told_when_both_are_delivered() -> None:
    both = DELIVERED.registers.model_copy(update={"offl": SETTINGS.registers.dream})
    text = build_report(make(), DELIVERED.model_copy(update={"registers": both}), "en")
    told = counted(text, "Records of measures that were joined or cut")
    assert sum("change of registers" in head for head in told) == 3


def test_without_the_table_a_sentence_says_so() -> None:
    text = build_report(make(released().filter(pl.col("table") != "reading")), SETTINGS, "en")
    assert "is left out" in section(text, "reading")


def test_rows_of_deliveries_are_rounded() -> None:
    assert DELIVERY["rows"] == 1234
    for text, number in zip(pages(), ("1,235", "1.235"), strict=True):
        told = section(text, "origin")
        assert number in told
        assert "1234" not in told
        assert re.search("(rounded|afrundet) (to|til)", told)


def test_two_ways_of_counting_activity_are_told_apart() -> None:
    timing = SETTINGS.timing.model_copy(update={"active_weeks": 3})
    settings = DELIVERED.model_copy(update={"timing": timing})
    text = build_report(make(), settings, "en")
    for anchor in ("measures", "timing"):
        assert "no quarter has 3 or more active weeks" in section(text, anchor)


def test_a_dash_is_few_persons_or_none() -> None:
    gone = (pl.col("table") == "table_7_1") & (pl.col("area") == "viborg")
    frame = released().with_columns(pl.when(gone).then(0.0).otherwise("value").alias("value"))
    english, danish = pages(frame)
    assert "Fewer than 5 persons, or none" in section(english, "areas")
    assert "Færre end 5 personer, eller ingen" in section(danish, "areas")


def test_a_cluster_of_few_persons_has_no_name() -> None:
    few = (pl.col("table") == "clusters") & (pl.col("area") == POOLED) & (pl.col("key") == "cluster_2")
    hidden = {"type_key": "withheld", "status": "withheld", "value": None}
    frame = released().with_columns(
        pl.when(few).then(pl.lit(value)).otherwise(name).alias(name) for name, value in hidden.items()
    )
    told = section(build_report(make(frame), SETTINGS, "en"), "naming")
    row = next(row for row in told.split("<tr") if "Cluster 2<" in row)
    assert [text for _, text in Outline("<table><tr" + row + "</table>").cells][:2] == ["Withheld", "·"]
