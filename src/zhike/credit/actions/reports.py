"""Credit reports: drafted, submitted, decided by somebody else, withdrawn."""

import datetime as dt
from typing import Any

from django.db import transaction

from zhike.credit import evaluating, shipped_rules
from zhike.credit.models import CreditReport
from zhike.credit.records import SECTIONS, SETS, ReportDraft
from zhike.customers import actions as customers
from zhike.customers import queries as customer_queries
from zhike.kit import chance, clock, ids
from zhike.kit.installation import installation
from zhike.secure import actions as secure
from zhike.secure import cutting
from zhike.secure import queries as policy
from zhike.secure.permissions import Forbidden, check
from zhike.secure.records import Viewer
from zhike.work import actions as work
from zhike_analytics.credit import FACTORS, GRADES

APPROVAL, QUEUE = "credit_approval", "credit"
_MOST_CENTS = 10**15
_MOST_SOURCES = 30
_MOST_TEXT = 4000
_GRADES = frozenset(grade for grade, _ in GRADES)


class ReportRefused(ValueError):
    """A report cannot go on so. `code`: set, score, grade, override_why, identifier, amount, terms, valid, sources, no_grade,
    no_limit, state, own, note_missing, limit_missing, unknown."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def draft_report(customer_id: int, draft: ReportDraft, *, by: Viewer) -> str:
    """Begin a report on a customer; returns the id in its address. Raises ReportRefused, Forbidden, CustomerUnknown."""
    _check(by, "credit.edit")
    _refuse_bad(draft)
    head = customer_queries.header(by, customer_id)
    with transaction.atomic():
        record_id = customers.house_record(customer_id, by=by)
        at, is_person = clock.now(), head is None or head.row.kind != "organisation"
        report = CreditReport.objects.create(
            id=ids.take("credit_report")[0],
            public_id=chance.public_id(),
            source_record_id=record_id,
            is_person=is_person,
            currency=installation().currency,
            author_staff_id=by.staff_id,
            created_at=at,
            updated_at=at,
            **_columns(draft, record_id, by, is_person=is_person),
        )
        secure.record_audit("credit.drafted", by=by, about=("credit_report", report.pk))
    return report.public_id


def change_report(public_id: str, draft: ReportDraft, *, by: Viewer) -> None:
    """Write a draft anew; what rules allow is computed again. Raises ReportRefused `state` once it was submitted."""
    _check(by, "credit.edit")
    _refuse_bad(draft)
    with transaction.atomic():
        report = _held(public_id, by, "draft")
        columns = _columns(draft, report.source_record_id, by, is_person=report.is_person)
        CreditReport.objects.filter(pk=report.pk).update(updated_at=clock.now(), **columns)
        secure.record_audit("credit.changed", by=by, about=("credit_report", report.pk))


def submit_report(public_id: str, *, by: Viewer) -> None:
    """Lay a draft before somebody else to decide. Raises ReportRefused: no_grade, no_limit, terms, valid, state."""
    _check(by, "credit.edit")
    with transaction.atomic():
        report = _held(public_id, by, "draft")
        if not report.grade:
            raise ReportRefused("no_grade")
        if report.limit_cents is None or report.terms_days is None:
            raise ReportRefused("no_limit")
        if report.valid_until is None or report.valid_until <= _today():
            raise ReportRefused("valid")
        at = clock.now()
        # Whoever submits it answers for it: somebody else decides.
        CreditReport.objects.filter(pk=report.pk).update(
            state="waiting", submitted_at=at, updated_at=at, author_staff_id=by.staff_id
        )
        secure.record_audit("credit.submitted", by=by, about=("credit_report", report.pk))
        root = customer_queries.customer_of_record(report.source_record_id)
        if root is not None:
            work.open_task(
                APPROVAL, about_kind="customer", about_id=root, about_part=report.public_id, queue=QUEUE,
                why_code="person" if report.is_person else "asked", fact_at=at,
            )  # fmt: skip


def decide_report(public_id: str, verdict: str, note: str = "", *, by: Viewer, limit_cents: int | None = None) -> None:
    """Approve or refuse a report somebody else submitted. `limit_cents`: what is allowed, where it is less than proposed.

    Of a natural person a human decides, with reasons and the amount written by hand; a refusal always says why.
    Raises ReportRefused: own, state, note_missing, limit_missing, amount.
    """
    _check(by, "credit.approve")
    if verdict not in ("approved", "refused"):
        raise ReportRefused("state")
    calm = " ".join(note.split())[:400]
    with transaction.atomic():
        report = _held(public_id, by, "waiting")
        if by.staff_id is None or by.staff_id == report.author_staff_id:
            raise ReportRefused("own")
        if not calm and (verdict == "refused" or report.is_person):
            raise ReportRefused("note_missing")
        if report.is_person and verdict == "approved" and limit_cents is None:
            raise ReportRefused("limit_missing")
        allowed = report.limit_cents if limit_cents is None else limit_cents
        if verdict == "approved" and not 0 <= (allowed or 0) <= (report.limit_cents or 0):
            raise ReportRefused("amount")
        if cutting.cut(calm)[1]:
            raise ReportRefused("identifier")
        at = clock.now()
        CreditReport.objects.filter(pk=report.pk).update(
            state=verdict, decided_by_staff_id=by.staff_id, decided_at=at, decision_note=calm, updated_at=at,
            limit_cents=allowed if verdict == "approved" else report.limit_cents,
        )  # fmt: skip
        detail = {"verdict": verdict, "lowered": allowed != report.limit_cents}
        secure.record_audit("credit.decided", by=by, about=("credit_report", report.pk), detail=detail)
        _settle(report, by)


def withdraw_report(public_id: str, *, by: Viewer) -> None:
    """Take a report back that is not decided, or end one in force at once."""
    _check(by, "credit.edit")
    with transaction.atomic():
        report = _held(public_id, by, "draft", "waiting", "approved")
        if report.state == "approved":
            check(by, "credit.approve")
        CreditReport.objects.filter(pk=report.pk).update(state="withdrawn", updated_at=clock.now())
        secure.record_audit("credit.withdrawn", by=by, about=("credit_report", report.pk))
        _settle(report, by)


def _settle(report: CreditReport, by: Viewer) -> None:
    root = customer_queries.customer_of_record(report.source_record_id)
    if root is not None:
        work.settle_tasks(APPROVAL, "customer", [root], by=by, about_part=report.public_id)


def _columns(draft: ReportDraft, record_id: int, by: Viewer, *, is_person: bool) -> dict[str, Any]:
    scores = {
        kind: {f: [value, " ".join(words.split())[:400]] for f, (value, words) in factors.items()}
        for kind, factors in draft.scores.items()
    }
    results = evaluating.results_of(scores)
    computed = (results.get(draft.leading) or {}).get("grade") or ""
    grade = draft.override_grade or computed
    records = list(customer_queries.records_beside([record_id])) or [record_id]
    found = evaluating.propose(by, records, grade, is_person=is_person)
    return {
        "leading": draft.leading,
        "scores": scores,
        "results": results,
        "grade": grade,
        "override_grade": draft.override_grade,
        "override_why": " ".join(draft.override_why.split())[:400],
        "statement_id": found.statement_id,
        "payments": found.payments,
        "proposal": found.data,
        "limit_cents": draft.limit_cents,
        "terms_days": draft.terms_days,
        "valid_until": draft.valid_until,
        "sections": {code: draft.sections.get(code, "").strip()[:_MOST_TEXT] for code in SECTIONS},
        "sources": [[" ".join(part.split())[:200] for part in source] for source in draft.sources],
    }


def _refuse_bad(draft: ReportDraft) -> None:
    if draft.leading not in SETS or set(draft.scores) - set(SETS):
        raise ReportRefused("set")
    for kind, factors in draft.scores.items():
        for factor, (value, _words) in factors.items():
            if factor not in FACTORS[kind] or (value is not None and not 1 <= value <= 10):
                raise ReportRefused("score")
    if draft.override_grade and draft.override_grade not in _GRADES:
        raise ReportRefused("grade")
    if draft.override_grade and not draft.override_why.strip():
        raise ReportRefused("override_why")
    if draft.limit_cents is not None and not 0 <= draft.limit_cents <= _MOST_CENTS:
        raise ReportRefused("amount")
    if draft.terms_days is not None and not 0 <= draft.terms_days <= 3650:
        raise ReportRefused("terms")
    longest = _today() + dt.timedelta(days=max(shipped_rules.limits().review_days, 1))
    if draft.valid_until is not None and draft.valid_until > longest:
        raise ReportRefused("valid")
    _refuse_texts(draft)


def _refuse_texts(draft: ReportDraft) -> None:
    if len(draft.sources) > _MOST_SOURCES:
        raise ReportRefused("sources")
    for _name, day, _words in draft.sources:
        try:
            dt.date.fromisoformat(day)
        except ValueError:
            raise ReportRefused("sources") from None
    words = [w for factors in draft.scores.values() for _, w in factors.values()]
    texts = [*words, *draft.sections.values(), draft.override_why, *(f"{n} {t}" for n, _, t in draft.sources)]
    # What reaches a person belongs on the customer's file, where it is sealed.
    if any(cutting.cut(text)[1] for text in texts):
        raise ReportRefused("identifier")


def _check(by: Viewer, permission: str) -> None:
    check(by, permission)
    if not policy.may_edit(by, "credit"):
        raise Forbidden("credit")


def _held(public_id: str, by: Viewer, *states: str) -> CreditReport:
    report = CreditReport.objects.select_for_update().filter(public_id=public_id).first()
    if report is None or not customer_queries.customers_of_records(by, [report.source_record_id]):
        raise ReportRefused("unknown")
    if report.state not in states:
        raise ReportRefused("state")
    return report


def _today() -> dt.date:
    return clock.today(installation().time_zone)
