"""Verifying as daily work: rules draw tasks, sources that disagree become tasks, and what asking gave closes them."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from django.db import transaction

from zhike.clean.models import VerificationRule
from zhike.customers import actions as customers
from zhike.customers import queries as asked
from zhike.customers.actions import Contact, VerifyRefused
from zhike.customers.records import RegisterFilter, Selection
from zhike.kit import clock, ids, jobs
from zhike.kit.installation import installation
from zhike.secure import actions as secure
from zhike.secure import fields
from zhike.secure.permissions import check
from zhike.secure.records import SYSTEM, Viewer
from zhike.work import actions as work
from zhike.work import queries as work_queries
from zhike.work.records import TaskFilter, TaskOffer

CONTRADICTION, ROUTINE = "contradiction", "verify_value"
KINDS = (CONTRADICTION, ROUTINE)
QUEUE = "archive"
FIELDS = ("phone", "other_phone", "email", "wechat", "address_detail", "birth_date", "name", "company", "credit_code")
DISAGREE = asked.CONTESTED
WHO = (VerificationRule.KEY, VerificationRule.RECENT, VerificationRule.OLD)
MOST_OPEN = 500  # contradictions open at a time, and tasks of one rule
_LOOKED_AT = 5000  # customers looked at for one rule
_AGAIN_DAYS = 1  # not reached: tried again after
_DUE_DAYS = 7


class RuleRefused(ValueError):
    """A rule cannot stand so; `code`: who, field, numbers, known_already, unknown."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What a rule asks for; see the model for the units."""

    who: str
    field: str
    net_min_cents: int = 0
    last_days: int = 0
    older_days: int = 0
    most: int = 50
    due_days: int = 7
    is_on: bool = True


def set_rule(rule: Rule, *, by: Viewer, rule_id: int | None = None) -> int:
    """Add a rule, or change the one of that id; returns its id. Raises RuleRefused, Forbidden."""
    check(by, "clean.rules")
    _refuse_bad(rule)
    others = VerificationRule.objects.filter(who=rule.who, field=rule.field).exclude(pk=rule_id or 0)
    given = {name: getattr(rule, name) for name in Rule.__slots__} | {"updated_at": clock.now()}
    with transaction.atomic():
        if others.exists():
            raise RuleRefused("known_already")
        if rule_id is None:
            rule_id = ids.take("verification_rule")[0]
            VerificationRule.objects.create(id=rule_id, created_at=clock.now(), by_staff_id=by.staff_id, **given)
        elif not VerificationRule.objects.filter(pk=rule_id).update(**given):
            raise RuleRefused("unknown")
        detail = {"who": rule.who, "field": rule.field, "is_on": rule.is_on}
        secure.record_audit("clean.rule_set", by=by, about=("verification_rule", rule_id), detail=detail)
    return rule_id


def remove_rule(rule_id: int, *, by: Viewer) -> None:
    """Take a rule away; its open tasks expire with the next drawing."""
    check(by, "clean.rules")
    with transaction.atomic():
        VerificationRule.objects.filter(pk=rule_id).delete()
        secure.record_audit("clean.rule_removed", by=by, about=("verification_rule", rule_id))


def request_drawing(*, by: Viewer) -> int:
    """Ask for tasks to be drawn from the rules now; returns the job's id."""
    check(by, "clean.rules")
    with transaction.atomic():
        return jobs.enqueue("clean.draw_verifications", unique_key="clean.draw_verifications", by=by)


def draw(tell: Callable[[int, int], None] = lambda done, total: None) -> dict[str, int]:
    """Make what the rules ask for the open tasks, at most so many a rule; what is verified meanwhile expires."""
    rules = list(VerificationRule.objects.filter(is_on=True).order_by("id"))
    offers: dict[tuple[int, str], TaskOffer] = {}
    contested = work_queries.tasks(SYSTEM, TaskFilter("all", CONTRADICTION), limit=MOST_OPEN).tasks
    asked_already = {(task.about_id, task.about_part) for task in contested}
    for number, rule in enumerate(rules):
        taken = 0
        for offer in _asked_for(rule):
            key = (offer.about_id, offer.about_part)
            if key not in offers and key not in asked_already:
                offers[key] = replace(offer, rank=len(offers) + 1)
                taken += 1
            if taken >= min(rule.most, MOST_OPEN):
                break
        tell(number + 1, len(rules))
    tally = work.offer_tasks(ROUTINE, offers.values(), run_id=0)
    return {"new": tally.new, "kept": tally.kept, "expired": tally.expired, "held_back": tally.held_back}


