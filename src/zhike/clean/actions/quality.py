"""Verbs of quality: measure the whole base, change a rule, add one, remove one."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

from django.db import transaction

from zhike.clean.models import QualityDay, QualityRule
from zhike.clean.quality import result_files
from zhike.clean.quality.rules import (
    BUILTIN,
    OWN_CHECKS,
    SEVERITIES,
    STAGES,
    WITH_THRESHOLD,
    Rule,
    catalogue,
    rules_in_force,
)
from zhike.kit import chance, clock, ids, jobs
from zhike.kit.installation import installation
from zhike.secure import actions as secure
from zhike.secure import fields
from zhike.secure.permissions import check
from zhike.secure.records import Viewer
from zhike.work.actions import offer_tasks
from zhike.work.records import OfferTally, TaskOffer

MOST_OWN_RULES = 30
MOST_UPDATE_TASKS = 200  # open at a time: more would be a pile nobody begins
UPDATE_WITHIN_DAYS = 14
_MOST = 1_000_000
_TEXT_CHECKS, _NUMBER_CHECKS = ("shortest", "longest"), ("at_least", "at_most")


class RuleRefused(ValueError):
    """A rule cannot stand; `code` is field, check, severity, threshold, stages, taken, too_many, sealed or unknown."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def request_measuring(*, by: Viewer) -> int:
    """Ask for a check of all files as of today; a job does it. Returns the job. Raises Forbidden."""
    check(by, "quality.manage")
    with transaction.atomic():
        job_id = jobs.enqueue("clean.measure_quality", unique_key="clean.measure_quality", by=by)
        secure.record_audit("quality.measured", by=by)
    return job_id


def measure_today(*, tell: Callable[[int], None] = lambda done: None) -> dict[str, int]:
    """Check every file and keep what was found as today's row; for the child of the worker. Measuring again replaces it."""
    from zhike.clean.quality.measuring import measure

    day, rules, public_id = clock.today(installation().time_zone), rules_in_force(), chance.public_id()
    count, score, totals, detail = measure(rules, day, result_files.result_path(public_id), tell=tell)
    with transaction.atomic():
        QualityDay.objects.exclude(detail={}).exclude(day=day).update(detail={})
        found = {"public_id": public_id, "customers": count, "score": score, "totals": totals, "detail": detail}
        values = {**found, "measured_at": clock.now()}
        if not QualityDay.objects.filter(day=day).update(**values):
            QualityDay.objects.create(id=ids.take("quality_day")[0], day=day, **values)
    kept = QualityDay.objects.order_by("-day").values_list("public_id", flat=True)[: result_files.KEEP_RESULTS]
    result_files.forget_old(list(kept))
    tally = _offer_updates(public_id, day)
    return {"customers": count, "fields": len(totals.get("fields", {})), "to_update": tally.new + tally.kept}


def _offer_updates(public_id: str, day: dt.date) -> OfferTally:
    """Make the values out of date of those worth most the open update tasks; refreshed ones expire."""
    found = result_files.stalest(result_files.result_path(public_id), MOST_UPDATE_TASKS)
    offers = [
        TaskOffer(
            about_id=row["customer_id"],
            rank=place,
            why_code="out_of_date",
            why_params={"fields": row["stale"].strip(",").split(","), "days": row["oldest_days"]},
            owner_staff_id=row["owner"] or None,
            queue="archive",
            due_on=day + dt.timedelta(days=UPDATE_WITHIN_DAYS),
        )
        for place, row in enumerate(found, 1)
    ]
    return offer_tasks("refresh_values", offers, run_id=0, limit=MOST_UPDATE_TASKS)


def forget_measurings() -> None:
    """Forget every day that was measured and what was found, with the demo shop whose files they were. In a transaction."""
    QualityDay.objects.all().delete()
    result_files.forget_old([])


def change_rule(code: str, *, threshold: int, severity: str, is_on: bool, by: Viewer) -> None:
    """Change how much a rule asks, how grave its faults are, or switch it off. Raises Forbidden, RuleRefused."""
    check(by, "quality.manage")
    before = next((r for r in catalogue() if r.code == code), None)
    if before is None:
        raise RuleRefused("unknown")
    rule = replace(before, threshold=threshold if before.check in WITH_THRESHOLD else 0, severity=severity, is_on=is_on)
    _must_stand(rule)
    _keep(rule, by)


def add_rule(rule: Rule, *, by: Viewer) -> Rule:
    """Add a rule of the merchant's own; its code is made. Raises Forbidden, RuleRefused."""
    check(by, "quality.manage")
    present = catalogue()
    if sum(r.is_own for r in present) >= MOST_OWN_RULES:
        raise RuleRefused("too_many")
    _must_stand(rule)
    if rule.check not in OWN_CHECKS:
        raise RuleRefused("check")
    parts = (rule.field, rule.check, rule.kind or "all", "-".join(rule.stages) or "all")
    made = replace(rule, code=f"own.{'.'.join(parts)}"[:120], is_own=True)
    same = [
        r for r in present if (r.field, r.check, r.kind, r.stages) == (rule.field, rule.check, rule.kind, rule.stages)
    ]
    if same:
        raise RuleRefused("taken")
    _keep(made, by)
    return made


def remove_rule(code: str, *, by: Viewer) -> None:
    """Remove an own rule, or give a shipped one its shipped form back. Raises Forbidden, RuleRefused."""
    check(by, "quality.manage")
    with transaction.atomic():
        gone, _ = QualityRule.objects.filter(code=code).delete()
        if not gone:
            raise RuleRefused("unknown")
        secure.record_audit("quality.rule_changed", by=by, detail={"rule": code, "removed": True})


def _keep(rule: Rule, by: Viewer) -> None:
    values = {
        "field": rule.field, "check_kind": rule.check, "threshold": rule.threshold, "severity": rule.severity, "kind": rule.kind,
        "stages": list(rule.stages), "is_on": rule.is_on, "by_staff_id": by.staff_id, "changed_at": clock.now(),
    }  # fmt: skip
    with transaction.atomic():
        if not QualityRule.objects.filter(code=rule.code).update(**values):
            QualityRule.objects.create(
                id=ids.take("quality_rule")[0], public_id=chance.public_id(), code=rule.code, **values
            )
        told = {"rule": rule.code, "threshold": rule.threshold, "severity": rule.severity, "on": rule.is_on}
        secure.record_audit("quality.rule_changed", by=by, detail=told)


def _must_stand(rule: Rule) -> None:
    if not fields.known(rule.field) or fields.field(rule.field).is_archived:
        raise RuleRefused("field")
    if not fields.field(rule.field).is_stated and rule.code not in {shipped.code for shipped in BUILTIN}:
        raise RuleRefused("field")  # merchants ask for what sources and staff state of a customer
    own = fields.field(rule.field)
    if rule.severity not in SEVERITIES:
        raise RuleRefused("severity")
    if any(stage not in STAGES for stage in rule.stages) or rule.kind not in ("", "person", "organisation"):
        raise RuleRefused("stages")
    if rule.check in WITH_THRESHOLD and not 1 <= rule.threshold <= _MOST:
        raise RuleRefused("threshold")
    if rule.check in (*_TEXT_CHECKS, *_NUMBER_CHECKS) and own.sealed:
        raise RuleRefused("sealed")
    if (rule.check in _NUMBER_CHECKS) != (own.kind == "number") and rule.check in (*_TEXT_CHECKS, *_NUMBER_CHECKS):
        raise RuleRefused("check")
