"""The pages of sending: why something was not sent, settings whose password nobody reads, the way out without signing in."""

from typing import Any

import pytest
from django.test import Client

from tests.cast import hire, signed_in
from tests.reach.ground import agreed, news, open_house, person, service
from zhike.customers import actions as customers
from zhike.customers import queries as asked
from zhike.customers.models import Customer
from zhike.kit import jobs
from zhike.reach.models import MailSettings, Message, Suppression, Template
from zhike.reach.wording import stop_token
from zhike.secure.models import AuditEvent
from zhike.secure.records import LOCAL_OPERATOR as BY

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def house() -> dict[str, Any]:
    return open_house()


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_message_is_asked_for_on_the_file_and_its_page_says_why_it_was_not_sent(
    house: dict[str, Any], as_agent: Client
) -> None:
    who = agreed(person("wang@example.com"), house)
    customers.withdraw_consent(who, "marketing_mail", way="phone", by=BY)
    form = f"/reach/new/{Customer.objects.get(pk=who).public_id}/"
    shown = text(as_agent.get(f"{form}?template={house['news']}"))
    assert "已撤回" in shown and "tea" in shown
    asked_for = {"template": house["news"], "fact_tea": "龙井", "key": "k1"}
    first, second = as_agent.post(form, asked_for), as_agent.post(form, asked_for)
    assert first["Location"] == second["Location"]  # pressed twice, asked once
    page = text(as_agent.get(first["Location"]))
    assert "客户已撤回对这一目的的同意" in page and "w***@e***.com" in page and "wang@example.com" not in page
    assert "客户已撤回对这一目的的同意" in text(as_agent.get("/reach/"))
    assert "新茶" in text(as_agent.get("/reach/?view=not_sent")) and "这里还没有消息" in text(
        as_agent.get("/reach/?view=sent&purpose=service")
    )


def test_what_the_customer_read_is_shown_with_the_name_as_the_viewer_may_see_it(
    house: dict[str, Any], as_agent: Client
) -> None:
    message = service(person("wang@example.com", "金丝雀"), house)
    assert "金丝雀，您的订单" in text(as_agent.get(f"/reach/messages/{message.public_id}/"))
    officer = text(signed_in(hire("officer")).get(f"/reach/messages/{message.public_id}/"))
    assert "金丝雀" not in officer and "example.com" not in officer
    assert signed_in(hire("account_manager")).get(f"/reach/messages/{message.public_id}/").status_code == 404
    assert signed_in(hire("analyst")).get("/reach/").status_code == 403


def test_a_waiting_message_is_stopped_and_a_lost_one_sent_once_more_by_hand(
    house: dict[str, Any], as_agent: Client
) -> None:
    waiting = service(person("wang@example.com"), house)
    as_agent.post(f"/reach/messages/{waiting.public_id}/act/", {"stop": "1"})
    waiting.refresh_from_db()
    assert waiting.state == "cancelled"
    lost = service(person("lost1@example.com", "乙"), house, key="two")
    jobs.run_pending()
    answer = as_agent.post(f"/reach/messages/{lost.public_id}/act/", {"again": "1"})
    assert answer["Location"] != f"/reach/messages/{lost.public_id}/"
    assert Message.objects.count() == 3


def test_templates_are_written_previewed_and_put_away(as_operator: Client) -> None:
    words = {
        "name": "到货",
        "purpose": "service",
        "subject_zh-hans": "{{ what }} 到货",
        "body_zh-hans": "{{ name }}，{{ what }} 到了。",
    }
    assert "变量写作" in text(as_operator.post("/reach/templates/new/", words | {"body_zh-hans": "{{ name }"}))
    made = as_operator.post("/reach/templates/new/", words)
    assert "王小明，[what] 到了。" in text(as_operator.get(made["Location"]))
    as_operator.post(
        f"{made['Location']}edit/", words | {"sample_what": "龙井", "subject_en": "New", "body_en": "{{ what }} <b>"}
    )
    shown = text(as_operator.get(made["Location"]))
    assert "王小明，龙井 到了。" in shown and "龙井 &lt;b&gt;" in shown and "第 2 版" in shown
    as_operator.post(f"{made['Location']}archive/", {})
    assert Template.objects.get().archived_at is not None
    assert signed_in(hire("agent")).get("/reach/templates/new/").status_code == 403


SETTINGS = {
    "is_on": "on", "channel": "smtp", "host": "smtp.shop.example", "port": "587", "security": "starttls", "username": "shop",
    "password": "secret-tea-7", "sender_name": "示例茶铺", "sender_address": "shop@shop.example", "reply_to": "", "public_url": "https://crm.example",
    "quiet_from": "21:00", "quiet_until": "08:00", "cap_marketing_mail": "2", "days_marketing_mail": "30",
}  # fmt: skip


