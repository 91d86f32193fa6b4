"""Consent on the file: noted and withdrawn by hand, shown with its origin, its proof behind a reason."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from tests.cast import hire, signed_in
from tests.customers.test_consents import merge, notice, person
from zhike.customers import queries
from zhike.customers.models import Customer
from zhike.secure.models import AuditEvent, Consent, Notice

pytestmark = [pytest.mark.django_db(transaction=True)]


def address(customer: int) -> str:
    return f"/customers/{Customer.objects.get(pk=customer).public_id}/consents/"


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_consent_is_noted_on_the_file_and_withdrawn_again(as_agent: Client) -> None:
    who = person()
    page = address(who)
    assert "要先写好告知" in text(as_agent.get(page))
    notice()
    told = {"way": "phone", "on": "2026-01-05", "language": "zh-hans", "evidence": "录音第 7 号"}
    as_agent.post(f"{page}marketing_mail/give/", told)
    assert queries.consent_for(who, "marketing_mail").state == "given"
    kept = Consent.objects.get()
    assert (kept.at.astimezone(dt.UTC).isoformat(), kept.way) == ("2026-01-04T16:00:00+00:00", "phone")
    shown = text(as_agent.get(page))
    assert "已同意，可以进行" in shown and "录音第 7 号" not in shown
    as_agent.post(f"{page}marketing_mail/withdraw/", {"way": "staff", "on": "2026-01-05"})
    assert queries.consent_for(who, "marketing_mail").state == "withdrawn"  # of one day the withdrawal stands
    assert "已撤回" in text(as_agent.get(f"{page}pane/"))
    assert AuditEvent.objects.filter(action__in=("consent.given", "consent.withdrawn"), actor="小林").count() == 2


def test_what_cannot_be_kept_is_told_in_words(as_agent: Client) -> None:
    who = person()
    notice()
    for given, said in (
        ({"way": "phone", "on": "2999-01-01"}, "这不是日期"),
        ({"way": "pigeon", "on": ""}, "请选择客户以何种方式答复"),
        ({"way": "phone", "until": "1999-01-01"}, "截止日期必须晚于答复日期"),
    ):
        answer = as_agent.post(f"{address(who)}marketing_mail/give/", given, follow=True)
        assert said in text(answer), said
    assert Consent.objects.count() == 0


def test_the_proof_is_shown_only_to_whoever_says_what_for(as_agent: Client) -> None:
    who = person()
    notice()
    as_agent.post(f"{address(who)}marketing_mail/give/", {"way": "paper", "evidence": "三月一日签的表"})
    reveal = f"{address(who)}{Consent.objects.get().id}/reveal/"
    assert "三月一日签的表" not in text(as_agent.get(reveal))
    assert "三月一日签的表" in text(as_agent.post(reveal, {"purpose": "complaint"}))
    assert signed_in(hire("operator")).post(reveal, {"purpose": "complaint"}).content.decode().count("三月一日") == 0


def test_a_merged_file_says_which_file_restricts_it(as_agent: Client) -> None:
    one, other = person("甲"), person("乙")
    notice()
    as_agent.post(f"{address(other)}marketing_mail/withdraw/", {"way": "phone"})
    merge(other, one)
    number = Customer.objects.get(pk=other).number
    shown = text(as_agent.get(address(one)))
    assert f"答复记在已并入本档案的 {number} 上" in shown
    assert f"来自档案 {number}" in text(as_agent.get(f"{address(one)}pane/"))
    as_agent.post(f"{address(one)}marketing_mail/give/", {"way": "phone", "also": [str(other)]})
    assert queries.consent_for(one, "marketing_mail").state == "given"


def test_the_officer_writes_notices_and_nobody_changes_one_that_was_answered_to(
    as_officer: Client, as_agent: Client
) -> None:
    write = "/security/consents/marketing_mail/notice/"
    assert "通过邮件接收新品与优惠" in text(as_officer.get(write))  # the draft
    words = {"title_zh-hans": "营销邮件", "body_zh-hans": "新品。", "title_en": "", "body_en": ""}
    assert as_officer.post(write, words).status_code == 302
    as_officer.post(write, words | {"body_zh-hans": "新品与优惠。"})
    assert (Notice.objects.count(), Notice.objects.get().texts["zh-hans"]["body"]) == (1, "新品与优惠。")
    as_agent.post(f"{address(person())}marketing_mail/give/", {"way": "phone"})
    as_officer.post(write, words | {"body_zh-hans": "又改了。", "asks_anew": "on"})
    assert list(Notice.objects.order_by("version").values_list("version", "asks_anew")) == [(1, False), (2, True)]
    page = text(as_officer.get("/security/consents/marketing_mail/"))
    assert "又改了。" in page and "新品与优惠。" in page  # side by side
    assert as_agent.get(write).status_code == 403
    assert as_agent.get("/security/consents/").status_code == 200


def test_a_purpose_of_ones_own_is_added_told_and_put_away(as_owner: Client) -> None:
    made = {"name_zh": "满意度调查", "name_en": "Surveys", "code": "surveys", "basis": "consent"}
    assert as_owner.post("/security/consents/purposes/new/", made).status_code == 302
    assert "已有目的在用" in text(as_owner.post("/security/consents/purposes/new/", made))
    assert "满意度调查" in text(as_owner.get("/security/consents/"))
    who = person()
    assert queries.consent_for(who, "surveys").is_allowed is False
    as_owner.post("/security/consents/surveys/archive/", {})
    assert "满意度调查" not in text(as_owner.get(address(who)))


def test_a_file_out_of_scope_has_no_consents(as_account_manager: Client) -> None:
    page = address(person())
    for path in (page, f"{page}pane/"):
        assert as_account_manager.get(path).status_code == 404
    assert as_account_manager.post(f"{page}service/withdraw/", {"way": "phone"}).status_code == 404
    assert Consent.objects.count() == 0
