"""Truth checks: draw a share of what staff collected, by chance; have it called again; note what came of it."""

import datetime as dt
import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict
from zoneinfo import ZoneInfo

from django.db import transaction

from zhike.clean.match.opening import phone_digits
from zhike.clean.models import TruthCheck, TruthDraw, TruthRule
from zhike.clean.truth import signs as looked
from zhike.clean.truth.rates import (
    DIFFERS,
    INVENTED,
    NOT_REACHED,
    OUTCOMES,
    TRUE,
    Result,
    Rules,
    rate_of,
    results,
    rules,
)  # fmt: skip
from zhike.customers import actions as customers
from zhike.customers import queries as asked
from zhike.customers.queries import FieldEntry
from zhike.kit import chance, clock, ids, jobs
from zhike.kit.installation import installation
from zhike.secure import actions as secure
from zhike.secure import cutting
from zhike.secure.permissions import Forbidden, check
from zhike.secure.records import SYSTEM, Viewer
from zhike.work import actions as work
from zhike.work import queries as tasks

TRUTH_CHECK, QUEUE = "truth_check", "archive"
# What is asked of, the first of these the record states: who, how reached, where, then what only a real visit tells.
_ASKED = (
    "name",
    "phone",
    "address_detail",
    "city",
    "occupation",
    "employer",
    "need",
    "purchasing_power",
    "intention",
    "email",
    "wechat",
)
_MOST_ASKED = 5
_MOST_FLAGGED = 5  # records that bear a sign, asked about besides those drawn by chance
_FIRST_DAYS = 30  # how far the first draw looks back
_TRIES = 3
_DUE_DAYS = 7
_MOST_NOTE = 1000


class CheckRefused(ValueError):
    """A check cannot be noted, or a rule not stand; `code`: gone, noted, own, outcome, wrong, note_too_long or numbers."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def set_rules(given: Rules, *, by: Viewer) -> None:
    """Change the rules. Raises CheckRefused `numbers`, Forbidden."""
    check(by, "clean.rules")
    shares = (given.usual_share, given.doubtful_share, given.doubtful_below_share)
    if not all(math.isfinite(s) and 0 <= s <= 1 for s in shares) or not 0 <= given.new_until <= 1000:
        raise CheckRefused("numbers")
    if not 1 <= given.period_days <= 365:
        raise CheckRefused("numbers")
    values = asdict(given)
    with transaction.atomic():
        TruthRule.objects.update_or_create(
            id=1, defaults={**values, "by_staff_id": by.staff_id, "changed_at": clock.now()}
        )
        secure.record_audit("truth.rules_set", by=by, detail=values)


def request_draw(*, by: Viewer) -> int:
    """Draw now, however long ago it was drawn last; a job does it. Returns the job's id. Raises Forbidden."""
    check(by, "clean.rules")
    with transaction.atomic():
        secure.record_audit("truth.draw_asked", by=by)
        return jobs.enqueue("clean.draw_truth_checks", unique_key="clean.draw_truth_checks", by=by, now=True)


def draw(until: dt.datetime, *, now: bool, tell: Callable[[int, int], None]) -> dict[str, int]:
    """Draw from every collector's records since their last draw; a transaction each, so that a killed run goes on.

    By night only those whose last draw is a whole period ago. Returns how many collectors, records and tasks.
    """
    own, told = rules(), results()
    tally = {"collectors": 0, "records": 0, "drawn": 0}
    if not (own.is_on or now):
        return tally
    begin = until - dt.timedelta(days=max(_FIRST_DAYS, own.period_days))
    last = {d.collector_staff_id: d.until_at for d in TruthDraw.objects.order_by("until_at")}
    collectors = asked.collectors_between(min([begin, *last.values()]), until)
    for done, staff_id in enumerate(collectors, 1):
        since = last.get(staff_id, begin)
        if now or staff_id not in last or until - since >= dt.timedelta(days=own.period_days):
            entries = asked.entries_of(staff_id, since, until)
            if entries:
                tally["collectors"] += 1
                tally["records"] += len(entries)
                tally["drawn"] += _draw_of(staff_id, entries, (since, until), rate_of(told.get(staff_id), own))
        tell(done, len(collectors))
    return tally