def test_the_password_goes_in_and_never_comes_out(as_officer: Client) -> None:
    assert as_officer.post("/reach/settings/", SETTINGS).status_code == 302
    kept = MailSettings.objects.get()
    assert b"secret" not in bytes(kept.password) and kept.caps == {"marketing_mail": [2, 30]}
    assert "secret-tea-7" not in text(as_officer.get("/reach/settings/"))
    as_officer.post("/reach/settings/", SETTINGS | {"password": ""})
    assert bytes(MailSettings.objects.get().password) == bytes(kept.password)
    as_officer.post("/reach/settings/", SETTINGS | {"password": "", "host": "evil.example"})
    assert MailSettings.objects.get().password is None  # another server is not told the password of this one
    assert "secret-tea-7" not in str(list(AuditEvent.objects.values()))
    assert signed_in(hire("operator")).get("/reach/settings/").status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [
        {"host": "smtp shop"}, {"port": "0"}, {"sender_address": "nobody"}, {"sender_name": "a\nb"}, {"public_url": "javascript:x"},
        {"quiet_from": "25:00"}, {"cap_marketing_mail": "-1"}, {"security": "none"}, {"channel": "pigeon"}, {"reply_to": "a@b.c, d@e.f"},
    ],
)  # fmt: skip
def test_settings_that_cannot_be_are_refused_in_words(as_officer: Client, wrong: dict[str, str]) -> None:
    assert as_officer.post("/reach/settings/", SETTINGS | wrong).status_code == 200
    assert MailSettings.objects.count() == 0


def test_a_test_message_says_what_came_of_it(as_officer: Client) -> None:
    assert "没有真正发出" in text(as_officer.post("/reach/settings/test/", {"address": "me@shop.example"}, follow=True))
    assert "邮件服务器答复 550" in text(
        as_officer.post("/reach/settings/test/", {"address": "bounce@shop.example"}, follow=True)
    )
    as_officer.post("/reach/settings/", SETTINGS | {"host": "127.0.0.1", "port": "22"})
    assert "邮件服务器在内网" in text(
        as_officer.post("/reach/settings/test/", {"address": "me@shop.example"}, follow=True)
    )


def test_the_suppression_list_shows_digests_and_gives_each_act_a_reason(as_officer: Client) -> None:
    as_officer.post("/reach/suppressed/add/", {"address": "Wang@Example.com", "reason": "complaint"})
    page = text(as_officer.get("/reach/suppressed/"))
    entry = Suppression.objects.get()
    assert bytes(entry.digest).hex()[:10] in page and "ang@" not in page.lower()
    assert "已在名单里" in text(
        as_officer.post("/reach/suppressed/add/", {"address": "wang@example.com", "reason": "by_hand"}, follow=True)
    )
    as_officer.post(f"/reach/suppressed/{entry.id}/lift/", {"why": "asked"})
    assert "客户要求" in text(as_officer.get("/reach/suppressed/?view=lifted"))


def test_the_way_out_works_without_signing_in_by_page_and_by_one_click(house: dict[str, Any]) -> None:
    who = agreed(person("wang@example.com", "金丝雀"), house)
    message = news(who, house)
    jobs.run_pending()
    address = f"/stop/{stop_token(message.public_id)}/"
    stranger = Client(enforce_csrf_checks=True)
    page = text(stranger.get(address))
    assert asked.consent_for(who, "marketing_mail").state == "given"  # looking changes nothing
    assert not any(told in page for told in ("金丝雀", "example.com", "K0000", "w***"))
    answer = stranger.post(address, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200 and "sessionid" not in answer.cookies and "no-store" in answer["Cache-Control"]
    assert asked.consent_for(who, "marketing_mail").state == "withdrawn"
    told = asked.consents_of(BY, who).history[0]
    assert (told.way, told.answer, told.by_staff_id) == ("link", "withdrawn", None)
    for bad in ("/stop/nonsense/", f"/stop/{message.public_id}~x/", f"/stop/{message.public_id}/"):
        assert stranger.get(bad).status_code == stranger.post(bad).status_code == 404


def test_the_command_line_says_why_a_message_was_not_sent(
    house: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    import json

    from click.testing import CliRunner

    from zhike.cli import zhike

    message = news(person("wang@example.com"), house)
    done = CliRunner().invoke(zhike, ["why", "not-sent", message.public_id, "--json"])
    told = json.loads(done.output)
    assert (told["state"], told["why"]) == ("refused", "not_asked")
    assert [c["check"] for c in told["checks"] if not c["passed"]] == ["consent"]
    assert CliRunner().invoke(zhike, ["why", "not-sent", "nosuch"]).exit_code == 3
    assert CliRunner().invoke(zhike, ["send-test", "me@shop.example"]).exit_code == 0
    assert CliRunner().invoke(zhike, ["send-test", "bounce@shop.example"]).exit_code == 1
