"""The report as a reader sees it, in a real Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.workflow.conftest import ROOT, Study
from veje import config
from veje.cli.files import Files
from veje.cli.report import run
from veje.cli.stages import STAGES

Visit = Callable[..., Page]
PAGES = {"en": "report.html", "da": "report.da.html"}
REPLICATION = ("replication_released", "replication_by_table", "claims", "timing_claims")
PAPER = {"portrait": (210 - 28) / 25.4 * 96, "landscape": (297 - 28) / 25.4 * 96}
"""Width between the margins of A4, in the style's pixels."""

# Clicks every head of every table three times; gives the column before and after each click: how it is
# sorted, and for each group of rows the delivered place, kind and text of every row.
SORT_ALL = """(part) => [...document.querySelectorAll(`${part} table.sortable`)].flatMap((table) => {
  const place = new Map([...table.rows].map((row, at) => [row, at]));
  return [...table.tHead.rows[0].cells].map((head, column) => {
    const cell = (row) => row.cells[column] ?? row.cells[0];
    const kind = (row) => row.matches(".group, .strong") ? "fixed" : cell(row).className;
    const line = (row) => [place.get(row), kind(row), cell(row).textContent.trim()];
    const look = () => [head.ariaSort, [...table.tBodies].map((body) => [...body.rows].map(line))];
    const seen = [look()];
    for (let click = 0; click < 3; click += 1) { head.querySelector("button").click(); seen.push(look()); }
    return seen;
  });
})"""
PICTURES = "() => [...document.images].map((one) => [one.complete && one.naturalWidth, one.alt])"
OVERFLOW = """() => [...document.querySelectorAll("body *")]
  .filter((one) => !one.closest(".scroll, .skip") && one.getClientRects().length)
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
  .map((one) => one.outerHTML.slice(0, 120))"""
# Opens what is folded, and leaves of each table a few rows: they are made alike, and axe takes each cell.
SHORTEN = """() => {
  document.querySelectorAll("details").forEach((one) => { one.open = true; });
  const rows = document.querySelectorAll("tbody:nth-of-type(n + 3), tbody tr:nth-child(n + 4)");
  rows.forEach((one) => one.remove());
}"""
CONTRAST = {"include": [["header"], ["nav"], ["#summary"], ["#areas"], ["#replication"], ["footer"]]}
"""Where contrast is measured, which takes axe longer than all its other rules: one of each kind of thing."""
WIDTHS = """() => [...document.querySelectorAll("table")].map((one) =>
  [one.caption.textContent, one.matches(".across"), one.offsetWidth, one.offsetHeight])"""


def value(text: str, language: str) -> float:
    """Read a number as the page writes it."""
    plain = text.replace(".", "").replace(",", ".") if language == "da" else text.replace(",", "")
    return float(plain.removeprefix("<")) - (1e-9 if plain.startswith("<") else 0)


@pytest.mark.parametrize("way", ["file", "server"])
def test_opens_with_every_picture(study: Study, served: str, visit: Visit, way: str) -> None:
    for language, name in PAGES.items():
        page = visit(study.release / name if way == "file" else f"{served}/{name}")
        assert page.locator("html").get_attribute("lang") == language
        pictures = page.evaluate(PICTURES)
        assert len(pictures) >= 14
        assert all(width > 200 and alt for width, alt in pictures)


def test_the_language_is_switched_at_the_section_being_read(study: Study, visit: Visit) -> None:
    page = visit(study.release / PAGES["en"])
    page.get_by_role("navigation").get_by_role("link", name="Types by municipality").click()
    page.wait_for_selector('nav a[href="#areas"][aria-current="true"]')
    page.get_by_role("link", name="This page in Danish").click()
    page.wait_for_url("**/report.da.html#areas")
    assert page.get_by_role("heading", name="Typer efter kommune").is_visible()
    assert 0 <= page.evaluate("document.querySelector('#areas').getBoundingClientRect().top") < 100
    page.get_by_role("link", name="Denne side på engelsk").click()
    page.wait_for_url("**/report.html#areas")


