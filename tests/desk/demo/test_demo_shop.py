"""The demo shop comes in through the front door, and leaves the house as it found it."""

import pytest
from django.db import connection

from tests.customers.logical_state import logical_state
from tests.desk.ground import Person, lay_ground, record, source
from zhike.analyze.parameters import PARTS
from zhike.clean.actions import duplicates, funnel_runs, quality
from zhike.collect import actions as collect
from zhike.collect import queries as collect_queries
from zhike.customers import queries as customers
from zhike.customers.actions import give_consent, set_owner, withdraw_consent
from zhike.customers.queries.segments import segments
from zhike.customers.records import RegisterFilter
from zhike.desk.demo import accounts, filling, living, presence, removal, staff_work
from zhike.kit import clock, home, jobs
from zhike.reach import models as reach
from zhike.secure import queries as secure
from zhike.secure.consents import make_notice, notices, report
from zhike.secure.records import LOCAL_OPERATOR as BY
from zhike.shop import queries as shop
from zhike.shop.records import OrderFilter

TABLES = (
    *(
        "customers_source",
        "customers_sourcerecord",
        "customers_sourceversion",
        "customers_sighting",
        "customers_lookup",
    ),
    *(
        "customers_customer",
        "customers_customercard",
        "customers_nametoken",
        "customers_link",
        "customers_tag",
        "customers_metric",
    ),
    *(
        "customers_customertag",
        "customers_contactrecord",
        "shop_product",
        "shop_order",
        "shop_orderversion",
        "shop_orderline",
    ),
    *("shop_aftersalecase", "shop_statedversion", "shop_statedsighting", "shop_productcost"),
    *("customers_segment", "customers_segmentversion", "customers_segmentuse", "customers_segmentmember"),
    *("customers_stagemove", "customers_stoptrace", "customers_oldcard", "customers_filecharge"),
    *("survey_questionnaire", "survey_question", "survey_answerrun", "survey_response"),
    *("clean_candidatepair", "clean_matchrun", "clean_matchmodel", "clean_qualityday"),
    *("clean_truthcheck", "clean_truthdraw", "customers_verification", "customers_verifiedstatement"),
    *("secure_consent", "secure_consentstate", "reach_message", "reach_attempt", "reach_suppression"),
    *("reach_template", "reach_templateversion", "clean_marketsegment", "clean_verificationrule"),
    *("clean_qualificationrule", "clean_qualificationrun", "clean_proposed_move"),
    *("shop_ordersighting", "collect_importrun", "work_task", "analyze_analysisrun", "secure_staff"),
)
SMALL = 120


@pytest.fixture
def ground(transactional_db):
    lay_ground()


def rows():
    with connection.cursor() as cursor:
        found = {}
        for table in TABLES:
            cursor.execute(f"SELECT count(*) FROM {table}")
            found[table] = cursor.fetchone()[0]
    # Infrastructure, made once on first need.
    found["customers_source"] -= sum(s.is_house for s in customers.sources(archived=True))
    return found


def everything(count=SMALL, *, analysis=()):
    filled = filling.fill(count, 7, by=BY)
    staff = {role: login.staff_id for role, login in accounts.make(by=BY).items()}
    living.let_staff_work(staff, 7, by=BY)
    if analysis:
        from zhike.analyze import actions as analyze
        from zhike.analyze.parameters import RfmParameters

        analyze.request_run(RfmParameters(only=analysis), by=BY)
        jobs.run_pending()
        staff_work.answer_some(staff, by=BY)
        duplicates.start_search(by=BY)
        quality.request_measuring(by=BY)
        funnel_runs.ask_run(by=secure.viewer_of_staff(staff["operator"]))
        jobs.run_pending()
    return filled


def answers_and_messages():
    """What staff note of consents and send, to people of the demo shop."""
    words = make_notice("marketing_mail", {"en": {"title": "News", "body": "Now and then."}}, by=BY)
    people = [r.customer_id for r in customers.register(BY, RegisterFilter(has_email=True), limit=6).rows]
    for who in people:
        give_consent(who, "marketing_mail", way="phone", notice_id=words, by=BY)
    withdraw_consent(people[0], "marketing_mail", way="phone", by=BY)
    record_id = customers.header(BY, people[1]).record_ids[0]
    version = reach.TemplateVersion.objects.order_by("id").first() or reach_version()
    message = reach.Message.objects.create(
        id=4710, public_id="demomessage", key="demo", digest="0" * 64, source_record_id=record_id, purpose="service",
        version=version, language="en", state="sent", created_at=clock.now(), due_at=clock.now(),
    )  # fmt: skip
    reach.Attempt.objects.create(message=message, number=1, channel="simulator", at=clock.now(), outcome="bounced")
    reach.Suppression.objects.create(
        id=4711, digest=b"1" * 16, reason="hard_bounce", message_id=message.id, at=clock.now()
    )


