"""What people see of segments: the builder part by part, refusals at their place, growth, reasons on the file, the register."""

import datetime as dt
import json
import re

import pytest
from click.testing import CliRunner

from tests.analyze.shop_rows import Shop
from zhike.cli import zhike
from zhike.customers.actions import segments as acts
from zhike.customers.models import Customer
from zhike.customers.queries import segments as asked
from zhike.kit import clock, jobs
from zhike.kit import home as home_folder
from zhike.kit.installation import set_up
from zhike.secure.models import AuditEvent
from zhike.secure.records import LOCAL_OPERATOR
from zhike.secure.vault import roots

pytestmark = [pytest.mark.django_db(transaction=True)]

NOW = dt.datetime(2026, 6, 30, 4, 0, tzinfo=dt.UTC)
CITY = {"version": 1, "rule": {"on": "city", "is": "any_of", "value": ["宁波"]}}
EN = {"HTTP_ACCEPT_LANGUAGE": "en"}
FORM = {"joint:": "all", "on:0": "city", "is:0": "any_of", "words:0": "宁波，杭州", "sharing": "own", "note": ""}


@pytest.fixture(autouse=True)
def _own_home(tmp_path, monkeypatch):
    monkeypatch.setattr(home_folder, "home", lambda: tmp_path)
    monkeypatch.setenv("ZHIKE_HOME", str(tmp_path))
    roots.setup()
    set_up(name="Shop", time_zone="Asia/Shanghai", currency="CNY")
    with clock.freeze(NOW):
        yield


