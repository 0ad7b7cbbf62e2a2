"""The chapter of the choices made otherwise."""

from __future__ import annotations

import pytest

from tests.report.test_page import SETTINGS, Outline, make
from tests.report.test_reading import section
from tests.report.test_validity import plain
from veje.report import build_report


def test_every_variant_has_a_row_in_each_table() -> None:
    chapter = section(build_report(make(), SETTINGS, "en"), "sensitivity")
    told = plain(chapter)
    assert told.count("Ward D") == 3
    assert told.count("As the run chose") == 3
    cells = [cell for _, cell in Outline(chapter).cells]
    assert cells.count("0.875") == 3  # clusters and types pooled, Viborg's types
    assert cells.count("0.250") == 2
    assert {"25", "35", "30"} <= set(cells)  # 27, 33 and 30 persons, rounded to 5


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("How much hangs on choices?", "Viborg")), ("da", ("Hvor meget afhænger af valg?", "Klynger"))],
)
def test_the_chapter_is_there_in_both_languages(language: str, words: tuple[str, ...]) -> None:
    told = plain(section(build_report(make(), SETTINGS, language), "sensitivity"))
    for word in words:
        assert word in told


def test_without_variants_there_is_no_chapter() -> None:
    without = SETTINGS.model_copy(update={"sensitivity": type(SETTINGS.sensitivity)()})
    assert 'id="sensitivity"' not in build_report(make(), without, "en")