def reach_version():
    from zhike.reach.actions import make_template

    make_template("Thanks", "service", {"en": {"subject": "Thanks", "body": "Thank you."}}, by=BY)
    return reach.TemplateVersion.objects.order_by("id").last()


def remove_all():
    """As the page and the command do it: the shop first, then those who worked in it."""
    removed = removal.remove(by=BY, is_alone=presence.others_count() == 0)
    accounts.remove(by=BY)
    return removed


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True, databases=["default", "keyring"])
def test_what_was_generated_is_what_the_pages_count(ground):
    filled = everything()
    assert shop.order_count(BY, OrderFilter()) == (filled.orders, False)
    assert shop.order_count(BY, OrderFilter(without_customer=True))[0] == filled.orders_without_customer
    runs = collect_queries.runs()
    assert {run.state for run in runs} == {"done"}
    assert sum(run.counts.get("new", 0) for run in runs if run.kind == "orders") == filled.orders
    assert presence.is_here() and presence.others_count() == 0


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True, databases=["default", "keyring"])
@pytest.mark.long_on_postgresql
def test_its_customers_were_told_in_two_versions_and_agreed_withdrew_or_lapsed(ground):
    everything()
    assert [n.version for n in notices("marketing_mail")] == [2, 1]
    told = {r.purpose.code: r for r in report()}
    assert told["marketing_mail"].given > 0 and told["marketing_mail"].withdrawn > 0
    assert 0 < told["profiling"].given <= 4  # who agreed to the first version is asked anew
    remove_all()
    assert notices("marketing_mail") == notices("profiling") == notices("marketing_phone") == []


@pytest.mark.both_databases
@pytest.mark.long_on_postgresql
@pytest.mark.django_db(transaction=True, databases=["default", "keyring"])
@pytest.mark.parametrize("parts", [("rfm", "lists"), pytest.param(PARTS, marks=pytest.mark.slow)], ids=["some", "all"])
def test_come_and_gone_it_leaves_an_empty_house_empty(ground, parts):
    before = rows()
    everything(analysis=parts)
    answers_and_messages()
    removed = remove_all()
    assert removed.customers > 0.8 * SMALL
    assert rows() == before
    assert not presence.is_here()


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True, databases=["default", "keyring"])
def test_come_and_gone_it_leaves_real_customers_as_they_were(ground):
    shared = {"name": "沈知秋", "email": "kehu000003@example.cn", "phone": "13912340001"}
    record(source(), Person("real-1", shared), Person("real-2", {"name": "李秀英", "phone": "13912340002"}))
    before, counted = logical_state(), rows()
    everything()
    assert logical_state() != before
    remove_all()
    assert logical_state() == before
    assert rows() == counted


@pytest.mark.django_db(transaction=True, databases=["default", "keyring"])
def test_a_filling_that_broke_off_is_taken_away_whole(ground):
    before = rows()

    def break_off(phase, done, total):
        if phase == "members":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        filling.fill(SMALL, 7, by=BY, tell=break_off)
    assert presence.is_here()
    remove_all()
    assert rows() == before


@pytest.mark.django_db(transaction=True, databases=["default", "keyring"])
def test_a_run_of_the_demo_can_be_undone_like_any_import(ground):
    filled = everything()
    before = shop.order_count(BY, OrderFilter())[0]
    collect.undo_import(filled.run_ids["demo-site"], by=BY)
    jobs.run_pending()
    assert 0 < shop.order_count(BY, OrderFilter())[0] < before


@pytest.mark.django_db(transaction=True, databases=["default", "keyring"])
def test_a_real_file_under_a_demo_source_is_not_taken_away(ground, monkeypatch):
    everything(20)
    monkeypatch.setattr(collect, "files_given_to", lambda source_ids: [99])
    with pytest.raises(removal.RealFilesInside):
        removal.remove(by=BY, is_alone=True)
    assert presence.is_here()


