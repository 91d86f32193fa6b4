"""Signing in: constant answers, one budget of guesses, a second factor, sessions that end."""

import datetime as dt
import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client, override_settings

from tests.cast import PASSWORD, hire, signed_in
from zhike.kit import clock
from zhike.secure import guessing, policy
from zhike.secure.models import AuditEvent, Role, Staff, Tally

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
LOGIN = "/account/login/"


def attempt(client: Client, email: str, password: str = PASSWORD, **headers: Any) -> Any:
    return client.post(LOGIN, {"login": email, "password": password}, **headers)


def inside(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def test_staff_sign_in_with_email_and_password_and_the_audit_knows(agent: Staff, client: Client) -> None:
    assert attempt(client, agent.email).status_code == 302 and inside(client)
    assert AuditEvent.objects.get(action="sign_in").actor_id == agent.pk


def test_the_session_key_changes_at_sign_in(agent: Staff, client: Client) -> None:
    client.get(LOGIN)
    session = client.session
    session["x"] = 1
    session.save()
    client.cookies["zhike_session"] = before = session.session_key
    attempt(client, agent.email)
    assert client.session.session_key != before and not Session.objects.filter(session_key=before).exists()


def test_unknown_disabled_and_wrong_all_get_the_same_answer(agent: Staff) -> None:
    gone = hire("operator")
    Staff.objects.filter(pk=gone.pk).update(is_active=False)
    answers = set()
    for email, password in [
        ("nobody@zhike.example", PASSWORD),
        (agent.email, "wrong-wrong"),
        (gone.email, PASSWORD),
        (gone.email, "wrong-wrong"),
    ]:
        page = attempt(Client(), email, password)
        text = re.sub(r"[\w.+-]+@zhike\.example|csrf[^>]*>|\{\"X-CSRFToken\"[^}]*\}", "", page.content.decode())
        answers.add((page.status_code, text))
    assert len(answers) == 1


def test_the_password_is_never_sent_back(agent: Staff, client: Client) -> None:
    assert "wrong-wrong" not in attempt(client, agent.email, "wrong-wrong").content.decode()


@pytest.mark.parametrize(
    "disguise",
    [
        lambda e, n: e.upper(),
        lambda e, n: f" {e} ",
        lambda e, n: e.replace("a", "ａ"),
        lambda e, n: e.replace("e", "é"),
        lambda e, n: e.replace("@", "\u200b@"),
    ],
)
def test_twenty_guesses_an_hour_are_evaluated_whatever_disguise_or_address(agent: Staff, disguise: Any) -> None:
    key = guessing.account_key(agent.email)
    with clock.freeze(clock.now()):
        for n in range(44):
            attempt(
                Client(),
                disguise(agent.email, n) if n % 2 else agent.email,
                f"wrong-guess-{n}",
                REMOTE_ADDR=f"203.0.113.{n}",
            )
        assert len(Tally.objects.get(pk=f"guess:{key}").value) <= 20
        late = Client()
        attempt(late, agent.email, REMOTE_ADDR="198.51.100.1")
        assert not inside(late)


def test_the_lock_holds_across_a_restart_and_ends_after_an_hour(agent: Staff) -> None:
    start = clock.now()
    with clock.freeze(start):
        for n in range(20):
            attempt(Client(), agent.email, f"wrong-guess-{n}", REMOTE_ADDR=f"203.0.113.{n}")
    assert Tally.objects.filter(pk__startswith="guess:").exists()  # in the database, so a restart does not forget it
    with clock.freeze(start + dt.timedelta(minutes=59)):
        early = Client()
        attempt(early, agent.email)
        assert not inside(early)
    with clock.freeze(start + dt.timedelta(minutes=61)):
        late = Client()
        attempt(late, agent.email)
        assert inside(late)


def test_strangers_do_not_lock_a_person_out_of_their_own_browser(agent: Staff) -> None:
    own = Client()
    attempt(own, agent.email)
    own.post("/account/logout/")
    for n in range(25):
        attempt(Client(), agent.email, f"wrong-guess-{n}", REMOTE_ADDR=f"203.0.113.{n}")
    attempt(own, agent.email)
    assert inside(own)


@pytest.mark.long_on_postgresql
def test_right_passwords_do_not_count_as_guesses(agent: Staff) -> None:
    for _ in range(25):
        browser = Client()
        attempt(browser, agent.email)
        assert inside(browser)


def test_there_is_no_sign_up_and_no_reset_by_mail(client: Client) -> None:
    for path in ("/account/signup/", "/accounts/signup/", "/account/password/reset/", "/account/email/"):
        assert client.get(path).status_code == 404


def test_a_next_address_outside_is_not_followed(agent: Staff, client: Client) -> None:
    answer = client.post(
        LOGIN + "?next=https://evil.example/",
        {"login": agent.email, "password": PASSWORD, "next": "https://evil.example/"},
    )
    assert answer["Location"] == "/"


# second factor


def enroll(staff: Staff) -> str:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    secret = generate_totp_secret()
    TOTP.activate(staff, secret)
    return secret


def code_of(secret: str) -> str:
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def require_factor(role: str) -> None:
    Role.objects.filter(code=role).update(needs_second_factor=True)
    policy.touch()


def test_with_a_second_factor_the_password_alone_opens_nothing(agent: Staff, client: Client) -> None:
    secret = enroll(agent)
    assert attempt(client, agent.email)["Location"].endswith("/account/2fa/authenticate/")
    assert not inside(client)
    assert client.get("/account/2fa/authenticate/").status_code == 200
    client.post("/account/2fa/authenticate/", {"code": code_of(secret)})
    assert inside(client)


def test_a_code_works_once(agent: Staff) -> None:
    secret = enroll(agent)
    code = code_of(secret)
    for browser, wanted in ((Client(), True), (Client(), False)):
        attempt(browser, agent.email)
        browser.post("/account/2fa/authenticate/", {"code": code})
        assert inside(browser) is wanted


def test_codes_and_passwords_share_one_budget(agent: Staff) -> None:
    secret = enroll(agent)
    browser = Client()
    attempt(browser, agent.email)
    for n in range(12):
        attempt(Client(), agent.email, f"wrong-guess-{n}", REMOTE_ADDR=f"203.0.113.{n}")
    for _ in range(12):
        browser.post("/account/2fa/authenticate/", {"code": "000000"})
    browser.post("/account/2fa/authenticate/", {"code": code_of(secret)})
    assert not inside(browser)


def test_the_secret_of_a_second_factor_lies_sealed(agent: Staff) -> None:
    from allauth.mfa.models import Authenticator

    secret = enroll(agent)
    assert secret not in str(Authenticator.objects.get().data)


def test_a_role_that_requires_a_second_factor_leads_to_setting_it_up_before_anything_else(agent: Staff) -> None:
    from zhike.secure import queries

    require_factor("agent")
    browser = signed_in(agent)
    for path in ("/me/", "/security/", "/"):
        assert browser.get(path)["Location"] == "/account/2fa/totp/activate/", path
    assert browser.get("/account/2fa/totp/activate/").status_code in (200, 302)
    enroll(agent)
    assert inside(signed_in(agent))
    assert queries.viewer_of(agent).can("customers.view")


def test_password_ok_and_factor_pending_has_no_right_at_all(agent: Staff) -> None:
    from django.test import RequestFactory

    from zhike.secure import queries

    require_factor("agent")
    request = RequestFactory().get("/")
    request.user = agent
    viewer = queries.viewer_of(request)
    assert viewer.staff_id == agent.pk and not viewer.permissions and queries.sight(viewer, "name") == "hidden"


def test_recovery_codes_sign_in_once_each(agent: Staff) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    enroll(agent)
    code = RecoveryCodes.activate(agent).get_unused_codes()[0]
    for wanted in (True, False):
        browser = Client()
        attempt(browser, agent.email)
        browser.post("/account/2fa/authenticate/", {"code": code})
        assert inside(browser) is wanted


# sessions and passwords


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(agent: Staff) -> None:
    here, there = Client(), Client()
    for browser in (here, there):
        attempt(browser, agent.email)
    new = "a-fresh-long-password-9"
    page = here.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert page.status_code == 302 and inside(here) and not inside(there)
    assert AuditEvent.objects.filter(action="password_changed").count() == 1


@pytest.mark.parametrize("weak", ["short", "password123", "1234567890", "agent@zhike.example"])
def test_weak_passwords_are_refused(as_agent: Client, weak: str) -> None:
    page = as_agent.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": weak, "password2": weak})
    assert page.status_code == 200 and "form-error" in page.content.decode()


def test_people_see_their_sessions_and_end_them_but_not_those_of_others(agent: Staff, operator: Staff) -> None:
    from allauth.usersessions.models import UserSession

    here, there, other = Client(), Client(), Client()
    attempt(here, agent.email)
    attempt(there, agent.email, HTTP_USER_AGENT="old phone")
    attempt(other, operator.email)
    assert "old phone" in here.get("/me/").content.decode()
    foreign = UserSession.objects.get(user=operator)
    here.post("/me/sessions/end/", {"session": foreign.pk})
    assert inside(other)
    here.post("/me/sessions/end/", {"session": UserSession.objects.get(user_agent="old phone").pk})
    assert not inside(there) and inside(here)


def test_ending_all_other_sessions_keeps_this_one(agent: Staff) -> None:
    browsers = [Client() for _ in range(3)]
    for browser in browsers:
        attempt(browser, agent.email)
    browsers[0].post("/me/sessions/end-others/")
    assert [inside(b) for b in browsers] == [True, False, False]


def test_signed_in_pages_are_not_kept_by_browsers_or_proxies(as_agent: Client) -> None:
    assert "no-store" in as_agent.get("/me/")["Cache-Control"]


@override_settings(DEBUG=False)
def test_an_htmx_request_of_somebody_signed_out_is_sent_to_the_sign_in_page(client: Client) -> None:
    answer = client.get("/me/", headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == LOGIN


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    "path", ["/me/", "/account/password/change/", "/account/2fa/totp/activate/", "/account/logout/"]
)
def test_own_pages_draw_in_both_languages(agent: Staff, path: str, language: str) -> None:
    browser = Client()
    attempt(browser, agent.email)
    page = browser.get(path, headers={"Accept-Language": language})
    assert page.status_code == 200, page.headers.get("Location")
    assert " style=" not in page.content.decode() and "<style" not in page.content.decode()


@pytest.mark.long_on_postgresql
def test_passwords_lie_as_argon2_and_are_hashed_two_at_a_time() -> None:
    import threading

    from django.contrib.auth.hashers import check_password, make_password

    with override_settings(PASSWORD_HASHERS=["zhike.secure.hashing.CappedArgon2"]):
        stored = make_password(PASSWORD)
        found: list[bool] = []
        threads = [threading.Thread(target=lambda: found.append(check_password(PASSWORD, stored))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert stored.startswith("argon2$argon2id$") and found == [True] * 4


def test_known_unknown_and_disabled_people_cost_one_hash_each(agent: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes half a second takes it for everybody; counted, not timed."""
    from django.contrib.auth.hashers import MD5PasswordHasher

    gone, linked = hire("operator"), hire("keeper")
    Staff.objects.filter(pk=gone.pk).update(is_active=False)
    linked.set_unusable_password()
    linked.save()
    hashed: list[str] = []
    real = MD5PasswordHasher.encode

    def counting(self: Any, password: str, salt: str, *rest: Any) -> str:
        hashed.append(password)
        return real(self, password, salt, *rest)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counting)
    answers, costs = set(), {}
    for email in (agent.email, "nobody@zhike.example", gone.email, linked.email):
        hashed.clear()
        page = attempt(Client(), email, "wrong-wrong")
        costs[email] = len(hashed)
        text = re.sub(r"[\w.+-]+@zhike\.example|csrf[^>]*>|\{\"X-CSRFToken\"[^}]*\}", "", page.content.decode())
        answers.add((page.status_code, text))
    assert set(costs.values()) == {1} and len(answers) == 1, costs
