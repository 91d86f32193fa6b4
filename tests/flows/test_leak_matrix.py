"""Every field of the catalogue × every role × every page: what a role may not see is nowhere in what it receives.

The rows grow by themselves: a field added to the catalogue needs a canary here, a page with an argument needs a value to
open it with, and both are refused by name when missing.
"""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests import at_rest
from tests.api.program import Program, program
from tests.asking import asked
from tests.cast import CAST, hire, signed_in

pytestmark = pytest.mark.django_db(transaction=True)
AT = dt.datetime(2026, 3, 1, 8, tzinfo=dt.UTC)

CANARIES = {
    "name": "金丝雀甲",
    "nickname": "雀儿昵称",
    "sex": "",  # a code of two words: no canary can be told from ordinary text
    "country": "",
    "province": "",
    "city": "",
    "district": "",
    "language": "",
    "phone": "13812340017",
    "other_phone": "13812340028",
    "email": "canary.mail@canary.example",
    "wechat": "wxcanary77",
    "qq": "9988776651",
    "platform_handle": "tbcanaryhandle",
    "platform_id": "canaryid4711",
    "payment_account": "alipay.canary@canary.example",
    "birth_date": "1987-06-05",
    "address_detail": "金丝雀路九十九号",
    "postcode": "519087",
    "occupation": "雀类饲养员",
    "employer": "金丝雀雇主行",
    "company": "金丝雀贸易公司",
    "credit_code": "91350100M000100Y43",
    "note": "金丝雀备注一则",
}
# What an attached file is called and holds.
FILE_CANARIES = {
    "consent_evidence": "金丝雀同意证据",
    "attachments": "金丝雀附件名",
    "credit_reports": "金丝雀资信报告内文",
    "statements": "雀报表之来源",
    "credit": "雀授信意见一段",
    "receivables": "QUE-FP-7788",
}
# Codes, numbers and days are no canaries: nobody can tell them from ordinary text.
WORDLESS = ("choice", "many", "yes_no", "number", "date")
DEFINED = ("internal", "personal", "sealed", "sensitive")  # fields a merchant defined, one of each sort
ORDER_CANARIES = {
    "receiver_name": "收雀人乙",
    "receiver_phone": "13912340039",
    "receiver_address": "收雀大道八十八号",
    "buyer_message": "雀言雀语轻些放",
    "seller_memo": "店家雀记一笔",
    "tracking_number": "SF1029384756CANARY",
}
# Pages that need an argument: what to open them with. `@` names a value of the ground.
ARGUMENTS: dict[str, dict[str, Any]] = {
    "public_id:desk": {"public_id": "@customer"},
    "public_id:credit": {"public_id": "@credit"},
    "public_id:statement": {"public_id": "@statement"},
    "customer:credit": {"customer": "@firm"},
    "report": {"report": "@credit"},
    "public_id:shop": {"public_id": "@order"},
    "public_id:collect": {"public_id": "@source"},
    "public_id:analyze": {"public_id": "nosuchrun"},
    "public_id:api": {"public_id": "nosuchtoken"},
    "public_id:work": {"public_id": "@task"},
    "public_id:clean": {"public_id": "@pair"},
    "public_id:survey": {"public_id": "@questionnaire"},
    "run": {"run": "nosuchrun"},
    "pair": {"pair": "@pair"},
    "public_id:funnel": {"public_id": "@customer"},
    "public_id:segment": {"public_id": "@segment"},
    "public_id:board": {"public_id": "@board"},
    "dashboard": {"dashboard": "@board"},
    "tile_id": {"tile_id": "nosuchtile"},
    "place": {"place": 0},
    "report_id": {"report_id": "nosuchreport"},
    "public_id:quality": {"public_id": "@quality_day"},
    "public_id:protect": {"public_id": "nosuchrun"},
    "group": {"group": "contact"},
    "flow": {"flow": 1},
    "method": {"method": "nosuchmethod"},
    "kept_class": {"kept_class": "bought"},
    "hold_id": {"hold_id": 1},
    "dimension": {"dimension": "validity"},
    "rule": {"rule": "phone.fresh"},
    "public_id:reach": {"public_id": "@message"},
    "entry_id": {"entry_id": 1},
    "merge_id": {"merge_id": 1},
    "record_id": {"record_id": 1},
    "customer_id": {"customer_id": "@customer"},
    "number": {"number": 1},
    "which": {"which": "came"},
    "field": {"field": "phone"},
    "contact_id": {"contact_id": "@contact"},
    "name": {"name": "phone-1"},
    "version_id": {"version_id": 1},
    "purpose": {"purpose": "marketing_mail"},
    "consent_id": {"consent_id": "@consent"},
    "task_id": {"task_id": "nosuchtask"},
    "check_id": {"check_id": "@check"},
    "check": {"check": "@check"},
    "review_id": {"review_id": "@review"},
    "kind": {"kind": "gone_quiet"},
    "kind:desk": {"kind": "current"},
    "card_id": {"card_id": "@closed"},
    "before": {"before": "important_value"},
    "after": {"after": "general_value"},
    "staff_id": {"staff_id": 1},
    "merge": {"merge": 1},
    "record": {"record": 1},
    "link_id": {"link_id": 1},
    "role_code": {"role_code": "agent"},
    "code": {"code": "canary_internal"},
    "relation_id": {"relation_id": 1},
    "flow_id": {"flow_id": 1},
    "rank": {"rank": 1},
    "verification_id": {"verification_id": 1},
    "rule_id": {"rule_id": 1},
    "source_id": {"source_id": 1},
    "file_id": {"file_id": "nosuchfile"},
    "product_id": {"product_id": 1},
    "customer": {"customer": "@customer"},
    "what": {"what": "price"},
    "token": {"token": "nosuchtoken"},
    "job_id": {"job_id": 1},
    "act": {"act": "pause"},
    "order": {"order": "@order"},
    "import_id": {"import_id": "nosuchimport"},
    "job": {"job": 1},
    "task": {"task": "nosuchtask"},
}


