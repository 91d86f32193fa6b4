"""Whole pages over a big shop: register in every sort, filters, search of every kind, a file, home; p50 and p95 in milliseconds.

Run after `benchmarks.ground` on the same ZHIKE_HOME: `python -m benchmarks.pages`. Each page is asked by the test client,
that is: routing, rights, SQL, template; no network. The target of each is printed beside it, and the processor's time of this
process, which on SQLite is all the work there is: other people's load lengthens the clock's time, hardly the processor's.
"""

import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

ROUNDS = 20
SORTS = ("created", "name", "last_order", "orders", "net", "class")


def measured(call: Callable[[], Any]) -> tuple[float, float, float]:
    """p50 and p95 of a call by the clock, and p95 of its processor time, in milliseconds, after two warm-up rounds."""
    call()
    call()
    taken, worked = [], []
    for _ in range(ROUNDS):
        begun, busy = time.perf_counter(), time.process_time()
        call()
        taken.append((time.perf_counter() - begun) * 1000)
        worked.append((time.process_time() - busy) * 1000)
    taken.sort()
    worked.sort()
    high = int(ROUNDS * 0.95) - 1
    return statistics.median(taken), taken[high], worked[high]


def main() -> None:
    """Print a row per page."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhike.config.settings")
    django.setup()
    from django.conf import settings
    from django.test import Client
    from django.urls import reverse

    settings.ALLOWED_HOSTS = ["testserver"]
    from zhike.customers.models import Customer, CustomerCard
    from zhike.secure import builtin_roles, policy
    from zhike.secure.models import Role, Staff

    builtin_roles.install()
    staff = Staff.objects.filter(email="bench@example.com").first() or Staff.objects.create_user(
        "bench@example.com", "a-long-password-for-measuring"
    )
    staff.roles.set(Role.objects.filter(code="owner"))
    policy.touch()
    client = Client()
    client.force_login(staff)
    card = CustomerCard.objects.order_by("-order_count").first()
    assert card is not None
    public_id = Customer.objects.get(pk=card.customer_id).public_id
    register, search = reverse("desk:register"), reverse("desk:search")
    pages = [(f"register by {sort}", f"{register}?sort={sort}", 60) for sort in SORTS]
    pages += [(f"register by {sort}, downwards", f"{register}?sort=-{sort}", 60) for sort in SORTS]
    filters = ("rfm_class=important_value", "has_phone=no", "city=广州市", "orders_min=8", "net_max=100", "rfm_cell=11")
    pages += [
        (f"register {f} by {sort}", f"{register}?{f}&sort={sort}", 150)
        for f in filters
        for sort in ("last_order", "-net", "name")
    ]
    words = {
        "name": card.name,
        "two characters": card.name[:2],
        "pinyin": "wangwei",
        "initials": "ww",
        "last four": "4567",
        "number": card.number,
    }
    pages += [
        (f"file with {card.order_count} orders", reverse("desk:file", args=[public_id]), 80),
        ("home", reverse("desk:home"), 100),
    ]
    asked: list[tuple[str, Callable[[], Any], int]] = [
        (name, lambda address=address: client.get(address), target) for name, address, target in pages
    ]
    # Words are posted, and the page they lead to is fetched: both count. One exact hit leads on to its file.
    asked += [
        (f"search {kind}", lambda text=text: client.get(client.post(search, {"q": text}).headers["Location"]), 50)
        for kind, text in words.items()
    ]
    print(f"load before: {Path('/proc/loadavg').read_text().split()[0]}")
    for name, ask, target in asked:
        assert ask().status_code in (200, 302), name
        middle, high, busy = measured(ask)
        told = "" if high <= target else "  OVER" if busy > target else "  over by the clock alone"
        print(
            f"{name:48s} p50 {middle:7.1f} ms  p95 {high:7.1f} ms  processor {busy:7.1f} ms  target {target:4d} ms{told}",
            flush=True,
        )


if __name__ == "__main__":
    main()