@pytest.mark.django_db(transaction=True, databases=["default", "keyring"])
def test_its_accounts_have_passwords_of_their_own_in_a_private_file(ground):
    first = accounts.make(by=BY)
    again = accounts.make(by=BY)
    file = accounts.write_down(again)
    assert len(first) == 8
    assert not {x.password for x in first.values()} & {x.password for x in again.values()}
    assert file.stat().st_mode & 0o077 == 0
    assert accounts.remove(by=BY) == 8
    assert not (home.home() / accounts.FILE).exists()


@pytest.mark.django_db(transaction=True, databases=["default", "keyring"])
def test_a_real_customer_given_to_one_of_its_staff_is_nobodys_afterwards(ground):
    (real,) = record(source(), Person("real-1", {"name": "沈知秋", "phone": "13912340001"}))
    set_owner([real], accounts.make(by=BY)["agent"].staff_id, by=BY)
    accounts.remove(by=BY)
    assert customers.register(BY, RegisterFilter()).rows[0].owner_staff_id is None


@pytest.mark.django_db(transaction=True, databases=["default", "keyring"])
def test_it_does_not_come_beside_real_customers_unasked(ground):
    from click.testing import CliRunner

    from zhike.cli import zhike

    record(source(), Person("real-1", {"name": "沈知秋", "phone": "13912340001"}))
    told = CliRunner().invoke(zhike, ["demo", "--customers", "20", "--json"])
    assert told.exit_code == 1
    assert '"real_customers"' in told.output
    assert not presence.is_here()


@pytest.mark.django_db(transaction=True, databases=["default", "keyring"])
def test_its_sample_file_comes_in_by_the_template_alone(ground, tmp_path):
    from zhike.customers.actions import add_source
    from zhike.desk.demo.sample_file import write_sample

    file = tmp_path / "ExportOrderList.csv"
    written = write_sample(file, 60, 7)
    with file.open("rb") as stream:
        run = collect.store_file(stream, file.name, by=BY)
    assert collect.describe(run.id, template_code="auto", by=BY).template == "taobao_orders"
    made = add_source(
        code="taobao", name="淘宝", channel_kind="shop_platform", legal_basis="contract", platform="taobao", by=BY
    )
    collect.choose_source(run.id, made.id, by=BY)
    collect.start_import(run.id, by=BY)
    jobs.run_pending()
    done = collect_queries.run(run.public_id)
    assert (done.state, done.counts["new"], done.counts["rejected"]) == ("done", written, 0)


@pytest.mark.django_db(transaction=True, databases=["default", "keyring"])
def test_beside_real_customers_it_makes_no_accounts_and_the_doctor_says_so(ground):
    from click.testing import CliRunner

    from zhike.cli import zhike
    from zhike.kit.checks import run_checks

    record(source(), Person("real-1", {"name": "沈知秋", "phone": "13912340001"}))
    before = rows()["secure_staff"]
    told = CliRunner().invoke(zhike, ["demo", "--customers", "40", "--force-beside", "--no-analysis", "--json"])
    assert told.exit_code == 0, told.output
    assert rows()["secure_staff"] == before
    assert run_checks()["demo"].state == "warning"
    remove_all()
    assert run_checks()["demo"].state == "ok"


@pytest.mark.django_db(transaction=True, databases=["default", "keyring"])
def test_the_shop_has_a_catalogue_cases_and_segments_to_look_at(ground):
    everything()
    products = shop.products(size=200).items
    assert products and all(p.category and p.price_cents and p.cost_cents for p in products if "-" in p.sku)
    found = shop.cases(BY, shop.CaseFilter()).items
    assert found and all(c.order_public_id for c in found)
    assert {s.name for s in segments(BY)} >= {"江浙沪常客"}
    remove_all()


@pytest.mark.django_db(transaction=True, databases=["default", "keyring"])
def test_the_shop_has_values_asked_about_and_records_called_again(ground):
    from zhike.clean.queries import truth, verification

    everything(300)
    sources, people = verification.accuracies()
    assert sources and all(0 < a.share < 1 or a.checked.checked < 5 for a in sources)
    lines = truth.collectors()
    assert any(line.records >= 10 and line.result.answered >= 1 for line in lines) and people
    before = rows()
    assert before["clean_truthcheck"] > 0
    remove_all()
    assert rows()["clean_truthcheck"] == rows()["clean_truthdraw"] == rows()["customers_verification"] == 0