def words(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def test_a_segment_is_built_saved_counted_and_opened(as_owner):
    people = Shop().customers(3, city="宁波")
    Shop(next_id=2_000_001).customers(2, city="上海")
    assert "No segments yet" in words(as_owner.get("/insight/segments/", **EN))
    saved = as_owner.post("/insight/segments/new/", {**FORM, "name": "江浙"})
    address = saved.headers["Location"]
    assert "Waits for its count" in words(as_owner.get(address, **EN))
    jobs.run_pending()
    page = words(as_owner.get(address, **EN))
    assert "City is one of 宁波, 杭州" in page
    (facts,) = asked.segments(LOCAL_OPERATOR)
    assert facts.member_count == 3
    register = as_owner.get(f"/customers/?segment={facts.public_id}", **EN)
    assert "江浙" in words(register)
    numbers = set(Customer.objects.filter(id__in=people).values_list("number", flat=True))
    assert numbers <= set(re.findall(r"K\d+", words(register)))
    assert AuditEvent.objects.filter(action="segment.made").count() == 1


def test_parts_come_and_go_and_keep_what_was_typed(as_owner):
    grown = as_owner.post("/insight/segments/shape/", {**FORM, "do": "group:"}, headers={"HX-Request": "true"})
    page = grown.content.decode()
    assert 'name="joint:1"' in page
    assert re.search(r'name="on:1.0" autofocus', page)  # the keyboard goes on where the new part is
    assert 'value="宁波，杭州"' in page
    form = {
        **FORM,
        "joint:1": "any",
        "on:1.0": "bought_orders",
        "is:1.0": "at_least",
        "low:1.0": "2",
        "when:1.0": "last_days",
    }
    less = as_owner.post(
        "/insight/segments/shape/", {**form, "do": "remove:0"}, headers={"HX-Request": "true"}
    ).content.decode()
    assert 'name="low:0.0" value="2"' in less
    assert 'name="days:0.0"' in less
    assert "宁波" not in less


def test_without_scripts_the_buttons_draw_the_page_anew(as_owner):
    page = as_owner.post("/insight/segments/new/", {**FORM, "name": "江浙", "do": "add:"}).content.decode()
    assert 'name="on:1"' in page
    assert 'value="江浙"' in page
    assert asked.segments(LOCAL_OPERATOR) == []


def test_what_does_not_fit_is_said_at_its_place(as_owner):
    form = {**FORM, "name": "x", "on:1": "net_amount", "is:1": "at_least", "low:1": "many"}
    refused = as_owner.post("/insight/segments/new/", form, **EN)
    assert refused.status_code == 422
    assert refused.content.decode().count("Write a number.") == 2
    empty = as_owner.post("/insight/segments/new/", {"joint:": "all", "name": "x"}, **EN)
    assert "A group needs at least one condition." in words(empty)
    assert "Give the segment a name." in words(as_owner.post("/insight/segments/new/", FORM, **EN))


def test_every_stored_rule_comes_back_through_the_form(as_owner):
    rule = {
        "any": [
            {"on": "bought_amount", "is": "between", "value": [5050, 100000],
             "where": {"window": {"this": "year"}, "skus": ["A1", "B2"], "brands": ["象印"]}},
            {"none": [{"on": "last_order", "is": "before", "value": {"last_days": 90}}, {"on": "has_phone", "is": "yes"}]},
            {"on": "created", "is": "within", "value": {"from": "2026-01-01"}},
        ]
    }  # fmt: skip
    public_id, _ = acts.make_segment("all of it", {"version": 1, "rule": rule}, by=LOCAL_OPERATOR, sharing="all")
    page = as_owner.get(f"/insight/segments/{public_id}/edit/").content.decode()
    form = dict(re.findall(r'<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"', page))
    for name, options in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        form[name] = chosen[1] if chosen else ""
    saved = as_owner.post(f"/insight/segments/{public_id}/edit/", {**form, "do": "", "name": "renamed"})
    assert saved.status_code == 302
    facts = asked.segment(LOCAL_OPERATOR, public_id)
    assert facts.name == "renamed"
    assert asked.write_rule(facts.rule)["rule"] == rule


def test_the_slower_of_two_learns_that_somebody_changed_it(as_owner):
    public_id, _ = acts.make_segment("first", CITY, by=LOCAL_OPERATOR, sharing="all")
    acts.change_segment(public_id, 1, name="second", rule=CITY, sharing="all", by=LOCAL_OPERATOR)
    late = as_owner.post(f"/insight/segments/{public_id}/edit/", {**FORM, "name": "third", "revision": "1"}, **EN)
    assert late.status_code == 422
    assert "Somebody else changed this segment" in words(late)


def test_growth_and_who_came_and_left_are_told(as_owner):
    shop = Shop()
    first, second = shop.customers(2, city="宁波")
    public_id, _ = acts.make_segment("宁波", CITY, by=LOCAL_OPERATOR, sharing="all")
    jobs.run_pending()
    with clock.freeze(NOW + dt.timedelta(days=1)):
        shop.change("customers_customercard", first, city="杭州")
        as_owner.post(f"/insight/segments/{public_id}/count/")
        jobs.run_pending()
        page = as_owner.get(f"/insight/segments/{public_id}/", **EN)
        assert "Size over time" in words(page)
        link = re.search(r'href="([^"]+/left/)"', page.content.decode())[1]
        left = words(as_owner.get(link, **EN))
    assert str(first) in left
    assert str(second) not in left


def test_a_file_tells_its_segments_and_why(as_owner, as_agent):
    (ann,) = Shop().customers(1, city="宁波")
    public_id, _ = acts.make_segment("宁波", CITY, by=LOCAL_OPERATOR, sharing="all")
    assert "has not been counted yet" in words(
        as_owner.get(f"/insight/segments/of/c{ann}/why/?segment={public_id}", **EN)
    )
    jobs.run_pending()
    assert "宁波" in words(as_owner.get(f"/insight/segments/of/c{ann}/", **EN))
    told = words(as_agent.get(f"/insight/segments/of/c{ann}/why/?segment={public_id}", **EN))
    assert "In the segment" in told
    assert "City is one of 宁波 (宁波)" in told
    assert as_owner.get(f"/insight/segments/of/c{ann}/why/?segment=nosuch").status_code == 404


def test_who_may_not_build_is_refused_and_strangers_see_nothing(as_agent, as_officer, client):
    public_id, _ = acts.make_segment("mine", CITY, by=LOCAL_OPERATOR)
    for address in ("new/", "shape/", "count/", f"{public_id}/edit/", f"{public_id}/remove/", f"{public_id}/count/"):
        assert as_agent.post(f"/insight/segments/{address}", FORM).status_code == 403
    assert as_agent.get(f"/insight/segments/{public_id}/").status_code == 404
    assert as_officer.get("/insight/segments/").status_code == 403
    assert client.get("/insight/segments/").status_code == 302


def test_the_command_line_lists_counts_and_explains():
    (ann,) = Shop().customers(1, city="宁波")
    acts.make_segment("宁波客", CITY, by=LOCAL_OPERATOR)

    def run(*words):
        return CliRunner().invoke(zhike, words)

    counted = json.loads(run("segment", "count", "宁波客", "--json").output)
    assert (counted["members"], counted["base"], counted["came"]) == (1, 1, 1)
    assert json.loads(run("segment", "list", "--json").output)["segments"][0]["name"] == "宁波客"
    assert json.loads(run("segment", "members", "宁波客", "--json").output)["members"] == [f"K{ann}"]
    for told in (
        run("segment", "why", f"c{ann}", "宁波客", "--json"),
        run("why", f"c{ann}", "--segment", "宁波客", "--json"),
    ):
        reason = json.loads(told.output)
        assert reason["is_member"] is True
        assert reason["reason"]["value"] == "宁波"
    assert run("segment", "why", f"c{ann}", "nosuch").exit_code == 3
    assert AuditEvent.objects.filter(action="export").count() == 1
