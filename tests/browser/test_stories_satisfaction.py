"""Surveys, satisfaction and loyalty on the screen: every page fits and pleases axe, with answers in it."""

import shutil
from typing import Any

import pytest

from tests.analyze.test_lifetime_run import returning_shop
from tests.analyze.test_rfm_run import AS_OF
from tests.analyze.test_satisfaction_run import answered
from tests.browser.axe import violations, ways_for
from tests.browser.conftest import turn
from zhike.analyze import actions as analyze
from zhike.analyze import snapshot
from zhike.analyze.measure_parameters import MeasureParameters
from zhike.kit import jobs
from zhike.secure.records import LOCAL_OPERATOR as ME

pytestmark = pytest.mark.django_db(transaction=True)
_LOOKS = (("wide", "light", "zh"), ("small", "dark", "zh"), ("wide", "dark", "en"))


@pytest.fixture(autouse=True)
def _shop() -> Any:
    yield
    shutil.rmtree(snapshot.lake_folder(), ignore_errors=True)


def test_the_pages_of_surveys_satisfaction_and_loyalty_please_axe_and_fit_the_screen(stroll, shoot, owner):
    returning_shop(people=160)
    made, _run = answered()
    runs = {
        kind: analyze.request_measure(kind, MeasureParameters(), as_of=AS_OF, by=ME)
        for kind in ("satisfaction", "loyalty")
    }
    jobs.run_pending()
    wrong = []
    for name, address in (
        ("surveys", "/surveys/"),
        ("new", "/surveys/new/"),
        ("survey", f"/surveys/{made}/"),
        ("satisfaction", "/insight/satisfaction/"),
        ("content", f"/insight/satisfaction/{runs['satisfaction'].public_id}/people/?level=fair"),
        ("loyalty", "/insight/loyalty/"),
        ("cell", f"/insight/loyalty/{runs['loyalty'].public_id}/people/"),
    ):
        for size, theme, language in ways_for(name, _LOOKS):
            page = stroll(address, by=owner, language=language, checked=True)
            turn(page, size, theme)
            shoot(page, f"answers-{name}-{size}-{theme}", whole=True)
            wrong += [f"{address} {size}: {v}" for v in violations(page)]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wrong.append(f"{address} {size}: wider than the screen")
    assert wrong == [], "\n".join(wrong)
