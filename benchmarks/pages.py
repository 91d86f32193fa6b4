"""Whole pages over a big shop: register in every sort, filters, search of every kind, a file, home; p50 and p95 in milliseconds.

Run after `benchmarks.ground` on the same ZHIKE_HOME: `python -m benchmarks.pages`. Each page is asked by the test client,
that is: routing, rights, SQL, template; no network. The target of each is printed beside it, and the processor's time of this
process, which on SQLite is all the work there is: other people's load lengthens the clock's time, hardly the processor's.
"""

import argparse
import datetime as dt
import os
import time
from collections.abc import Callable
from typing import Any

import django

from benchmarks.telling import tell

SORTS = ("created", "name", "last_order", "orders", "net", "class")


def measured(call: Callable[[], Any], rounds: int) -> tuple[float, float]:
    """p95 of a call by the clock and of its processor time, in milliseconds, after two warm-up rounds."""
    call()
    call()
    taken, worked = [], []
    for _ in range(rounds):
        begun, busy = time.perf_counter(), time.process_time()
        call()
        taken.append((time.perf_counter() - begun) * 1000)
        worked.append((time.process_time() - busy) * 1000)
    taken.sort()
    worked.sort()
    high = max(int(rounds * 0.95) - 1, 0)
    return taken[high], worked[high]


def main() -> None:
    """Print a row per page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    rounds = parser.parse_args().rounds
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
        ("board of the funnel", reverse("clean:funnel"), 150),
        ("board of quality", reverse("clean:quality"), 150),
    ]
    asked: list[tuple[str, Callable[[], Any], int]] = [
        (name, lambda address=address: client.get(address), target) for name, address, target in pages
    ]
    # Words are posted, and the page they lead to is fetched: both count. One exact hit leads on to its file.
    asked += [
        (f"search {kind}", lambda text=text: client.get(client.post(search, {"q": text}).headers["Location"]), 50)
        for kind, text in words.items()
    ]
    for name, ask, target in asked:
        assert ask().status_code in (200, 302), name
        high, busy = measured(ask, rounds)
        tell(f"{name}, p95", high, "ms", at_most=target, processor=f"{busy:.0f} ms")
    _judged()


def _judged() -> None:
    """One customer in or out of a segment, on the live rows: 300 of the ground, each asked once."""
    from benchmarks.segments import BY_PRODUCT, RULE
    from zhike.analyze.segments.live import judge
    from zhike.analyze.segments.plan import plan_of
    from zhike.analyze.segments.shelf import Asking
    from zhike.customers.models import CustomerCard
    from zhike.customers.queries.segments import read_rule

    people = list(
        CustomerCard.objects.filter(order_count__gt=0).order_by("customer_id").values_list("pk", flat=True)[:300]
    )
    asking = Asking(dt.date(2026, 11, 22), "Asia/Shanghai", "CNY")
    for name, rule in (("nested rule", RULE), ("rule by product", BY_PRODUCT)):
        plan, taken, worked = plan_of(read_rule(rule)), [], []
        for customer in people:
            begun, busy = time.perf_counter(), time.process_time()
            judge(plan, customer, asking)
            taken.append((time.perf_counter() - begun) * 1000)
            worked.append((time.process_time() - busy) * 1000)
        taken, worked = sorted(taken[5:]), sorted(worked[5:])
        high = int(len(taken) * 0.95)
        tell(f"one customer judged, {name}, p95", taken[high], "ms", at_most=20, processor=f"{worked[high]:.1f} ms")


if __name__ == "__main__":
    main()
