"""Customers over the API: what programs read, what they may state and enter, and what they never see."""

import json

import pytest

from tests.api.program import fill, program

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def _fresh() -> None:
    from zhike.api import pace, usage

    pace.forget()
    usage.forget()


def said(answer, status=200):
    assert answer.status_code == status, answer.content
    return json.loads(answer.content)


def test_a_list_is_read_page_by_page_to_its_end_without_a_gap() -> None:
    fill(7)
    asks, seen, after = program(), [], ""
    while True:
        page = said(asks.get(f"customers?limit=3&sort=net&after={after}"))
        seen += [c["number"] for c in page["items"]]
        if "next" not in page:
            break
        after = page["next"]
    assert len(seen) == len(set(seen)) == 7
    assert said(asks.get("customers/count")) == {"number": 7, "capped": False}


def test_filters_keep_whom_the_register_would_keep_and_say_what_they_do_not_know() -> None:
    fill(3)
    asks = program()
    assert len(said(asks.get("customers?city=杭州&orders_min=1&has_phone=true"))["items"]) == 3
    assert said(asks.get("customers?net_min_cents=99999999"))["items"] == []
    assert said(asks.get("customers?source=taobao-1&last_from=2026-03-01T10:30:00Z"))["items"]
    for wrong in (
        "tag=nobody",
        "source=nowhere",
        "after=rubbish",
        "limit=0",
        "limit=201",
        "sort=phone",
        "last_from=2026-03-01",
    ):
        assert asks.get(f"customers?{wrong}").status_code == 422, wrong


def test_a_file_shows_masks_where_its_reader_sees_masks_and_leaves_out_what_is_hidden() -> None:
    fill(1)
    number = said(program().get("customers"))["items"][0]["number"]
    seen = said(program("agent").get(f"customers/{number}"))
    assert seen["fields"]["phone"]["masked"] and seen["fields"]["phone"]["value"].endswith("01")
    assert "13800000001" not in json.dumps(seen)
    assert seen["fields"]["name"] == seen["fields"]["name"] | {"value": "王小1", "masked": False, "source": "淘宝一店"}
    analyst = said(program("analyst").get(f"customers/{number}"))
    assert "phone" not in analyst["fields"] and analyst["has_phone"] is False
    assert "王小1" not in json.dumps(analyst, ensure_ascii=False)


def test_who_may_not_see_a_field_may_neither_filter_nor_sort_by_it() -> None:
    fill(2)
    asks = program("analyst")
    for wanted in ("has_phone=true", "sort=name", "sort=-name"):
        answer = asks.get(f"customers?{wanted}")
        assert (answer.status_code, json.loads(answer.content)["code"]) == (403, "field_forbidden"), wanted


def test_an_account_manager_sees_their_own_customers_alone() -> None:
    from zhike.customers import actions
    from zhike.customers.models import Customer
    from zhike.secure.records import LOCAL_OPERATOR

    fill(3)
    asks = program("account_manager")
    ids = list(Customer.objects.order_by("id").values_list("id", "public_id"))
    actions.set_owner([ids[0][0]], asks.staff.pk, by=LOCAL_OPERATOR)
    assert [c["id"] for c in said(asks.get("customers"))["items"]] == [ids[0][1]]
    assert asks.get(f"customers/{ids[1][1]}").status_code == asks.get("customers/nobody").status_code == 404


def statement(**given):
    body = {
        "source": "taobao-1",
        "key": {"kind": "platform_id", "value": "A-1"},
        "fields": {"name": "李雷", "phone": "13911112222"},
    }
    return body | given


def test_a_source_states_a_customer_who_is_made_known_again_and_changed() -> None:
    fill(1)
    asks = program("keeper")
    made = said(asks("POST", "customers", statement()), 201)
    assert made["outcome"] == "new"
    assert said(asks("POST", "customers", statement()))["outcome"] == "unchanged"
    changed = statement(
        fields={"name": "李雷", "phone": "13911112222", "city": "南京"}, as_of="2026-11-01T08:00:00+08:00"
    )
    assert said(asks("POST", "customers", changed)) == {"id": made["id"], "outcome": "updated", "notes": []}
    file = said(asks.get(f"customers/{made['id']}"))
    assert file["fields"]["city"]["value"] == "南京" and file["fields"]["phone"]["value"].endswith("22")
    assert [c["name"] for c in said(asks.get("customers?city=南京"))["items"]] == ["李雷"]


def test_a_statement_with_one_bad_value_records_nothing_and_says_which() -> None:
    from zhike.customers.models import SourceRecord

    fill(1)
    before = SourceRecord.objects.count()
    answer = program("keeper")("POST", "customers", statement(fields={"name": "李雷", "phone": "123"}))
    told = said(answer, 422)
    assert [e["where"] for e in told["errors"]] == ["body.fields.phone"] and SourceRecord.objects.count() == before
    masked = program("keeper")("POST", "customers", statement(key={"kind": "phone", "value": "138****0001"}))
    assert said(masked, 422)["errors"][0]["code"] == "key.masked"