def note_check(public_id: str, outcome: str, *, by: Viewer, differing: Collection[str] = (), note: str = "") -> str:
    """Note what calling again gave; returns the outcome that stands (empty: not reached, tried again tomorrow).

    What was asked about becomes a finding on each value the viewer may see: right, or wrong where it differs or the record
    was invented. Nobody notes what they collected themselves. Raises CheckRefused, Forbidden, CustomerUnknown.
    """
    check(by, "customers.verify")
    if outcome not in OUTCOMES:
        raise CheckRefused("outcome")
    if len(note) > _MOST_NOTE:
        raise CheckRefused("note_too_long")
    with transaction.atomic():
        row = TruthCheck.objects.select_for_update().filter(public_id=public_id).first()
        _refuse(row, outcome, differing, by)
        assert row is not None
        row.note, row.by_staff_id, row.noted_at = cutting.cut(note.strip())[0], by.staff_id, clock.now()
        row.tries += 1
        again = outcome == NOT_REACHED and row.tries < _TRIES
        row.outcome = "" if again else outcome
        row.differing = sorted(differing) if outcome == DIFFERS else []
        row.save()
        if again:
            _tomorrow(row, by)
        else:
            work.settle_tasks(TRUTH_CHECK, "customer", [row.customer_id], about_part=public_id, by=by, outcome=outcome)
        if outcome != NOT_REACHED:
            _verify(row, by)
        detail = {"check": public_id, "outcome": outcome, "collector": row.collector_staff_id}
        secure.record_audit("truth.noted", by=by, about=("customer", row.customer_id), detail=detail)
    return row.outcome


def forget_checks_of(customer_id: int) -> None:
    """Delete the checks about an erased customer's whole group; again after each restore."""
    forget_checks(asked.members_of([customer_id]) | {customer_id})


def forget_checks(customer_ids: Collection[int], *, with_draws: bool = False) -> None:
    """Delete every check about one of these; `with_draws` the draws too that hold no other (the demo shop's)."""
    wanted = sorted(customer_ids)
    for start in range(0, len(wanted), 500):
        found = TruthCheck.objects.filter(customer_id__in=wanted[start : start + 500])
        draw_ids = set(found.values_list("draw_id", flat=True))
        found.delete()
        if with_draws:
            held = TruthCheck.objects.filter(draw_id__in=draw_ids).values_list("draw_id", flat=True)
            TruthDraw.objects.filter(id__in=draw_ids - set(held)).delete()


def _draw_of(
    staff_id: int, entries: Sequence[FieldEntry], window: tuple[dt.datetime, dt.datetime], rate: tuple[float, str]
) -> int:
    share, why = rate
    found = looked.signs(_entries(entries))
    bears: dict[int, list[str]] = {}
    for sign in found:
        for record_id in sign.record_ids:
            bears.setdefault(record_id, []).append(sign.code)
    drawn = chance.sample(entries, math.ceil(share * len(entries)))
    flagged = [e for e in entries if e.record_id in bears and e not in drawn]
    flagged.sort(key=lambda e: -len(bears[e.record_id]))
    with transaction.atomic():
        row = TruthDraw.objects.create(
            id=ids.take("truth_draw")[0], collector_staff_id=staff_id, from_at=window[0], until_at=window[1],
            record_count=len(entries), drawn_count=len(drawn), share=share, why=why,
            signs=[[s.code, dict(s.params)] for s in found], drawn_at=clock.now(),
        )  # fmt: skip
        made = [_open(row.id, e, bears.get(e.record_id, []), by_chance=True) for e in drawn]
        made += [_open(row.id, e, bears[e.record_id], by_chance=False) for e in flagged[:_MOST_FLAGGED]]
    return sum(made)


