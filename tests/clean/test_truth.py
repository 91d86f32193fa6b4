"""Truth checks: drawn by chance, called again, noted; signs of invention are rules that count."""

import datetime as dt

import pytest

from tests.api.program import program
from tests.cast import hire, signed_in
from tests.desk import ground
from zhike.clean.actions import truth as do
from zhike.clean.models import TruthCheck, TruthDraw
from zhike.clean.queries import truth as asked
from zhike.clean.truth import signs
from zhike.clean.truth.rates import Result, Rules, rate_of
from zhike.customers import actions as customers
from zhike.customers import queries
from zhike.kit import chance, clock, jobs
from zhike.secure import queries as secure
from zhike.secure.models import AuditEvent
from zhike.work.models import Task

AT = dt.datetime(2026, 3, 2, 1, 7, tzinfo=dt.UTC)
stored = [pytest.mark.both_databases, pytest.mark.django_db]


def entry(number, minute=0, phone="", **values):
    at = dt.datetime(2026, 3, 2, 9, 7, tzinfo=dt.UTC) + dt.timedelta(minutes=minute)
    return signs.Entry(number, at, values, phone)


def codes(*entries):
    return [sign.code for sign in signs.signs(entries)]


@pytest.mark.parametrize(
    ("phone", "odd"),
    [("13800000123", True), ("13512345908", True), ("13598765012", True), ("13914027385", False), ("", False)],
)
def test_a_phone_that_repeats_or_counts_looks_made_up(phone, odd):
    assert signs.has_pattern(phone) is odd


def test_ten_records_within_half_an_hour_are_an_impossible_pace():
    steady = [entry(n, minute=n * 20) for n in range(12)]
    hurried = [entry(n, minute=n * 3) for n in range(10)]
    assert "pace" not in codes(*steady)
    (sign,) = signs.pace(hurried)
    assert (sign.params["count"], sign.params["minutes"]) == (10, 30)


def test_three_phones_of_one_block_are_a_sign_and_two_are_none():
    assert codes(*(entry(n, n * 47, f"139140273{n}5") for n in range(3))) == ["phone_block"]
    assert codes(*(entry(n, n * 47, f"139140273{n}5") for n in range(2))) == []


def test_the_same_contents_thrice_are_a_sign_whoever_they_are_about():
    told = {"city": "广州市", "occupation": "teacher", "need": "茶叶"}
    assert codes(*(entry(n, n * 47, name=f"王{n}", **told) for n in range(3))) == ["same_contents"]
    assert codes(*(entry(n, n * 47, name=f"王{n}", **{**told, "need": f"{n}"}) for n in range(3))) == []


def test_records_noted_on_the_hour_and_answers_all_alike_are_signs():
    on_the_hour = [entry(n, minute=53 + 60 * n) for n in range(5)]
    assert codes(*on_the_hour) == ["round_hours"]
    alike = [entry(n, n * 47, intention="high", city=f"城{n}") for n in range(8)]
    assert [(s.code, s.params["field"]) for s in signs.signs(alike)] == [("all_equal", "intention")]


def test_more_is_drawn_of_who_is_new_or_proved_doubtful():
    own = Rules()
    assert rate_of(None, own) == (0.2, "new")
    assert rate_of(Result({"true": 19, "invented": 1}), own) == (0.05, "usual")
    assert rate_of(Result({"true": 8, "differs": 2}), own) == (0.2, "doubtful")


@pytest.fixture
def surveyor(db):
    """A member of staff who entered twelve files in the field, forty minutes apart, the last three with one phone block."""
    ground.lay_ground()
    person = hire("keeper")
    by = secure.viewer_of(person)
    for n in range(12):
        phone = f"13{n}1402738{n}" if n < 9 else f"139506174{n - 9}{n - 5}"
        with clock.freeze(AT + dt.timedelta(minutes=43 * n)):
            customers.add_customer(
                "person", {"name": f"王{n}", "phone": phone, "city": f"{'广深珠'[n % 3]}州市"}, by=by
            )
    return person


