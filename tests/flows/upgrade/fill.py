"""What an installation of the first tables held, made by the program of that time; run by its code, not by today's.

    git archive ee9f868 | tar x -C OLD
    ZHIKE_HOME=HOME PYTHONPATH=OLD/src python tests/flows/upgrade/fill.py
    python -m tests.flows.upgrade.packed HOME

Everybody in it is invented. `packed.py` writes the file that `test_upgrade.py` lays into databases.
"""

import csv
import datetime as dt
import io
import os
from typing import Any

MAPPING = """
kind: orders
platform: test_shop
row_per: line
zone: Asia/Shanghai
currency: CNY
order: {id: order, ordered_at: at}
buyer:
  keys: [{platform_id: buyer}]
  fields: {name: name, email: email, phone: phone}
  joins: [email]
lines: {sku: sku, title: title, quantity: quantity, unit_price: price}
"""
HEADERS = ("order", "at", "buyer", "name", "email", "phone", "sku", "title", "quantity", "price")
SURNAMES = "王李张刘陈杨赵黄周吴"


def rows(prefix: str, people: range, orders: int) -> list[tuple[Any, ...]]:
    """Orders of invented people; the same e-mail address is the same person in every shop."""
    made = []
    for number in range(orders):
        who = people[number % len(people)]
        person = (f"{prefix}{who}", f"{SURNAMES[who % 10]}示例{who}", f"u{who}@example.com", f"1380000{who:04d}")
        at = f"2021-{1 + number % 12:02d}-{1 + number % 28:02d} 10:00:00"
        made.append(
            (f"{prefix}-{number}", at, *person, f"S{number % 7}", "示例茶", 1 + number % 3, f"{number % 40 + 1}.50")
        )
    return made


def content(made: list[tuple[Any, ...]]) -> bytes:
    """A CSV file of them."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADERS)
    writer.writerows(made)
    return text.getvalue().encode()


def main() -> None:
    """Make the installation and do with it what a shop does."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "zhike.config.settings"
    import django

    django.setup()
    from zhike.cli.ground import migrate
    from zhike.collect import actions as collect
    from zhike.customers import actions
    from zhike.kit import installation, jobs
    from zhike.secure import staffing, vault
    from zhike.secure.models import Staff
    from zhike.secure.queries import viewer_of
    from zhike.secure.records import LOCAL_OPERATOR as CLERK

    vault.setup()
    migrate()
    installation.set_up(name="旧店", time_zone="Asia/Shanghai", currency="CNY")
    for email, name, role in (("owner@example.com", "店主", "owner"), ("agent@example.com", "小林", "agent")):
        staffing.add(email, name, role_codes=[role], password="guests-come-back-soon", by=CLERK)
    for code, made in (("kept", rows("k", range(40), 120)), ("undone", rows("u", range(20, 60), 80))):
        source = actions.add_source(
            code=code, name=code, channel_kind="shop_platform", legal_basis="contract", platform="test_shop", by=CLERK
        )
        run = collect.store_file(io.BytesIO(content(made)), f"{code}.csv", by=CLERK)
        collect.describe(run.id, kind="orders", template_code="", mapping_text=MAPPING, by=CLERK)
        collect.choose_source(run.id, source.id, by=CLERK)
        collect.start_import(run.id, by=CLERK)
        jobs.run_pending()
    owner = viewer_of(Staff.objects.get(email="owner@example.com"))
    first = _first()
    actions.edit_field(first, "name", "王手写", by=owner)
    actions.add_tag([first], "老客户", by=owner)
    actions.set_owner([first], owner.staff_id, by=owner)
    contact = actions.Contact(
        at=dt.datetime(2021, 12, 1, 4, tzinfo=dt.UTC), way="call", outcome="reached", note="问了近况"
    )
    actions.record_contact(first, contact, by=owner)
    actions.reveal_field(first, "phone", by=owner, purpose="after_sale", reason="客户来电")


def _first() -> int:
    from zhike.customers.models import CustomerCard

    return int(CustomerCard.objects.order_by("customer_id").values_list("customer_id", flat=True)[0])


if __name__ == "__main__":
    main()