def _entries(entries: Sequence[FieldEntry]) -> list[looked.Entry]:
    """The records as the rules look at them: local time, values as they can be compared, telephones opened."""
    with_phone = [e for e in entries if e.seal is not None]
    phones = dict(
        zip([e.record_id for e in with_phone], phone_digits([e.seal for e in with_phone if e.seal]), strict=True)
    )
    zone = ZoneInfo(installation().time_zone)
    return [
        looked.Entry(e.record_id, e.at.astimezone(zone), _comparable(e.facts), phones.get(e.record_id, ""))
        for e in entries
    ]


def _comparable(facts: Mapping[str, object]) -> dict[str, str]:
    return {name: str(fact["k"]) if isinstance(fact, dict) else str(fact) for name, fact in facts.items()}


def _open(draw_id: int, entry: FieldEntry, signs: list[str], *, by_chance: bool) -> bool:
    """Ask for one record to be called again; False where that is asked already."""
    held = TruthCheck.objects.filter(source_record_id=entry.record_id, collector_staff_id=entry.staff_id, outcome="")
    if held.exists():
        return False
    names = [name for name in _ASKED if name in entry.versions] or sorted(entry.versions)
    row = TruthCheck.objects.create(
        id=ids.take("truth_check")[0], public_id=chance.public_id(), draw_id=draw_id, collector_staff_id=entry.staff_id,
        customer_id=entry.customer_id, source_record_id=entry.record_id, collected_at=entry.at, by_chance=by_chance,
        asked=[[name, entry.versions[name]] for name in names[:_MOST_ASKED]], signs=sorted(set(signs)),
    )  # fmt: skip
    work.open_task(
        TRUTH_CHECK,
        about_kind="customer",
        about_id=entry.customer_id,
        about_part=row.public_id,
        why_code="drawn" if by_chance else "flagged",
        why_params={"fields": [name for name, _ in row.asked], "staff": entry.staff_id, "at": entry.at.isoformat()},
        queue=QUEUE,
        due_on=clock.today(installation().time_zone) + dt.timedelta(days=_DUE_DAYS),
        fact_at=entry.at,
    )
    return True


def _refuse(row: TruthCheck | None, outcome: str, differing: Collection[str], by: Viewer) -> None:
    if row is None or not asked.lines(by, [asked_root(row)]):
        raise CheckRefused("gone")
    if row.outcome:
        raise CheckRefused("noted")
    if by.staff_id is not None and by.staff_id == row.collector_staff_id:
        raise CheckRefused("own")
    named = {name for name, _ in row.asked}
    if (outcome == DIFFERS) != bool(differing) or not set(differing) <= named:
        raise CheckRefused("wrong")


def asked_root(row: TruthCheck) -> int:
    """The file the record of a check stands on now."""
    return asked.living_roots([row.customer_id]).get(row.customer_id, row.customer_id)


def _tomorrow(row: TruthCheck, by: Viewer) -> None:
    until = clock.today(installation().time_zone) + dt.timedelta(days=1)
    about = [t for t in tasks.tasks_about(SYSTEM, "customer", [row.customer_id]) if t.kind == TRUTH_CHECK]
    if held := [t.public_id for t in about if t.about_part == row.public_id]:
        work.postpone_tasks(held, until, by=by)


def _verify(row: TruthCheck, by: Viewer) -> None:
    """What was asked about is right or wrong from now on; values changed or hidden meanwhile are left alone."""
    root_id = asked_root(row)
    for name, version_id in row.asked:
        right = row.outcome == TRUE or (row.outcome == DIFFERS and name not in row.differing)
        try:
            with transaction.atomic():
                customers.verify_value(root_id, name, {version_id: right}, by=by, way="call")
        except (customers.VerifyRefused, Forbidden):
            continue


__all__ = [
    "INVENTED",
    "CheckRefused",
    "Result",
    "draw",
    "forget_checks",
    "forget_checks_of",
    "note_check",
    "request_draw",
    "set_rules",
]
