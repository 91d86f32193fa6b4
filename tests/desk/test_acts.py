"""Stories of what staff do on the desk: edit, reveal, tag many, keep views, export."""

import csv
import datetime as dt
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import hire, signed_in
from tests.desk.conftest import EMAIL, PHONE
from zhike.customers.models import ContactRecord, CustomerCard, CustomerTag
from zhike.desk import actions
from zhike.desk.jobs import expire_exports
from zhike.desk.models import BulkAct, Export, SavedView
from zhike.kit import clock, jobs
from zhike.kit.formulas import harmless
from zhike.secure.models import AuditEvent
from zhike.shop.models import Order

pytestmark = pytest.mark.django_db


# -- one file


def test_an_edit_stands_and_can_be_taken_back(as_owner: Client, wang: int, address: str) -> None:
    answer = as_owner.post(f"{address}edit/name/", {"value": "王晓明"})
    assert "王晓明" in answer.content.decode()
    assert CustomerCard.objects.get(customer_id=wang).name == "王晓明"
    why = as_owner.get(f"{address}why/name/").content.decode()
    assert "王晓明" in why and "王小明" in why
    version = int(answer.content.decode().partition("/undo/")[2].partition("/")[0])
    as_owner.post(f"{address}undo/{version}/", {"field": "name"})
    assert CustomerCard.objects.get(customer_id=wang).name == "王小明"


def test_a_wrong_value_is_refused_with_the_reason_and_kept_in_the_form(
    as_owner: Client, wang: int, address: str
) -> None:
    as_owner.cookies["zhike_language"] = "en"
    body = as_owner.post(f"{address}edit/phone/", {"value": "12345"}).content.decode()
    assert "is-wrong" in body and 'role="alert"' in body and 'value="12345"' in body


def test_who_may_not_edit_a_field_has_no_form(as_analyst: Client, address: str) -> None:
    assert as_analyst.get(f"{address}edit/name/").status_code == 403
    assert as_analyst.post(f"{address}edit/name/", {"value": "x"}).status_code == 403


def test_what_may_be_filled_in_is_asked_for_when_a_group_is_opened(
    address: str, as_owner: Client, as_analyst: Client
) -> None:
    page = as_owner.get(address).content.decode()
    assert f'hx-get="{address}empty/life/"' in page
    assert f"{address}edit/hobbies/" not in page
    group = as_owner.get(f"{address}empty/life/").content.decode()
    assert group.count('class="fill-add"') >= 3
    assert as_owner.get(f"{address}empty/no-such-group/").content.strip() == b""
    assert as_analyst.get(f"{address}empty/life/").status_code == 403


def test_a_reveal_asks_why_shows_the_value_once_and_is_audited(as_agent: Client, wang: int, address: str) -> None:
    asked = as_agent.get(f"{address}reveal/phone/")
    assert "no-store" in asked["Cache-Control"] and PHONE not in asked.content.decode()
    without = as_agent.post(f"{address}reveal/phone/", {})
    assert PHONE not in without.content.decode()
    shown = as_agent.post(f"{address}reveal/phone/", {"purpose": "after_sale"})
    assert PHONE in shown.content.decode() and 'data-revealed="30"' in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert AuditEvent.objects.filter(action="reveal", outcome="ok", field="phone").count() == 1


def test_a_reveal_beyond_the_quota_is_refused_and_says_when(as_agent: Client, wang: int, address: str) -> None:
    as_agent.cookies["zhike_language"] = "en"
    for _ in range(20):
        assert PHONE in as_agent.post(f"{address}reveal/phone/", {"purpose": "delivery"}).content.decode()
    body = as_agent.post(f"{address}reveal/phone/", {"purpose": "delivery"}).content.decode()
    assert PHONE not in body and "your limit" in body


def test_a_role_without_reveal_never_gets_the_value(as_operator: Client, wang: int, address: str) -> None:
    body = as_operator.post(f"{address}reveal/phone/", {"purpose": "delivery"}).content.decode()
    assert PHONE not in body
    assert AuditEvent.objects.filter(action="reveal", outcome="refused").count() == 1


def test_a_receiver_is_revealed_on_the_order(as_agent: Client, wang: int) -> None:
    url = f"/shop/orders/{Order.objects.get(external_id='N0').public_id}/reveal/receiver_phone/"
    assert "13700009999" not in as_agent.get(url).content.decode()
    assert "13700009999" in as_agent.post(url, {"purpose": "delivery"}).content.decode()


def test_a_contact_stands_on_the_timeline(as_agent: Client, wang: int, address: str) -> None:
    given = {
        "at": "2026-03-01T10:00",
        "way": "call",
        "outcome": "reached",
        "purpose": "回访",
        "cost": "12.50",
        "note": "约好再谈",
    }
    as_agent.post(f"{address}contacts/", given)
    noted = ContactRecord.objects.get()
    assert (noted.way, noted.cost_cents, noted.at) == ("call", 1250, dt.datetime(2026, 3, 1, 2, tzinfo=dt.UTC))
    assert "约好再谈" in as_agent.get(f"{address}timeline/?kind=contact").content.decode()


