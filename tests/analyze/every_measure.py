"""`python -m tests.analyze.every_measure FOLDER`: every measure of an installation, on the engine that the environment names.

Nothing is written down: what a measure would write to customers and offer as tasks is kept in FOLDER beside its figures and
its result files, so that two engines can be asked for the same and compared. The lake is taken as it stands.
"""

import json
import os
import shutil
import sys
import time
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any
from unittest import mock

from zhike.kit import home


def main(folder: Path, wanted: list[str]) -> int:
    """Carry out every kind of measure, or those wanted; says how long each took."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhike.config.settings")
    import django

    django.setup()
    from zhike.analyze.measure_parameters import MEASURE_KINDS

    for kind in wanted or ("rfm", "lists", *MEASURE_KINDS, *_own()):
        began = time.monotonic()
        kept = _Kept(folder / kind)
        kept.keep(kind)
        print(f"{kind}: {time.monotonic() - began:.1f} s", flush=True)
    return 0


def _own() -> list[str]:
    """The kinds of methods of one's own that the environment names."""
    from zhike.analyze import methods

    return [method.kind for method in methods.methods().values()]


class _Kept:
    """One measure carried out, with what it would have written laid aside."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.written: dict[str, list[Any]] = {}
        self.offered: dict[str, list[Any]] = {}
        folder.mkdir(parents=True)

    def keep(self, kind: str) -> None:
        """Figures to `told.json`, result files beside it."""
        from django.db import transaction

        from zhike.analyze import actions

        # The run's own row is undone in the end: the next engine finds the house as this one found it.
        with transaction.atomic(), ExitStack() as aside:
            self._lay_aside(aside)
            facts = actions.carry_out(_begun(kind))
            for path in home.path("lake/runs").glob(f"*/{facts.public_id}.parquet"):
                shutil.move(path, self.folder / f"{path.parent.name}.parquet")
            transaction.set_rollback(True)
        counts = {name: told for name, told in facts.counts.items() if name != "snapshot"}
        told = {
            "counts": counts,
            "cuts": facts.cuts,
            "state": facts.state,
            "written": self.written,
            "offered": self.offered,
        }
        (self.folder / "told.json").write_text(json.dumps(told, default=str, ensure_ascii=False), encoding="utf-8")

    def _lay_aside(self, aside: ExitStack) -> None:
        from zhike.analyze import actions, measuring, snapshot
        from zhike.work import actions as work

        for place, name, instead in (
            (actions, "write_metrics", self._write),
            (measuring, "write_metrics", self._write),
            (actions, "_keep_moved", self._moved),
            (work, "offer_tasks", self._offer),
            (snapshot, "take", lambda **_asked: snapshot.SnapshotReport((), (), 0)),
        ):
            aside.enter_context(mock.patch.object(place, name, instead))

    def _write(self, family: str, rows: Any, **_about: Any) -> int:
        held = self.written.setdefault(family, [])
        held.extend([customer, figures] for customer, figures in rows)
        return len(held)

    def _moved(self, _run_id: int, lake: Any) -> None:
        from zhike.analyze import rfm_recipe

        self.written["moved"] = sorted(rfm_recipe.moved_people(lake))

    def _offer(self, kind: str, offers: Any, **_about: Any) -> Any:
        from zhike.work.records import OfferTally

        self.offered[kind] = [asdict(offer) for offer in offers]
        return OfferTally(new=len(self.offered[kind]))


def _begun(kind: str) -> int:
    """The id of a new run of a kind, as if somebody had just asked for it, of the day of the newest run."""
    from zhike.analyze import actions, methods, queries
    from zhike.analyze.measure_parameters import MeasureParameters
    from zhike.analyze.parameters import RfmParameters
    from zhike.kit import jobs
    from zhike.secure.records import LOCAL_OPERATOR as BY

    newest = queries.latest_run()
    assert newest is not None, "the installation has been analyzed before"
    with mock.patch.object(jobs, "enqueue", lambda *_asked, **_named: None):
        if methods.is_measure(kind):
            parameters = MeasureParameters(segment=_largest() if kind == "lookalike" else "")
            return actions.request_measure(kind, parameters, as_of=newest.as_of, by=BY).id
        return actions.request_run(RfmParameters(only=(kind,)), as_of=newest.as_of, by=BY).id


def _largest() -> str:
    """The segment with most members up to half of all: look-alikes are learned from members and from others."""
    from zhike.analyze.segments.refreshing import refresh
    from zhike.customers.queries import segments
    from zhike.secure.records import SYSTEM

    refresh(None)
    found = [one for one in segments.segments(SYSTEM) if 2 * one.member_count <= one.base_count]
    return max(found, key=lambda one: one.member_count).public_id


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
