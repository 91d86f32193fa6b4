"""The process that counts rules and fills cubes: one JSON question a line on stdin, one JSON answer a line on stdout.

A child of the worker, so that the engine's memory goes when nobody asks: it ends after five minutes without a
question, and with its parent (stdin then closes). Reads Parquet alone; the scanners are not loaded here.
"""

import json
import os
import select
import sys
import time
from typing import Any

IDLE_S = 300.0


def main() -> int:
    """Answer until nobody asks any more."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhike.config.settings")
    import django
    from django.conf import settings
    from django.utils.module_loading import import_string

    django.setup()
    import_string(settings.ZHIKE_LOGGING)("child")
    ground = _Ground()
    while select.select([sys.stdin], [], [], IDLE_S)[0]:
        line = sys.stdin.readline()
        if not line:
            return 0
        print(json.dumps(ground.answer(json.loads(line))), flush=True)
    return 0


class _Ground:
    """The lake held open, and opened anew when a snapshot has changed it."""

    def __init__(self) -> None:
        self._lake: Any = None
        self._stamp: object = None
        self._currency = ""

    def answer(self, question: dict[str, Any]) -> dict[str, Any]:
        """How many a rule selects, or the cells of a cube; or an error code."""
        from django.db import close_old_connections

        from zhike.analyze.cubes import reckoning
        from zhike.analyze.cubes.question import QuestionRefused
        from zhike.analyze.lake import LakeEmpty
        from zhike.analyze.lake_place import PlaceProblem
        from zhike.analyze.segments import whole
        from zhike.customers.queries import segments as asked

        close_old_connections()
        began = time.perf_counter()
        try:
            self._open()
            whole.define_figures(self._lake)
            told = reckoning.answer(self._lake, question["cube"]) if "cube" in question else self._counted(question)
        except LakeEmpty:
            return {"error": "lake_empty"}
        except PlaceProblem:
            return {"error": "count_failed"}
        except (asked.RuleRefused, QuestionRefused) as refusal:
            return {"error": refusal.code}
        seconds = round(time.perf_counter() - began, 3)
        return {**told, "read_at": self._lake.read_at.isoformat(), "seconds": seconds}

    def _counted(self, question: dict[str, Any]) -> dict[str, Any]:
        """How many are in, of how many."""
        from zhike.analyze.segments import whole
        from zhike.analyze.segments.shelf import Asking, plan_for
        from zhike.customers.queries import segments as asked
        from zhike.kit import clock
        from zhike.kit.installation import installation

        node = asked.expanded_rule(asked.read_rule(question["rule"]), own=question["own"])
        shop = installation()
        asking = Asking(clock.today(shop.time_zone), shop.time_zone, self._currency or shop.currency)
        members, base = whole.count(self._lake, plan_for(node), asking, question["owners"])
        return {"members": members, "base": base}

    def _open(self) -> None:
        from zhike.analyze.lake import Lake
        from zhike.analyze.segments import whole
        from zhike.analyze.snapshot import lake_folder

        stamp = tuple(sorted((p.parent.name, p.stat().st_mtime_ns) for p in lake_folder().glob("*/manifest.json")))
        if self._lake is None or stamp != self._stamp:
            if self._lake is not None:
                self._lake.close()
                self._lake = None
            self._lake = Lake()
            self._stamp = stamp
            self._currency = whole.main_currency(self._lake)


if __name__ == "__main__":
    sys.exit(main())
