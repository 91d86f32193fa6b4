"""Sign-in through an identity provider: staff who are here, a confirmed address, a checked signature; nobody else."""

from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from tests.cast import hire
from tests.secure.identity_provider import CLIENT, SECRET, Provider, running
from tests.secure.test_sign_in import attempt, code_of, enroll, inside, require_factor
from zhike.config.single_sign_on import providers
from zhike.secure import staffing
from zhike.secure.models import AuditEvent, Staff
from zhike.secure.records import LOCAL_OPERATOR

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
AWAY, BACK = "/account/sign-on/", "/account/sign-on/back/"


@pytest.fixture
def house(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """A provider, and an installation that knows it."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    secret = tmp_path / "secret"
    secret.write_text(SECRET + "\n")
    secret.chmod(0o600)
    with running() as provider:
        names = {"ISSUER": provider.issuer, "CLIENT_ID": CLIENT, "SECRET_FILE": str(secret), "NAME": "企业微信 & Co"}
        settings.SOCIALACCOUNT_PROVIDERS = providers({f"ZHIKE_OIDC_{k}": v for k, v in names.items()})
        yield provider


def come(provider: Provider, claims: dict[str, Any], browser: Client | None = None) -> tuple[Client, Any]:
    browser = browser or Client()
    provider.claims = claims
    page = browser.post(AWAY).content.decode()
    address = unescape(page.partition('href="http')[2].partition('"')[0])
    return browser, browser.get(BACK, provider.consent("http" + address))


def confirmed(staff: Staff, sub: str = "s1", **more: Any) -> dict[str, Any]:
    return {"sub": sub, "email": staff.email, "email_verified": True, **more}


def last_refusal() -> Any:
    return AuditEvent.objects.filter(action="sign_in_failed").order_by("-id")[0].detail["code"]


def test_without_a_provider_there_is_no_button_and_no_address(client: Client) -> None:
    assert "sign-on" not in client.get("/account/login/").content.decode()
    for path in (AWAY, BACK, "/accounts/oidc/x/login/", "/account/oidc/x/login/", "/account/3rdparty/"):
        assert client.get(path).status_code == 404 == client.post(path).status_code, path


def test_staff_come_in_through_the_provider_and_are_linked_once(house: Provider, agent: Staff) -> None:
    assert "企业微信 &amp; Co" in Client().get("/account/login/").content.decode()
    browser, answer = come(house, confirmed(agent))
    assert answer.status_code == 302 and inside(browser)
    link = SocialAccount.objects.get()
    assert (link.user_id, link.uid, link.extra_data) == (agent.pk, "s1", {})
    again, _ = come(house, {"sub": "s1", "email": "married@elsewhere.example", "email_verified": False})
    assert inside(again) and SocialAccount.objects.count() == 1
    assert AuditEvent.objects.filter(action="sign_in", detail__way="provider", actor_id=agent.pk).count() == 2
    assert agent.check_password("guests-come-back-soon")


@pytest.mark.long_on_postgresql
@pytest.mark.parametrize("verified", [False, None, "true", "false", 1, "absent"])
def test_an_address_the_provider_has_not_confirmed_opens_nothing(house: Provider, owner: Staff, verified: Any) -> None:
    claims = confirmed(owner) | {"email_verified": verified}
    if verified == "absent":
        del claims["email_verified"]
    browser, answer = come(house, claims)
    assert answer.status_code == 403 and not inside(browser) and not SocialAccount.objects.exists()
    assert last_refusal() == "unverified"


def test_strangers_disabled_and_lapsed_people_get_the_same_answer_and_no_account(house: Provider) -> None:
    gone, never = hire("operator"), staffing.add("late@zhike.example", "晚到", ["agent"], by=LOCAL_OPERATOR)
    Staff.objects.filter(pk=gone.pk).update(is_active=False)
    people, answers, codes = Staff.objects.count(), set(), []
    for claims in ({"sub": "x", "email": "x@y.example", "email_verified": True}, confirmed(gone), confirmed(never)):
        browser, answer = come(house, claims)
        codes.append(last_refusal())
        answers.add((answer.status_code, answer.content.decode().partition("X-CSRFToken")[0]))
        assert not inside(browser)
    assert codes == ["unknown", "disabled", "not_invited"] and len(answers) == 1
    assert Staff.objects.count() == people and not SocialAccount.objects.exists()


def test_an_invitation_lets_in_and_is_used_up(house: Provider) -> None:
    staff, token = staffing.invite("new@zhike.example", "新人", ["agent"], by=LOCAL_OPERATOR)
    browser, _ = come(house, confirmed(staff))
    assert inside(browser) and Client().get(f"/join/{token}/").status_code == 404
    assert Staff.objects.get(pk=staff.pk).joined_at is not None


def test_disabling_a_linked_person_ends_their_way_in_through_the_provider(
    house: Provider, owner: Staff, agent: Staff
) -> None:
    browser, _ = come(house, confirmed(agent))
    staffing.disable(agent.pk, by=LOCAL_OPERATOR)
    assert not inside(browser)
    again, answer = come(house, confirmed(agent))
    assert answer.status_code == 403 and not inside(again) and last_refusal() == "disabled"


def test_an_address_given_to_somebody_else_does_not_give_them_the_account(house: Provider, agent: Staff) -> None:
    browser, _ = come(house, confirmed(agent))
    other, answer = come(house, confirmed(agent, "s2"))
    assert answer.status_code == 403 and not inside(other) and last_refusal() == "other_subject"
    browser.post("/me/sign-on/unlink/")
    assert not SocialAccount.objects.exists() and AuditEvent.objects.filter(action="sign_on.unlinked").count() == 1
    other, _ = come(house, confirmed(agent, "s2"))
    assert inside(other)


def test_the_same_subject_of_another_issuer_is_another_person(house: Provider, agent: Staff, settings: Any) -> None:
    come(house, confirmed(agent))
    with running() as elsewhere:
        names = {"ISSUER": elsewhere.issuer, "CLIENT_ID": CLIENT}
        old = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["secret"]
        settings.SOCIALACCOUNT_PROVIDERS = providers({f"ZHIKE_OIDC_{k}": v for k, v in names.items()})
        settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["secret"] = old
        browser, answer = come(elsewhere, {"sub": "s1"})
        assert answer.status_code == 403 and not inside(browser)


@pytest.mark.long_on_postgresql
@pytest.mark.parametrize("fault", ["key", "audience", "issuer", "old", "no_subject", "name", "userinfo"])
def test_a_token_that_does_not_prove_itself_is_refused(house: Provider, agent: Staff, fault: str) -> None:
    claims = confirmed(agent)
    if fault == "key":
        house.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    claims |= {"audience": {"aud": "other"}, "issuer": {"iss": "https://evil.example"}, "old": {"exp": 1}}.get(
        fault, {}
    )
    if fault == "no_subject":
        del claims["sub"]
    if fault == "name":
        house.overrides = {"issuer": "https://evil.example"}
    if fault == "userinfo":
        house.told = {**claims, "sub": "somebody-else"}
        claims = {"sub": "s1"}
    browser, answer = come(house, claims)
    assert answer.status_code == 403 and not inside(browser) and not SocialAccount.objects.exists()


def test_claims_may_come_from_the_user_info_of_the_same_subject(house: Provider, agent: Staff) -> None:
    house.told = confirmed(agent)
    browser, _ = come(house, {"sub": "s1"})
    assert inside(browser)


def test_an_answer_to_a_question_this_browser_did_not_ask_is_refused(house: Provider, agent: Staff) -> None:
    house.claims = confirmed(agent)
    for query in ({"code": "a", "state": "b"}, {"error": "access_denied"}, {}):
        browser = Client()
        assert browser.get(BACK, query).status_code == 403 and not inside(browser)
    browser = Client()
    page = browser.post(AWAY).content.decode()
    address = "http" + unescape(page.partition('href="http')[2].partition('"')[0])
    thief = Client()
    assert thief.get(BACK, house.consent(address)).status_code == 403 and not inside(thief)


def test_a_silent_provider_is_a_refusal_and_no_fault_of_ours(house: Provider, settings: Any) -> None:
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = "http://127.0.0.1:9"
    assert Client().post(AWAY).status_code == 403 and last_refusal() == "unreachable"


def test_the_way_to_the_provider_needs_a_form_of_ours(house: Provider) -> None:
    assert Client().get(AWAY).status_code == 405
    assert Client(enforce_csrf_checks=True).post(AWAY).status_code == 403


def test_our_second_factor_still_holds_after_the_provider(house: Provider, agent: Staff) -> None:
    secret = enroll(agent)
    browser, answer = come(house, confirmed(agent, amr=["pwd", "mfa"]))
    assert answer["Location"].endswith("/account/2fa/authenticate/") and not inside(browser)
    browser.post("/account/2fa/authenticate/", {"code": code_of(secret)})
    assert inside(browser)


@pytest.mark.parametrize(
    ("trusted", "methods", "enough"),
    [(False, ["mfa"], False), (True, ["pwd"], False), (True, None, False), (True, "mfa", False), (True, ["mfa"], True)],
)
def test_a_required_second_factor_may_be_the_providers_where_the_house_trusts_it(
    house: Provider, agent: Staff, settings: Any, trusted: bool, methods: Any, enough: bool
) -> None:
    require_factor("agent")
    settings.ZHIKE_OIDC_TRUST_MFA = trusted
    claims = confirmed(agent) | ({} if methods is None else {"amr": methods})
    browser, _ = come(house, claims)
    assert inside(browser) is enough
    if enough:
        settings.ZHIKE_OIDC_TRUST_MFA = False
        assert not inside(browser)  # taking the trust back works at once
        settings.ZHIKE_OIDC_TRUST_MFA = True
        browser.post("/account/logout/")
        attempt(browser, agent.email)
        assert not inside(browser)  # and a password alone does not inherit it


def test_half_a_set_up_is_refused_with_its_reason(tmp_path: Path) -> None:
    assert providers({}) == {} == providers({"ZHIKE_OIDC_CLIENT_ID": "x"})
    (tmp_path / "open").write_text("x")
    (tmp_path / "open").chmod(0o644)
    base = {"ZHIKE_OIDC_ISSUER": "https://id.example", "ZHIKE_OIDC_CLIENT_ID": "x"}
    for wrong, word in (
        ({"ZHIKE_OIDC_ISSUER": "http://id.example"}, "https"),
        ({"ZHIKE_OIDC_CLIENT_ID": ""}, "CLIENT_ID"),
        ({"ZHIKE_OIDC_SECRET_FILE": str(tmp_path / "open")}, "chmod 600"),
        ({"ZHIKE_OIDC_SECRET_FILE": str(tmp_path / "none")}, "cannot be read"),
    ):
        with pytest.raises(ImproperlyConfigured, match=word):
            providers(base | wrong)