def test_every_column_of_every_table_sorts(study: Study, visit: Visit) -> None:
    for language, part, least in (("da", "main", 150), ("en", "#findings", 30)):
        columns = visit(study.release / PAGES[language]).evaluate(SORT_ALL, part)
        assert len(columns) > least
        numeric = 0
        for (first, delivered), (second, up), (third, down), (last, again) in columns:
            assert (first, second, third, last) == ("none", "ascending", "descending", "none")
            assert again == delivered
            for sign, bodies in ((1, up), (-1, down)):
                for before, after in zip(delivered, bodies, strict=True):
                    numeric += in_order(before, after, sign, language)
        assert numeric > 2 * least, "columns of numbers with rows to sort"


def in_order(before: list[list[Any]], after: list[list[Any]], sign: int, language: str) -> bool:
    """Check the rows of a sorted column; tell whether they held numbers to be put in order."""
    assert sorted(after) == before, "the same rows"
    for old, new in zip(before, after, strict=True):
        assert "fixed" not in (old[1], new[1]) or old == new, "totals and heads of groups keep their places"
    moved = [(kind, text) for _, kind, text in after if kind != "fixed"]
    hidden = [kind in ("withheld", "absent") for kind, _ in moved]
    assert hidden == sorted(hidden), "what is withheld comes last"
    numbers = [sign * value(text, language) for kind, text in moved if kind == "number"]
    assert all(a <= b for a, b in pairwise(numbers))
    return len(set(numbers)) > 1