def routes(patterns: list[Any], namespace: str = "") -> Iterator[tuple[str, list[str]]]:
    """Every named page with the names of its arguments."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield f"{namespace}{pattern.name}", sorted(pattern.pattern.converters)


def _plant() -> None:
    """A canary for every other field somebody can state, those a merchant defined among them."""
    from zhike.secure import custom_fields, fields
    from zhike.secure.custom_fields import Definition
    from zhike.secure.records import LOCAL_OPERATOR

    for code in DEFINED:
        cls, form = ("personal", code) if code == "sealed" else (code, "sealed" if code == "sensitive" else "open")
        wanted = Definition(name_zh=f"自定{code}", name_en=f"Own {code}", cls=cls, form=form)
        custom_fields.define(f"canary_{code}", wanted, by=LOCAL_OPERATOR)
    fields.refresh()
    for field in fields.catalogue():
        if field.is_stated and field.kind not in WORDLESS:
            CANARIES.setdefault(field.name, f"雀{field.name}雀")


def _link_and_attach(customer_id: int) -> None:
    """A company the customer works for, a file attached to each, and a contract."""
    from zhike.customers import actions as customers
    from zhike.secure.records import LOCAL_OPERATOR as BY
    from zhike.shop import actions as shop

    firm = customers.add_customer("organisation", {"name": "金丝雀贸易"}, by=BY)
    link = customers.Link(kind="contact", roles=("decider",), position=CANARIES["position"])
    customers.link_customers(customer_id, firm, link, by=BY)
    name, content = FILE_CANARIES["attachments"], FILE_CANARIES["credit_reports"].encode()
    customers.attach(customer_id, "document", f"{name}.txt", content, by=BY, title="附件")
    shop.add_contract(customer_id, shop.Terms(title="合同", starts_on=AT.date()), by=BY)


@pytest.fixture
def ground() -> dict[str, str]:
    """A customer and an order that state a canary in every field."""
    from zhike.customers import actions as customers
    from zhike.customers.models import CustomerCard
    from zhike.customers.records import Statement
    from zhike.secure import vault
    from zhike.secure.records import LOCAL_OPERATOR
    from zhike.shop import actions as shop
    from zhike.shop.models import Order
    from zhike.shop.records import LineStatement, OrderStatement

    vault.setup()
    _plant()
    source = customers.add_source(
        code="canaries", name="店", channel_kind="shop_platform", legal_basis="contract", by=LOCAL_OPERATOR
    )
    said = Statement(
        ("platform_handle", CANARIES["platform_handle"]),
        AT,
        {n: v for n, v in CANARIES.items() if v},
        1,
        raw={"整行": CANARIES["phone"]},
    )
    order = OrderStatement(
        "CANARY-1", AT, (LineStatement("S1", "锅", "1", "59.90"),), 1, currency="CNY", buyer=said, sealed=ORDER_CANARIES
    )
    tally = shop.record_orders(shop.prepare_orders(source.id, [order], run_id=1))
    assert list(tally.problems) == []
    for step in (shop.finish_run(1), customers.finish_run(1)):
        for _ in step:
            pass
    card = CustomerCard.objects.get()
    _link_and_attach(card.customer_id)
    _visit()
    from zhike.customers.models import Customer

    note = f"回电 {CANARIES['phone']}，{CANARIES['email']}"
    contact = customers.Contact(at=AT, way="call", outcome="reached", note=note, offer=f"寄到 {CANARIES['phone']}")
    return {
        "@contact": str(customers.record_contact(card.customer_id, contact, by=LOCAL_OPERATOR)),
        "@consent": str(_agree(card.customer_id)),
        "@closed": _closed(card.customer_id),
        "@message": _write(card.customer_id),
        "@customer": Customer.objects.get(pk=card.customer_id).public_id,
        "@order": Order.objects.get().public_id,
        "@source": source.public_id,
        "@merge": str(_merge(source.id, card.customer_id)),
        "@firm": Customer.objects.get(kind="organisation").public_id,
        "@segment": _segment(),
        "@board": _board(),
        "@task": _task(card.customer_id),
        "@quality_day": _quality_day(),
        "@pair": _pair(card.customer_id),
        "@check": _check(card.customer_id),
        "@review": _review(card.customer_id),
        "@questionnaire": _questionnaire(),
        **_credit(),
        "number": card.number,
    }


def _board() -> str:
    """A dashboard with every tile that stands alone, for all."""
    from zhike.analyze import actions as analyze
    from zhike.analyze.boards.catalogue import KINDS
    from zhike.secure.records import LOCAL_OPERATOR as BY

    alone = tuple((kind.code, "") for kind in KINDS.values() if kind.choices is None)
    return analyze.make_board("Everything", by=BY, sharing="all", tiles=alone).public_id


def _visit() -> None:
    """A visit of the customer whose address, title and referrer named them; what is kept does not."""
    from tests.collect.importing import brought, csv_bytes

    mapping = "{kind: visits, visit: {visitor: v, at: t, url: u, title: h, referrer: r}, customer: {keys: [{platform_handle: c}]}}"
    phone, email = CANARIES["phone"], CANARIES["email"]
    row = [
        "v1",
        "2026-03-01 10:00:00",
        f"/account/{email}/{phone}?name={CANARIES['name']}",
        f"订单 {phone}",
        f"https://x.example/?q={email}",
    ]
    content = csv_bytes(["v", "t", "u", "h", "r", "c"], [[*row, CANARIES["platform_handle"]]])
    assert brought(content, kind="visits", mapping=mapping, source="canaries").counts["named"] == 1


def _questionnaire() -> str:
    """A questionnaire the customer answered, found by telephone; the file named the customer, what is kept does not."""
    from zhike.secure.records import LOCAL_OPERATOR as BY
    from zhike.survey import actions as surveys

    made = surveys.add_questionnaire("满意度", "simple", by=BY)
    content = f"手机,姓名,recommend\n{CANARIES['phone']},{CANARIES['name']},3\n".encode()
    run = surveys.check_answers(made, content, "答卷.csv", by=BY)
    surveys.record_answers(run.public_id, by=BY)
    return made


def _credit() -> dict[str, str]:
    """What is held of the firm's figures: a statement, a report, an invoice."""
    from zhike.credit import actions as credit
    from zhike.credit.records import InvoiceStated, ReportDraft, Stated
    from zhike.customers.models import Customer
    from zhike.secure.records import LOCAL_OPERATOR as BY

    firm = Customer.objects.get(kind="organisation").pk
    told = Stated(
        ends_on=dt.date(2025, 12, 31),
        amounts={"current_assets": 900, "current_liabilities": 500},
        origin=FILE_CANARIES["statements"],
    )
    draft = ReportDraft(
        leading="5c",
        scores={"5c": {"character": (8.0, FILE_CANARIES["credit"])}},
        sections={"opinion": FILE_CANARIES["credit"]},
    )
    invoice = InvoiceStated(number=FILE_CANARIES["receivables"], due_on=dt.date(2026, 2, 1), amount_cents=100)
    credit.note_invoice(firm, invoice, by=BY)
    return {
        "@statement": credit.add_statement(firm, told, by=BY),
        "@credit": credit.draft_report(firm, draft, by=BY),
    }