def test_an_edit_names_the_state_it_changes_and_is_refused_when_somebody_was_faster() -> None:
    fill(1)
    asks = program("keeper")
    number = said(asks.get("customers"))["items"][0]["number"]
    read = asks.get(f"customers/{number}")
    edit = {"fields": {"city": "苏州", "occupation": "教师"}}
    assert said(asks("PATCH", f"customers/{number}", edit), 428)["code"] == "if_match_missing"
    done = asks("PATCH", f"customers/{number}", edit, If_Match=read.headers["ETag"])
    assert set(said(done)["versions"]) == {"city", "occupation"}
    late = asks("PATCH", f"customers/{number}", edit, If_Match=read.headers["ETag"])
    assert said(late, 412)["code"] == "changed_meanwhile"
    now = asks.get(f"customers/{number}")
    assert now.headers["ETag"] == said(done)["etag"] and said(now)["fields"]["city"]["value"] == "苏州"


def test_an_edit_of_several_fields_happens_whole_or_not_at_all() -> None:
    fill(1)
    asks = program("keeper")
    number = said(asks.get("customers"))["items"][0]["number"]
    etag = asks.get(f"customers/{number}").headers["ETag"]
    answer = asks("PATCH", f"customers/{number}", {"fields": {"city": "苏州", "phone": "12"}}, If_Match=etag)
    assert said(answer, 422)["code"] == "value_refused"
    assert said(asks.get(f"customers/{number}"))["fields"]["city"]["value"] == "杭州"


def test_a_field_its_maker_may_not_edit_is_not_edited_by_the_token() -> None:
    fill(1)
    asks = program("agent")
    number = said(asks.get("customers"))["items"][0]["number"]
    answer = asks("PATCH", f"customers/{number}", {"fields": {"birth_date": "1990-01-01"}}, If_Match="*")
    assert said(answer, 403)["code"] == "field_forbidden"


def test_why_tells_every_statement_and_hides_hidden_fields() -> None:
    fill(1)
    asks = program("keeper")
    number = said(asks.get("customers"))["items"][0]["number"]
    said(asks("PATCH", f"customers/{number}", {"fields": {"city": "苏州"}}, If_Match="*"))
    told = said(asks.get(f"customers/{number}/fields/city/why"))
    assert [(s["value"], s["won"], s["by_staff"]) for s in told["statements"]] == [
        ("苏州", True, True),
        ("杭州", False, False),
    ]
    assert program("analyst").get(f"customers/{number}/fields/phone/why").status_code == 404
    assert asks.get(f"customers/{number}/fields/nonsense/why").status_code == 404


def test_tags_are_put_on_and_taken_off() -> None:
    fill(1)
    asks = program()
    number = said(asks.get("customers"))["items"][0]["number"]
    assert said(asks("PUT", f"customers/{number}/tags/老客户"))["changed"] is True
    assert said(asks("PUT", f"customers/{number}/tags/老客户"))["changed"] is False
    assert said(asks.get("customers?tag=老客户"))["items"][0]["tags"] == ["老客户"]
    assert said(asks("DELETE", f"customers/{number}/tags/老客户"))["changed"] is True


def test_the_same_key_repeats_the_answer_and_not_the_effect() -> None:
    from zhike.api.models import Receipt
    from zhike.customers.models import SourceVersion

    fill(1)
    asks = program("keeper")
    count = SourceVersion.objects.count()
    first = asks("POST", "customers", statement(), Idempotency_Key="k-17")
    again = asks("POST", "customers", statement(), Idempotency_Key="k-17")
    assert (first.status_code, json.loads(first.content)) == (again.status_code, json.loads(again.content))
    assert again.headers["Idempotent-Replayed"] == "true" and SourceVersion.objects.count() == count + 1
    other = asks("POST", "customers", statement(kind="organisation"), Idempotency_Key="k-17")
    assert said(other, 422)["code"] == "idempotency_key_reused"
    kept = json.dumps(list(Receipt.objects.values()), default=str, ensure_ascii=False)
    assert "李雷" not in kept and "13911112222" not in kept
    bad = asks("POST", "customers", statement(fields={"phone": "1"}), Idempotency_Key="k-18")
    assert bad.status_code == 422 and said(asks("POST", "customers", statement(), Idempotency_Key="k-18"))


def test_a_request_that_died_midway_is_taken_over_after_a_minute() -> None:
    from zhike.api import receipts
    from zhike.api.models import Receipt
    from zhike.api.problems import Problem
    from zhike.kit import clock

    receipts.claim(1, "k", "asked")
    with pytest.raises(Problem, match="request_running") as running:
        receipts.claim(1, "k", "asked")
    assert 0 < int(running.value.headers["Retry-After"]) <= 60
    with clock.freeze(clock.after(61)):
        assert receipts.claim(1, "k", "asked").status == Receipt.RUNNING
    assert receipts.claim(2, "k", "something else").token_id == 2


