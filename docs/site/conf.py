"""How docs/ becomes a site: Sphinx reads the Markdown as it is; the contents are taken from the index pages' own links.

Built twice by docs/site/build: once in English, once with Chinese around the Chinese pages; same pages, same addresses.
"""

import importlib.metadata
import re

from sphinx.application import Sphinx
from sphinx.search import SearchLanguage

project = "Zhike 知客"
author = "Zhike"
release = importlib.metadata.version("zhike")
extensions = ["myst_parser"]
root_doc = "README"
language = "en"
exclude_patterns = ["site"]
highlight_language = "none"
myst_heading_anchors = 4
# In either language the other one's pages stand in no table of contents.
suppress_warnings = ["toc.not_included"]

html_theme = "furo"
html_title = f"Zhike 知客 {release}"
html_search_language = "zhike"
html_copy_source = False
html_show_sphinx = False
html_theme_options = {
    "light_css_variables": {
        "font-stack": "system-ui, -apple-system, 'Segoe UI', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif",
        "color-brand-primary": "#0b6e6e",
        "color-brand-content": "#0b6e6e",
    },
    "dark_css_variables": {"color-brand-primary": "#5cc8c8", "color-brand-content": "#5cc8c8"},
}

_LINK = re.compile(r"\]\((?!https?:)([^)#]+)\.md\)")
_WORD = re.compile(r"[^\W_]+")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_BROKEN_LINE = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])\n(?=[\u3000-\u9fff\uff00-\uffef])")


class Search(SearchLanguage):
    """Words of Latin letters as they are, Chinese by pairs of characters: no dictionary needed, two characters suffice."""

    lang = "zhike"
    language_name = "Chinese and English"
    js_splitter_code = """
const splitQuery = (query) =>
  (query.match(/[\\u3400-\\u9fff]+|[^\\W_]+/gu) || []).flatMap((run) =>
    /[\\u3400-\\u9fff]/.test(run) && run.length > 2
      ? Array.from({ length: run.length - 1 }, (_, i) => run.slice(i, i + 2))
      : [run]);
"""

    def split(self, text: str) -> list[str]:
        """The terms of a text."""
        terms = [word for run in _WORD.findall(text) for word in _HAN.split(run) if word]
        for run in _HAN.findall(text):
            terms += [run[i : i + 2] for i in range(len(run) - 1)] or [run]
        return terms


def add_contents(app: Sphinx, name: str, source: list[str]) -> None:
    """Give the index pages the table of contents that their links already are."""
    folder = name.rpartition("/")[0]
    if name.startswith("zh/"):
        source[0] = _BROKEN_LINE.sub("", source[0])  # a browser would show a space there
    if name in ("README", "zh/README"):
        for line in source[0].splitlines():
            links = [link for link in _LINK.findall(line) if link != "zh/README"]
            if line.startswith("| ") and links:
                caption = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", line.split(" | ")[0].strip("| "))
                source[0] += _contents(caption, links)
    elif folder == "decisions" and name.endswith("README"):
        source[0] += _contents("", sorted(set(_LINK.findall(source[0]))))


def _contents(caption: str, links: list[str]) -> str:
    named = f":caption: {caption}\n" if caption else ""
    return f"\n```{{toctree}}\n:hidden:\n{named}\n" + "\n".join(dict.fromkeys(links)) + "\n```\n"


def setup(app: Sphinx) -> None:
    """Hear the pages being read; know how to search them."""
    app.connect("source-read", add_contents)
    app.add_search_language(Search)