def _check(customer_id: int) -> str:
    """A truth check of what was entered of the customer."""
    from zhike.clean.models import TruthCheck, TruthDraw
    from zhike.customers.models import SourceRecord, SourceVersion

    record = SourceRecord.objects.filter(customer_id=customer_id).order_by("id")[0]
    version = SourceVersion.objects.filter(source_record_id=record.id).order_by("id")[0]
    TruthDraw.objects.create(
        id=1, collector_staff_id=1, from_at=AT, until_at=AT, record_count=1, drawn_count=1, share=1.0, why="new",
        signs=[["all_equal", {"count": 8, "field": "birth_date"}]], drawn_at=AT,
    )  # fmt: skip
    made = TruthCheck.objects.create(
        id=1, public_id="canarycheck", draw_id=1, collector_staff_id=1, customer_id=customer_id,
        source_record_id=record.id, collected_at=AT, by_chance=True, outcome="differs", differing=["birth_date"],
        asked=[[name, version.id] for name in ("name", "phone", "birth_date")],
    )  # fmt: skip
    return str(made.public_id)


def _review(customer_id: int) -> str:
    """A look at the customer's telephone, drawn to be judged."""
    from zhike.customers import actions
    from zhike.kit import clock
    from zhike.protect.models import DisclosureReview
    from zhike.protect.supervision import actions as supervision
    from zhike.secure import queries as secure
    from zhike.secure.records import LOCAL_OPERATOR

    looker = hire("keeper")
    actions.reveal_field(customer_id, "phone", by=secure.viewer_of(looker), purpose="delivery")
    supervision.draw(clock.now() + dt.timedelta(seconds=1), now=True)
    row = DisclosureReview.objects.order_by("id")[0]
    supervision.ask(row.public_id, f"为何查看 {CANARIES['phone']}？", by=LOCAL_OPERATOR)
    return row.public_id


