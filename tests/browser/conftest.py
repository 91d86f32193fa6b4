"""Browser stories: a real Chromium before a real server.

`visit(path, by=staff, size="wide", theme="light", language="zh")` opens a page; `shoot(page, "name")` keeps a picture of it
below tests/browser/shots where ZHIKE_SHOTS=yes asks for pictures; `no_axe_violations(page)` holds it to WCAG 2.2 AA; `pseudo` marks every translated word.
Without a browser the stories are skipped here, and fail where CI=true.
"""

import os
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.second_look import pytest_runtest_protocol as pytest_runtest_protocol
from tests.cast import signed_in

# Playwright's loop lives in this thread, and Django would take every query here for one made inside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# What a story waits for comes when it comes: on a busy machine in many times what a quiet one takes.
PATIENCE_MS = 90_000
expect.set_options(timeout=PATIENCE_MS)

SHOTS = Path(__file__).parent / "shots"
SIZES = {"wide": (1440, 900), "small": (390, 844)}
BOTH_WAYS = (("wide", "light"), ("small", "dark"))
LANGUAGES = {"zh": "zh-hans", "en": "en"}
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]

Visit = Callable[..., Page]


def _chromium() -> str | None:
    # The first has no window to draw in: the same stories take a third less of the processor.
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return os.environ.get("ZHIKE_CHROMIUM") or next((found for n in names if (found := shutil.which(n))), None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the run."""
    executable = _chromium()
    if executable is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no Chromium: install one, or name it in ZHIKE_CHROMIUM")
        pytest.skip("no Chromium on this machine (ZHIKE_CHROMIUM names one)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def assets() -> Path:
    """The built files of the pages and the compiled translations, made when they are not current."""
    for module in ("zhike.ui.build", "zhike.kit.messages"):
        subprocess.run([sys.executable, "-m", module], check=True, capture_output=True)
    folder = Path(settings.PACKAGE) / "static_build"
    if folder not in settings.STATICFILES_DIRS:
        settings.STATICFILES_DIRS = [*settings.STATICFILES_DIRS, folder]
        finders.get_finder.cache_clear()
    return folder


@pytest.fixture
def visit(chromium: Browser, assets: Path, live_server: Any) -> Iterator[Visit]:
    """Open pages; what the browser complains of (script errors, refused styles) fails the story afterwards."""
    contexts: list[Any] = []
    complaints: list[str] = []
    wanted: dict[Page, list[str]] = defaultdict(list)

    def open_page(
        path: str,
        *,
        by: Any = None,
        size: str = "wide",
        theme: str = "light",
        language: str = "zh",
        scripts: bool = True,
        checked: bool = False,
    ) -> Page:
        width, height = SIZES[size]
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if theme == "dark" else "light",
            java_script_enabled=scripts,
            # axe is put into the page by the test; the policy itself is watched by every unchecked visit.
            bypass_csp=checked,
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        context.add_cookies([_cookie(live_server.url, settings.LANGUAGE_COOKIE_NAME, LANGUAGES[language])])
        if by is not None:
            key = signed_in(by).cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([_cookie(live_server.url, settings.SESSION_COOKIE_NAME, key)])
        page = context.new_page()
        page.on("request", lambda asked: wanted[page].append(asked.url) if asked.is_navigation_request() else None)
        page.on("pageerror", lambda error: complaints.append(f"{path}: {error}"))
        page.on(
            "console",
            lambda said: complaints.append(f"{path}: {said.text}") if "Content Security Policy" in said.text else None,
        )
        page.goto(f"{live_server.url}{path}")
        return page

    yield open_page
    for context in contexts:
        for page in context.pages:
            print(
                f"left at {page.url}, {len(wanted[page])} pages asked for: {wanted[page][-3:]}"
            )  # shown where a story fails
        context.close()
    assert complaints == []


@pytest.fixture
def stroll(visit: Visit, live_server: Any) -> Iterator[Callable[..., Page]]:
    """`stroll(path, …)` opens one page after the other in one window, as people do: what pages share is fetched once.

    There is a window for each way of looking: who looks, in which language, size and theme.
    """
    windows: dict[tuple[tuple[str, Any], ...], Page] = {}

    def next_page(path: str, **how: Any) -> Page:
        way = tuple(sorted(how.items()))
        if way in windows:
            windows[way].goto(f"{live_server.url}{path}")
        else:
            windows[way] = visit(path, **how)
        return windows[way]

    yield next_page


# Colors are there at once instead of fading over from one theme to the other, each after that of what it stands in.
_STILL = """() => {
  const still = new CSSStyleSheet();
  still.replaceSync('*, *::before, *::after { transition: none !important; }');
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, still];
}"""
_DRAWN = """async () => {
  const frames = new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  await Promise.race([frames, new Promise((late) => setTimeout(late, 1000))]);  // a window nobody sees may draw none
}"""


def both_ways(page: Page, ways: tuple[tuple[str, str], ...] = BOTH_WAYS) -> Iterator[tuple[str, str]]:
    """An open page as it stands and then turned the other way, size and theme, as a telephone is: opened once, seen twice.

    The page opened next in this window is opened the way this one was left; so every way is opened in, too.
    """
    for size, theme in sorted(ways, key=lambda way: SIZES[way[0]][0] != (page.viewport_size or {}).get("width")):
        turn(page, size, theme)
        yield size, theme


def turn(page: Page, size: str, theme: str) -> None:
    """Give the window of a page another size and theme."""
    width, height = SIZES[size]
    page.evaluate(_STILL)
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
    page.evaluate(_DRAWN)


def _cookie(url: str, name: str, value: str) -> dict[str, str]:
    return {"name": name, "value": value, "url": url}


@pytest.fixture
def shoot() -> Callable[..., None]:
    """Keep a picture of the page as seen, for eyes, where ZHIKE_SHOTS=yes asks for it.

    No story rests on a picture: a busy machine may refuse to draw one, and a run without eyes saves the time.
    """
    asked = os.environ.get("ZHIKE_SHOTS") == "yes"

    def shoot_page(page: Page, name: str, *, whole: bool = False) -> None:
        if asked:
            SHOTS.mkdir(exist_ok=True)
            page.screenshot(path=str(SHOTS / f"{name}.png"), full_page=whole)

    return shoot_page
