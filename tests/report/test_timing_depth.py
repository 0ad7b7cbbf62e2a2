"""The chapter of timing in depth."""

from __future__ import annotations

import polars as pl
import pytest

from tests.figures.frames import POOLED, released, replicated
from tests.report.test_page import SETTINGS, Outline, make
from tests.report.test_reading import section
from tests.report.test_validity import plain
from veje.report import build_report
from veje.timing_claims import VERDICTS


def chapter(language: str = "en", settings=SETTINGS) -> str:
    return section(build_report(make(), settings, language), "timing_depth")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Timing in depth", "Longest passive run, mean quarters", "is not always a return to work")),
        ("da", ("Timing i dybden", "Længste passive periode, gennemsnit", "ikke altid en tilbagevenden")),
    ],
)
def test_the_chapter_is_there_in_both_languages(language: str, words: tuple[str, ...]) -> None:
    told = plain(chapter(language))
    for word in words:
        assert word in told


def test_figures_are_those_of_the_release() -> None:
    cells = [cell for _, cell in Outline(chapter()).cells]
    known = released().filter(area=POOLED, type_key="", status="published")
    for table, key in (
        ("timing_clusters", "activity_4.late"),
        ("timing_by_kind", "education.late"),
        ("timing_class_kinds", "any.has.guidance"),
        ("phases", "longest_passive"),
        ("handovers", "to.cash_benefit"),
    ):
        assert f"{known.filter(table=table, key=key)['value'].item():.1f}" in cells, (table, key)


def test_the_grid_marks_the_runs_own_threshold() -> None:
    told = plain(chapter())
    assert "0.75 (as set)" in told
    assert "0.6 (as set)" not in told


def test_claims_are_counted_as_they_are_judged() -> None:
    verdicts = replicated().timing_claims["verdict"]
    counts = {name: int((verdicts == name).sum()) for name in VERDICTS}
    assert counts["holds"] > 0
    told = plain(chapter())
    assert (
        f"Of {len(verdicts)} lines of the publication {counts['holds']} hold, "
        f"{counts['does_not_hold']} do not, for {counts['too_close']} the rounded shares are too close to "
        f"tell, and {counts['not_computable']} cannot be computed."
    ) in told
    assert pl.Series(list(counts.values())).sum() == len(verdicts)


def test_without_a_register_of_measures_there_is_no_chapter() -> None:
    alone = SETTINGS.model_copy(update={"registers": SETTINGS.registers.model_copy(update={"amfo": None})})
    assert 'id="timing_depth"' not in build_report(make(), alone, "en")
