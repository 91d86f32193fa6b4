"""Sessions end: the oldest when there are too many, idle ones of sensitive roles, and all after twelve hours."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from tests.cast import hire
from tests.secure.test_sign_in import attempt, inside
from zhike.kit import clock
from zhike.secure import policy, queries
from zhike.secure.models import AuditEvent, Role, Staff

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def later(minutes: float) -> Any:
    return clock.freeze(START + dt.timedelta(minutes=minutes))


START = dt.datetime(2026, 11, 22, 8, 0, tzinfo=dt.UTC)


def signed_in_at_eight(staff: Staff) -> Client:
    browser = Client()
    with later(0):
        attempt(browser, staff.email)
        assert inside(browser)
    return browser


def ended() -> list[str]:
    return [e.detail["code"] for e in AuditEvent.objects.filter(action="session_ended").order_by("id")]


def test_the_sixth_session_ends_the_oldest(agent: Staff) -> None:
    browsers = [Client() for _ in range(6)]
    for browser in browsers:
        attempt(browser, agent.email)
    assert [inside(b) for b in browsers] == [False] + [True] * 5 and ended() == ["too_many"]


def test_of_several_roles_the_strictest_limit_holds(agent: Staff) -> None:
    agent.roles.add(Role.objects.get(code="keeper"))
    Role.objects.filter(code="keeper").update(sessions_at_most=1)
    policy.touch()
    viewer = queries.viewer_of(agent)
    assert (viewer.sessions_at_most, viewer.idle_minutes) == (1, 60)
    one, two = Client(), Client()
    attempt(one, agent.email)
    attempt(two, agent.email)
    assert not inside(one) and inside(two)


def test_an_idle_session_of_a_sensitive_role_ends_after_an_hour(owner: Staff) -> None:
    browser = signed_in_at_eight(owner)
    with later(59):
        assert inside(browser)  # a sign of life: the hour begins anew
    with later(118):
        assert inside(browser)
    with later(178.5):
        assert not inside(browser)
    assert ended() == ["idle"]


def test_a_page_that_asks_by_itself_is_no_sign_of_life(owner: Staff) -> None:
    browser = signed_in_at_eight(owner)
    for minutes in range(5, 60, 5):
        with later(minutes):
            assert browser.get("/me/", headers={"HX-Request": "true"}).status_code == 200
    with later(61):
        assert browser.get("/me/", headers={"HX-Request": "true"})["HX-Redirect"] == "/account/login/"


def test_other_roles_may_rest_but_no_session_outlives_twelve_hours(agent: Staff) -> None:
    browser = signed_in_at_eight(agent)
    for hours in (5, 11.9):
        with later(hours * 60):
            assert inside(browser)
    with later(12 * 60):
        assert not inside(browser)
    assert ended() == ["too_old"]


def test_the_limits_are_set_with_the_role(as_owner: Client) -> None:
    form = {"scope": "all", "reveals_per_hour": "5", "sessions_at_most": "2", "idle_minutes": "15"}
    as_owner.post("/security/policy/agent/", form)
    viewer = queries.viewer_of(hire("agent"))
    assert (viewer.sessions_at_most, viewer.idle_minutes) == (2, 15)
    for wrong in ({"sessions_at_most": "0"}, {"idle_minutes": "x"}, {"idle_minutes": "9999"}):
        assert as_owner.post("/security/policy/agent/", form | wrong).status_code == 422
    assert 'name="idle_minutes"' in as_owner.get("/security/policy/agent/").content.decode()