def _pair(customer_id: int) -> str:
    """The customer beside another who may be the same."""
    from zhike.clean.models import CandidatePair
    from zhike.customers import actions as customers
    from zhike.secure.records import LOCAL_OPERATOR

    other = customers.add_customer("person", {"name": "旁人丙"}, by=LOCAL_OPERATOR)
    low, high = sorted((customer_id, other))
    parts = [["name", "other", -4.0], ["phone", "exact", 18.0], ["birth_date", "exact", 14.0]]
    made = CandidatePair.objects.create(
        public_id="canarypair",
        low_id=low,
        high_id=high,
        weight=9.0,
        probability=0.998,
        parts=parts,
        found_at=AT,
        updated_at=AT,
    )
    return str(made.public_id)


def _merge(source_id: int, customer_id: int) -> int:
    """Somebody of the same name, known for longer, who turned out to be the customer."""
    from zhike.customers import actions as customers
    from zhike.customers.models import CustomerCard
    from zhike.customers.records import Statement
    from zhike.secure.records import LOCAL_OPERATOR as BY

    known = set(CustomerCard.objects.values_list("pk", flat=True))
    said = Statement(
        ("platform_id", "7001"), AT.replace(year=2020), {"name": CANARIES["name"], "platform_id": "7001"}, 1
    )
    customers.record_statements(customers.prepare_statements(source_id, [said], run_id=2))
    other = CustomerCard.objects.exclude(pk__in=known).get().pk
    return customers.merge_customers(absorbed_id=other, survivor_id=customer_id, why="by_hand", by=BY).merge_id


def _task(customer_id: int) -> str:
    """A task about the customer, as any module opens one."""
    from zhike.work import actions as work

    opened = work.open_task("canary", about_kind="customer", about_id=customer_id, why_code="asked")
    return opened.public_id if opened else ""


def _write(customer_id: int) -> str:
    """A message to the customer, by a template that says their name."""
    from zhike.reach import actions as reach
    from zhike.secure.records import LOCAL_OPERATOR as BY

    texts = {"zh-hans": {"subject": "{{ name }}，订单已发货", "body": "{{ name }}，订单 {{ order_number }} 已发货。"}}
    template = reach.make_template("发货", "service", texts, by=BY)
    facts = {"order_number": "A1"}
    return reach.send(to=customer_id, purpose="service", template=template, key="canary", facts=facts, by=BY)


