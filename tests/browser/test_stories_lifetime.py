"""Lifetime value and retention on the screen: every page fits, pleases axe, and opens its customers."""

import shutil
from typing import Any

import pytest

from tests.analyze.test_lifetime_run import returning_shop
from tests.analyze.test_rfm_run import AS_OF
from tests.browser.axe import violations, ways_for
from tests.browser.conftest import BOTH_WAYS, turn
from zhike.analyze import actions as analyze
from zhike.analyze import snapshot
from zhike.analyze.measure_parameters import MeasureParameters
from zhike.kit import jobs
from zhike.secure.records import LOCAL_OPERATOR as ME

pytestmark = pytest.mark.django_db(transaction=True)
_LOOKS = (("zh", *BOTH_WAYS[0]), ("zh", *BOTH_WAYS[1]), ("en", "wide", "dark"))


@pytest.fixture(autouse=True)
def _shop() -> Any:
    yield
    shutil.rmtree(snapshot.lake_folder(), ignore_errors=True)


def test_the_pages_of_lifetime_value_and_retention_please_axe_and_fit_the_screen(stroll, shoot, owner):
    returning_shop(people=420)
    runs = {
        kind: analyze.request_measure(kind, MeasureParameters(horizon="days_90"), as_of=AS_OF, by=ME)
        for kind in ("lifetime", "retention")
    }
    jobs.run_pending()
    wrong = []
    for address in (
        "/insight/lifetime/", f"/insight/lifetime/{runs['lifetime'].public_id}/people/", "/insight/measures/lifetime/new/",
        "/insight/retention/", f"/insight/retention/{runs['retention'].public_id}/people/?level=high",
    ):  # fmt: skip
        name = "".join(c if c.isalnum() else "-" for c in address.split("?")[0].replace(runs["lifetime"].public_id, ""))
        for language, size, theme in ways_for(name, _LOOKS):
            page = stroll(address, by=owner, language=language, checked=True)
            turn(page, size, theme)
            shoot(page, f"value{name}-{size}-{theme}", whole=True)
            wrong += [f"{address} {size}: {v}" for v in violations(page)]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wrong.append(f"{address} {size}: wider than the screen")
    assert wrong == [], "\n".join(wrong)
