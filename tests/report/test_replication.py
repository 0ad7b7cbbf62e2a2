"""The chapter of the publication."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import polars as pl
import pytest

from tests.figures.frames import compared, replicated
from tests.report.test_page import SETTINGS, make
from tests.report.test_reading import section
from veje.published import read_rules
from veje.replicate import nothing
from veje.replication import DIFFERS
from veje.report import build_report


def chapter(language: str = "en", **changes: object) -> str:
    settings = SETTINGS.model_copy(update=changes)
    return section(build_report(make(), settings, language), "replication")


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))


@pytest.mark.parametrize(
    ("language", "synthetic", "words"),
    [
        ("en", True, ("cannot confirm them", "separates the types more cleanly", "1,300 printed figures")),
        ("da", True, ("kan derfor ikke bekræfte dem", "skiller typerne renere ad", "1.300 trykte tal")),
        ("en", False, ("computed again from these registers", "That the method is right")),
        ("da", False, ("beregnes igen af disse registre", "At metoden er rigtig")),
    ],
)  # fmt: skip
def test_the_chapter_says_what_agreement_proves(
    language: str, synthetic: bool, words: tuple[str, ...]
) -> None:
    told = plain(chapter(language, synthetic=synthetic))
    for word in words:
        assert word in told
    assert ("synthetic twin" in told or "syntetisk tvilling" in told) == synthetic


def test_counts_are_those_of_the_released_table() -> None:
    counts = replicated().replication_by_table
    rows = re.findall(r"<th scope=\"row\">([^<]*)</th>((?:<td.*?</td>)+)", chapter(), re.DOTALL)
    shown = {head: plain(cells).split() for head, cells in rows}
    for row in counts.iter_rows(named=True):
        number = row["table"].partition("_")[2].replace("_", ".")
        kind = row["table"].partition("_")[0]
        head = {"table": "Table {}", "bilag": "Appendix {} (Bilag)", "figure": "Figure {}"}[kind].format(
            number
        )
        assert shown[head][0] == str(row["agrees"]), head
        assert shown[head][5] == f"{row['figures']:,}", head


def test_every_differing_figure_and_every_printing_error_is_listed() -> None:
    made, text = replicated(), chapter()
    differing = made.replication_released.filter(verdict=DIFFERS)
    listed = text.split("Figures that differ")[-1].split("What the study prints wrong")[0]
    rows = re.findall(r"<th scope=\"row\">", listed)
    assert len(rows) == differing.height > 0
    entries = set(made.replication_released["inconsistency"]) - {""}
    assert {"N01", "N12", "N15", "N20"} <= entries
    errors = text.split("What the study prints wrong")[-1]
    for entry in entries:
        assert f'<th scope="row">{entry}</th>' in errors


def test_every_entry_of_the_register_is_shown_once() -> None:
    register = compared(replicated()).register
    assert register.height == 65
    text = chapter()
    assert "Where else the study contradicts itself" in text
    for entry in register["id"]:
        assert text.count(f'<th scope="row">{entry}</th>') == 1, entry
    assert "Hvor undersøgelsen ellers modsiger sig selv" in chapter("da")


def test_all_claims_are_listed_in_words() -> None:
    ends = {
        "en": ("All claims in words", "Where else the study"),
        "da": ("Alle udsagn i ord", "Hvor undersøgelsen ellers"),
    }
    for language, (start, end) in ends.items():
        told = chapter(language).split(start)[-1].split(end)[0]
        assert len(re.findall(r"<th scope=\"row\">", told)) == 113
        assert "_" not in plain(told)


def test_a_run_without_a_publication_has_no_chapter() -> None:
    page = build_report(replace(make(), comparison=compared(nothing())), SETTINGS, "en")
    assert 'id="replication"' not in page


def test_a_run_of_which_nothing_can_be_compared_says_so() -> None:
    made = replicated()
    counts = made.replication_by_table.with_columns(
        pl.col("figures").alias("not_computed"),
        *(
            pl.lit(0, dtype=pl.Int64).alias(name)
            for name in ("agrees", "differs", "withheld", "not_reproducible")
        ),
        pl.lit(None, dtype=pl.Float64).alias("share_agreeing"),
    )
    page = build_report(replace(make(), comparison=replace(compared(made), by_table=counts)), SETTINGS, "en")
    assert "1,300 printed figures 0 are computed" in plain(page)


def test_the_tolerances_that_the_chapter_tells_are_those_of_the_list() -> None:
    told = {
        row[0]: row[1:] for row in read_rules("tolerances").select("measure", "absolute", "relative").rows()
    }
    words = {"share": (2.0, 0.0), "mean": (0.3, 1.0), "count": (10.0, 10.0)}
    assert {measure: told[measure] for measure in words} == words
    for phrase in (
        "two percentage points for shares",
        "0.3 for means",
        "one percent",
        "ten persons or a tenth",
    ):
        assert phrase in plain(chapter())