def drawn():
    jobs.run_pending()
    with clock.freeze(AT + dt.timedelta(days=1)):
        jobs.enqueue("clean.draw_truth_checks", now=True)
        jobs.run_pending()
    return list(TruthCheck.objects.filter(by_chance=True).order_by("id"))


@pytest.fixture
def checks(surveyor, monkeypatch):
    monkeypatch.setattr(chance, "sample", lambda things, count: list(things)[:count])
    return drawn()


def test_chance_draws_so_many_each_once_and_in_their_order():
    things = [f"record {n}" for n in range(50)]
    taken = chance.sample(things, 9)
    assert len(set(taken)) == 9 and taken == sorted(taken, key=things.index)
    assert chance.sample(things[:3], 9) == things[:3]
    assert len({tuple(chance.sample(things, 5)) for _ in range(20)}) > 1


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_a_fifth_of_a_new_surveyors_records_is_drawn_and_each_becomes_a_task(checks, surveyor):
    draw = TruthDraw.objects.get()
    assert (draw.record_count, draw.drawn_count, draw.why) == (12, 3, "new")
    assert [code for code, _ in draw.signs] == ["phone_block"]
    flagged = TruthCheck.objects.filter(by_chance=False)
    assert flagged.exists() and all(c.signs == ["phone_block"] for c in flagged)
    tasks = Task.objects.filter(kind="truth_check", state="open")
    assert tasks.count() == TruthCheck.objects.count()
    assert all(set(t.why_params["fields"]) == {"name", "phone", "city"} for t in tasks)
    opened = AuditEvent.objects.filter(action="open.batch", purpose="truth_check")
    assert opened.count() == 1
    drawn()
    assert TruthDraw.objects.count() == 1  # nothing was entered since


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_what_a_call_gave_confirms_or_refutes_values_and_counts_for_the_collector(checks, surveyor):
    first, second, third = checks
    by = secure.viewer_of(hire("supervisor"))
    assert do.note_check(first.public_id, "true", by=by) == "true"
    assert do.note_check(second.public_id, "differs", by=by, differing=["city"]) == "differs"
    assert do.note_check(third.public_id, "invented", by=by, note="没有这个人") == "invented"
    states = {c.id: {n: _state(c.customer_id, n) for n in ("name", "phone", "city")} for c in checks}
    assert set(states[first.id].values()) == {"confirmed"}
    assert states[second.id] == {"name": "confirmed", "phone": "confirmed", "city": "refuted"}
    assert set(states[third.id].values()) == {"refuted"}
    (line,) = asked.collectors()
    assert (line.staff_id, line.result.answered, round(line.share, 2), line.next_why) == (
        surveyor.pk,
        3,
        0.33,
        "doubtful",
    )
    assert not Task.objects.filter(kind="truth_check", state="open", about_part=first.public_id).exists()
    with pytest.raises(do.CheckRefused, match="noted"):
        do.note_check(first.public_id, "invented", by=by)


def _state(root, field):
    return queries.shown_states([root], field).get(root, ("refuted",))[0]


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_nobody_notes_their_own_records_and_nonsense_is_refused(checks, surveyor):
    (first, *_rest) = checks
    with pytest.raises(do.CheckRefused, match="own"):
        do.note_check(first.public_id, "true", by=secure.viewer_of(surveyor))
    by = secure.viewer_of(hire("supervisor"))
    for outcome, differing, code in (("sold", [], "outcome"), ("differs", [], "wrong"), ("true", ["city"], "wrong")):
        with pytest.raises(do.CheckRefused, match=code):
            do.note_check(first.public_id, outcome, by=by, differing=differing)
    assert TruthCheck.objects.exclude(outcome="").count() == 0


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_who_is_not_reached_is_called_thrice_and_counts_for_nobody(checks):
    (first, *_rest) = checks
    by = secure.viewer_of(hire("supervisor"))
    assert [do.note_check(first.public_id, "not_reached", by=by) for _ in range(3)] == ["", "", "not_reached"]
    task = Task.objects.get(kind="truth_check", about_part=first.public_id)
    assert (task.state, task.outcome) == ("done", "not_reached")
    assert asked.collectors()[0].share is None