def open_contradictions(root_ids: list[int]) -> int:
    """Open a task for each field sources disagree about on these files, and settle those nobody disagrees about any more.

    Returns how many are open now of these. No more than `MOST_OPEN` stand open in all: who cannot keep up is not helped by
    more.
    """
    found = {(c.customer_id, c.field): c for c in asked.contradictions(root_ids, DISAGREE)}
    lines = asked.lines(SYSTEM, {root for root, _ in found})
    room = MOST_OPEN - asked_open()
    due = clock.today(installation().time_zone) + dt.timedelta(days=_DUE_DAYS)
    with transaction.atomic():
        for field in DISAGREE:
            quiet = [root for root in root_ids if (root, field) not in found]
            work.settle_tasks(CONTRADICTION, "customer", quiet, about_part=field, by=SYSTEM, outcome="agreed")
        for (root, field), c in found.items():
            if room <= 0:
                break
            opened = work.open_task(
                CONTRADICTION,
                about_kind="customer",
                about_id=root,
                about_part=field,
                why_code="values_differ",
                why_params={"values": c.value_count, "sources": c.origin_count},
                owner_staff_id=lines[root].owner_staff_id if root in lines else None,
                due_on=due,
                fact_at=c.newest_at,
            )
            room -= opened is not None
    return len(found)


def asked_open() -> int:
    """How many contradictions stand open."""
    return work_queries.open_counts(SYSTEM, [CONTRADICTION]).get(CONTRADICTION, 0)


def note_result(
    customer_id: int,
    field: str,
    found: Mapping[int, bool],
    *,
    by: Viewer,
    way: str,
    note: str = "",
    new_text: str = "",
    seen: str = "",
    task_id: int | None = None,
) -> None:
    """Keep what asking gave and close the tasks about this value. Raises as `customers.actions.verify_value` does."""
    with transaction.atomic():
        customers.verify_value(
            customer_id, field, found, by=by, way=way, note=note, new_text=new_text, seen=seen, task_id=task_id
        )
        settle(customer_id, field, right=bool(new_text.strip()) or any(found.values()), by=by)


def settle(customer_id: int, field: str, *, right: bool, by: Viewer) -> None:
    """Close the tasks about a value that was asked about."""
    group = asked.group_ids(customer_id)
    for kind in KINDS:
        work.settle_tasks(kind, "customer", group, about_part=field, by=by, outcome="confirmed" if right else "refuted")


def note_not_reached(customer_id: int, field: str, note: str, *, by: Viewer, task: str = "") -> None:
    """Note on the file that nobody was reached; the task comes back tomorrow. Raises ContactRefused, Forbidden."""
    check(by, "customers.verify")
    until = clock.today(installation().time_zone) + dt.timedelta(days=_AGAIN_DAYS)
    label = str(fields.field(field).label) if fields.known(field) else field
    contact = Contact(at=clock.now(), way="call", outcome="not_reached", purpose=label, note=note)
    with transaction.atomic():
        customers.record_contact(customer_id, contact, by=by)
        if task:
            work.postpone_tasks([task], until, by=by)


def set_trust(source_id: int, grade: int, *, by: Viewer) -> None:
    """Trust a source as much as its accuracy says; every card is derived anew, for trust weighs. Raises Forbidden."""
    with transaction.atomic():
        customers.change_source(source_id, by=by, trust_grade=grade)
        jobs.enqueue("customers.derive_all", unique_key="customers.derive_all", by=by, always=True)


def _refuse_bad(rule: Rule) -> None:
    if rule.who not in WHO:
        raise RuleRefused("who")
    if rule.field not in FIELDS:
        raise RuleRefused("field")
    days = (rule.last_days, rule.older_days)
    if not 1 <= rule.most <= MOST_OPEN or not 0 <= rule.due_days <= 365 or any(not 0 <= d <= 36_500 for d in days):
        raise RuleRefused("numbers")
    if not 0 <= rule.net_min_cents <= 10**13:
        raise RuleRefused("numbers")


def _asked_for(rule: VerificationRule) -> Iterator[TaskOffer]:
    """Whose value a rule wants verified, those of most weight first."""
    now, today = clock.now(), clock.today(installation().time_zone)
    wanted = RegisterFilter()
    if rule.who == VerificationRule.KEY:
        wanted = RegisterFilter(abc_class="a")
    elif rule.who == VerificationRule.RECENT:
        since = now - dt.timedelta(days=rule.last_days)
        wanted = RegisterFilter(net_min_cents=rule.net_min_cents, last_from=since, orders_min=1)
    looked = 0
    for chunk in asked.selected_ids(SYSTEM, Selection(matching=wanted)):
        states = asked.shown_states(chunk, rule.field)
        lines = asked.lines(SYSTEM, states)
        for root in sorted(states, key=lambda r: -(lines[r].net_cents or 0) if r in lines else 0):
            state, said_at = states[root]
            days = (now - said_at).days
            # What was confirmed is left alone, but for values confirmed so long ago that they have grown old again.
            if days < rule.older_days if rule.who == VerificationRule.OLD else state == "confirmed":
                continue
            yield TaskOffer(
                root,
                0,
                f"{rule.who}_customer",
                {"days": days},
                owner_staff_id=lines[root].owner_staff_id if root in lines else None,
                queue=QUEUE,
                due_on=today + dt.timedelta(days=rule.due_days),
                fact_at=said_at,
                about_part=rule.field,
            )
        looked += len(chunk)
        if looked >= _LOOKED_AT:
            return


__all__ = [
    "VerifyRefused",
    "draw",
    "note_not_reached",
    "note_result",
    "open_contradictions",
    "remove_rule",
    "request_drawing",
    "set_rule",
    "set_trust",
]
