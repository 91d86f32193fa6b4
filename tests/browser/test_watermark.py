"""The watermark lies over pages with personal data: seen in both themes and on paper, in nobody's way."""

from typing import Any

import pytest

from tests.cast import hire

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_watermark_is_drawn_and_lets_every_click_through(visit: Any, shoot: Any, theme: str) -> None:
    page = visit("/security/audit/", by=hire("owner"), theme=theme)
    mark = page.locator("img.watermark")
    assert mark.evaluate("e => e.complete && e.naturalWidth > 0 && e.getBoundingClientRect().width >= innerWidth")
    assert mark.evaluate("e => getComputedStyle(e).pointerEvents") == "none"
    assert page.evaluate("() => document.elementFromPoint(innerWidth / 2, innerHeight / 2).className") != "watermark"
    shoot(page, f"watermark-{theme}")
    page.emulate_media(media="print")
    assert mark.evaluate("e => getComputedStyle(e).display") != "none"
