"""Orders, files, bulk statements, sources, search and worklists over the API."""

import json

import pytest

from tests.api.program import fill, program
from tests.cast import signed_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
FILE = {
    "Content_Type": "text/csv",
}


@pytest.fixture(autouse=True)
def _fresh() -> None:
    from zhike.api import pace, usage

    pace.forget()
    usage.forget()


def said(answer, status=200):
    assert answer.status_code == status, answer.content
    return json.loads(answer.content)


def order(number="W-1", **given):
    body = {
        "source": "taobao-1",
        "number": number,
        "ordered_at": "2026-05-01T10:00:00+08:00",
        "lines": [{"sku": "S9", "title": "壶", "quantity": 2, "unit_price": "12.34"}],
        "currency": "CNY",
        "buyer": {"key": {"kind": "phone", "value": "13700001111"}, "fields": {"name": "韩梅", "phone": "13700001111"}},
        "receiver": {"receiver_name": "收件甲", "receiver_phone": "13600002222"},
    }
    return body | given


def test_an_order_is_recorded_with_its_buyer_and_counts_at_once() -> None:
    fill(1)
    asks = program("keeper")
    made = said(asks("POST", "orders", order()), 201)
    assert made["outcome"] == "new"
    assert said(asks("POST", "orders", order()))["outcome"] == "unchanged"
    buyer = said(asks.get(f"orders/{made['id']}"))["customer"]
    file = said(asks.get(f"customers/{buyer}"))
    assert (file["order_count"], file["net_cents"], file["fields"]["name"]["value"]) == (1, 2468, "韩梅")
    assert said(asks("POST", "orders", order(status="refunded", refund="24.68")))["outcome"] == "updated"
    whole = said(asks.get(f"orders/{made['id']}"))
    assert (whole["total_cents"], whole["refund_cents"], whole["status"]) == (2468, 2468, "refunded")
    assert whole["receiver"]["receiver_phone"].endswith("22") and "13600002222" not in json.dumps(whole)
    assert said(asks.get(f"customers/{buyer}"))["net_cents"] == 0
    assert [o["number"] for o in said(asks.get(f"orders?customer={whole['customer']}"))["items"]] == ["W-1"]


def test_a_buyer_who_is_masked_leaves_an_order_of_nobody_and_an_odd_shape_leaves_nothing() -> None:
    from zhike.shop.models import Order

    fill(1)
    asks = program("keeper")
    masked = order(buyer={"key": {"kind": "phone", "value": "137****1111"}})
    made = said(asks("POST", "orders", masked), 201)
    assert said(asks.get(f"orders/{made['id']}"))["no_customer_why"] == "masked"
    for lines in ([], [{"sku": "S", "unit_price": "1e9"}], [{"sku": "S", "quantity": 10**7}]):
        assert said(asks("POST", "orders", order("W-2", lines=lines)), 422)["code"] == "request_invalid"
    assert Order.objects.count() == 2


def test_orders_are_read_page_by_page() -> None:
    fill(5)
    asks, seen, after = program(), [], ""
    while True:
        page = said(asks.get(f"orders?limit=2&after={after}"))
        seen += [o["number"] for o in page["items"]]
        if not (after := page.get("next", "")):
            break
    assert seen == ["T-5", "T-4", "T-3", "T-2", "T-1"]
    assert said(asks.get("products"))["items"][0]["sku"] == "S1"
    assert asks.get("orders?after=rubbish").status_code == 422 and asks.get("products?after=rubbish").status_code == 422


