"""The page: self-contained, the same in both languages, and never a number where one is withheld."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise

import polars as pl
import pytest

from tests.figures.frames import (
    ALPHABET,
    AREAS,
    POOLED,
    TYPES,
    compared,
    only,
    relabelled,
    released,
    replicated,
)
from tests.figures.reform_frames import law
from veje import config
from veje.figures import draw_public
from veje.report import Sources, build_report
from veje.report.blocks import LONG
from veje.report.page import PARTS, pictures_in, policy, swatches

CONFIG = """{
 "scenario": "small", "synthetic": true,
 "registers": {"dream": {"files": ["/srv/deliveries/secret/D.parquet"]}, "grants": {"files": ["g"]},
               "bef": {"files": ["b"]}, "amfo": {"files": ["a"]}, "udda": {"files": ["u"]},
               "lmdb": {"files": ["l"]}, "parents": {"files": ["p"]}, "ind": {"files": ["i"]},
               "idap": {"files": ["w"]}, "migration": {"files": ["m"]}},
 "cohort": {"from": "2008-01-01", "to": "2008-12-31", "municipalities": {"657": "herning", "791": "viborg"}},
 "timing_depth": {"grid": {"concentration": [0.6, 0.75], "passive_run": [3]}},
 "sensitivity": {"variants": {"ward_d": {"clusters": {"ward": "D"}}}},
 "disclosure": {"threshold": 5, "rounding": 5, "rule": "Ask <us> & wait."}}"""
SETTINGS = config.load(CONFIG)
COSTS = pl.DataFrame(
    {
        "from": [a for a in ALPHABET.states for _ in ALPHABET.states],
        "to": [b for _ in ALPHABET.states for b in ALPHABET.states],
        "cost": [0.0 if a == b else 1.7345 for a in ALPHABET.states for b in ALPHABET.states],
        "indel": [1.0] * len(ALPHABET.states) ** 2,
    }
)


DELIVERY = {"register": "dream", "file": "/srv/deliveries/D.parquet", "rows": 1234, "sha256": "ab" * 32}
CELL = ["table", "area", "type_key", "key", "measure"]


@cache
def drawn() -> dict[str, bytes]:
    return draw_public(only("flow"), AREAS, ALPHABET, ["en", "da"])


AUDIT = {
    "protected_counts": 1_234,
    "too_narrow": 0,
    "too_narrow_before_repair": 56,
    "figures": 2_000,
    "figures_withheld": 700,
    "figures_withheld_by_audit": 8,
    "percent_of_persons_in_withheld_figures": 1.57,
}


def make(frame: pl.DataFrame | None = None, **changes) -> Sources:
    sources = Sources(
        released=released() if frame is None else frame,
        costs=COSTS,
        alphabet=ALPHABET,
        pictures=drawn(),
        deliveries=[DELIVERY],
        versions={"veje": "0.1.0", "python": "3.11"},
        commit="0123abc",
        comparison=compared(replicated()),
        audit=AUDIT,
        pages={"en": "report.html", "da": "report.da.html"},
        law=law(),
    )
    return replace(sources, **changes)


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    sources = make()
    return {language: build_report(sources, SETTINGS, language) for language in ("en", "da")}


class Outline(HTMLParser):
    """The tags of a page in order, with ids, links, and the text of table cells by class."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.open: list[str] = []
        self.cells: list[tuple[str, str]] = []
        self.attributes: list[tuple[str, dict[str, str | None]]] = []
        self._cell: str | None = None
        self.feed(text)

    def handle_starttag(self, tag, attrs) -> None:
        known = dict(attrs)
        self.tags.append(tag)
        self.attributes.append((tag, known))
        self.ids += [known["id"]] if "id" in known else []
        self.links += [known[name] for name in ("href", "src", "srcset", "data") if name in known]
        if tag not in ("meta", "img", "link"):
            self.open.append(tag)
        if tag == "td":
            self._cell = known.get("class", "")

    def handle_endtag(self, tag) -> None:
        assert self.open.pop() == tag, tag
        if tag == "td":
            self._cell = None

    def handle_data(self, data) -> None:
        if self._cell is not None and data.strip():
            self.cells.append((self._cell, data.strip()))


def test_tags_are_balanced_and_ids_unique(pages) -> None:
    for text in pages.values():
        outline = Outline(text)
        assert outline.open == []
        assert len(outline.ids) == len(set(outline.ids))
        assert text.lstrip().startswith("<!DOCTYPE html>")


def test_both_languages_have_the_same_structure(pages) -> None:
    en, da = (Outline(pages[code]) for code in ("en", "da"))
    assert en.tags == da.tags
    assert en.ids == da.ids
    kinds = [[kind for kind, _ in outline.cells] for outline in (en, da)]
    assert kinds[0] == kinds[1]
    assert '<html lang="en">' in pages["en"]
    assert '<html lang="da">' in pages["da"]


