"""Holds a page to WCAG 2.2 AA with axe-core, which lies among the front-end packages.

A walk over many pages holds each to it in one way of looking, whose turn its name decides (`in_turn`); `make prove` in all.
"""

import os
import zlib
from collections.abc import Sequence
from functools import cache
from typing import Any

from playwright.sync_api import Page

from zhike.ui.build.places import NODE_MODULES

EVERY_WAY = os.environ.get("ZHIKE_PROVE_LOOKS") == "all"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


# Nothing is preloaded: that is for rules about films and about style sheets, of which none is among these.
_RUN = """([tags, within]) => axe.run(within || document,
    {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations'], preload: false})"""


@cache
def _script() -> str:
    return (NODE_MODULES / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def in_turn(name: str, way: Any, ways: Sequence[Any]) -> bool:
    """Whether axe looks at the page of that name in this of its ways: one of them always does, and the same in every run.

    What every way must hold besides, that nothing is wider than the screen, costs little and is asked in each of them.
    """
    return EVERY_WAY or ways[zlib.crc32(name.encode()) % len(ways)] == way


def violations(page: Page, *, without: tuple[str, ...] = (), within: str = "") -> list[str]:
    """What axe finds wrong, one line a rule with the first places; `page` must be visited with checked=True.

    `within` is the selector of a part: what opened over a page that was looked at whole before.
    """
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(_script())
    found: dict[str, Any] = page.evaluate(_RUN, [_RULES, within])
    return [
        f"{v['id']}: {v['help']} at {[' '.join(n['target']) + ' ' + (n['any'][0]['message'] if n['any'] else '') for n in v['nodes'][:3]]}"
        for v in found["violations"]
        if v["id"] not in without
    ]


def no_axe_violations(page: Page, *, without: tuple[str, ...] = ()) -> None:
    """Fail with every rule broken on the page."""
    assert violations(page, without=without) == []
