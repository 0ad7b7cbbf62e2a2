"""What the summary says of a window or a municipality without enough persons."""

from __future__ import annotations

import pytest

from tests.figures.frames import POOLED
from tests.report.test_told import told, valued


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "en",
            "Fewer than 5 persons, or none, had a first grant between 1 January 2008 and 31 December 2008 "
            "and lived in Herning and Viborg. Nothing can be told of them",
        ),
        (
            "da",
            "Færre end 5 personer, eller ingen, fik en første tilkendelse mellem 1. januar 2008 og "
            "31. december 2008 og boede i Herning og Viborg.",
        ),
    ],
)
def test_a_window_without_persons_is_told(language: str, sentence: str) -> None:
    assert sentence in told(valued("table_7_2", "total", None), language)
    assert sentence not in told(language=language)


def test_a_municipality_of_few_is_named() -> None:
    sentence = (
        "Fewer than 5 persons lived in Viborg, or none: the figures of these municipalities are withheld."
    )
    page = told(valued("table_7_2", "total", None, area="viborg"))
    assert sentence in page
    assert "persons had their first grant between" in page
    danish = told(valued("table_7_2", "total", None, area="viborg"), "da")
    assert "Færre end 5 personer boede i Viborg, eller ingen" in danish
    for frame in (None, valued("table_7_2", "total", None), valued("table_7_2", "total", None, area=POOLED)):
        assert "lived in Viborg, or none" not in told(frame)