def test_every_section_is_there_and_in_the_contents(pages) -> None:
    outline = Outline(pages["en"])
    shown = [name for name in outline.ids if not name.endswith("-title")]
    anchors = [name for name in shown if name not in ("contents", "main")]
    makers = [make for part in PARTS.values() for make in part]
    assert len(anchors) == len(PARTS) + len(makers) - 1, "all but pictures without a place"
    assert [name for name in anchors if name in PARTS] == list(PARTS)
    assert [link for link in outline.links if link.startswith("#")] == ["#main", *(f"#{a}" for a in anchors)]


def test_headings_step_down_one_at_a_time(pages) -> None:
    levels = [int(tag[1]) for tag in Outline(pages["en"]).tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    assert set(levels) == {1, 2, 3, 4}


def test_nothing_is_fetched(pages) -> None:
    for code, text in pages.items():
        outside = [x for x in Outline(text).links if not x.startswith(("#", "data:image/png;base64,"))]
        assert outside == ["data:,", "report.da.html" if code == "en" else "report.html"]
        bare = re.sub(r"data:image/png;base64,[A-Za-z0-9+/=]+", "", text)
        for word in ("http:", "https:", "//", "url(", "@import", "<iframe", "javascript:"):
            assert word not in bare, word
        assert not re.search(r"fetch\(|XMLHttpRequest|WebSocket|import\(|eval\(|localStorage|cookie", bare)


def test_the_policy_lets_nothing_run_but_the_pages_own_style_and_script(pages) -> None:
    for text in pages.values():
        (told,) = (attrs["content"] for _, attrs in Outline(text).attributes if "http-equiv" in attrs)
        (style,), (script,) = (
            re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.S) for tag in ("style", "script")
        )
        assert told == policy(style, script)
        assert "unsafe" not in told
        assert told.startswith("default-src 'none'; ")
        assert text.count("<script") == text.count("<style") == 1
        assert not re.search(r"<[^>]+ (style|on\w+)=", text), "the policy would not let it work"
    assert policy("a", "b") != policy("a", "c")


def test_no_path_and_no_folder(pages) -> None:
    for text in pages.values():
        assert "/srv" not in text
        assert "deliveries/" not in text
        assert "D.parquet" in text


def test_withheld_cells_never_show_a_number() -> None:
    """Even a table that wrongly carries a value beside `withheld` shows the sign alone."""
    hidden = pl.col("status") == "withheld"
    marked = pl.when(hidden).then(4444.25).otherwise("value").alias("value")
    leaking = build_report(make(released().with_columns(marked)), SETTINGS, "en")
    assert leaking == build_report(make(), SETTINGS, "en")
    cells = Outline(leaking).cells
    withheld = [text for kind, text in cells if kind == "withheld"]
    assert len(withheld) > 100
    assert set(withheld) == {"·"}
    assert all(kind in ("number", "text", "code", "withheld", "absent", "flag") for kind, _ in cells)


def test_every_figure_is_in_its_table(pages) -> None:
    cells = [text for kind, text in Outline(pages["en"]).cells if kind == "number"]
    frame = only("table_6_4").filter(pl.col("status") == "published", pl.col("measure") == "share")
    assert frame.height >= 3
    for value in frame["value"]:
        assert f"{value:.1f}" in cells


def test_the_audit_is_told_in_numbers(pages) -> None:
    assert "1,234 counts are of fewer than 5 persons or none. 56 of them" in pages["en"]
    assert "with 8 of 2,000 figures withheld besides, 0 can. 1.6% of the persons" in pages["en"]
    assert "når 8 af 2.000 tal derudover er tilbageholdt, kan 0. 1,6" in pages["da"]


def test_danish_numbers_have_a_decimal_comma(pages) -> None:
    for kind, text in Outline(pages["da"]).cells:
        if kind == "number":
            assert re.fullmatch(r"[-<]?\d{1,3}(\.\d{3})*(,\d+)?", text), text


def test_the_synthetic_banner(pages) -> None:
    assert "All persons and all figures on this page are synthetic" in pages["en"]
    assert "Alle personer og alle tal på denne side er syntetiske" in pages["da"]
    real = SETTINGS.model_copy(update={"synthetic": False})
    assert 'class="banner"' not in build_report(make(), real, "en")


def test_a_colour_that_is_none_makes_no_style_rule() -> None:
    colours = ("#4477AA", "red", "red}</style><script>", "url(x)", *ALPHABET.colours[4:])
    rules = swatches(replace(ALPHABET, colours=colours))
    assert rules.startswith(".state-0 { background: #4477AA; }\n.state-1 { background: red; }\n.state-4")
    assert "script" not in rules


def test_long_tables_fold_and_are_filtered_and_short_ones_are_not(pages) -> None:
    folded = re.findall(r"<details>.*?</details>", pages["en"], re.DOTALL)
    assert len(folded) > 5
    tables = re.findall(r'<table class="([^"]*)">(.*?)</table>', pages["en"], re.DOTALL)
    for classes, text in tables:
        rows = text.count('<th scope="row">')
        assert ("filterable" in classes) == (rows > LONG)
        if rows > LONG:
            assert any(text in one for one in folded)