def test_the_keyboard_reaches_all_of_it(study: Study, visit: Visit) -> None:
    page = visit(study.release / PAGES["en"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    head = page.locator("#areas table.sortable th").nth(1)
    head.get_by_role("button").focus()
    for key, sort in (("Enter", "ascending"), ("Space", "descending"), ("Enter", "none")):
        page.keyboard.press(key)
        assert head.get_attribute("aria-sort") == sort
    folded = page.locator("#paths details").first
    folded.locator("summary").focus()
    page.keyboard.press("Enter")
    assert folded.locator("table").is_visible()


def test_long_tables_are_filtered(study: Study, visit: Visit) -> None:
    page = visit(study.release / PAGES["en"])
    table = page.locator("table.filterable").filter(has_text="disclosure")
    settings = page.locator("#method details").filter(has=table)
    settings.locator("summary").click()
    rows = settings.locator("tbody tr:not(.group)")
    texts = [text.lower() for text in rows.all_text_contents()]
    settings.get_by_role("searchbox", name="Show only rows with").fill("threshold Disclosure")
    kept = [one.lower() for one in rows.locator("visible=true").all_text_contents()]
    assert 0 < len(kept) < len(texts)
    assert all("threshold" in one for one in kept)
    assert settings.locator("output").text_content() == f"{len(kept)} of {len(texts)} rows"
    assert settings.locator("tr.group").locator("visible=true").all_text_contents() == ["disclosure"]
    settings.get_by_role("searchbox").fill("")
    assert rows.locator("visible=true").count() == len(texts)
    for section in ("replication", "method", "profile"):
        assert page.locator(f"#{section} .filter").count() >= 1, section


def test_reads_and_prints_without_scripts(study: Study, visit: Visit) -> None:
    page = visit(study.release / PAGES["en"], scripts=False)
    assert page.locator("th button, .filter").count() == 0
    assert page.get_by_role("heading", level=3).count() >= 15
    folded = page.locator("#paths details").first
    assert not folded.locator("table").is_visible()
    folded.locator("summary").click()
    assert folded.locator("table").is_visible()
    page.emulate_media(media="print")
    shown = {caption: height for caption, _, _, height in page.evaluate(WIDTHS)}
    assert len(shown) > 50
    assert min(shown.values()) > 20, "tables that are folded are printed"
    page.emulate_media(media="screen")
    page.get_by_role("link", name="This page in Danish").click()
    assert page.locator("html").get_attribute("lang") == "da"


def test_prints_on_paper_with_no_table_cut(
    study: Study, visit: Visit, screenshots: Path, record_property: Callable[[str, object], None]
) -> None:
    page = visit(study.release / PAGES["en"])
    pdf = page.pdf(prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF")
    sheets = len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))
    assert 20 < sheets < 80
    assert page.locator("details[open]").count() == 0, "folded again after printing"
    (screenshots / "report.pdf").write_bytes(pdf)
    record_property("report printed on sheets of A4", sheets)
    page.emulate_media(media="print")
    for side, width in PAPER.items():
        page.set_viewport_size({"width": int(width), "height": 900})
        cut = [
            (caption, wide)
            for caption, across, wide, _ in page.evaluate(WIDTHS)
            if across == (side == "landscape") and wide > width
        ]
        assert cut == [], side
    assert page.locator(".skip, .filter").locator("visible=true").count() == 0
    # A button's own box would keep Chromium from repeating a table's heads on every sheet.
    assert page.evaluate("getComputedStyle(document.querySelector('th button')).display") == "contents"


@pytest.mark.parametrize("width", [360, 1400])
def test_the_layout_fits(
    study: Study,
    visit: Visit,
    screenshots: Path,
    width: int,
    record_property: Callable[[str, object], None],
) -> None:
    record_property("screenshots of the report", str(screenshots.relative_to(ROOT)))
    for language, name in PAGES.items():
        page = visit(study.release / name, width=width)
        page.screenshot(path=screenshots / f"top-{language}-{width}.png")
        for section in ("paths", "areas"):
            page.locator(f"#{section}").scroll_into_view_if_needed()
            page.evaluate(f"location.hash = '{section}'")
            page.screenshot(path=screenshots / f"{section}-{language}-{width}.png")
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(OVERFLOW) == []


@pytest.mark.parametrize(("language", "width"), [("en", 1400), ("da", 360)])
def test_axe_finds_nothing_serious(
    study: Study,
    visit: Visit,
    language: str,
    width: int,
    record_property: Callable[[str, object], None],
) -> None:
    page = visit(study.release / PAGES[language], width=width)
    page.evaluate(SHORTEN)
    all_else = {"rules": {"color-contrast": {"enabled": False}}}
    found = Axe().run(page, options={"resultTypes": ["violations"], **all_else}).response
    contrast = Axe().run(page, CONTRAST, {"runOnly": ["color-contrast"]}).response
    assert len(contrast["passes"][0]["nodes"]) > 100
    faults = [*found["violations"], *contrast["violations"]]
    told = [(one["impact"], one["id"], one["nodes"][0]["html"][:160]) for one in faults]
    record_property(f"axe findings, {language} at {width} px", len(told))
    assert [one for one in told if one[0] in ("serious", "critical")] == []


def test_hostile_names_are_words_and_nothing_else(study: Study, visit: Visit, tmp_path: Path) -> None:
    bad = '"><script>alert(1)</script><img src=x onerror=alert(2)>=HYPERLINK("http://example.org")'
    settings = yaml.safe_load((study.folder / "config.yaml").read_text(encoding="utf-8"))
    settings |= {"title": {"en": bad, "da": bad}, "disclosure": settings["disclosure"] | {"rule": bad}}
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    made = study.private / "study"
    paths = ["disclosure/released.parquet", "distances/costs.parquet", "ingest/deliveries.json"]
    paths += [f"replication/{name}.parquet" for name in REPLICATION]
    inputs = [f"{Path(path).stem}={made / path}" for path in paths]
    inputs.append(f"audit={made / 'disclosure/summary.json'}")
    inputs.append(f"figures={study.release / 'figures'}")
    outputs = [f"{language}={tmp_path / name}" for language, name in PAGES.items()]
    run(config.part(str(tmp_path / "config.yaml"), STAGES["report"].settings), Files(inputs), Files(outputs))
    page = visit(tmp_path / PAGES["en"])
    assert page.locator("h1").text_content() == page.title() == bad
    assert bad in page.locator("#disclosure").text_content()
    assert page.locator("script").count() == 1, "the page's own"
    assert page.locator("h1 *, #disclosure img").count() == 0