@pytest.mark.parametrize(
    "bad", [{"at": "2099-01-01T00:00"}, {"at": "not a date"}, {"way": "pigeon"}, {"cost": "-3"}, {"cost": "viel"}]
)
def test_a_contact_that_makes_no_sense_is_not_kept(
    as_agent: Client, wang: int, address: str, bad: dict[str, str]
) -> None:
    answer = as_agent.post(f"{address}contacts/", {"way": "call", "outcome": "done", **bad})
    assert answer.status_code == 302
    assert not ContactRecord.objects.exists()


def test_who_gives_a_customer_away_lands_in_the_register(as_account_manager: Client, wang: int, address: str) -> None:
    CustomerCard.objects.filter(customer_id=wang).update(owner_staff_id=hire("account_manager").pk)
    answer = as_account_manager.post(f"{address}owner/", {"owner": hire("agent").pk})
    assert answer.url == "/customers/"
    assert as_account_manager.get(address).status_code == 404


def test_an_outcome_closes_the_entry_and_stands_on_the_file(as_agent: Client, wang: int, address: str) -> None:
    from zhike.work.actions import offer_tasks
    from zhike.work.models import Task
    from zhike.work.records import TaskOffer

    offer_tasks("gone_quiet", [TaskOffer(wang, 1, "gone_quiet")], run_id=1)
    task = Task.objects.get()
    assert as_agent.post(f"{address}tasks/AAAA/", {"outcome": "done"}).status_code == 404
    as_agent.post(f"{address}tasks/{task.public_id}/", {"outcome": "done", "note": "下月再来"})
    assert Task.objects.get().state == "done"
    assert "下月再来" in as_agent.get(f"{address}timeline/").content.decode()


# -- many files


def test_ticked_customers_are_tagged_and_the_act_taken_back(as_owner: Client, wang: int) -> None:
    answer = as_owner.post("/customers/bulk/", {"act": "tag", "tag": " 老茶客 ", "selected": [wang, wang + 1]})
    assert CustomerTag.objects.count() == 2
    page = as_owner.get(answer.url)
    assert page.status_code == 200
    as_owner.post(f"{answer.url}undo/")
    jobs.run_pending()
    assert CustomerTag.objects.count() == 0
    assert BulkAct.objects.get().state == "undone"


def test_everybody_matching_gets_an_owner_by_a_job(as_owner: Client, wang: int) -> None:
    agent = hire("agent")
    given = {"act": "owner", "owner": agent.pk, "all_matching": "1", "query": "orders_min=1"}
    answer = as_owner.post("/customers/bulk/", given)
    assert CustomerCard.objects.filter(owner_staff_id=agent.pk).count() == 0, "a job does it"
    assert as_owner.get(answer.url, headers={"HX-Request": "true"}).status_code == 200
    jobs.run_pending()
    assert list(CustomerCard.objects.filter(owner_staff_id=agent.pk).values_list("customer_id", flat=True)) == [wang]
    as_owner.post(f"{answer.url}undo/")
    jobs.run_pending()
    assert not CustomerCard.objects.filter(owner_staff_id=agent.pk).exists()


def test_an_agent_may_tag_one_file_but_not_many(as_agent: Client, wang: int) -> None:
    assert (
        as_agent.post("/customers/bulk/", {"act": "tag", "tag": "x", "selected": [wang, wang + 1]}).status_code == 403
    )
    assert as_agent.post("/customers/bulk/", {"act": "tag", "tag": "x", "selected": [wang]}).status_code == 302


def test_an_act_of_somebody_else_is_not_shown(as_owner: Client, as_supervisor: Client, wang: int) -> None:
    answer = as_owner.post("/customers/bulk/", {"act": "tag", "tag": "x", "selected": [wang]})
    assert as_supervisor.get(answer.url).status_code == 404
    as_supervisor.post(f"{answer.url}undo/")
    assert BulkAct.objects.get().state == "done"


@pytest.mark.parametrize("given", [{"act": "tag", "tag": ""}, {"act": "fly"}, {"act": "owner", "owner": "999999"}, {}])
def test_an_act_that_makes_no_sense_changes_nothing(as_owner: Client, wang: int, given: dict[str, str]) -> None:
    assert as_owner.post("/customers/bulk/", {**given, "selected": [wang]}).status_code == 302
    assert not CustomerTag.objects.exists() and not BulkAct.objects.exists()


# -- views and columns