def test_five_thousand_statements_are_stored_answered_and_recorded_by_a_job_that_can_be_undone() -> None:
    from zhike.customers.models import CustomerCard
    from zhike.kit import jobs

    fill(1)
    asks = program("keeper")
    items = [
        {"source": "taobao-1", "key": {"kind": "platform_id", "value": f"B-{n}"}, "fields": {"name": f"批量{n}", "phone": f"136{n:08}"}}
        for n in range(60)
    ] + [{"source": "taobao-1", "key": {"kind": "platform_id", "value": "B-x"}, "fields": {"phone": "12"}}]  # fmt: skip
    accepted = said(asks("POST", "customers/bulk", {"items": items}, Idempotency_Key="b1"), 202)
    assert said(asks("POST", "customers/bulk", {"items": items}, Idempotency_Key="b1"), 202) == accepted
    assert said(asks.get(f"imports/{accepted['id']}"))["state"] == "queued"
    jobs.run_pending()
    run = said(asks.get(f"imports/{accepted['id']}"))
    assert (run["state"], run["template"], run["counts"]["new"]) == ("done", "api", 61)
    assert [(r["row"], r["kept_out"]) for r in said(asks.get(f"imports/{accepted['id']}/rejects"))["items"]] == [
        (61, False)
    ]
    assert said(asks.get("customers/count"))["number"] == 62
    keeper = signed_in(asks.staff)
    assert keeper.get(f"/collect/imports/{accepted['id']}/").status_code == 200
    assert keeper.get(f"/collect/imports/{accepted['id']}/rejects.csv").status_code == 404  # there is no file to mend
    said(asks("POST", f"imports/{accepted['id']}/undo"), 202)
    jobs.run_pending()
    assert said(asks.get(f"imports/{accepted['id']}"))["state"] == "undone"
    assert CustomerCard.objects.filter(archived_at=None).count() == 1
    orders = said(asks("POST", "orders/bulk", {"items": [order(f"W-{n}") for n in range(20)]}), 202)
    jobs.run_pending()
    assert said(asks.get(f"imports/{orders['id']}"))["counts"]["new"] == 20
    mixed = [items[0], items[1] | {"source": "other"}]
    assert said(asks("POST", "customers/bulk", {"items": mixed}), 422)["errors"][0]["code"] == "several_sources"


CSV = "Customer ID,First Name,Last Name,Email\n1,Ann,Lee,ann@shop.example\n2,Bob,Ray,not-an-address\n"
MAPPING = """
kind: customers
customer:
  keys: [{platform_id: "Customer ID"}]
  fields: {email: "Email"}
"""


def test_a_file_is_sent_described_checked_started_and_undone() -> None:
    from zhike.kit import jobs

    fill(1)
    asks = program("keeper")
    sent = asks("POST", "imports?file_name=list.csv", CSV, **FILE, Idempotency_Key="f1")
    run = said(sent, 201)["id"]
    assert said(asks("POST", "imports?file_name=list.csv", CSV, **FILE, Idempotency_Key="f1"), 201)["id"] == run
    other = CSV.replace("Bob", "Rob")
    reused = asks("POST", "imports?file_name=list.csv", other, **FILE, Idempotency_Key="f1")
    assert said(reused, 422)["code"] == "idempotency_key_reused"
    said(asks("PUT", f"imports/{run}/description", {"source": "taobao-1", "mapping": MAPPING}))
    said(asks("POST", f"imports/{run}/check"), 202)
    jobs.run_pending()
    seen = said(asks.get(f"imports/{run}"))
    assert seen["state"] == "checked" and seen["foreseen"]
    said(asks("POST", f"imports/{run}/start"), 202)
    jobs.run_pending()
    done = said(asks.get(f"imports/{run}"))
    assert (done["state"], done["counts"]["new"], done["file_name"]) == ("done", 2, "list.csv")
    assert said(asks.get("imports?limit=1"))["items"][0]["id"] == run
    assert said(asks("POST", f"imports/{run}/start"), 409)["code"] == "state_conflict"
    said(asks("POST", f"imports/{run}/undo"), 202)
    jobs.run_pending()
    assert said(asks.get(f"imports/{run}"))["state"] == "undone"


def test_a_file_nobody_understands_is_refused_with_the_reason() -> None:
    fill(1)
    asks = program("keeper")
    run = said(asks("POST", "imports", "a,b\n1,2\n", **FILE), 201)["id"]
    answer = asks("PUT", f"imports/{run}/description", {"source": "taobao-1"})
    assert said(answer, 422)["errors"][0]["code"] == "template_not_recognized"
    assert asks("PUT", f"imports/{run}/description", {"source": "nowhere"}).status_code == 422
    assert len(said(asks.get("import-templates"))["items"]) >= 8


