"""The links of the documentation as they are written; the site that is built of it is looked at by `make prove`."""

import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote

from tests.architecture.source import ROOT

_FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`\n]+`")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEAD = re.compile(r"^#+\s+(.*?)\s*$", re.MULTILINE)
_NAMED = re.compile(r"^\(([\w-]+)\)=|<a (?:id|name)=\"([^\"]+)\"", re.MULTILINE)


@cache
def _text(page: Path) -> str:
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


@cache
def _places(page: Path) -> set[str]:
    """Where one can jump to in a page: its headings, said as addresses, and the places it names itself."""
    heads = (re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", head).replace("`", "") for head in _HEAD.findall(_text(page)))
    said = {re.sub(r"[^\w\u4e00-\u9fff\- ]", "", head.strip().lower().replace(" ", "-")) for head in heads}
    return said | {name for pair in _NAMED.findall(_text(page)) for name in pair if name}


def test_every_link_of_the_documentation_leads_to_a_file_and_a_heading_that_exist() -> None:
    pages = sorted((ROOT / "docs").rglob("*.md"))
    assert len(pages) > 50
    dead = []
    for page in pages:
        for address in _LINK.findall(_CODE.sub("", _text(page))):
            if re.match(r"[a-z]+:", address):
                continue
            target, _, place = address.partition("#")
            file = (page.parent / unquote(target)).resolve() if target else page
            if not file.exists() or (place and file.suffix == ".md" and unquote(place) not in _places(file)):
                dead.append(f"{page.relative_to(ROOT)}: {address}")
    assert dead == []
