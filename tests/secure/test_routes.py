"""The authorisation table: no page without a declared right, and the right is enforced, for every role."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.cast import CAST, hire, signed_in
from zhike.secure import permissions, queries

# Open to anybody, each for a reason; the list may not grow beyond fifteen.
PUBLIC = {
    "account/login/": "the way in",
    "account/inactive/": "the library's answer to a disabled account",
    "account/2fa/authenticate/": "the second step of the way in; does nothing without the first",
    "account/sign-on/": "the way in through an identity provider; 404 without one",
    "account/sign-on/back/": "the answer of the identity provider, to this browser’s own question",
    "join/<str:token>/": "the token is the right",
    "stop/<str:token>/": "the way out of advertising messages; the token is the right, and all it can do is stop",
}
PUBLIC_LATER = {"ui/language/", "ui/appearance/", "metrics", "health/", "health/live/", "health/ready/", "ui/strings/"}
BEFORE_SECOND_FACTOR = "account/"


def routes(patterns: Any = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry.url_patterns, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern), entry.callback


def declared(view: Any) -> str | None:
    while view is not None:
        if hasattr(view, "zhike_needs"):
            return str(view.zhike_needs)
        if hasattr(view, "zhike_public"):
            return "public"
        if hasattr(view, "zhike_operations"):
            return "api"  # tokens, not sessions: tests/api/test_rights.py holds the table of these
        view = getattr(view, "__wrapped__", None)
    return None


def test_every_route_declares_its_right() -> None:
    undeclared = [path for path, view in routes() if declared(view) is None and path not in PUBLIC_LATER]
    assert undeclared == [], "these views need @needs(…) or a place on the public list"


def test_the_public_list_is_short_and_every_public_view_is_on_it() -> None:
    public = {path for path, view in routes() if declared(view) in (None, "public")}
    assert public <= set(PUBLIC) | PUBLIC_LATER and len(PUBLIC) + len(PUBLIC_LATER) <= 15


def test_every_declared_permission_exists() -> None:
    assert {declared(view) for _, view in routes()} - {None, "", "public", "api"} <= set(permissions.registry())


def address(path: str) -> str:
    """A route with something in its holes: ids that belong to nobody."""
    return "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda m: "999999" if m[1] == "int" else "nobody", path)


def guarded() -> list[tuple[str, str]]:
    return [
        (path, right)
        for path, view in routes()
        if (right := declared(view)) not in (None, "public", "api") and "(?P" not in path
    ]


@pytest.mark.django_db
def test_somebody_signed_out_gets_nowhere() -> None:
    for path, _ in guarded():
        for method in ("get", "post"):
            answer = getattr(Client(), method)(address(path))
            sent_away = answer.status_code == 302 and answer["Location"].startswith("/account/login/")
            assert sent_away or answer.status_code == 405, (method, path, answer.status_code)


@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(CAST))
def test_each_role_gets_in_exactly_where_its_rights_lead(role: str) -> None:
    staff = hire(role)
    viewer, browser = queries.viewer_of(staff), signed_in(staff)
    browser.raise_request_exception = False
    for path, right in guarded():
        if not right or right in viewer.permissions:
            continue
        for method in ("get", "post"):
            answer = getattr(browser, method)(address(path))
            assert answer.status_code in (403, 405), (role, method, path, answer.status_code)


@pytest.mark.django_db
def test_somebody_without_any_role_gets_no_further_than_their_own_page() -> None:
    from zhike.secure.models import Staff

    browser = signed_in(Staff.objects.create_user("x@zhike.example", display_name="无角色"))
    for path, right in guarded():
        if right:
            assert browser.get(address(path)).status_code in (403, 405), path


@pytest.mark.django_db
def test_with_the_second_factor_pending_every_page_leads_to_setting_it_up() -> None:
    from zhike.secure import policy
    from zhike.secure.models import Role

    owner = hire("owner")
    Role.objects.filter(code="owner").update(needs_second_factor=True)
    policy.touch()
    browser = signed_in(owner)
    for path, _ in guarded():
        if path.startswith(BEFORE_SECOND_FACTOR):
            continue
        for method in ("get", "post"):
            answer = getattr(browser, method)(address(path))
            assert answer.status_code == 405 or answer["Location"] == "/account/2fa/totp/activate/", (method, path)
