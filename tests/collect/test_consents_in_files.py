"""Consents out of a customer list: yes, no or a day; a withdrawal stands above an older yes; undone with the file."""

import datetime as dt
import io

import pytest

from tests.cast import hire, signed_in
from tests.collect.importing import brought, checked, csv_bytes, source_id, undone
from tests.customers.test_consents import notice
from zhike.collect import actions
from zhike.collect.telling import result_lines
from zhike.customers import actions as customers
from zhike.customers import queries as asked
from zhike.customers.models import Customer, SourceRecord
from zhike.kit import clock
from zhike.secure.consents import history
from zhike.secure.models import AuditEvent, Consent, ConsentState
from zhike.secure.queries import viewer_of
from zhike.secure.records import LOCAL_OPERATOR as BY

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
NOW = dt.datetime(2026, 3, 20, 4, tzinfo=dt.UTC)
MAPPING = """
kind: customers
zone: Asia/Shanghai
customer:
  keys: [{platform_id: id}]
  fields: {name: name, email: email}
  consents: {marketing_mail: news, profiling: profile}
"""
HEADERS = ["id", "name", "email", "news", "profile"]


@pytest.fixture(autouse=True)
def _frozen():
    with clock.freeze(NOW):
        yield


def check(rows, *, code="crm"):
    return checked(csv_bytes(HEADERS, rows), kind="customers", mapping=MAPPING, source=code, name="会员.csv")


def bring(rows, *, code="crm"):
    return brought(csv_bytes(HEADERS, rows), kind="customers", mapping=MAPPING, source=code, name="会员.csv")


def who(key, code="crm"):
    return SourceRecord.objects.get(source_id=source_id(code), external_key__endswith=key).customer_id


def state(customer, purpose="marketing_mail"):
    return asked.consent_for(customer, purpose).state


ROWS = [
    ["a", "张三", "a@example.com", "是", ""],
    ["b", "李四", "b@example.com", "退订", "no"],
    ["c", "王五", "c@example.com", "2025-11-03", "yes"],
    ["d", "赵六", "d@example.com", "大概", ""],
]


def test_a_column_of_consents_is_foretold_kept_and_taken_back_with_the_file():
    told = check(ROWS)
    assert told["would"]["consents"] == {"given": 3, "withdrawn": 2}
    assert any(p["code"] == "consent_unreadable" for p in told["problems"])
    assert Consent.objects.count() == 0
    run = bring(ROWS)
    assert (run.counts["consents_given"], run.counts["consents_withdrawn"]) == (3, 2)
    assert [state(who(k)) for k in "abcd"] == ["given", "withdrawn", "given", "unknown"]
    (answer,) = history("customer", [who("c")], "marketing_mail")
    assert (answer.way, answer.proof_kind, answer.proof_id) == ("import", "import", run.id)
    assert f"{answer.at.astimezone(dt.timezone(dt.timedelta(hours=8))):%Y-%m-%d}" == "2025-11-03"
    assert any("3" in line and "2" in line for line in result_lines(run)[1:])
    assert undone(run).state == "undone"
    assert ConsentState.objects.count() == 0
    assert [a.is_taken_back for a in history("customer", [answer.subject_id], "marketing_mail")] == [True]
    assert AuditEvent.objects.filter(action__in=("consent.brought", "consent.taken_back")).count() == 2


def test_a_yes_never_undoes_a_withdrawal_unless_its_own_day_is_after_it():
    first = bring([["a", "张三", "a@example.com", "yes", ""], ["b", "李四", "b@example.com", "yes", ""]])
    ann, bea = who("a"), who("b")
    with clock.freeze(NOW + dt.timedelta(days=1)):
        for one in (ann, bea):
            customers.withdraw_consent(one, "marketing_mail", way="phone", by=BY)
    with clock.freeze(NOW + dt.timedelta(days=9)):
        rows = [["a", "张三", "a@example.com", "yes", ""], ["b", "李四", "b@example.com", "2026-03-25", ""]]
        assert check(rows)["would"]["consents"] == {"kept": 1, "given": 1}
        second = bring(rows)
        assert (state(ann), state(bea)) == ("withdrawn", "given")
        assert second.counts["consents_kept"] == 1
        older = bring([["b", "李四", "b@example.com", "2026-03-01", ""]])
        assert (state(bea), older.counts.get("consents_given", 0)) == ("given", 0)
        for run in (older, second, first):
            undone(run)
        assert (state(ann), state(bea)) == ("withdrawn", "withdrawn")


def test_a_file_exported_again_with_an_old_yes_does_not_revive_what_was_withdrawn_by_letter():
    bring([["a", "张三", "a@example.com", "2026-03-10", ""]])
    ann, later = who("a"), NOW + dt.timedelta(days=5)
    with clock.freeze(later):
        letter = NOW - dt.timedelta(days=19)  # 1 March: before the yes of 10 March, and nobody knew
        customers.withdraw_consent(ann, "marketing_mail", way="paper", at=letter, by=BY)
        assert state(ann) == "withdrawn"
    with clock.freeze(later + dt.timedelta(days=5)):
        for day in ("2026-03-10", "2026-03-24", "yes"):  # all from before it became known on 25 March, or without a day
            assert bring([["a", "张三", "a@example.com", day, ""]]).counts.get("consents_given", 0) == 0
            assert state(ann) == "withdrawn"
        bring([["a", "张三", "a@example.com", "2026-03-27", ""]])
        assert state(ann) == "given"


def test_what_two_files_say_outlives_the_undoing_of_one_of_them():
    first, second = bring(ROWS[:1]), bring(ROWS[:1])
    assert second.counts["consents_unchanged"] == 1 and Consent.objects.count() == 1
    ann = who("a")
    undone(first)
    assert state(ann) == "given"
    undone(second)
    assert state(ann) == "unknown"


def test_a_no_of_a_file_holds_for_the_whole_merged_group_and_is_taken_back_from_it():
    bring(ROWS[:1])
    bring([["z", "张叁", "z@example.com", "", ""]], code="shop")
    ann, other = who("a"), who("z", "shop")
    customers.merge_customers(absorbed_id=other, survivor_id=ann, why="by_hand", by=BY)
    run = bring([["z", "张叁", "z@example.com", "no", ""]], code="shop")
    assert state(ann) == "withdrawn"
    assert Consent.objects.filter(answer="withdrawn", subject_id__in=(ann, other)).count() == 2
    undone(run)
    assert state(ann) == "given"


def test_whoever_may_not_note_consents_does_not_bring_them_in_by_a_file():
    clerk = hire("operator")
    viewer = viewer_of(clerk)
    assert viewer.can("collect.import") and not viewer.can("consents.edit")
    run = actions.store_file(io.BytesIO(csv_bytes(HEADERS, ROWS)), "会员.csv", by=viewer)
    with pytest.raises(actions.ImportRefused) as refused:
        actions.describe(run.id, mapping_text=MAPPING, by=viewer)
    assert refused.value.code == "consents_right"


def test_the_page_of_consents_names_the_file_that_proves_an_answer():
    notice()
    run = bring(ROWS[:1])
    browser = signed_in(hire("owner"))
    public_id = Customer.objects.get(pk=who("a")).public_id
    page = browser.get(f"/customers/{public_id}/consents/").content.decode()
    assert "会员.csv" in page and f"/collect/imports/{run.public_id}/" in page
