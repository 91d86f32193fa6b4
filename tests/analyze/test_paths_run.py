"""Paths and abandonment from rows of visits: figures counted by hand, on the page, the file, the API, in segments."""

import datetime as dt

import pytest
from django.urls import reverse

from tests.analyze.shop_rows import Shop
from tests.analyze.test_measures_run import measured, stored
from tests.analyze.test_rfm_run import AS_OF, _own_home  # noqa: F401  (the fixture)
from tests.api.program import program
from tests.cast import hire, signed_in
from zhike.analyze import queries
from zhike.analyze.measure_parameters import MeasureParameters
from zhike.analyze.parameters import ParametersRefused
from zhike.analyze.segments import reasons
from zhike.collect import actions as collect
from zhike.collect.models import Visitor
from zhike.collect.records import TrackedStatement
from zhike.customers.actions import segments as acts
from zhike.customers.models import Customer, Metric, SourceRecord
from zhike.customers.queries import segments as segments_asked
from zhike.kit import changes, jobs
from zhike.secure import queries as rights
from zhike.secure.records import LOCAL_OPERATOR

pytestmark = [pytest.mark.django_db(transaction=True)]
NOON = dt.datetime.combine(AS_OF - dt.timedelta(days=3), dt.time(4), dt.UTC)
WAYS = {
    "bought": [("page", "/", ""), ("page", "/tea/1", "product"), ("page", "/cart", "basket"), ("track", "", "chat"),
               ("page", "/pay", "checkout"), ("track", "", "order")],
    "left": [("page", "/", ""), ("page", "/tea/2", "product"), ("page", "/cart", "basket")],
    "looked": [("page", "/", "")],
}  # fmt: skip


def visited_shop(times=1):
    """Two customers and three unknown visitors: one bought after a chat, three left a basket, one looked at one page.

    `times`: so many sets of five visitors, of which the first alone knows customers."""
    from django.db import transaction

    shop = Shop()
    people = shop.customers(2)
    source = SourceRecord.objects.get(customer_id=people[0]).source_id
    acts, row = [], 0
    ways = ["bought", "left", "left", "left", "looked"] * times
    for number, way in enumerate(ways):
        for minute, (kind, path, mark) in enumerate(WAYS[way]):
            row += 1
            section = f"/{path.strip('/').partition('/')[0]}" if path else ""
            at = NOON + dt.timedelta(minutes=minute)
            entry = "search" if not minute and way == "bought" else ""
            acts.append(
                TrackedStatement(row, f"m{row}", f"v{number}", None, at, kind, mark, path, "", section, entry, "", mark)
            )
    collect.record_tracked(collect.prepare_tracked(source, acts, run_id=1))
    with transaction.atomic():
        seq = changes.next_seq()
        for visitor, person in zip(Visitor.objects.order_by("id")[:2], people, strict=True):
            visitor.source_record_id = SourceRecord.objects.get(customer_id=person).id
            visitor.change_seq = seq
            visitor.save()
    return people, dict(Customer.objects.filter(id__in=people).values_list("id", "number"))


@pytest.mark.both_databases
def test_figures_equal_those_counted_by_hand_and_open_their_customers():
    people, numbers = visited_shop()
    run = measured("paths")
    counts = run.counts
    assert (counts["sessions"], counts["visitors"], counts["customers"], counts["one_page"]) == (5, 5, 2, 1)
    told = [(row["sessions"], row["gave_up"], row["rate"]) for row in counts["steps"]]
    assert told == [(4, 0, 0.0), (4, 3, 0.75), (1, 0, 0.0), (1, 0, None)]
    assert counts["begun"] == [{"what": "basket", "sessions": 4, "finished": 1, "open": 0, "customers": 2}]
    assert {row["entry"]: row["sessions"] for row in counts["entries"]} == {"direct": 4, "search": 1}
    assert counts["ways"][0] == {"page_1": "/", "page_2": "/tea/*", "page_3": "/cart", "times": 4, "sessions": 4}
    chatted = next(row for row in counts["help"] if (row["step"], row["help"]) == (2, "chat"))
    assert (chatted["with_all"], chatted["with_on"], chatted["without_all"], chatted["without_on"]) == (1, 1, 3, 0)
    rows = {row["number"]: row for row in stored(run)}
    assert (rows[numbers[people[0]]]["step"], rows[numbers[people[0]]]["basket_left"]) == (4, None)
    left = rows[numbers[people[1]]]
    assert (left["step"], left["stopped_at"], left["visits_30"]) == (2, 2, 1)
    assert left["basket_left"] == left["last_visit"] == (AS_OF - dt.timedelta(days=3)).isoformat()
    assert Metric.objects.filter(family="paths").count() == 2

    client = signed_in(hire("operator"))
    page = client.get(reverse("analyze:paths")).content.decode()
    behind = reverse("analyze:paths_people", args=[run.public_id])
    for asked, count in (
        ("left=basket", 1),
        ("step=4", 1),
        ("step=1", 2),
        ("stopped=2", 1),
        ("left=queue", 0),
        ("", 2),
    ):
        assert client.get(f"{behind}?{asked}").content.decode().count("data-row") == count, asked
    assert f"{behind}?left=basket" in page
    for wrong in ("step=9", "step=x", "stopped=0", "left=nonsense"):
        assert client.get(f"{behind}?{wrong}").status_code == 404
    assert "basket_left=known" in page
    draft = client.get(f"{reverse('analyze:segment_new')}?basket_left=known")
    assert draft.status_code == 200
    for facet in ("last_visit", "visits_30", "basket_left"):
        assert segments_asked.facet(facet) is not None


