from __future__ import annotations

import re

import pytest
from hypothesis import settings

from tests.people import EVERYONE

settings.register_profile("veje", deadline=None, derandomize=True, max_examples=80)
settings.load_profile("veje")


@pytest.fixture
def told():
    """Give an error's line after checking that it is one line without an identifier or a cell."""

    def line(error, *cells: str) -> str:
        text = str(getattr(error, "value", error)).strip()
        assert text, "an error without a word"
        assert "\n" not in text
        for person in EVERYONE:
            assert person.pnr not in text
            assert person.pnr.lstrip("0") not in text
        for cell in cells:
            assert cell not in text
        assert not re.search(r"(?<![\d,])\d{9,10}(?![\d,])", text), "something like a personal number"
        return text

    return line


def pytest_terminal_summary(terminalreporter):
    """Show the figures that tests record, from all workers."""
    shown = {pair for report in terminalreporter.stats.get("passed", []) for pair in report.user_properties}
    for name, value in sorted(shown):
        terminalreporter.write_line(f"{name}: {value}")
