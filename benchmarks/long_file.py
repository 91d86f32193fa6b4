"""A customer's file with ten thousand items on its timeline, beside one with ten: the whole page, and turning the timeline's pages.

`python -m benchmarks.long_file [--items 10000] [--rounds 40]` lays both files into a blank installation of its own on SQLite. Each
page is asked by the test client: routing, rights, SQL, template; no network. Turning goes from the newest item to the oldest.
"""

import argparse
import os
import re
import tempfile
import time
from typing import Any

import django

from benchmarks.pages import measured
from benchmarks.telling import tell

_TURNS = 60


def main() -> None:
    """Lay both files, measure, tell."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--items", type=int, default=10_000)
    asked.add_argument("--rounds", type=int, default=40)
    options = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="zhike-long-file-") as home:
        os.environ |= {"ZHIKE_HOME": home, "ZHIKE_TESTING": "1"}
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhike.config.settings")
        django.setup()
        client = _owner()
        from tests.desk.ground import lay_ground
        from tests.flows.test_long_file import long_file

        lay_ground()
        short, long = long_file(10, "a", 1), long_file(options.items, "b", 2)
        few = measured(lambda: client.get(short), options.rounds)
        many = measured(lambda: client.get(long), options.rounds)
        name = f"{options.items:,} timeline items"
        tell(f"file with {name}, whole page, p95", many[0], "ms", at_most=80, processor=f"{many[1]:.0f} ms")
        tell(
            "… by that of a file with 10, processor",
            many[1] / few[1],
            "×",
            peer=f"{few[0]:.0f} ms, processor {few[1]:.0f} ms",
        )
        turned = _turned(client, long)
        for label, pages in (
            ("its first pages", turned[: len(turned) // 2]),
            ("its last pages", turned[len(turned) // 2 :]),
        ):
            taken, worked = (_p95([page[at] for page in pages]) for at in (0, 1))
            tell(f"timeline of {name} turned, {label}, p95", taken, "ms", at_most=80, processor=f"{worked:.0f} ms")


def _owner() -> Any:
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    from zhike.secure import builtin_roles, policy, vault
    from zhike.secure.models import Role, Staff

    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)
    call_command("migrate", database="keyring", verbosity=0)
    vault.setup()
    builtin_roles.install()
    staff = Staff.objects.create_user("bench@example.com", "a-long-password-for-measuring")
    staff.roles.set(Role.objects.filter(code="owner"))
    policy.touch()
    client = Client()
    client.force_login(staff)
    return client


def _turned(client: Any, file: str) -> list[tuple[float, float]]:
    """Milliseconds, and those of the processor, of the timeline's first and last pages as one turns through all of them."""
    spent, before = [], ""
    while True:
        begun, busy = time.perf_counter(), time.process_time()
        body = client.get(f"{file}timeline/", {"before": before}).content.decode()
        spent.append(((time.perf_counter() - begun) * 1000, (time.process_time() - busy) * 1000))
        older = re.search(r"before=([\w-]+)", body)
        if older is None:
            return [*spent[1 : 1 + _TURNS], *spent[-_TURNS:]]
        before = older[1]


def _p95(values: list[float]) -> float:
    return sorted(values)[max(int(len(values) * 0.95) - 1, 0)]


if __name__ == "__main__":
    main()