def _agree(customer_id: int) -> int:
    """A consent with what proves it."""
    from zhike.customers import actions as customers
    from zhike.secure import consents
    from zhike.secure.records import LOCAL_OPERATOR as BY

    words = consents.make_notice("marketing_mail", {"zh-hans": {"title": "营销邮件", "body": "新品与优惠。"}}, by=BY)
    proof = customers.Proof(words=FILE_CANARIES["consent_evidence"])
    return customers.give_consent(customer_id, "marketing_mail", way="phone", notice_id=words, proof=proof, by=BY)[0]


def _closed(customer_id: int) -> str:
    """A card that was closed while every canary stood on the file."""
    from zhike.customers import actions as customers
    from zhike.customers.models import OldCard
    from zhike.secure.records import LOCAL_OPERATOR

    customers.set_stage([customer_id], "potential", by=LOCAL_OPERATOR)
    customers.set_stage([customer_id], "former", by=LOCAL_OPERATOR)
    return OldCard.objects.order_by("-id")[0].public_id


def _segment() -> str:
    """A segment everybody may use, on a field few may see, its rule ready to be judged."""
    from zhike.analyze.segments.shelf import plan_for
    from zhike.customers.actions.segments import make_segment
    from zhike.customers.queries.segments import read_rule
    from zhike.secure.records import LOCAL_OPERATOR

    words = {"version": 1, "rule": {"on": "occupation", "is": "any_of", "value": [CANARIES["occupation"]]}}
    plan_for(read_rule(words))
    return make_segment("雀类", words, by=LOCAL_OPERATOR, sharing="all")[0]


def _quality_day() -> str:
    """Files checked, so that the board and the customers behind its cells have something to show."""
    from zhike.clean.actions.quality import measure_today
    from zhike.clean.queries.quality import latest

    measure_today()
    day = latest()
    assert day is not None
    return day.public_id


def addresses(ground: dict[str, str]) -> dict[str, str]:
    from zhike.desk import columns

    found = {}
    for name, arguments in routes(get_resolver().url_patterns):
        given: dict[str, Any] = {}
        for argument in arguments:
            key = f"{argument}:{name.split(':')[0]}" if argument == "public_id" else argument
            key = "kind:desk" if argument == "kind" and name.startswith("desk:") else key
            key = "public_id:statement" if argument == "public_id" and name.startswith("credit:statement") else key
            key = "customer:credit" if argument == "customer" and name.startswith("credit:") else key
            key = "public_id:segment" if argument == "public_id" and name.startswith("analyze:segment") else key
            key = "public_id:board" if argument == "public_id" and name.startswith("analyze:board") else key
            is_lead = argument == "public_id" and name.startswith(("clean:funnel", "clean:lead"))
            key = "public_id:funnel" if is_lead else key
            key = "public_id:quality" if argument == "public_id" and name.startswith("clean:quality") else key
            assert key in ARGUMENTS, f"say in ARGUMENTS how to open {name}: its argument {argument} is not known"
            given |= {k: ground.get(v, v) if isinstance(v, str) else v for k, v in ARGUMENTS[key].items()}
        found[name] = reverse(name, kwargs=given)
    for column in columns.all_columns().values():
        if column.edits:
            found[f"cell {column.code}"] = reverse("desk:cell", args=[ground["@customer"], column.code])
    found["side by side"] = f"{found['desk:merge']}?one={ground['@customer']}&other={ground['@firm']}"
    found["segment why"] = f"{found['analyze:segment_why']}?segment={ground['@segment']}"
    searches = [
        CANARIES["phone"],
        CANARIES["phone"][-4:],
        CANARIES["email"],
        CANARIES["name"][:2],
        "CANARY-1",
        ground["number"],
    ]
    for number, words in enumerate(searches):
        found[f"search {number}"] = f"{reverse('desk:search')}?q={words}"
        found[f"suggest {number}"] = f"{reverse('desk:suggest')}?q={words}"
        found[f"register {number}"] = f"{reverse('desk:register')}?q={words}"
    return found


def forbidden_texts(viewer: Any) -> dict[str, str]:
    from zhike.secure import queries

    return {
        f: text
        for f, text in (CANARIES | ORDER_CANARIES | FILE_CANARIES).items()
        if text and queries.sight(viewer, f) != "shown"
    }