def test_each_type_has_its_persons_beside_all_persons(pages) -> None:
    cards = re.findall(r'<article class="card">.*?</article>', pages["en"], re.DOTALL)
    assert len(cards) == len(TYPES)
    for card in cards:
        rows = dict(re.findall(r'<th scope="row">([^<]*)</th>(.*?)</tr>', card))
        assert {"Persons", "Women", "Mean age, years"} <= set(rows)
        assert all(len(re.findall("<td", cells)) == 2 for cells in rows.values())
        (own, everyone) = re.findall(r">([\d.]+)</td>", rows["Persons"])
        assert 0 < int(own) < int(everyone) == 90


def test_hostile_labels_are_escaped() -> None:
    bad = '"><script>alert(1)</script><img src=x onerror=y>'
    settings = SETTINGS.model_copy(update={"title": {"en": bad}, "scenario": bad})
    hostile = pl.when(pl.col("type_key") != "").then(pl.lit(bad)).otherwise("type_key").alias("type_key")
    frame = released().filter(pl.col("table") == "bilag_1").with_columns(hostile)
    text = build_report(
        make(
            pl.concat([frame, only("table_6_4", "table_7_2")]).unique(
                ["table", "area", "type_key", "key", "measure"]
            ),
            alphabet=relabelled({"cash_benefit": bad}),
            deliveries=[{"register": bad, "file": bad, "rows": 1, "sha256": bad}],
        ),
        settings,
        "en",
    )
    outline = Outline(text)
    assert outline.tags.count("script") == 1, "the page's own"
    assert not [tag for tag, attrs in outline.attributes if "onerror" in attrs]
    assert "&lt;script&gt;" in text
    assert "Ask &lt;us&gt; &amp; wait." in text


@pytest.mark.parametrize("gone", ["flow", "timing", "bilag_1"])
def test_a_missing_table_is_told_in_a_sentence(gone: str) -> None:
    frame = released().filter(pl.col("table") != gone)
    en, da = (build_report(make(frame, pictures={}), SETTINGS, code) for code in ("en", "da"))
    assert Outline(en).tags == Outline(da).tags
    assert "is left out: this run has no such table" in en
    assert "er udeladt: denne kørsel har ikke tabellen" in da


def test_every_table_but_the_first_may_be_missing() -> None:
    text = build_report(make(only("flow"), pictures={}), SETTINGS, "en")
    assert text.count("is left out: this run has no such table") >= 8


def test_an_empty_release_gives_a_page() -> None:
    text = build_report(make(released().clear(), pictures={}), SETTINGS, "da")
    assert "Hvor det kommer fra" in text


def test_a_table_without_a_place_is_shown() -> None:
    rows = (
        released().filter(pl.col("table") == "table_6_4").with_columns(pl.lit("wages_by_year").alias("table"))
    )
    text = build_report(make(pl.concat([released(), rows])), SETTINGS, "en")
    assert "Other tables" in text
    assert "<caption>Wages by year</caption>" in text


def test_tables_are_accessible(pages) -> None:
    outline = Outline(pages["en"])
    heads = [attrs for tag, attrs in outline.attributes if tag == "th"]
    assert heads
    assert all(attrs.get("scope") in ("row", "col", "rowgroup") for attrs in heads)
    assert outline.tags.count("caption") == outline.tags.count("table")
    images = [attrs for tag, attrs in outline.attributes if tag == "img"]
    assert images
    assert all(attrs["alt"] and attrs["width"] and attrs["height"] for attrs in images)


def test_costs_are_shown_coarsely_or_not_at_all(pages) -> None:
    assert "1.7345" not in pages["en"]
    assert "1.73" not in pages["en"]
    few = released().with_columns(
        pl.when(pl.col("key").str.starts_with("q03_"))
        .then(pl.lit("withheld"))
        .otherwise("status")
        .alias("status")
    )
    assert "Substitution costs are not shown" in build_report(make(few), SETTINGS, "en")
    known = released().filter(
        pl.col("table") == "state_distribution", pl.col("area") == POOLED, pl.col("type_key") == ""
    )
    always = [
        state
        for state in ALPHABET.states
        if set(known.filter(pl.col("key").str.ends_with(f"_{state}"))["status"]) == {"published"}
    ]
    assert ("Substitution costs</caption>" in pages["en"]) == (len(always) > 1)


def test_pictures_are_chosen_by_language() -> None:
    files = {"flow.png": b"1", "flow.da.png": b"2", "type_a.png": b"3"}
    assert pictures_in("en", ["en", "da"], files) == {"flow": b"1", "type_a": b"3"}
    assert pictures_in("da", ["en", "da"], files) == {"flow": b"2"}
    assert pictures_in("da", ["da"], {"flow.png": b"1"}) == {"flow": b"1"}


def test_the_same_page_every_time(pages) -> None:
    assert build_report(make(), SETTINGS, "en") == pages["en"]
