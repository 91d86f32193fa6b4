"""A token is made on the page, works, is shown only once, and ends with a press."""

from typing import Any

import httpx
import pytest

from tests.api.program import program
from tests.cast import PASSWORD, hire

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_token_made_on_the_page_works_until_it_is_revoked_there(visit: Any, live_server: Any) -> None:
    owner = hire("owner")
    page = visit("/security/api/", by=owner, language="en")
    page.locator("[data-open=token]").first.click()
    page.fill("#token-name", "Till at the door")
    page.locator("input[name=scopes][value='customers:read']").check()
    page.fill("#token-password", "a wrong password")
    page.get_by_role("button", name="Make the token").click()
    page.wait_for_selector("text=Password or code is not right")
    page.locator("[data-open=token]").first.click()
    page.fill("#token-password", PASSWORD)
    page.get_by_role("button", name="Make the token").click()
    text = page.locator("code", has_text="zk_").first.inner_text().strip()
    headers = {"Authorization": f"Bearer {text}"}
    address = f"{live_server.url}/api/v1/tags"
    assert httpx.get(address, headers=headers).status_code == 200
    page.get_by_role("link", name="Back to the tokens").click()
    assert text not in page.content() and text[:8] in page.content()
    page.get_by_role("button", name="Revoke").click()
    page.wait_for_selector("text=The token is revoked")
    assert httpx.get(address, headers=headers).json()["code"] == "token_invalid"


def test_the_reference_names_every_operation_and_lets_it_be_unfolded_without_scripts(visit: Any) -> None:
    from zhike.api import assembly

    page = visit("/security/api/reference/", by=hire("agent"), scripts=False)
    assert page.locator("section details").count() == len(assembly.operations())
    page.locator("#get_customer summary").click()
    assert page.locator("#get_customer").get_by_text("x-zhike").count() == 0
    assert "fields" in page.locator("#get_customer").inner_text()


@pytest.mark.parametrize("size", ["wide", "small"])
def test_pages_about_the_api_fit_their_screen_in_both_themes_and_languages(visit: Any, shoot: Any, size: str) -> None:
    owner = hire("owner")
    for _ in range(2):
        program(staff=owner, networks=["203.0.113.0/24"])
    for theme, language in (("light", "zh"), ("dark", "en")):
        for address in ("/security/api/", "/security/api/reference/"):
            page = visit(address, by=owner, size=size, theme=theme, language=language)
            shoot(page, f"api-{address.strip('/').rpartition('/')[2]}-{size}-{theme}")
            overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert overflow <= 0, (address, size, theme)