def test_only_the_outcome_is_answered_where_no_more_is_wanted() -> None:
    fill(1)
    answer = program("keeper")("POST", "customers", statement(), Prefer="return=minimal")
    assert (answer.status_code, answer.content) == (201, b"") and answer.headers[
        "Preference-Applied"
    ] == "return=minimal"


def test_a_program_reads_how_a_customer_stands_and_notes_a_withdrawal_that_holds_at_once() -> None:
    from zhike.customers import queries
    from zhike.customers.models import Customer
    from zhike.secure import consents
    from zhike.secure.records import LOCAL_OPERATOR

    fill(1)
    asks, texts = program("agent"), {"en": {"title": "News", "body": "New goods."}}
    who = Customer.objects.get()
    address = f"customers/{who.number}/consents"
    given = {"purpose": "marketing_mail", "answer": "given", "way": "phone", "evidence": "call 7, 13800000001"}
    assert asks("POST", address, given).status_code == 422  # no words to agree to
    consents.make_notice("marketing_mail", texts, by=LOCAL_OPERATOR)
    wrong = asks("POST", address, given | {"notice_version": 2})
    assert (wrong.status_code, json.loads(wrong.content)["errors"][0]["where"]) == (422, "body.notice_version")
    said(asks("POST", address, given | {"notice_version": 1}), 201)
    told = said(asks.get(address))
    assert next(s for s in told["standings"] if s["purpose"] == "marketing_mail")["allowed"]
    assert told["answers"][0]["has_evidence"] and "13800000001" not in json.dumps(told)
    said(asks("POST", address, {"purpose": "marketing_mail", "answer": "withdrawn"}), 201)
    assert queries.consent_for(who.id, "marketing_mail").state == "withdrawn"
    purposes = said(asks.get("purposes"))["items"]
    assert next(p for p in purposes if p["code"] == "marketing_mail")["notice_version"] == 1
    assert program("operator")("POST", address, given).status_code == 403


def test_where_the_goods_of_a_company_go_is_noted_read_and_taken_away() -> None:
    fill(1)
    asks = program()
    firm = said(asks("POST", "customers", statement(kind="organisation"), Idempotency_Key="firm-1"), 201)["id"]
    sold = {"on": "2026-03-01", "buyer": "杭州大润发", "product": "龙井 250g", "quantity": "1,250.5", "unit": "盒"}
    first = said(asks("POST", f"customers/{firm}/flows", sold, Idempotency_Key="flow-1"), 201)["id"]
    other = sold | {"buyer": "宁波三江", "quantity": "1250.5", "channel": "wholesale"}
    said(asks("POST", f"customers/{firm}/flows", other, Idempotency_Key="flow-2"), 201)
    told = said(asks.get(f"customers/{firm}/flows"))
    assert [(f["buyer"], f["quantity"]) for f in told["items"]] == [("宁波三江", "1250.5"), ("杭州大润发", "1250.5")]
    assert [s["share"] for s in told["shares"]] == [0.5, 0.5]
    said(asks("DELETE", f"customers/{firm}/flows/{first}"))
    assert [f["buyer"] for f in said(asks.get(f"customers/{firm}/flows"))["items"]] == ["宁波三江"]
    assert asks("DELETE", f"customers/{firm}/flows/{first}").status_code == 404


def test_a_flow_that_cannot_be_noted_says_what_is_wrong_with_it() -> None:
    fill(1)
    asks = program()
    firm = said(asks("POST", "customers", statement(kind="organisation"), Idempotency_Key="firm-2"), 201)["id"]
    sold = {"on": "2026-03-01", "buyer": "杭州大润发", "product": "龙井 250g", "quantity": "10"}
    for number, (wrong, where) in enumerate(
        (
            ({"quantity": "ten"}, "body.quantity"),
            ({"quantity": "0"}, "body.quantity"),
            ({"on": "2999-01-01"}, "body.on"),
            ({"buyer": "打 13812345678"}, "body"),
        )
    ):
        faults = said(asks("POST", f"customers/{firm}/flows", sold | wrong, Idempotency_Key=f"w-{number}"), 422)[
            "errors"
        ]
        assert (faults[0]["where"], len(faults)) == (where, 1), wrong
    person = next(c["number"] for c in said(asks.get("customers"))["items"] if c["kind"] == "person")
    assert said(asks("POST", f"customers/{person}/flows", sold, Idempotency_Key="w-p"), 422)["errors"]


def test_who_may_not_read_where_goods_go_is_told_none_over_the_api() -> None:
    fill(1)
    owner = program()
    firm = said(owner("POST", "customers", statement(kind="organisation"), Idempotency_Key="firm-3"), 201)["id"]
    sold = {"on": "2026-03-01", "buyer": "杭州大润发", "product": "龙井 250g", "quantity": "10"}
    said(owner("POST", f"customers/{firm}/flows", sold, Idempotency_Key="flow-9"), 201)
    analyst = program("analyst")
    answer = analyst.get(f"customers/{firm}/flows")
    assert "大润发" not in answer.content.decode()
    assert analyst("POST", f"customers/{firm}/flows", sold, Idempotency_Key="flow-8").status_code == 403