def test_a_view_keeps_filters_and_order_but_no_search(as_owner: Client, as_agent: Client, wang: int) -> None:
    as_owner.post(
        "/customers/views/",
        {"name": "杭州", "query": "city=杭州市&sort=-net&q=13812345678&after=xyz", "shared_with": "all"},
    )
    kept = SavedView.objects.get()
    assert "138" not in kept.query and "after" not in kept.query and "sort=-net" in kept.query
    assert "杭州" in as_agent.get("/customers/").content.decode()
    as_agent.post(f"/customers/views/{kept.public_id}/remove/")
    assert SavedView.objects.filter(removed_at=None).exists(), "only who made a view removes it"
    as_owner.post(f"/customers/views/{kept.public_id}/remove/")
    assert not SavedView.objects.filter(removed_at=None).exists()


def test_chosen_columns_stay_chosen(as_owner: Client, wang: int) -> None:
    as_owner.cookies["zhike_language"] = "en"
    as_owner.post("/customers/columns/", {"column": ["stage", "created", "bogus"]})
    body = as_owner.get("/customers/").content.decode()
    assert "On file since" in body and '<th scope="col">First source</th>' not in body


# -- exports


def test_an_export_is_masked_marked_and_kept_from_others(as_owner: Client, as_supervisor: Client, wang: int) -> None:
    as_owner.post("/customers/bulk/", {"act": "export", "selected": [wang], "reason": "核对"})
    export = Export.objects.get()
    body = b"".join(as_owner.get(f"/exports/{export.public_id}/").streaming_content)
    assert body.startswith(b"\xef\xbb\xbf")
    text = body.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert export.public_id in rows[0][0] and "知客老板" in rows[0][0]
    assert len(rows) == 3 and export.row_count == 1
    assert "王小明" in text and PHONE not in text and EMAIL not in text
    assert as_supervisor.get(f"/exports/{export.public_id}/").status_code == 404
    steps = [e.detail["step"] for e in AuditEvent.objects.filter(action="export").order_by("pk")]
    assert steps == ["asked", "written", "downloaded"]


def test_an_export_asks_no_question_per_row(as_owner: Client, wang: int) -> None:
    CustomerCard.objects.update(owner_staff_id=hire("agent").pk)
    counts = []
    for query in ("orders_min=1", ""):
        with CaptureQueriesContext(connection) as asked:
            as_owner.post("/customers/bulk/", {"act": "export", "all_matching": "1", "query": query, "reason": "x"})
        counts.append(len(asked))
    assert Export.objects.order_by("-pk")[0].row_count == 6
    assert counts[1] <= counts[0], "six rows ask no more than one does (the first request also warms the policy)"


def test_an_export_needs_a_reason_and_the_right(as_owner: Client, as_agent: Client, wang: int) -> None:
    as_owner.post("/customers/bulk/", {"act": "export", "selected": [wang], "reason": " "})
    assert not Export.objects.exists()
    assert as_agent.post("/customers/bulk/", {"act": "export", "selected": [wang], "reason": "x"}).status_code == 403


def test_a_column_one_may_not_export_is_not_in_the_file(as_operator: Client, wang: int) -> None:
    as_operator.post("/customers/bulk/", {"act": "export", "all_matching": "1", "query": "", "reason": "x"})
    export = Export.objects.get()
    assert "name" not in export.columns and "phone" not in export.columns and "city" in export.columns


def test_a_large_export_is_a_job_and_gone_after_a_day(
    as_owner: Client, wang: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zhike.desk.actions.exports.AT_ONCE", 2)
    as_owner.post("/exports/", {"what": "orders", "reason": "x", "query": ""})
    assert Export.objects.get().state == "asked"
    jobs.run_pending()
    export = Export.objects.get()
    assert (export.state, export.row_count) == ("ready", 3)
    with clock.freeze(clock.now() + dt.timedelta(hours=25)):
        tomorrow = signed_in(hire("owner"))  # a session does not live through the night
        assert tomorrow.get(f"/exports/{export.public_id}/").status_code == 404
        jobs.enqueue("desk.expire_exports")
        jobs.run_pending()
    assert Export.objects.get().state == "gone"
    assert expire_exports.__doc__
    with pytest.raises(actions.ExportRefused):
        actions.open_export(export.public_id, by=hire_viewer())


def hire_viewer():
    from zhike.secure import queries

    return queries.viewer_of(hire("owner"))


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+1+1",
        "-1+1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "＝1+1",
        "＋1",
        "－1",
        "＠x",
        "  =1",
        '"=1"',
        "'=1",
        "\u200b=1",
        "\ufeff=1",
        "　=1",
        "%0A=1",
    ],
)
def test_a_cell_that_could_run_is_made_harmless(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "王小明", "12.50", "-12.50", "-1,234.50", "a=b", "3=4", "138****5678", "+8"])
def test_a_cell_that_cannot_run_stays_as_it_is(cell: str) -> None:
    assert harmless(cell) == cell
