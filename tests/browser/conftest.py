"""A real Chromium, and the finished study's release as it opens it.

Playwright drives Debian's own package: one wheel, and neither a driver to match nor a browser to
download. A page that logs an error, fails to load something, asks for an address outside, or opens
a dialogue fails the test that opened it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.workflow.conftest import ROOT, Study, finished_study

SCREENSHOTS = ROOT / "build/screenshots"
ALLOWED = ("file:", "data:", "http://127.0.0.1:")


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return finished_study(tmp_path_factory)


@pytest.fixture(scope="package")
def screenshots() -> Path:
    """The folder of pictures of the page, kept for whoever looks at a run afterwards."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    return SCREENSHOTS


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One browser for the folder; closed after it, because its event loop runs as long."""
    program = os.environ.get("VEJE_CHROMIUM") or shutil.which("chromium")
    if program is None:
        pytest.skip("no Chromium: install Debian's package chromium, or name one in VEJE_CHROMIUM")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program)
        yield opened
        opened.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open an address in a new window; afterwards nothing may have gone wrong in any of them."""
    wrong: list[str] = []
    contexts = []

    def go(address: str | Path, width: int = 1400, scripts: bool = True) -> Page:
        size = {"width": width, "height": 900}
        context = browser.new_context(viewport=size, java_script_enabled=scripts, reduced_motion="reduce")
        contexts.append(context)
        page = context.new_page()
        watch(page, wrong)
        page.goto(address.as_uri() if isinstance(address, Path) else address)
        return page

    yield go
    for context in contexts:
        context.close()
    assert wrong == []


def watch(page: Page, wrong: list[str]) -> None:
    """Note what must not happen in a page."""
    page.on("console", lambda one: one.type in ("error", "warning") and wrong.append(one.text))
    page.on("pageerror", lambda one: wrong.append(str(one)))
    page.on("requestfailed", lambda one: wrong.append(f"failed: {one.url[:80]}"))
    page.on("request", lambda one: one.url.startswith(ALLOWED) or wrong.append(f"asked for {one.url}"))
    page.on("dialog", lambda one: (wrong.append(f"dialogue: {one.message}"), one.dismiss()))


@pytest.fixture
def served(study: Study) -> Iterator[str]:
    """The release on a server of this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=str(study.release)))
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


class Silent(SimpleHTTPRequestHandler):
    """A server that does not write a log."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""
