"""Every field of the catalogue × every role that prints × every printed file: what a role may not see is in none of them."""

import io
import zipfile
from typing import Any

import pytest
from django.test import Client

from tests.cast import CAST, hire, signed_in
from tests.desk.test_printing import content_of, read
from tests.flows.test_leak_matrix import CANARIES, FILE_CANARIES, ORDER_CANARIES, ground
from zhike.desk.models import ExportRule
from zhike.secure import fields
from zhike.secure import queries as secure

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["ground"]


def kept_back(viewer: Any) -> dict[str, str]:
    """The canaries that may not leave the house in this viewer's hands, or only masked."""

    def leaves(name: str) -> bool:
        return secure.sight(viewer, name) == "shown" and secure.may_export(viewer, name)

    return {f: text for f, text in (CANARIES | ORDER_CANARIES | FILE_CANARIES).items() if text and not leaves(f)}


def prints(browser: Client, ground: dict[str, str]) -> dict[str, str]:
    """The text of every file a role can have printed."""
    address, found = f"/customers/{ground['@customer']}/", {}
    cards = [("current", ""), ("former", ""), ("potential", ""), ("potential", ground["@closed"])]
    for form in ("pdf", "docx", "xlsx"):
        for kind, closed in cards if form == "pdf" else cards[:2]:
            given = {"kind": kind, "closed": closed, "form": form, "reason": "试"}
            answer = browser.post(f"{address}card/print/", given)
            found[f"{kind} {bool(closed)} {form}"] = read(content_of(browser, answer), form)
    bag = browser.post(f"{address}bag/", {"form": "pdf", "reason": "试"})
    found["bag"] = read(content_of(browser, bag), "pdf")
    folder = content_of(browser, browser.post(f"{address}bag/", {"form": "zip", "reason": "试"}))
    with zipfile.ZipFile(io.BytesIO(folder)) as held:
        found["folder"] = "\n".join([*held.namelist(), *(read(held.read(n), "pdf") for n in held.namelist())])
    columns = ["number", "name", "sex", "phone", "email", "city", "owner", "tags"]
    asked = {"act": "book", "all_matching": "1", "query": "", "reason": "试", "order": "name", "book_column": columns}
    found["book"] = read(content_of(browser, browser.post("/customers/bulk/", asked)), "pdf")
    return found


def test_no_print_holds_a_value_its_maker_may_not_take_along(ground: dict[str, str]) -> None:
    ExportRule.objects.create(pk=1, free_rows=10_000)
    leaks, cells, printers = [], 0, 0
    for role in CAST:
        staff = hire(role)
        viewer = secure.viewer_of(staff)
        if not viewer.can("customers.export"):
            continue
        printers += 1
        forbidden = kept_back(viewer)
        assert {"phone", "email", "address_detail", "birth_date"} <= forbidden.keys()
        for name, said in prints(signed_in(staff), ground).items():
            cells += len(forbidden)
            leaks += [f"{role} took {f} along on {name}" for f, text in forbidden.items() if text in said]
    assert leaks == []
    assert printers >= 4 and cells > 1000


def test_a_role_that_may_take_a_value_along_finds_it_on_the_card(ground: dict[str, str]) -> None:
    browser = signed_in(hire("owner"))
    given = {"kind": "current", "form": "pdf", "reason": "试"}
    said = read(content_of(browser, browser.post(f"/customers/{ground['@customer']}/card/print/", given)), "pdf")
    assert CANARIES["name"] in said and CANARIES["occupation"] in said and CANARIES["rival_in_use"] in said
    assert fields.field("phone").sealed and "138****0017" in said