def test_a_source_is_registered_changed_and_closed() -> None:
    asks = program("keeper")
    given = {"code": "api-till", "name": "收银台", "channel_kind": "store_terminal", "legal_basis": "contract"}
    assert said(asks("POST", "sources", given), 201) == {"code": "api-till"}
    assert said(asks("POST", "sources", given), 422)["errors"][0]["code"] == "code_taken"
    said(asks("PATCH", "sources/api-till", {"trust": 5, "archived": True}))
    assert said(asks.get("sources/api-till"))["archived"] is True and said(asks.get("sources/api-till"))["trust"] == 5
    body = {"source": "api-till", "key": {"kind": "platform_id", "value": "1"}, "fields": {}}
    assert said(asks("POST", "customers", body), 422)["errors"][0]["code"] == "source_archived"


def test_exact_search_finds_by_identifier_and_is_counted_for_those_who_see_masks() -> None:
    fill(3)
    asks = program("agent")
    for kind, value in (("phone", "138 0000 0002"), ("order_number", "T-2")):
        found = said(asks("POST", "customers/search", {"kind": kind, "value": value}))["items"]
        assert [c["name"] for c in found] == ["王小2"], kind
    answers = [asks("POST", "customers/search", {"kind": "phone", "value": f"139000000{n:02}"}) for n in range(25)]
    assert [a.status_code for a in answers].count(200) == 19
    assert said(answers[-1], 429)["code"] == "too_many_lookups" and answers[-1].headers["Retry-After"] == "3600"


def test_the_timeline_is_read_to_its_end_and_orders_only_with_their_scope() -> None:
    fill(1)
    asks = program("owner")
    number = said(asks.get("customers"))["items"][0]["number"]
    kinds = [item["kind"] for item in said(asks.get(f"customers/{number}/timeline"))["items"]]
    assert sorted(kinds) == ["order", "statement"]
    first = said(asks.get(f"customers/{number}/timeline?limit=1"))
    rest = said(asks.get(f"customers/{number}/timeline?limit=1&after={first['next']}"))
    assert {first["items"][0]["kind"], rest["items"][0]["kind"]} == {"order", "statement"} and "next" not in rest
    without = program("owner", "customers:read")
    assert [i["kind"] for i in said(without.get(f"customers/{number}/timeline"))["items"]] == ["statement"]


def test_an_entry_of_a_worklist_is_closed_once() -> None:
    from zhike.customers.models import CustomerCard
    from zhike.work import actions as work
    from zhike.work.records import TaskOffer

    fill(1)
    offer = TaskOffer(CustomerCard.objects.get().customer_id, 1, "gone_quiet", {"days": 90})
    work.offer_tasks("gone_quiet", [offer], run_id=1)
    asks = program("agent")
    (entry,) = said(asks.get("worklists/gone_quiet"))["items"]
    assert (entry["why"], entry["facts"], entry["customer"]["name"]) == ("gone_quiet", {"days": 90}, "王小1")
    noted = {"outcome": "done", "note": "打过电话 13812345678"}
    assert said(asks("POST", f"worklists/tasks/{entry['task']}/outcome", noted)) == {"task": entry["task"]}
    assert said(asks("POST", f"worklists/tasks/{entry['task']}/outcome", noted), 409)["code"] == "state_conflict"
    assert said(asks.get("worklists/gone_quiet"))["items"] == []


def test_a_token_knows_itself_and_its_document() -> None:
    asks = program("agent", "customers:read", "orders:read")
    me = said(asks.get("me"))
    assert me["permissions"] == ["customers.view", "orders.view"] and me["reach"] == "all"
    document = said(asks.get("openapi.json"))
    assert document["openapi"].startswith("3.1") and "/api/v1/customers" in document["paths"]
