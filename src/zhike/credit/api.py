"""Statements, standing and the hold rule over the API. A program may enter figures and ask; it never decides on credit."""

import datetime as dt
from typing import Annotated, Any, Literal

from ninja import Query, Status
from pydantic import Field

from zhike.api.problems import Problem, answers, refused
from zhike.api.routes import ApiRequest, Routes
from zhike.api.schemas import Cents, Cursor, Limit, Page, Receipted, Strict, marks
from zhike.credit import actions, queries
from zhike.credit.records import AMOUNTS, InvoiceStated, Stated, StatementFacts
from zhike.customers import queries as customers
from zhike.customers.api.files import line, root
from zhike.customers.api.shapes import CustomerLine
from zhike.kit.paging import BadPageKey
from zhike_analytics.ratios import Ratio

routes = Routes("Credit")
ROUTES = [routes]
READ: dict[str, Any] = {"scope": "credit:read", "needs": "credit.view"}
WRITE: dict[str, Any] = {"scope": "credit:write", "needs": "credit.edit"}
Period = Literal["year", "half", "quarter", "month"]
Amounts = Annotated[dict[str, Cents], Field(max_length=len(AMOUNTS), description=f"By name: {', '.join(AMOUNTS)}.")]


class RatioOut(Strict):
    """A ratio (1.8 is 180 %), or why there is none."""

    value: float | None = None
    why_not: str | None = None


class StatementOut(Strict):
    """A statement with its ratios; the textbook's and the standard ones under different names."""

    statement: str
    ends_on: dt.date
    period: Period
    is_audited: bool
    is_consolidated: bool
    currency: str
    amounts: dict[str, int] = Field(description="In cents.", json_schema_extra=marks("statements"))
    ratios: dict[str, RatioOut]
    warnings: list[str]


class StatementList(Strict):
    """The statements of a customer, the newest first."""

    items: list[StatementOut]


class StatementIn(Strict):
    """A statement to enter."""

    ends_on: dt.date
    period: Period = "year"
    is_audited: bool = False
    is_consolidated: bool = False
    amounts: Amounts
    origin: str = Field("", max_length=120)


class StatementMade(Receipted):
    """The statement that was entered."""

    statement: str


class EnterpriseOut(Strict):
    """An enterprise and its newest statement."""

    customer: CustomerLine
    tone: Literal["bad", "watch", "note", "none"]
    newest: StatementOut


class EnterprisePageOut(Page):
    """Enterprises, the worst first."""

    items: list[EnterpriseOut]


class EnterpriseQuery(Strict):
    """Which enterprises."""

    view: Literal["all", "bad", "watch", "fine"] = "all"
    after: Cursor = ""
    limit: Limit = 50


class CreditStanding(Strict):
    """Where a customer stands. What the maker of the token may not see is absent; `band` is the class of the grade."""

    band: str | None = Field(None, json_schema_extra=marks("credit"))
    grade: str | None = Field(None, json_schema_extra=marks("credit"))
    limit_cents: int | None = Field(None, json_schema_extra=marks("credit"))
    terms_days: int | None = Field(None, json_schema_extra=marks("credit"))
    valid_until: dt.date | None = None
    is_expired: bool
    owed_cents: int | None = Field(None, json_schema_extra=marks("receivables"))
    overdue_cents: int | None = Field(None, json_schema_extra=marks("receivables"))
    holds: list[str] = Field(description="Why orders on credit wait: over_limit, overdue, expired, no_limit.")
    currency: str


class OrderToCheck(Strict):
    """An order that is not prepaid."""

    amount_cents: Annotated[int, Field(ge=0, le=10**15)]


class HoldOut(Strict):
    """Whether it would wait for a person, and why. For a natural person this is a hint: somebody decides."""

    is_held: bool
    reasons: list[str]
    somebody_decides: bool


class InvoiceIn(Strict):
    """An invoice, or how far one of the same number is paid now."""

    number: str = Field(min_length=1, max_length=60)
    due_on: dt.date
    amount_cents: Annotated[int, Field(ge=1, le=10**15)]
    paid_cents: Annotated[int, Field(ge=0, le=10**15)] = 0
    issued_on: dt.date | None = None
    paid_on: dt.date | None = None


class InvoiceNoted(Receipted):
    """Whether the invoice is new."""

    is_new: bool


@answers(actions.StatementRefused)
def _statement_refused(error: actions.StatementRefused) -> Problem:
    where = f"body.amounts.{error.part}" if error.part else "body"
    return Problem("state_conflict") if error.code == "exists" else refused(where, error.code)


@answers(actions.InvoiceRefused)
def _invoice_refused(error: actions.InvoiceRefused) -> Problem:
    return refused("body", error.code)


