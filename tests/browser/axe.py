"""Holds a page to WCAG 2.2 AA with axe-core, which lies among the front-end packages."""

from typing import Any

from playwright.sync_api import Page

from zhike.ui.build.places import NODE_MODULES

_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


# Nothing is preloaded: that is for rules about films and about style sheets, of which none is among these.
_RUN = """([tags, within]) => axe.run(within || document,
    {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations'], preload: false})"""


def violations(page: Page, *, without: tuple[str, ...] = (), within: str = "") -> list[str]:
    """What axe finds wrong, one line a rule with the first places; `page` must be visited with checked=True.

    `within` is the selector of a part: what opened over a page that was looked at whole before.
    """
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate((NODE_MODULES / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate(_RUN, [_RULES, within])
    return [
        f"{v['id']}: {v['help']} at {[' '.join(n['target']) + ' ' + (n['any'][0]['message'] if n['any'] else '') for n in v['nodes'][:3]]}"
        for v in found["violations"]
        if v["id"] not in without
    ]


def no_axe_violations(page: Page, *, without: tuple[str, ...] = ()) -> None:
    """Fail with every rule broken on the page."""
    assert violations(page, without=without) == []
