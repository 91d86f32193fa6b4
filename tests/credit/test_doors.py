"""The same figures over the API, the command line and paper."""

import io
import json
from typing import Any

import pytest
from click.testing import CliRunner

from tests.api.program import program
from tests.cast import hire, signed_in
from tests.credit.ground import WAN, draft, firm, person, stated
from tests.pdf_text import text_of
from zhike.cli import zhike
from zhike.credit import actions
from zhike.customers import queries as customers
from zhike.customers.models import Customer
from zhike.desk.models import Export
from zhike.secure import queries as secure
from zhike.secure.models import AuditEvent
from zhike.secure.records import LOCAL_OPERATOR as BY

pytestmark = pytest.mark.django_db(transaction=True)


def number_of(customer: int) -> str:
    return customers.lines(BY, [customer])[customer].number


def approved(customer: int, limit: int = 100) -> str:
    keeper, supervisor = secure.viewer_of(hire("keeper")), secure.viewer_of(hire("supervisor"))
    made = actions.draft_report(customer, draft(limit_cents=limit * WAN), by=keeper)
    actions.submit_report(made, by=keeper)
    actions.decide_report(made, "approved", by=supervisor)
    return made


def test_a_program_enters_figures_and_asks_but_never_decides(shop: None) -> None:
    customer, caller = firm(), program("owner")
    number = number_of(customer)
    body = {"ends_on": "2025-12-31", "amounts": {"current_assets": 900, "current_liabilities": 500}}
    made = caller("POST", f"customers/{number}/statements", body)
    assert made.status_code == 201
    again = caller("POST", f"customers/{number}/statements", body)
    assert again.status_code == 409
    wrong = caller("POST", f"customers/{number}/statements", {**body, "amounts": {"inventory": -1}})
    assert wrong.status_code == 422 and b"body.amounts.inventory" in wrong.content
    (one,) = json.loads(caller.get(f"customers/{number}/statements").content)["items"]
    assert one["ratios"]["current_ratio"] == {"value": 1.8}
    assert one["ratios"]["quick_ratio"] == {"why_not": "not_stated"}
    (enterprise,) = json.loads(caller.get("enterprises").content)["items"]
    assert enterprise["customer"]["number"] == number
    approved(customer, 1)
    invoice = {"number": "F1", "due_on": "2026-08-01", "amount_cents": WAN}
    assert json.loads(caller("POST", f"customers/{number}/invoices", invoice).content) == {"is_new": True}
    check = json.loads(caller("POST", f"customers/{number}/credit/check", {"amount_cents": 1}).content)
    assert check == {"is_held": True, "reasons": ["over_limit"], "somebody_decides": True}
    standing = json.loads(caller.get(f"customers/{number}/credit").content)
    assert (standing["grade"], standing["limit_cents"], standing["owed_cents"]) == ("AA", WAN, WAN)
    document = json.loads(caller.get("openapi.json").content)
    assert not any("approve" in path or "decide" in path for path in document["paths"])


def test_a_program_of_an_agent_is_told_the_class_alone(shop: None) -> None:
    customer = firm()
    actions.add_statement(customer, stated(), by=BY)
    approved(customer)
    caller = program("agent")
    told = json.loads(caller.get(f"customers/{number_of(customer)}/credit").content)
    assert told["band"] == "A" and {"grade", "limit_cents", "owed_cents", "overdue_cents"} & set(told) == set()
    assert json.loads(caller.get(f"customers/{number_of(customer)}/statements").content) == {"items": []}
    assert program("operator").get(f"customers/{number_of(customer)}/credit").status_code == 403


def test_for_a_person_somebody_decides_whatever_the_rule_says(shop: None) -> None:
    customer = person()
    caller = program("owner")
    free = json.loads(caller("POST", f"customers/{number_of(customer)}/credit/check", {"amount_cents": 0}).content)
    assert free == {"is_held": False, "reasons": [], "somebody_decides": True}


def test_the_command_line_tells_the_same(shop: None) -> None:
    customer = firm()
    actions.add_statement(customer, stated(), by=BY)
    approved(customer, 1)
    told = json.loads(CliRunner().invoke(zhike, ["credit", "list", "--json"]).stdout)
    assert told["enterprises"][0]["ratios"]["debt_to_asset"] == 0.55
    asked = ["credit", "show", number_of(customer), "--order", str(2 * WAN), "--json"]
    told = json.loads(CliRunner().invoke(zhike, asked).stdout)
    assert (told["grade"], told["is_held"], told["reasons"]) == ("AA", True, ["over_limit"])


def test_a_report_is_printed_by_who_may_take_credit_out(shop: None) -> None:
    customer = firm()
    actions.add_statement(customer, stated(), by=BY)
    made = approved(customer)
    address = f"/customers/{Customer.objects.get().public_id}/credit/{made}/print/"
    given = {"form": "pdf", "reason": "银行要求"}
    assert signed_in(hire("agent")).post(address, given).status_code == 403
    assert signed_in(hire("account_manager")).post(address, given).status_code in (403, 404)
    owner = signed_in(hire("owner"))
    answer = owner.post(address, given, headers={"Accept-Language": "zh-hans"}, follow=True)
    assert Export.objects.get().what == "credit"
    content: Any = b"".join(answer.streaming_content)
    told = text_of(content)
    assert content.startswith(b"%PDF") and "资信调查报告" in told and "营运资产法" in told and "流动比率" in told
    assert AuditEvent.objects.filter(action="export").count() >= 1
    assert io.BytesIO(content).getbuffer().nbytes > 10_000


def test_figures_leave_as_a_file_by_right_and_are_audited(shop: None) -> None:
    actions.add_statement(firm("=好客"), stated(), by=BY)
    assert signed_in(hire("account_manager")).post("/insight/enterprises/download/").status_code == 403
    answer = signed_in(hire("supervisor")).post(
        "/insight/enterprises/download/", headers={"Accept-Language": "zh-hans"}
    )
    text = b"".join(answer.streaming_content).decode()  # type: ignore[arg-type]
    assert "资产负债率（标准） = 负债总额 ÷ 资产总额" in text and "0.5500" in text and "'=好客" in text
    assert AuditEvent.objects.get(action="statements.taken_out").detail == {"rows": 1}
