"""What stands around every page, and who sees what of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import RequestFactory
from django.urls import NoReverseMatch

from zhike.ui import frame, listed


@dataclass(frozen=True)
class Somebody:
    label: str = "林"
    permissions: frozenset[str] = frozenset()


@pytest.fixture
def rail(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A rail of its own: home for all, customers and their duplicates by right, and a page that does not exist yet."""
    addresses = {
        "home": "/",
        "register": "/customers/",
        "duplicates": "/customers/duplicates/",
        "orders": "/shop/orders/",
    }

    def reverse(name: str) -> str:
        if name not in addresses:
            raise NoReverseMatch(name)
        return addresses[name]

    monkeypatch.setattr(frame, "reverse", reverse)
    monkeypatch.setattr(frame, "_nav", {})
    monkeypatch.setattr(frame, "_commands", {})
    frame.nav_item("home", "Home", "home", "home", None, 10)
    frame.nav_item("orders", "Shop", "store", "orders", "orders.view", 40, under=("/shop/",))
    frame.nav_item("customers", "Customers", "users", "register", "customers.view", 20, key="c", count=lambda viewer: 3)
    frame.nav_item("duplicates", "Duplicates", "copy", "duplicates", "clean.view", 21, parent="customers")
    frame.nav_item("talk", "Inbox", "message", "inbox", None, 30)
    frame.command("import", "Import a file", "upload", "orders", "orders.view", "daoru")
    yield
    monkeypatch.undo()
    frame.forget()


def _links(path: str, *permissions: str) -> list[Any]:
    return frame.nav_links(RequestFactory().get(path), Somebody(permissions=frozenset(permissions)))


def test_the_rail_shows_only_pages_that_exist_and_are_allowed(rail):
    assert [link.item.code for link in _links("/")] == ["home"]
    assert [link.item.code for link in _links("/", "customers.view", "orders.view")] == ["home", "customers", "orders"]


def test_nobody_sees_a_rail_before_signing_in(rail):
    assert frame.nav_links(RequestFactory().get("/"), None) == []
    assert frame.command_links(None) == []


def test_the_part_of_the_longest_matching_address_is_lit_and_unfolded(rail):
    links = _links("/customers/duplicates/7/", "customers.view", "clean.view")
    customers = next(link for link in links if link.item.code == "customers")
    assert customers.current
    assert [(child.item.code, child.current) for child in customers.children] == [("duplicates", True)]
    assert not next(link for link in links if link.item.code == "home").current


def test_a_page_below_its_prefix_keeps_its_part_lit(rail):
    links = _links("/shop/products/", "orders.view")
    assert [link.item.code for link in links if link.current] == ["orders"]


def test_a_page_whose_parent_is_not_allowed_stands_by_itself(rail):
    assert [link.item.code for link in _links("/", "clean.view")] == ["home", "duplicates"]


def test_waiting_work_is_counted_for_the_viewer(rail):
    assert [link.count for link in _links("/", "customers.view")] == [None, 3]


def test_commands_are_found_by_the_words_of_both_languages(rail):
    found = frame.command_links(Somebody(permissions=frozenset({"orders.view"})))
    assert "daoru" in found[0]["words"]
    assert "import a file" in found[0]["words"]


def test_the_palette_names_what_may_be_opened_and_is_drawn_once_per_rights(rail):
    seller = Somebody(permissions=frozenset({"orders.view"}))
    drawn = listed.palette(seller)
    assert "/shop/orders/" in drawn and "daoru" in drawn and "/customers/" not in drawn
    assert listed.palette(Somebody("王", seller.permissions)) is drawn
    clerk = Somebody(permissions=frozenset({"customers.view", "clean.view"}))
    assert "/customers/duplicates/" in listed.palette(clerk) and "daoru" not in listed.palette(clerk)
    assert "<kbd>c</kbd>" in listed.keys(clerk) and "<kbd>c</kbd>" not in listed.keys(seller)


def test_an_unknown_theme_in_the_cookie_is_as_none():
    request = RequestFactory().get("/")
    request.COOKIES[frame.THEME_COOKIE] = '"><script>'
    assert frame.theme_of(request) == "system"


@pytest.mark.django_db
def test_a_language_is_chosen_by_post_and_kept_in_the_browser(client):
    answer = client.post("/ui/language/", {"language": "en", "next": "/customers/"})
    assert answer["Location"] == "/customers/"
    assert answer.cookies["zhike_language"].value == "en"
    assert client.get("/ui/language/").status_code == 405


@pytest.mark.django_db
def test_the_way_back_never_leads_to_another_site(client):
    for elsewhere in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        assert client.post("/ui/language/", {"language": "en", "next": elsewhere})["Location"] == "/"


@pytest.mark.django_db
def test_an_unknown_language_or_theme_sets_nothing(client):
    assert "zhike_language" not in client.post("/ui/language/", {"language": "xx"}).cookies
    assert "zhike_theme" not in client.post("/ui/appearance/", {"theme": "neon"}).cookies


@pytest.mark.django_db
def test_whoever_keeps_the_language_is_told(client, monkeypatch):
    told: list[str] = []
    monkeypatch.setattr(frame, "_language_keeper", lambda request, code: told.append(code))
    client.post("/ui/language/", {"language": "en"})
    assert told == ["en"]