@pytest.mark.django_db(transaction=True)
def test_the_pages_show_the_collector_and_take_what_the_call_gave(checks, surveyor):
    (first, *_rest) = checks
    boss = signed_in(hire("supervisor"))
    told = boss.get("/clean/truth/").content.decode()
    assert str(surveyor.display_name) in told and "同一号段" in told
    assert boss.get(f"/clean/truth/of/{surveyor.pk}/").status_code == 200
    page = boss.get(f"/clean/truth/{first.public_id}/").content.decode()
    assert "要问的问题" in page
    boss.post(f"/clean/truth/{first.public_id}/", {"outcome": "differs", "differs": ["city"]})
    first.refresh_from_db()
    assert (first.outcome, first.differing) == ("differs", ["city"])
    quality = boss.post(
        "/clean/truth/rules/",
        {"usual": "10", "doubtful": "30", "below": "80", "new_until": "5", "period_days": "14", "is_on": "1"},
        follow=True,
    )
    assert quality.status_code == 200 and asked.rules() == Rules(True, 0.1, 0.3, 0.8, 5, 14)


@pytest.mark.django_db(transaction=True)
def test_rules_that_are_no_shares_are_refused(db):
    ground.lay_ground()
    by = secure.viewer_of(hire("supervisor"))
    with pytest.raises(do.CheckRefused, match="numbers"):
        do.set_rules(Rules(usual_share=1.5), by=by)
    assert asked.rules() == Rules()


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_a_program_reads_what_is_to_be_called_and_notes_what_the_call_gave(checks, surveyor):
    clerk = program("supervisor")
    told = clerk.get("truth-checks?limit=1").json()
    (newest,) = told["items"]
    rest = clerk.get(f"truth-checks?limit=200&after={told['next']}").json()
    every = [newest, *rest["items"]]
    assert len({one["check"] for one in every}) == TruthCheck.objects.count() and "next" not in rest
    item = next(one for one in every if one["by_chance"])
    assert "outcome" not in item and not item["collector_is_me"]
    full = clerk.get(f"truth-checks/{item['check']}").json()
    fields = {one["field"]: one for one in full["asked"]}
    assert fields["name"]["value"] and not fields["name"]["masked"]
    address = f"truth-checks/{item['check']}/outcome"
    assert clerk("POST", address, {"outcome": "true", "differing": ["name"]}).status_code == 422
    assert clerk("POST", address, {"outcome": "differs", "differing": ["nosuch"]}).status_code == 422
    kept = clerk("POST", address, {"outcome": "differs", "differing": ["name"], "note": "说是王太太"})
    assert (kept.status_code, kept.json()) == (200, {"check": item["check"], "outcome": "differs"})
    assert clerk("POST", address, {"outcome": "true"}).json()["code"] == "state_conflict"
    (noted,) = clerk.get("truth-checks?state=noted").json()["items"]
    assert (noted["outcome"], noted["differing"]) == ("differs", ["name"])
    assert clerk.get("truth-checks?after=nonsense").status_code == 422
    assert clerk.get("truth-checks/nosuch").status_code == 404
    (line,) = program("owner").get("truth-collectors").json()["items"]
    assert (line["answered"], line["share_true"], line["differs"]) == (1, 0.0, 1)


@pytest.mark.django_db(transaction=True)
def test_whoever_collected_a_record_notes_nothing_about_it_over_the_api_either(checks, surveyor):
    own = program("keeper", staff=surveyor)
    check = TruthCheck.objects.order_by("id").first().public_id
    assert own.get(f"truth-checks/{check}").json()["collector_is_me"]
    refused = own("POST", f"truth-checks/{check}/outcome", {"outcome": "true"})
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "own")
    assert TruthCheck.objects.get(public_id=check).outcome == ""
