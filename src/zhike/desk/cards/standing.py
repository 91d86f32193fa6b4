"""How a current customer stands with us: orders and classes, credit and terms, what they answered about us."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from zhike.credit import queries as credits_
from zhike.credit.records import CreditStanding
from zhike.customers import queries as customers
from zhike.desk import words
from zhike.desk.cards import lists
from zhike.desk.cards.reader import Reader, day, label
from zhike.desk.printing.sheet import Block, Grid, Line
from zhike.kit import clock
from zhike.kit.installation import installation
from zhike.secure import fields
from zhike.survey import queries as surveys

if TYPE_CHECKING:
    from zhike.desk.cards.building import Subject


def with_us(reader: Reader, subject: "Subject") -> list[Block]:
    """Class, orders and amounts."""
    row, currency = subject.row, installation().currency
    lines: list[Line] = []
    if reader.may("order_count") and row.order_count is not None:
        if reader.may("life_cycle") and subject.until is None:
            code = customers.life_cycle(row.order_count, row.first_order_at, row.last_order_at, clock.now())
            lines.append(Line(label("life_cycle"), fields.words(fields.field("life_cycle"), code)))
        lines.append(Line(label("order_count"), str(row.order_count)))
    if reader.may("net_amount") and row.net_cents is not None:
        lines.append(Line(label("net_amount"), lists.amount(row.net_cents, currency)))
    if reader.may("first_order_at"):
        lines.append(Line(label("first_order_at"), day(row.first_order_at)))
    if reader.may("last_order_at"):
        lines.append(Line(label("last_order_at"), day(row.last_order_at)))
    if reader.may("rfm_class") and row.rfm_class:
        lines.append(
            Line(label("rfm_class"), f"{words.RFM_CLASSES.get(row.rfm_class, row.rfm_class)} {row.rfm_cell}".strip())
        )
    if reader.may("metrics") and subject.abc_class:
        lines.append(Line(_("ABC class"), str(words.ABC_CLASSES.get(subject.abc_class, subject.abc_class))))
    return [Grid(_("Orders and classes"), tuple(lines))] if lines else []


def credit(reader: Reader, subject: "Subject") -> list[Block]:
    """Grade, limit, days of payment, what is owed. Not on a closed card: what was in force then is in the credit reports."""
    if subject.until or not reader.may("credit"):
        return []
    found = credits_.standing(reader.viewer, subject.row.customer_id)
    if found is None or not (found.band or found.owed_cents or subject.row.kind == "organisation"):
        return []
    lines = [*_granted(found)]
    if reader.may("receivables", "net_amount") and found.owed_cents is not None:
        lines.append(Line(_("Owed and on order"), lists.amount(found.owed_cents, found.currency)))
    if reader.may("receivables") and found.overdue_cents:
        said = _("%(amount)s, %(days)s days") % {
            "amount": lists.amount(found.overdue_cents, found.currency),
            "days": found.overdue_days,
        }
        lines.append(Line(_("Overdue"), said))
    return [Grid(_("Credit and terms"), tuple(lines))]


def _granted(found: CreditStanding) -> list[Line]:
    report = found.report
    if report is None:
        return [Line(_("Class of credit") if found.band else _("Credit"), found.band or _("No credit approved"))]
    until = day(report.valid_until)
    if found.is_expired:
        until = _("%(day)s (over)") % {"day": until}
    return [
        Line(_("Credit grade"), report.grade),
        Line(_("Credit limit"), lists.amount(report.limit_cents, found.currency)),
        Line(_("Days of payment"), "" if report.terms_days is None else str(report.terms_days)),
        Line(_("In force until"), until),
    ]


def satisfaction(reader: Reader, subject: "Subject") -> list[Block]:
    """What the customer answered last: how satisfied, whether they would recommend us."""
    if not reader.may("survey_answers"):
        return []
    found = surveys.last_answer(subject.record_ids, until=subject.until)
    if found is None:
        return []
    lines = []
    if found.satisfaction is not None:
        said = _("%(points)s of 100") % {"points": round(found.satisfaction)}
        lines.append(
            Line(
                _("Satisfaction"),
                _("%(level)s, %(said)s") % {"level": found.level, "said": said} if found.level else said,
            )
        )
    if found.recommend is not None:
        lines.append(Line(_("Would recommend"), _("%(points)s of 10") % {"points": f"{found.recommend:g}"}))
    lines.append(Line(_("Answered on"), day(found.answered_at)))
    lines.append(Line(_("Questionnaire"), found.questionnaire))
    return [Grid(_("Satisfaction"), tuple(lines))]
