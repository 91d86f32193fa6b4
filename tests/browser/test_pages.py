"""Every page of the rail, as the newcomer meets it: an empty shop, both themes, both sizes, nothing broken anywhere."""

import re

import pytest
from django.test import RequestFactory

from tests import proofs
from tests.browser.axe import violations, ways_for
from tests.browser.conftest import BOTH_WAYS, both_ways
from tests.browser.pseudo import pseudo_language, untranslated
from zhike.secure import queries
from zhike.secure.models import Role
from zhike.ui import frame

pytestmark = pytest.mark.django_db(transaction=True)

# Words that are names in every language, and the cast.
NAMES = (
    "知客老板",
    "知客",
    "简体中文",
    "English",
    "owner@zhike.example",
    "Zhike",
    "Shopify",
    "WooCommerce",
    "Ctrl K",
    "Ctrl",
    "RFM",
    "CSV",
    "Word",
    "Excel",
    "UTF-8",
    "GBK",
)


def _addresses(staff) -> list[str]:
    """Where the rail leads this person, in its order."""
    request = RequestFactory().get("/nowhere/")
    links = frame.nav_links(request, queries.viewer_of(staff))
    found = [link.url for top in links for link in (top, *top.children)]
    return list(dict.fromkeys(found))


def test_every_page_of_the_rail_pleases_axe_and_fits_the_screen(stroll, shoot, owner, assets):
    wrong, looks = [], 0
    symbols = set(re.findall(r'<symbol id="([^"]+)"', (assets / "ui" / "icons.svg").read_text(encoding="utf-8")))
    for address in _addresses(owner):
        page = stroll(address, by=owner, checked=True)
        for size, theme in both_ways(page, ways_for(address, BOTH_WAYS)):
            place = f"{address} {size} {theme}"
            shoot(page, f"page{address.replace('/', '-')}{size}-{theme}")
            looks += 1
            wrong += [f"{place}: {v}" for v in violations(page)]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wrong.append(f"{place}: wider than the screen")
        drawn = page.evaluate("[...document.querySelectorAll('use')].map((u) => u.getAttribute('href').split('#')[1])")
        wrong += [f"{address}: no icon {name}" for name in sorted(set(drawn) - symbols)]
    assert wrong == [], "\n".join(wrong)
    proofs.note("Pages of the rail held to axe", pages=len(_addresses(owner)), looks=looks, violations=0)


def test_every_word_of_every_page_of_the_rail_is_translated(stroll, owner):
    wrong = []
    # Names of roles are the shop's own words: kept per language in the database, not in the catalogue.
    roles = sorted(
        (str(word) for row in Role.objects.values_list("name_en", "name_zh") for word in row), key=len, reverse=True
    )
    with pseudo_language():
        for address in _addresses(owner):
            page = stroll(address, by=owner, language="en")
            wrong += [f"{address}: {text}" for text in untranslated(page, content=(*roles, *NAMES))]
    assert wrong == [], "\n".join(wrong)