@routes.get("/enterprises", answer=EnterprisePageOut, **READ)
def list_enterprises(request: ApiRequest, query: Query[EnterpriseQuery]) -> dict[str, Any]:
    """Enterprises with statements in the scope of the token's maker, the worst first."""
    try:
        page = queries.enterprises(request.viewer, query.view, after=query.after, limit=query.limit)
    except BadPageKey:
        raise refused("query.after", "cursor") from None
    lines = customers.lines(request.viewer, {row.customer_id for row in page.rows})
    items = [
        {
            "customer": line(lines[row.customer_id]),
            "tone": row.tone,
            "newest": _statement(row.statement, dict(row.ratios), list(row.warning_codes)),
        }
        for row in page.rows
        if row.customer_id in lines
    ]
    return {"items": items, "next": page.next_key or None}


@routes.get("/customers/{customer}/statements", answer=StatementList, **READ)
def list_statements(request: ApiRequest, customer: str) -> dict[str, Any]:
    """The statements of a customer with their ratios; none where statements may not be seen."""
    record_ids = customers.record_ids_of(root(request.viewer, customer))
    measured = queries.measured_statements(request.viewer, record_ids)
    return {"items": [_statement(facts, ratios, codes) for facts, ratios, codes in measured]}


@routes.write("POST", "/customers/{customer}/statements", answers={201: StatementMade}, **WRITE)
def add_statement(request: ApiRequest, customer: str, statement: StatementIn) -> Any:
    """Enter a statement of an organization. A period stands once."""
    stated = Stated(
        ends_on=statement.ends_on,
        period=statement.period,
        is_audited=statement.is_audited,
        is_consolidated=statement.is_consolidated,
        amounts=statement.amounts,
        origin=statement.origin,
    )
    made = actions.add_statement(root(request.viewer, customer), stated, by=request.viewer)
    return Status(201, {"statement": made})


@routes.get("/customers/{customer}/credit", answer=CreditStanding, **READ)
def get_standing(request: ApiRequest, customer: str) -> dict[str, Any]:
    """Where a customer stands: what was approved, what it owes, why orders on credit wait."""
    found = queries.standing(request.viewer, root(request.viewer, customer))
    if found is None:
        raise Problem("not_found")
    report = found.report
    return {
        "band": found.band or None,
        "grade": report.grade if report else None,
        "limit_cents": report.limit_cents if report else None,
        "terms_days": report.terms_days if report else None,
        "valid_until": report.valid_until if report else None,
        "is_expired": found.is_expired,
        "owed_cents": found.owed_cents,
        "overdue_cents": found.overdue_cents,
        "holds": list(found.holds),
        "currency": found.currency,
    }


@routes.ask("/customers/{customer}/credit/check", answer=HoldOut, **READ)
def check_order(request: ApiRequest, customer: str, order: OrderToCheck) -> dict[str, Any]:
    """Whether an order of this amount would wait for a person. Asking changes nothing."""
    root_id = root(request.viewer, customer)
    found = queries.hold_for(request.viewer, root_id, order.amount_cents)
    if found is None:
        raise Problem("not_found")
    lines = customers.lines(request.viewer, [root_id])
    is_person = lines[root_id].kind != "organisation"
    return {"is_held": found.is_held, "reasons": list(found.reasons), "somebody_decides": is_person or found.is_held}


@routes.write("POST", "/customers/{customer}/invoices", answers={200: InvoiceNoted}, **WRITE)
def note_invoice(request: ApiRequest, customer: str, invoice: InvoiceIn) -> dict[str, Any]:
    """Note an invoice, or how far it is paid; the same again changes nothing."""
    stated = InvoiceStated(
        number=invoice.number,
        due_on=invoice.due_on,
        amount_cents=invoice.amount_cents,
        paid_cents=invoice.paid_cents,
        issued_on=invoice.issued_on,
        paid_on=invoice.paid_on,
    )
    return {"is_new": actions.note_invoice(root(request.viewer, customer), stated, by=request.viewer)}


def _statement(facts: StatementFacts, ratios: dict[str, Ratio], codes: list[str]) -> dict[str, Any]:
    return {
        "statement": facts.public_id,
        "ends_on": facts.ends_on,
        "period": facts.period,
        "is_audited": facts.is_audited,
        "is_consolidated": facts.is_consolidated,
        "currency": facts.currency,
        "amounts": {name: cents for name, cents in facts.amounts.items() if cents is not None},
        "ratios": {key: {"value": r.value, "why_not": r.reason or None} for key, r in ratios.items()},
        "warnings": codes,
    }
