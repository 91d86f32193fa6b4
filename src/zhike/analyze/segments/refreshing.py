"""Counting segments: the lake brought up to date, each rule asked, members and differences noted. In the analysis child."""

from collections.abc import Callable
from typing import Any

from zhike.analyze import results, snapshot
from zhike.analyze.lake import Lake
from zhike.analyze.segments import whole
from zhike.analyze.segments.shelf import Asking, plan_for
from zhike.customers.actions import segments as acts
from zhike.customers.queries import segments as asked
from zhike.kit import chance, clock, failpoints
from zhike.kit.installation import installation
from zhike.secure.records import SYSTEM

failpoints.declare("analyze.segment_members_found")


def refresh(
    segment_ids: list[int] | None = None, *, tell: Callable[[int, int], None] = lambda done, of: None
) -> dict[str, Any]:
    """Count segments anew (all without ids), after reading what changed into the lake. Safe to run again.

    A rule that stands on something no longer offered keeps its last members; `refused` names such segments.
    """
    wanted = asked.live_segment_ids() if segment_ids is None else segment_ids
    told: dict[str, Any] = {"counted": 0, "came": 0, "left": 0, "refused": []}
    if wanted:
        snapshot.take()
        with Lake() as lake:
            whole.define_figures(lake)
            shop = installation()
            asking = Asking(clock.today(shop.time_zone), shop.time_zone, whole.main_currency(lake) or shop.currency)
            for number, segment_id in enumerate(wanted):
                tell(number, len(wanted))
                _count(lake, asking, segment_id, told)
    for segment_id in asked.archived_with_members():
        acts.forget_members(segment_id)
    return told


def _count(lake: Lake, asking: Asking, segment_id: int, told: dict[str, Any]) -> None:
    facts = asked.segment_by_id(segment_id)
    if facts is None:
        return
    node = asked.usable_rule(facts)
    if node is None:
        told["refused"].append(facts.public_id)
        return
    plan = plan_for(node)
    run, kind = chance.public_id(), folder_of(facts.public_id)
    ids = whole.write_members(lake, plan, asking, results.result_path(kind, run))
    failpoints.hit("analyze.segment_members_found")
    base = lake.engine.raw_sql("SELECT count(*) FROM cards").fetchone()[0]
    found = acts.Counted(ids, base, asking.today, lake.read_at, facts.revision, asking.currency)
    came, left = acts.set_members(segment_id, found, run_public_id=run)
    kept = asked.segment_runs(SYSTEM, facts.public_id, limit=results.KEEP_RESULTS)
    results.forget_old(kind, [r.public_id for r in kept])
    told["counted"], told["came"], told["left"] = told["counted"] + 1, told["came"] + came, told["left"] + left


def folder_of(public_id: str) -> str:
    """Where the ids of a segment's counts lie among the results."""
    return f"segments/{public_id}"
