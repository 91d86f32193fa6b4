"""What an installation answers, as JSON: `python -m tests.flows.upgrade.looking`, before and after an import is undone."""

import json
from typing import Any


def main() -> None:
    """Pages through a browser without network, values through their exits, counts from the tables."""
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.urls import reverse

    from zhike.collect.models import ImportRun
    from zhike.customers.models import Customer, CustomerCard
    from zhike.kit.signs import waiting_migrations
    from zhike.secure.models import Staff

    settings.ALLOWED_HOSTS = ["testserver"]
    staff = Staff.objects.get(email="owner@example.com")
    client = Client()
    client.force_login(staff)
    first = CustomerCard.objects.order_by("customer_id")[0]
    public_id = Customer.objects.get(pk=first.customer_id).public_id
    addresses = {
        "register": reverse("desk:register"),
        "file": reverse("desk:file", args=[public_id]),
        "home": reverse("desk:home"),
        "funnel": reverse("clean:funnel"),
        "tasks": reverse("work:tasks"),
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), sum(net_cents) FROM shop_order WHERE current_version_id IS NOT NULL")
        orders, cents = cursor.fetchone()
    told: dict[str, Any] = {
        "waiting": waiting_migrations(),
        "pages": {name: client.get(address).status_code for name, address in addresses.items()},
        "name": first.name,
        "shown": first.name in client.get(addresses["file"]).content.decode(),
        "password": staff.check_password("guests-come-back-soon"),
        "rights": [sorted(s.roles.values_list("code", flat=True)) for s in Staff.objects.order_by("id")],
        "live": CustomerCard.objects.filter(archived_at=None).count(),
        "orders": orders,
        "cents": int(cents),
        "imports": list(ImportRun.objects.order_by("id").values_list("file_name", "state")),
        "phone": _revealed(first.customer_id, staff),
        "found": _found(client, reverse("desk:search"), "13800000003"),
    }
    print(json.dumps(told, ensure_ascii=False))


def _revealed(customer_id: int, staff: Any) -> str:
    """Opened with the key of that time."""
    from zhike.customers import actions
    from zhike.secure.queries import viewer_of

    by = viewer_of(staff)
    return actions.reveal_field(customer_id, "phone", by=by, purpose="after_sale", reason="look").plain()


def _found(client: Any, address: str, words: str) -> bool:
    """Found by the whole number, whose digest was made with the key of that time: one hit leads on to its file."""
    answer = client.get(client.post(address, {"q": words}).headers["Location"], follow=True)
    return answer.status_code == 200 and "示例3" in answer.content.decode()


if __name__ == "__main__":
    main()
