"""A credit report as a document: facts and lists in words, for whoever sets it on paper."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zhike.credit import finance_page, measuring, report_page, words
from zhike.credit.models import FinancialStatement
from zhike.credit.queries.reports import report as find_report
from zhike.credit.queries.statements import facts as statement_facts
from zhike.credit.queries.statements import sees_statements
from zhike.credit.records import ReportFacts
from zhike.customers import queries as customers
from zhike.secure import queries as secure
from zhike.secure.records import Viewer
from zhike.ui.figures import money_text, share_text
from zhike_analytics.ratios import ratios


@dataclass(frozen=True, slots=True)
class Part:
    """Facts under a title (no headings), or a list under headings; `numbers` are its columns of figures."""

    title: str
    rows: tuple[tuple[str, ...], ...]
    headings: tuple[str, ...] = ()
    numbers: frozenset[int] = frozenset()
    note: str = ""
    is_wide: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A report as paper has it."""

    title: str
    head: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    signs: tuple[str, ...]
    note: str


def report_as_document(viewer: Viewer, public_id: str) -> Document | None:
    """The report for a viewer who may take credit out of the house; None for all others."""
    found = find_report(viewer, public_id)
    if found is None or not secure.may_export(viewer, "credit"):
        return None
    roots = customers.customers_of_records(viewer, [found.source_record_id])
    line = customers.lines(viewer, set(roots.values())).get(roots.get(found.source_record_id, 0))
    name = line.name if line and secure.may_export(viewer, "name") else ""
    staff = secure.staff_names([i for i in (found.author_staff_id, found.decided_by_staff_id) if i])
    page = report_page.page(found)
    return Document(
        title=_("Credit investigation report"),
        head=(
            (_("Customer"), f"{name} {line.number if line else ''}".strip()),
            (_("State"), str(words.STATES[found.state])),
            (_("Grade"), found.grade or "–"),
            (pgettext("credit", "Limit"), money_text(found.limit_cents, found.currency)),
            (pgettext("credit", "Terms"), page["terms"]),
            (_("Valid until"), found.valid_until.isoformat() if found.valid_until else "–"),
        ),
        parts=tuple(_parts(viewer, found, page)),
        signs=(
            _("Author: %(name)s") % {"name": staff.get(found.author_staff_id or 0, "")},
            _("Decided by: %(name)s") % {"name": staff.get(found.decided_by_staff_id or 0, "")},
        ),
        note=_("For a natural person the machine proposes at most; somebody decided.") if found.is_person else "",
    )


def _parts(viewer: Viewer, found: ReportFacts, page: dict[str, Any]) -> list[Part]:
    told = tuple((str(title), str(text)) for title, text in page["sections_shown"])
    parts = [Part(_("What was found"), told, is_wide=True)] if told else []
    parts += _ratios(viewer, found)
    parts += [_scores(one) for one in page["sets_shown"]]
    rules = tuple(
        (str(r["label"]) + (f"（{_('this rule binds')}）" if r["binds"] else ""), r["amount"] or str(r["why"]))
        for r in page["rules"]
    )
    parts.append(Part(_("What the rules allow"), rules, (_("Rule"), _("Amount")), frozenset({1})))
    if page["payments"]:
        parts.append(Part(_("How it pays"), tuple((str(k), str(v)) for k, v in page["payments"])))
    if found.override_grade:
        parts.append(Part(_("Grade set by hand"), ((_("Why by hand"), found.override_why),)))
    if found.sources:
        parts.append(Part(_("Sources"), found.sources, (_("Source"), _("Day"), pgettext("credit", "What it says"))))
    if found.decision_note:
        parts.append(Part(_("Reasons of the decision"), ((_("Reasons"), found.decision_note),), is_wide=True))
    return parts


def _ratios(viewer: Viewer, found: ReportFacts) -> list[Part]:
    """The ratios of the statement the report rests on, each with its formula: names alone mean two things."""
    row = FinancialStatement.objects.filter(pk=found.statement_id).first() if found.statement_id else None
    if row is None or not sees_statements(viewer) or not secure.may_export(viewer, "statements"):
        return []
    measured = ratios(measuring.statement_of(measuring.amounts_of(row)))
    rows = tuple(
        (
            str(words.RATIOS[key][0]),
            str(words.RATIOS[key][1]),
            share_text(one.value) if one.value is not None else str(words.BLANKS.get(one.reason, "–")),
        )
        for key, one in measured.items()
    )
    title = f"{words.SECTIONS['finance']} · {finance_page.period_text(statement_facts(row))}"
    return [Part(title, rows, (_("Ratio"), _("Formula"), pgettext("ratio", "Value")), frozenset({2}))]


def _scores(one: dict[str, Any]) -> Part:
    rows = tuple(
        (str(r["name"]), _("missing") if r["is_missing"] else r["score"], r["weight"], r["part"], r["evidence"])
        for r in one["rows"]
    )
    told = _("%(points)s of 100 points, grade %(grade)s") % {"points": one["points"], "grade": one["grade"]}
    note = told + (_("; incomplete, not judged: %(names)s") % {"names": one["missing"]} if one["missing"] else "")
    heads = (_("Factor"), _("Judged (1–10)"), _("Weight"), _("Points"), _("Evidence"))
    return Part(str(one["name"]), rows, heads, frozenset({1, 2, 3}), note)
