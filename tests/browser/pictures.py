"""The pictures of the documentation, taken from a demo shop that runs.

`python -m tests.browser.pictures http://127.0.0.1:8000 <e-mail> <password>` writes docs/screenshots/*.png: eight small files,
the same pages in the same sizes each time. The shop must be a demo shop: nobody in the pictures exists.
"""

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import _FLAGS, LANGUAGES, SIZES, _chromium

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
MOST_BYTES = 150_000
# name → address, size, theme, language; FILE is the file of whoever bought most often.
PICTURES = {
    "home": ("/", "wide", "light", "zh"),
    "register": ("/customers/?sort=-net", "wide", "light", "zh"),
    "file": ("FILE", "wide", "light", "zh"),
    "rfm": ("/insight/rfm/", "wide", "light", "zh"),
    "lists": ("/insight/lists/", "wide", "light", "en"),
    "rfm-dark": ("/insight/rfm/", "wide", "dark", "en"),
    "file-small": ("FILE", "small", "light", "en"),
    "lists-small": ("/insight/lists/", "small", "dark", "zh"),
}


def take(base: str, email: str, password: str) -> None:
    """All pictures, one after the other; says the size of each."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=_FLAGS)
        context = browser.new_context(reduced_motion="reduce")
        page = context.new_page()
        page.goto(f"{base}/account/login/")
        page.fill("[name=login]", email)
        page.fill("[name=password]", password)
        page.locator("form[method=post] .btn-primary").click()
        page.wait_for_url(lambda url: "/login/" not in url)
        for name, (address, size, theme, language) in PICTURES.items():
            width, height = SIZES[size]
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            context.add_cookies([{"name": "zhike_language", "value": LANGUAGES[language], "url": base}])
            page.goto(base + (most_frequent(page, base) if address == "FILE" else address))
            page.wait_for_load_state("networkidle")
            print(f"{name:14}{kept(name, page.screenshot()):>8,} bytes")
        browser.close()


def most_frequent(page: Page, base: str) -> str:
    """The address of the customer with the most orders."""
    page.goto(f"{base}/customers/?sort=-orders")
    return page.locator("a.main-cell").first.get_attribute("href") or "/customers/"


def kept(name: str, png: bytes) -> int:
    """Write the picture with as many colours as its size allows; returns its bytes."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    file = FOLDER / f"{name}.png"
    for colours in (256, 128, 64, 32):
        picture.quantize(colours, dither=Image.Dither.NONE).save(file, optimize=True)
        if file.stat().st_size <= MOST_BYTES:
            return file.stat().st_size
    raise SystemExit(f"{file} does not fit into {MOST_BYTES:,} bytes")


if __name__ == "__main__":
    take(*sys.argv[1:4])