def api_answers(caller: Program, ground: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """(name, what was typed, answer) of what a program asks that no address says: searches, and what it may state."""
    for kind, field in (("phone", "phone"), ("email", "email"), ("platform_handle", "platform_handle")):
        answer = caller("POST", "customers/search", {"kind": kind, "value": CANARIES[field]})
        yield f"api search {kind}", CANARIES[field], answer.content.decode()
    for field in ("phone", "name", "birth_date", "note"):
        why = caller.get(f"customers/{ground['@customer']}/fields/{field}/why")
        yield f"api why {field}", "", why.content.decode()
    given = {"source": "canaries", "key": {"kind": "phone", "value": CANARIES["phone"]}, "fields": {"name": "旁人"}}
    yield "api state", "", caller("POST", "customers", given).content.decode()
    edit = {"fields": {"phone": "12"}}
    yield "api edit", "", caller("PATCH", f"customers/{ground['@customer']}", edit, If_Match="*").content.decode()


def _body(client: Client | Program, address: str) -> str:
    response = client.get(address) if isinstance(client, Program) else asked(client, address)
    content = b"".join(response.streaming_content) if response.streaming else response.content
    headers = " ".join(f"{k}: {v}" for k, v in response.headers.items())
    assert response.status_code in (200, 302, 400, 401, 403, 404, 405, 503), (
        f"{address} answered {response.status_code}"
    )
    return content.decode("utf-8", "replace") + headers


def test_every_stated_field_of_the_catalogue_has_a_canary(ground: dict[str, str]) -> None:
    from zhike.customers.normalizing import OPEN_FIELDS, SEALED_FIELDS
    from zhike.secure import fields

    wordless = {f.name for f in fields.catalogue() if f.kind in WORDLESS}
    assert (OPEN_FIELDS | SEALED_FIELDS) - set(CANARIES) - wordless == set()
    assert {f"custom.canary_{code}" for code in DEFINED} <= set(CANARIES)
    assert {f.name for f in fields.catalogue("order") if f.sealed} - set(ORDER_CANARIES) == set()


def test_no_page_sends_any_role_a_value_it_may_not_see(ground: dict[str, str]) -> None:
    from zhike.desk.columns import all_columns
    from zhike.desk.models import RegisterLayout
    from zhike.secure import queries

    pages, cells, leaks = addresses(ground), 0, []
    for role in CAST:
        staff = hire(role)
        # The register with every column there is, whoever looks.
        RegisterLayout.objects.create(staff_id=staff.pk, columns=list(all_columns()))
        client, forbidden = signed_in(staff), forbidden_texts(queries.viewer_of(staff))
        assert forbidden, f"{role} sees everything in clear"
        caller = program(role)
        for name, typed_text, body in api_answers(caller, ground):
            cells += len(forbidden)
            leaks += [
                f"{role} saw {f} on {name}" for f, text in forbidden.items() if text in body and text != typed_text
            ]
        for name, address in pages.items():
            browser = caller if address.startswith("/api/v1/") else client
            body = _body(browser, address).replace(address, "")  # what one typed oneself comes back in the box
            for field, text in forbidden.items():
                cells += 1
                typed = text in address or (text[:2] in address and field == "name")
                if text in body and not typed:
                    leaks.append(f"{role} saw {field} on {name}")
    print(f"leak matrix: {cells:,} cells, {len(pages)} pages")
    assert leaks == []
    assert cells >= 6000


def test_somebody_who_is_not_signed_in_receives_nothing_of_anybody(ground: dict[str, str]) -> None:
    client = Client()
    for name, address in addresses(ground).items():
        body = _body(client, address)
        told = [
            f
            for f, text in (CANARIES | ORDER_CANARIES | FILE_CANARIES).items()
            if text and text in body and text not in address
        ]
        assert told == [], f"{name} told {told}"


def test_sealed_values_lie_in_clear_in_no_file_of_the_installation(ground: dict[str, str], home: Path) -> None:
    from django.db import connection

    from zhike.secure import fields

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(FULL)")
    sealed = {f.name for f in fields.catalogue() if f.sealed}
    texts = {
        name: text.encode() for name, text in (CANARIES | ORDER_CANARIES | FILE_CANARIES).items() if name in sealed
    }
    assert len(texts) >= 12
    for file, content in at_rest.held(home):
        assert [name for name, text in texts.items() if text in content] == [], file.name
