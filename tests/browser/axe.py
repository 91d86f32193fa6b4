"""Holds a page to WCAG 2.2 AA with axe-core, which lies among the front-end packages.

A walk over many pages opens each in one way of looking, whose turn its name decides (`in_turn`); `make prove` in all.
"""

import os
import zlib
from collections.abc import Sequence
from functools import cache
from typing import Any

import pytest
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
    """Whether the page of that name is looked at in this of its ways: in one of them always, and the same in every run."""
    return EVERY_WAY or ways[zlib.crc32(name.encode()) % len(ways)] == way


def ways_for(name: str, ways: tuple[Any, ...]) -> tuple[Any, ...]:
    """The ways in which the page of that name is looked at."""
    return tuple(way for way in ways if in_turn(name, way, ways))


def one_of(first: Any, *others: Any) -> list[Any]:
    """Ways for a story told in one of them: the first every time, the others by `make prove`."""
    return [first, *(pytest.param(*([way] if isinstance(way, str) else way), marks=pytest.mark.slow) for way in others)]


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
