"""Products together, recommended and needed again on the screen: the pages fit, please axe, and open their customers."""

import shutil
from typing import Any

import pytest

from tests.analyze.test_association_run import tea_house
from tests.analyze.test_paths_run import visited_shop
from tests.analyze.test_portrait_run import painted_shop
from tests.analyze.test_recommendation_run import two_tastes
from tests.analyze.test_replenishment_run import thirsty_shop
from tests.analyze.test_rfm_run import AS_OF
from tests.browser.axe import violations, ways_for
from tests.browser.conftest import turn
from zhike.analyze import actions as analyze
from zhike.analyze import association_page, queries, snapshot
from zhike.analyze.measure_parameters import MeasureParameters
from zhike.customers.actions import segments
from zhike.kit import jobs
from zhike.secure.records import LOCAL_OPERATOR as ME

pytestmark = pytest.mark.django_db(transaction=True)
_LOOKS = (("wide", "light", "zh"), ("small", "dark", "zh"), ("wide", "dark", "en"))


@pytest.fixture(autouse=True)
def _shop() -> Any:
    yield
    shutil.rmtree(snapshot.lake_folder(), ignore_errors=True)


def looked_at(stroll, shoot, owner, run, addresses):
    """What is wrong on any of the pages, in the size, theme and language whose turn it is."""
    wrong = []
    for address in addresses:
        name = "".join(c if c.isalnum() else "-" for c in address.split("?")[0].replace(run.public_id, ""))
        for size, theme, language in ways_for(name, _LOOKS):
            page = stroll(address, by=owner, language=language, checked=True)
            turn(page, size, theme)
            shoot(page, f"goods{name}-{size}-{theme}", whole=True)
            wrong += [f"{address} {size}: {v}" for v in violations(page)]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wrong.append(f"{address} {size}: wider than the screen")
    return wrong


def analyzed(kind, **asked):
    run = analyze.request_measure(kind, MeasureParameters(**asked), as_of=AS_OF, by=ME)
    jobs.run_pending()
    return queries.run(run.public_id)


def test_the_pages_of_products_together_please_axe_and_fit_the_screen(stroll, shoot, owner):
    tea_house()
    run = analyzed("association")
    people = f"/insight/association/{run.public_id}/1/people/?who=lacking"
    wrong = looked_at(
        stroll, shoot, owner, run, ("/insight/association/", people, "/insight/measures/association/new/")
    )
    assert wrong == [], "\n".join(wrong)


_COVERED = """() => {
  const names = [...document.querySelectorAll('[data-chart="net"] svg text')].map((t) => [t.textContent, t.getBoundingClientRect()]);
  const covered = names.flatMap(([one, a], n) => names.slice(n + 1)
    .filter(([, b]) => a.left < b.right && b.left < a.right && a.top < b.bottom - 2 && b.top < a.bottom - 2)
    .map(([other]) => one + ' and ' + other));
  return [names.length, covered];
}"""


def test_no_name_in_the_net_of_products_covers_another_on_a_telephone(visit, owner, monkeypatch):
    tea_house()
    analyzed("association")
    usual = association_page.net_chart
    crowd = [(0.5 + n % 4 * 0.05, 0.5 + n // 4 * 0.03) for n in range(12)]

    def crowded(*given, **named):
        told = usual(*given, **named)
        points = [
            {"at": list(at), "name": f"明前龙井 特级 {n}", "text": "", "size": 12 + n} for n, at in enumerate(crowd)
        ]
        return {**told, "points": points, "links": []}

    monkeypatch.setattr(association_page, "net_chart", crowded)
    page = visit("/insight/association/", by=owner, size="small")
    page.locator("[data-chart='net'][data-drawn]").wait_for()
    told, covered = page.evaluate(_COVERED)
    assert 1 < told < len(crowd) and covered == []


def test_the_pages_of_recommendations_please_axe_and_fit_the_screen(stroll, shoot, owner):
    two_tastes()
    run = analyzed("recommendation")
    people = f"/insight/recommendation/{run.public_id}/{run.counts['products'][0]['product_id']}/"
    wrong = looked_at(stroll, shoot, owner, run, ("/insight/recommendation/", people))
    assert wrong == [], "\n".join(wrong)


def test_the_pages_of_needs_please_axe_and_fit_the_screen(stroll, shoot, owner):
    thirsty_shop(times=8)
    run = analyzed("replenishment")
    wrong = looked_at(stroll, shoot, owner, run, ("/insight/replenishment/", "/insight/lists/need_soon/"))
    assert wrong == [], "\n".join(wrong)


def test_the_pages_of_portraits_please_axe_and_fit_the_screen(visit, shoot, owner):
    people = painted_shop()
    run = analyzed("portrait")
    group = f"/insight/portrait/{run.public_id}/people/?group={run.counts['groups'][0]['code']}"
    # c… is the file of a customer who orders at night: what is guessed of them is fetched after the file stands.
    pages = ("/insight/portrait/", group, "/insight/measures/portrait/new/", f"/customers/c{people['owls'][0]}/")
    wrong = looked_at(visit, shoot, owner, run, pages)
    assert wrong == [], "\n".join(wrong)


def test_the_page_of_look_alikes_pleases_axe_and_fits_the_screen(visit, shoot, owner):
    painted_shop()
    rule = {"version": 1, "rule": {"on": "city", "is": "any_of", "value": ["宁波"]}}
    segment, _ = segments.make_segment("宁波", rule, by=ME, sharing="all")
    jobs.run_pending()
    run = analyzed("lookalike", segment=segment)
    wrong = looked_at(visit, shoot, owner, run, ("/insight/lookalike/", "/insight/measures/lookalike/new/"))
    assert wrong == [], "\n".join(wrong)


def test_the_pages_of_paths_please_axe_and_fit_the_screen(stroll, shoot, owner):
    visited_shop(times=12)
    run = analyzed("paths")
    people = f"/insight/paths/{run.public_id}/people/?left=basket"
    wrong = looked_at(stroll, shoot, owner, run, ("/insight/paths/", people, "/insight/measures/paths/new/"))
    assert wrong == [], "\n".join(wrong)