def test_a_program_reads_the_figures_and_the_trajectory_of_one_customer():
    people, numbers = visited_shop()
    run = measured("paths")
    asks = program("owner")
    told = asks.get("paths").json()
    assert (told["run"], told["sessions"], told["steps"][1]["gave_up"]) == (run.public_id, 5, 3)
    (visit,) = asks.get(f"customers/{numbers[people[1]]}/visits").json()["items"]
    assert [step["label"] for step in visit["steps"]] == ["/", "/tea/2", "/cart"]
    assert asks.get("customers/nobody/visits").status_code == 404


def test_who_may_not_see_visits_opens_no_customers_by_them(monkeypatch):
    visited_shop()
    run = measured("paths")
    real = rights.sight
    monkeypatch.setattr(rights, "sight", lambda viewer, field: "hidden" if field == "visits" else real(viewer, field))
    client = signed_in(hire("operator"))
    behind = reverse("analyze:paths_people", args=[run.public_id])
    assert behind not in client.get(reverse("analyze:paths")).content.decode()
    assert client.get(behind).status_code == 404


def test_a_shop_without_visits_has_a_page_that_says_so():
    Shop().customers(2)
    run = measured("paths")
    assert run.state == "empty"
    assert signed_in(hire("operator")).get(reverse("analyze:paths")).status_code == 200


def test_the_form_asks_for_steps_says_which_line_is_none_and_runs_with_them():
    visited_shop()
    client = signed_in(hire("operator"))
    address = reverse("analyze:new_measure", args=["paths"])
    form = {"as_of": AS_OF.isoformat(), "span": "days_365", "steps": "Cart = page /cart\npage /pay*"}
    assert client.post(address, {**form, "steps": "basket\nbuy"}).status_code == 422
    with pytest.raises(ParametersRefused):
        MeasureParameters(steps="basket")
    assert client.post(address, form).status_code == 302
    jobs.run_pending()
    run = queries.latest_run("paths")
    assert run is not None
    assert [(row["label"], row["sessions"]) for row in run.counts["steps"]] == [("Cart", 4), ("/pay*", 1)]
    assert "Cart" in client.get(reverse("analyze:paths")).content.decode()


def test_help_is_compared_where_both_sides_are_enough_and_the_page_says_it_is_no_experiment():
    visited_shop(times=12)
    measured("paths")
    page = signed_in(hire("operator")).get(reverse("analyze:paths")).content.decode()
    assert "+100.0" in page  # twelve chatted and all went on, thirty-six did not and none did
    assert "这不是实验" in page


def test_a_segment_asks_for_baskets_left_and_why_tells_the_day_it_saw():
    people, _numbers = visited_shop()
    measured("paths")
    rule = {"version": 1, "rule": {"all": [
        {"on": "basket_left", "is": "known"}, {"on": "visits_30", "is": "at_least", "value": 1},
    ]}}  # fmt: skip
    public_id, _ = acts.make_segment("Left a basket", rule, by=LOCAL_OPERATOR)
    jobs.run_pending()
    facts = segments_asked.segment(LOCAL_OPERATOR, public_id)
    assert (facts.member_count, facts.base_count) == (1, 2)
    told = reasons.explain(LOCAL_OPERATOR, facts, people[1])
    assert told.is_member
    assert not reasons.explain(LOCAL_OPERATOR, facts, people[0]).is_member
