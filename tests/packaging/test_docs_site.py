"""The documentation as a site: every link leads somewhere, nothing is loaded from elsewhere, both languages find their words."""

import re
import subprocess
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest

from tests.architecture.source import ROOT

pytestmark = pytest.mark.slow  # tests/packaging/test_docs_links.py looks at the links every time
LOADS = {"link": "href", "script": "src", "img": "src", "iframe": "src", "source": "src"}


class Links(HTMLParser):
    """What a page loads, where it leads, and the places one can jump to in it."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.leads: list[str] = []
        self.places: set[str] = set()
        self.language = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.places |= {given[name] or "" for name in ("id", "name") if name in given}
        if tag == "html":
            self.language = given.get("lang") or ""
        if tag == "link" and given.get("rel") in ("canonical", "index", "search", "next", "prev"):
            return
        if tag in LOADS and given.get(LOADS[tag]):
            self.loads.append(given[LOADS[tag]] or "")
        elif tag == "a" and given.get("href"):
            self.leads.append(given["href"] or "")


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    told = subprocess.run(["docs/site/build", str(folder)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    return folder


@cache
def read(page: Path) -> Links:
    links = Links()
    links.feed(page.read_text(encoding="utf-8"))
    return links


def test_every_link_of_every_page_leads_to_a_page_and_a_place_that_exist(site):
    dead = []
    for page in site.rglob("*.html"):
        for address in [*read(page).leads, *read(page).loads]:
            if re.match(r"[a-z]+:|#$", address):
                continue
            target, place = urldefrag(address)
            file = (page.parent / unquote(target.partition("?")[0])).resolve() if target else page
            file = file / "index.html" if file.is_dir() else file
            has_place = (
                not place or file.suffix != ".html" or unquote(place) in read(file).places if file.exists() else False
            )
            if not has_place:
                dead.append(f"{page.relative_to(site)} → {address}")
    assert dead == []


def test_nothing_is_loaded_from_elsewhere(site):
    foreign = [(p.name, a) for p in site.rglob("*.html") for a in read(p).loads if re.match(r"(https?:)?//", a)]
    assert foreign == []
    for sheet in site.rglob("*.css"):
        assert not re.search(r"url\(\s*['\"]?(https?:)?//|@import", sheet.read_text(encoding="utf-8")), sheet.name


def test_pages_say_which_language_they_are_in_and_have_their_contents_beside_them(site):
    english, chinese = site / "index.html", site / "zh" / "index.html"
    assert read(english).language == "en" and read(site / "how-to" / "watch.html").language == "en"
    assert read(chinese).language.lower().startswith("zh") and read(site / "zh/how-to/watch.html").language.startswith(
        "zh"
    )
    for index, wanted in ((english, "how-to/install.html"), (chinese, "how-to/install.html")):
        assert sum(wanted in lead for lead in read(index).leads) >= 2, "in the text and in the contents"
    assert "zh/README.html" in read(english).leads and "../README.html" in read(chinese).leads


def test_two_chinese_characters_are_enough_to_find_a_page(site):
    index = (site / "searchindex.js").read_text(encoding="utf-8")
    assert '"\\u5ba2\\u6237"' in index or '"客户"' in index
    assert "flatMap" in (site / "_static" / "language_data.js").read_text(encoding="utf-8")


def test_every_source_page_is_on_the_site(site):
    sources = [p.relative_to(ROOT / "docs").with_suffix(".html") for p in (ROOT / "docs").rglob("*.md")]
    assert [str(p) for p in sources if not (site / p).exists()] == []
