"""A language in which every translated message is fenced ⟦so⟧: what stands outside a fence was never translated."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.template import engines
from django.utils import translation
from playwright.sync_api import Page

from zhike.ui import frame

_NAMES = ("gettext", "ngettext", "pgettext", "npgettext")
_FENCED = re.compile(r"⟦[^⟦⟧]*(?:⟦[^⟦⟧]*⟧[^⟦⟧]*)*⟧")
# Every text a person can read or hear, except what the page marks as content (translate="no"), figures, and names of zones and currencies.
_COLLECT = """() => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) => {
    if (node.nodeType === 1) {
      if (node.matches('script, style, template, [translate=no], select[name=time_zone], select[name=currency], code, pre, kbd, time, .num')) return NodeFilter.FILTER_REJECT;
      for (const name of ['aria-label', 'title', 'placeholder', 'alt']) if (node.getAttribute(name)) found.push(node.getAttribute(name));
      return NodeFilter.FILTER_SKIP;
    }
    return NodeFilter.FILTER_ACCEPT;
  });
  while (walker.nextNode()) found.push(walker.currentNode.textContent);
  return found.map((text) => text.trim()).filter(Boolean);
}"""


@contextmanager
def pseudo_language() -> Iterator[None]:
    """While it lasts, each message comes fenced, from templates and from code."""
    trans: Any = translation._trans
    real = {name: getattr(trans, name) for name in _NAMES}

    def fenced(name: str) -> Any:
        return lambda *args: f"⟦{real[name](*args)}⟧"

    for name in _NAMES:
        setattr(trans, name, fenced(name))
    _forget_words()
    try:
        yield
    finally:
        for name in _NAMES:
            setattr(trans, name, real[name])
        _forget_words()


def _forget_words() -> None:
    """Templates and lists that were drawn with the words of before are drawn anew."""
    frame.forget()
    for loader in engines["django"].engine.template_loaders:
        loader.reset()


def untranslated(page: Page, *, content: tuple[str, ...] = ()) -> list[str]:
    """Texts with letters outside every fence; `content` are the story's own words (names, file names)."""
    left = []
    for text in page.evaluate(_COLLECT):
        rest = _FENCED.sub("", text)
        for word in content:
            rest = rest.replace(word, "")
        if re.search(r"[^\W\d_]", rest):
            left.append(text)
    return left
