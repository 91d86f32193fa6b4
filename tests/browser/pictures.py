"""The pictures of the documentation, taken from a demo shop that runs.

`make pictures` makes a demo shop in a scratch folder, serves it, and writes docs/screenshots/*.png: eight small files, the same
pages in the same sizes each time. With an address, an e-mail and a password it takes them from a shop that runs already; it
must be a demo shop: nobody in the pictures exists.
"""

import io
import os
import secrets
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def demo_shop() -> Iterator[tuple[str, str, str]]:
    """A demo shop of its own that runs: address, e-mail, password."""
    email, password = "owner@example.com", secrets.token_urlsafe(12)
    with tempfile.TemporaryDirectory(prefix="zhike-pictures-") as home, socket.socket() as probe:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("ZHIKE_")}
        environment = {**kept, "ZHIKE_HOME": home}
        zhike = [sys.executable, "-m", "zhike"]
        init = [*zhike, "init", "--email", email, "--name", "知客老板", "--password-stdin", "--shop", "知客小店"]
        subprocess.run(init, env=environment, input=password + "\n", text=True, check=True)
        subprocess.run([*zhike, "demo"], env=environment, check=True, stdout=subprocess.DEVNULL)
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        server = subprocess.Popen([*zhike, "serve", "--port", str(port)], env=environment, stdout=subprocess.PIPE)
        try:
            assert server.stdout is not None
            while b"127.0.0.1" not in (line := server.stdout.readline()):
                if not line:
                    raise SystemExit("the demo shop does not start")
            yield f"http://127.0.0.1:{port}", email, password
        finally:
            server.terminate()
            server.wait(timeout=60)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        take(*sys.argv[1:4])
    else:
        with demo_shop() as running:
            take(*running)
