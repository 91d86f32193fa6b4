"""Methods of one's own: the worked example from its folder to pages, files, segments, command line and API; and bad ones."""

import datetime as dt
import json
import shutil
from pathlib import Path

import pytest
from django.urls import reverse

from tests.analyze.shop_rows import Shop
from tests.analyze.test_measures_run import stored
from tests.analyze.test_rfm_run import AS_OF, _own_home  # noqa: F401  (the fixture)
from tests.api.program import program
from tests.cast import hire, signed_in
from zhike.analyze import actions, checks, method_battery, methods, queries
from zhike.analyze.measure_parameters import MeasureParameters
from zhike.customers.models import Customer, Metric
from zhike.customers.queries import segments as segments_asked
from zhike.kit import jobs
from zhike.secure import queries as rights
from zhike.secure.records import LOCAL_OPERATOR

pytestmark = [pytest.mark.django_db(transaction=True)]
EXAMPLE = Path(__file__).parents[2] / "docs/examples/methods/weekend"


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """An installation with the example copied beside it, as the how-to says."""
    shutil.copytree(EXAMPLE, tmp_path / "weekend", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setenv(methods.SETTING, str(tmp_path))
    methods.forget()
    yield tmp_path
    methods.forget()


def shop_of_habits():
    """Ten who buy on Saturdays and ten who buy on Wednesdays, four orders each; five with one order, of whom nothing is said."""
    shop = Shop()
    people = shop.customers(25)
    saturday = AS_OF - dt.timedelta(days=(AS_OF.weekday() - 5) % 7 or 7)
    rows = []
    for place, person in enumerate(people):
        day = saturday if place < 10 else saturday - dt.timedelta(days=3)
        for week in range(4 if place < 20 else 1):
            at = dt.datetime.combine(day - dt.timedelta(days=7 * week), dt.time(4), dt.UTC)
            rows.append((person, at, 2_500))
    shop.orders(rows)
    return people


def run_of(code="weekend"):
    facts = actions.request_measure(f"own_{code}", MeasureParameters(), as_of=AS_OF, by=LOCAL_OPERATOR)
    jobs.run_pending()
    return queries.run(facts.public_id)


@pytest.mark.both_databases
def test_the_example_says_its_word_on_pages_files_and_in_segments(installed):
    people = shop_of_habits()
    run = run_of()
    rows = {row["customer_id"]: row for row in stored(run)}
    assert len(rows) == run.counts["customers"] == 20
    assert (rows[people[0]]["habit"], rows[people[0]]["weekend_share"]) == ("weekend", 1.0)
    assert (rows[people[0]]["weekend_cents"], rows[people[0]]["weekend_share_percent"]) == (10_000, 100)
    assert (rows[people[15]]["habit"], rows[people[15]]["weekend_cents"]) == ("workday", 0)
    assert run.counts["columns"]["habit"]["choices"] == {"weekend": 10, "workday": 10}
    assert Metric.objects.filter(family="own_weekend").count() == 20

    client = signed_in(hire("operator"))
    assert "周末购买" in client.get(reverse("analyze:methods")).content.decode()
    page = client.get(reverse("analyze:method", args=["weekend"])).content.decode()
    behind = reverse("analyze:method_people", args=["weekend"])
    assert f"{behind}?column=habit&amp;is=weekend" in page
    assert client.get(f"{behind}?column=habit&is=weekend").content.decode().count("data-row") == 10
    assert client.get(behind).content.decode().count("data-row") == 20
    for wrong in ("?column=habit&is=nothing", "?column=weekend_share&is=1", "?column=nothing&is=x"):
        assert client.get(f"{behind}{wrong}").status_code == 404
    facet = segments_asked.facet("own_weekend_habit")
    assert facet is not None
    assert "周末购买" in str(facet.label)


def test_programs_read_a_method_and_whoever_may_not_see_amounts_is_told_none(installed, monkeypatch):
    shop_of_habits()
    run_of()
    asks = program("owner")
    assert [m["code"] for m in asks.get("methods").json()["items"]] == ["weekend"]
    told = asks.get("methods/weekend").json()
    assert {c["name"] for c in told["columns"]} == {"weekend_share", "weekend_cents", "habit"}
    assert asks.get("methods/nothing").status_code == 404
    real = rights.sight
    monkeypatch.setattr(
        rights, "sight", lambda viewer, field: "hidden" if field == "net_amount" else real(viewer, field)
    )
    assert {c["name"] for c in asks.get("methods/weekend").json()["columns"]} == {"weekend_share", "habit"}
    page = signed_in(hire("operator")).get(reverse("analyze:method", args=["weekend"])).content.decode()
    assert "¥" not in page


def test_the_nightly_run_lets_methods_speak_too(installed):
    shop_of_habits()
    actions.request_run(actions.RfmParameters(), as_of=AS_OF, by=LOCAL_OPERATOR)
    jobs.run_pending()
    run = queries.latest_run("own_weekend")
    assert run is not None
    assert run.counts["customers"] == 20
    assert "周末购买" in signed_in(hire("operator")).get(reverse("analyze:runs")).content.decode()


def test_a_method_is_run_and_downloaded_from_its_page(installed):
    people = shop_of_habits()
    client = signed_in(hire("owner"))
    assert client.post(reverse("analyze:method_run", args=["weekend"])).status_code == 302
    jobs.run_pending()
    answer = client.post(reverse("analyze:method_download", args=["weekend"]))
    text = b"".join(answer.streaming_content).decode()
    assert text.splitlines()[0] == "\ufeffnumber,weekend_share,weekend_cents,habit,rank"
    assert Customer.objects.get(pk=people[0]).number in text
    assert client.get(reverse("analyze:method", args=["nothing"])).status_code == 404


def test_the_example_stands_the_battery_every_method_is_tried_by():
    assert method_battery.tried(methods.load(EXAMPLE)) == []
    assert len(list(method_battery.shops())) >= 6


def written(folder, body):
    folder.mkdir()
    head = "import ibis\nfrom zhike.analyze.methods import Column, Method\n"
    (folder / "method.py").write_text(head + body, encoding="utf-8")
    return folder


def method_text(compute, *, columns='(Column("n", T, "number"),)', code="mine", rank="n"):
    return (
        'T = {"zh-hans": "我的", "en": "Mine"}\n'
        f"def compute(given):\n    people = given.orders.group_by('customer_id').aggregate(n=given.orders.count())\n    {compute}\n"
        f'METHOD = Method(code="{code}", title=T, about=T, columns={columns}, rank_by="{rank}", compute=compute)\n'
    )


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("METHOD = 3\n", "must define METHOD"),
        ("raise RuntimeError('no')\n", "RuntimeError"),
        (method_text("return people", code="Much Too Long"), "code"),
        (method_text("return people", columns="()"), "at least one"),
        (method_text("return people", columns='(Column("n", {"en": "N"}, "number"),)'), "zh-hans and en"),
        (method_text("return people", columns='(Column("n", T, "number", field="nothing"),)'), "no field nothing"),
        (method_text("return people", columns='(Column("n", T, "choice"),)'), "choices belong"),
        (method_text("return people", rank="m"), "rank_by"),
    ],
)
def test_a_method_that_breaks_the_contract_is_left_out_and_named_by_the_doctor(tmp_path, monkeypatch, body, why):
    written(tmp_path / "mine", body)
    monkeypatch.setenv(methods.SETTING, str(tmp_path))
    methods.forget()
    try:
        assert methods.methods() == {}
        finding = checks.own_methods()
        assert finding.state == "warning"
        assert why in finding.text and "mine" in finding.text
        page = signed_in(hire("operator")).get(reverse("analyze:methods")).content.decode()
        assert "mine" in page
    finally:
        methods.forget()


@pytest.mark.parametrize(
    ("compute", "why"),
    [
        ("return people.rename(m='n')", "no column n"),
        ("return people.union(people)", "twice"),
        ("return people.mutate(n=people.n / 0.0)", "no number"),
        ("return people.mutate(n=ibis.random())", "differently"),
    ],
)
def test_what_a_method_must_not_say_is_found_before_it_is_used(tmp_path, compute, why):
    found = method_battery.tried(methods.load(written(tmp_path / "mine", method_text(compute))))
    assert found
    assert any(why in what for _shop, what in found), found


def test_the_command_line_tries_a_folder_and_tells_what_a_method_says(installed):
    from click.testing import CliRunner

    from zhike.cli import zhike

    shop_of_habits()
    run_of()
    told = CliRunner().invoke(zhike, ["analyze", "check-method", str(EXAMPLE), "--json"])
    assert (told.exit_code, json.loads(told.output)["ok"]) == (0, True)
    shown = CliRunner().invoke(zhike, ["analyze", "method", "weekend", "--json"])
    assert json.loads(shown.output)["columns"]["habit"]["choices"] == {"weekend": 10, "workday": 10}
    assert CliRunner().invoke(zhike, ["analyze", "method", "nothing", "--json"]).exit_code == 3
