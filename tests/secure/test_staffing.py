"""Staff come in by link, change by others' hands, and leave at once."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from tests.cast import PASSWORD, hire, signed_in
from tests.spent import spent_s
from zhike.kit import clock
from zhike.secure import invitations, policy_changes, queries, staffing
from zhike.secure.invitations import LinkInvalid
from zhike.secure.models import AuditEvent, FieldRule, Invitation, Role, Staff
from zhike.secure.permissions import Forbidden
from zhike.secure.records import LOCAL_OPERATOR, Rights
from zhike.secure.staffing import StaffProblem

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
NEW = "brand-new-password-7"


def invited(role: str = "agent") -> tuple[Staff, str]:
    hire("owner")
    return staffing.invite("new@zhike.example", "新同事", [role], by=LOCAL_OPERATOR)


def test_an_invited_colleague_chooses_a_password_and_signs_in(client: Client) -> None:
    staff, token = invited()
    assert "新同事" in client.get(f"/join/{token}/").content.decode()
    assert client.post(f"/join/{token}/", {"password": NEW, "again": NEW}).status_code == 302
    client.post("/account/login/", {"login": "NEW@zhike.example", "password": NEW})
    assert client.get("/me/").status_code == 200
    assert set(AuditEvent.objects.filter(object_id=str(staff.pk)).values_list("action", flat=True)) >= {
        "staff.invited",
        "staff.joined",
        "sign_in",
    }


def test_a_link_works_once(client: Client) -> None:
    _, token = invited()
    invitations.accept(token, NEW)
    assert client.get(f"/join/{token}/").status_code == 404
    with pytest.raises(LinkInvalid):
        invitations.accept(token, "another-password-8")


@pytest.mark.parametrize(("seconds", "works"), [(-1, True), (0, False), (1, False)])
def test_a_link_ends_after_seven_days_to_the_second(seconds: int, works: bool) -> None:
    start = clock.now()
    with clock.freeze(start):
        _, token = invited()
    with clock.freeze(start + dt.timedelta(days=7, seconds=seconds)):
        if works:
            invitations.look(token)
        else:
            with pytest.raises(LinkInvalid):
                invitations.look(token)


@pytest.mark.parametrize("token", ["", " ", "None", "null", "0", "a" * 43, "\x00" * 43, "é" * 43])
def test_no_empty_blank_or_made_up_token_ever_matches(token: str) -> None:
    invited()
    with pytest.raises(LinkInvalid):
        invitations.look(token)


def test_a_token_matches_exactly_and_lies_only_hashed() -> None:
    _, token = invited()
    assert token not in str(list(Invitation.objects.values()))
    for variant in (token.swapcase(), f" {token}", f"{token} ", token[:-1]):
        with pytest.raises(LinkInvalid):
            invitations.look(variant)


def test_a_newer_link_replaces_the_older_and_disabling_ends_both() -> None:
    staff, first = invited()
    second = staffing.new_link(staff.pk, by=LOCAL_OPERATOR)
    with pytest.raises(LinkInvalid):
        invitations.look(first)
    staffing.disable(staff.pk, by=LOCAL_OPERATOR)
    with pytest.raises(LinkInvalid):
        invitations.look(second)
    with pytest.raises(StaffProblem, match="staff_disabled"):
        staffing.new_link(staff.pk, by=LOCAL_OPERATOR)


def test_every_link_that_does_not_work_gets_the_same_answer(client: Client) -> None:
    _, token = invited()
    invitations.accept(token, NEW)
    used, unknown = client.get(f"/join/{token}/"), client.get(f"/join/{'x' * 43}/")
    assert (used.status_code, len(used.content)) == (unknown.status_code, len(unknown.content))
    assert used["Referrer-Policy"] == "no-referrer" and "no-store" in used["Cache-Control"]


def test_unequal_or_weak_passwords_leave_the_link_open(client: Client) -> None:
    _, token = invited()
    assert client.post(f"/join/{token}/", {"password": NEW, "again": "other"}).status_code == 422
    assert client.post(f"/join/{token}/", {"password": "password123", "again": "password123"}).status_code == 422
    assert invitations.look(token).email == "new@zhike.example"


def test_a_reset_link_ends_all_sessions_of_the_person(agent: Staff, owner: Staff) -> None:
    browser = Client()
    browser.post("/account/login/", {"login": agent.email, "password": PASSWORD})
    token = staffing.new_link(agent.pk, by=queries.viewer_of(owner))
    assert browser.get("/me/").status_code == 200
    invitations.accept(token, NEW)
    assert browser.get("/me/").status_code == 302


def test_disabling_ends_sessions_rights_and_sign_in_at_once(agent: Staff, owner: Staff) -> None:
    browsers = []
    for _ in range(3):
        browser = Client()
        browser.post("/account/login/", {"login": agent.email, "password": PASSWORD})
        browsers.append(browser)
    started = spent_s()
    staffing.disable(agent.pk, by=queries.viewer_of(owner))
    for browser in browsers:
        assert browser.get("/me/").status_code == 302
        browser.post("/account/login/", {"login": agent.email, "password": PASSWORD})
        assert browser.get("/me/").status_code == 302
    agent.refresh_from_db()
    assert not queries.viewer_of(agent).permissions and spent_s() - started < 5


def test_a_change_of_role_works_with_the_next_request(agent: Staff, owner: Staff) -> None:
    browser = signed_in(agent)
    assert browser.get("/security/audit/").status_code == 403
    staffing.change(
        agent.pk, role_codes=["agent", "officer"], team_id=None, display_name="", by=queries.viewer_of(owner)
    )
    assert browser.get("/security/audit/").status_code == 200
    staffing.change(agent.pk, role_codes=["agent"], team_id=None, display_name="", by=queries.viewer_of(owner))
    assert browser.get("/security/audit/").status_code == 403


def test_nobody_changes_their_own_roles_or_disables_themselves(owner: Staff) -> None:
    by = queries.viewer_of(owner)
    with pytest.raises(StaffProblem, match="own_roles"):
        staffing.change(owner.pk, role_codes=["agent"], team_id=None, display_name="", by=by)
    with pytest.raises(StaffProblem, match="own_account"):
        staffing.disable(owner.pk, by=by)


def test_the_last_owner_stays(owner: Staff) -> None:
    with pytest.raises(StaffProblem, match="last_owner"):
        staffing.disable(owner.pk, by=LOCAL_OPERATOR)
    owner.refresh_from_db()
    assert owner.is_active
    with pytest.raises(StaffProblem, match="last_owner"):
        staffing.change(owner.pk, role_codes=["agent"], team_id=None, display_name="", by=LOCAL_OPERATOR)


def test_an_officer_manages_staff_but_makes_and_touches_no_owner(officer: Staff, owner: Staff) -> None:
    by = queries.viewer_of(officer)
    staffing.invite("clerk@zhike.example", "新人", ["agent"], by=by)
    with pytest.raises(Forbidden):
        staffing.invite("boss@zhike.example", "新老板", ["owner"], by=by)
    for act in (staffing.disable, staffing.new_link):
        with pytest.raises(Forbidden):
            act(owner.pk, by=by)
    assert not Staff.objects.filter(email="boss@zhike.example").exists()


def test_an_agent_manages_nobody(agent: Staff, owner: Staff) -> None:
    with pytest.raises(Forbidden):
        staffing.disable(owner.pk, by=queries.viewer_of(agent))


@pytest.mark.parametrize(
    ("email", "name", "code"),
    [("no-mail", "x", "email_invalid"), ("a@b.cn", " ", "name_missing"), ("AGENT@zhike.example", "x", "email_taken")],
)
def test_bad_invitations_say_why(agent: Staff, email: str, name: str, code: str) -> None:
    with pytest.raises(StaffProblem, match=code):
        staffing.invite(email, name, ["agent"], by=LOCAL_OPERATOR)


def test_roles_that_do_not_exist_are_refused() -> None:
    with pytest.raises(StaffProblem, match="role_unknown"):
        staffing.invite("a@b.cn", "x", ["agent", "emperor"], by=LOCAL_OPERATOR)
    assert not Staff.objects.filter(email="a@b.cn").exists()


# the policy page


def test_the_policy_table_saves_what_differs_and_audits_each_row(as_owner: Client) -> None:
    form = _form("agent") | {"class:internal.see": "masked"}
    assert as_owner.post("/security/policy/agent/fields/", form).status_code == 302
    rule = FieldRule.objects.get(role__code="agent", cls="internal")
    assert rule.see == "masked"
    events = AuditEvent.objects.filter(action="policy.changed")
    assert [e.detail["target"] for e in events] == ["class:internal"] and events[0].detail["before"] == "shown edit"


def _form(role: str) -> dict[str, str]:
    form = {}
    for rule in FieldRule.objects.filter(role__code=role).exclude(cls="secret"):
        target = f"class:{rule.cls}" if rule.cls else rule.field
        form[f"{target}.see"] = rule.see
        form |= {f"{target}.{flag}": "on" for flag in ("reveal", "edit", "export") if getattr(rule, flag)}
    return form


def test_a_change_of_policy_works_with_the_next_question(owner: Staff, agent: Staff) -> None:
    assert queries.sight(queries.viewer_of(agent), "name") == "shown"
    policy_changes.set_rule("agent", "name", Rights("hidden"), by=queries.viewer_of(owner))
    assert queries.sight(queries.viewer_of(agent), "name") == "hidden"
    policy_changes.set_rule("agent", "name", None, by=queries.viewer_of(owner))
    assert queries.sight(queries.viewer_of(agent), "name") == "masked"


def test_secret_fields_and_own_roles_are_out_of_reach(officer: Staff, owner: Staff) -> None:
    with pytest.raises(StaffProblem, match="secret"):
        policy_changes.set_rule("agent", "class:secret", Rights("shown"), by=queries.viewer_of(owner))
    with pytest.raises(Forbidden):
        policy_changes.set_rule(
            "officer", "class:personal", Rights("shown", reveal=True), by=queries.viewer_of(officer)
        )
    with pytest.raises(StaffProblem, match="owner_keeps_keys"):
        policy_changes.set_role(
            "owner",
            permission_codes=[],
            scope="all",
            reveals_per_hour=1,
            needs_second_factor=False,
            by=queries.viewer_of(owner),
        )


@pytest.mark.parametrize(
    "change",
    [{"scope": "galaxy"}, {"reveals_per_hour": "-5"}, {"reveals_per_hour": "9999999"}, {"permissions": ["root"]}],
)
def test_odd_values_of_a_role_are_refused(as_owner: Client, change: dict[str, Any]) -> None:
    form = {"scope": "all", "reveals_per_hour": "5", "permissions": ["customers.view"]} | change
    assert as_owner.post("/security/policy/agent/", form).status_code == 422
    assert Role.objects.get(code="agent").scope == "all" and Role.objects.get(code="agent").reveals_per_hour == 20


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    "path",
    ["/security/staff/", "/security/policy/", "/security/policy/agent/", "/security/audit/", "/protect/backups/"],
)
def test_the_security_pages_draw_in_both_languages_without_inline_style(
    as_owner: Client, path: str, language: str
) -> None:
    as_owner.cookies["zhike_language"] = language
    page = as_owner.get(path)
    text = page.content.decode()
    assert page.status_code == 200 and " style=" not in text and "<script>" not in text and "onclick" not in text


def test_the_invitation_page_shows_the_link_once(as_owner: Client) -> None:
    page = as_owner.post(
        "/security/staff/invite/", {"email": "q@zhike.example", "display_name": "<b>小齐</b>", "roles": ["agent"]}
    )
    text = page.content.decode()
    assert "/join/" in text and "data:image/svg+xml" in text and "<b>小齐" not in text
    staff = Staff.objects.get(email="q@zhike.example")
    assert "/join/" not in as_owner.get(f"/security/staff/{staff.pk}/").content.decode()
