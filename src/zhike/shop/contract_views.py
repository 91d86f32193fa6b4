"""Pages of contracts: by the day they end, one in full, a new one, and the small acts on one."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhike.customers import queries as customers
from zhike.secure import queries as secure
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer
from zhike.shop import actions, queries
from zhike.shop.queries import contract_words as words
from zhike.shop.records import ContractDetail, ContractRow
from zhike_analytics.values import amounts
from zhike_analytics.values.problem import ValueProblem


class ContractForm(forms.Form):
    """The terms of a contract."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    number = forms.CharField(label=gettext_lazy("Contract number"), max_length=60, required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), choices=list(words.STATES.items()), initial="active")
    signed_on = forms.DateField(
        label=gettext_lazy("Signed on"), required=False, widget=forms.DateInput({"type": "date"})
    )
    starts_on = forms.DateField(label=gettext_lazy("From"), widget=forms.DateInput({"type": "date"}))
    ends_on = forms.DateField(
        label=gettext_lazy("Until"), required=False, widget=forms.DateInput({"type": "date"}),
        help_text=gettext_lazy("Leave it empty for an open-ended contract."),
    )  # fmt: skip
    notice_days = forms.IntegerField(
        label=gettext_lazy("Remind so many days before the end"), min_value=0, max_value=365, initial=30
    )
    owner_staff_id = forms.TypedChoiceField(
        label=gettext_lazy("Person in charge"), required=False, coerce=int, empty_value=None
    )
    volume = forms.CharField(label=gettext_lazy("Agreed volume (amount)"), max_length=24, required=False)
    volume_terms = forms.CharField(label=gettext_lazy("Volume terms"), max_length=400, required=False)
    payment_terms = forms.CharField(label=gettext_lazy("Terms of payment"), max_length=400, required=False)
    subject = forms.CharField(
        label=gettext_lazy("Subject"), max_length=4000, required=False, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = [("", "–"), *((str(i), name) for i, name in secure.staff_names().items())]
        self.fields["owner_staff_id"].choices = staff  # type: ignore[attr-defined]

    def terms(self) -> actions.Terms:
        """What was typed. Raises ContractRefused `price` for a volume that is no amount."""
        given = dict(self.cleaned_data)
        volume = given.pop("volume")
        return actions.Terms(volume_cents=_cents(volume), **given)


@needs("orders.view")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Contracts by the day they end."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    view = request.GET.get("view", "soon")
    view = view if view in words.VIEWS else "soon"
    page = queries.contracts(viewer, view, after=request.GET.get("after", ""))
    context = {"page": page, "view": view, "views": words.VIEWS, "parties": _parties(viewer, page.rows), **_words()}
    return render(request, "shop/contracts.html", context)


@needs("customers.edit")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, customer: str) -> HttpResponse:
    """A contract with a customer."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    root_id = customers.root_of(viewer, customer)
    head = customers.header(viewer, root_id) if root_id is not None else None
    if head is None or secure.sight(viewer, "contracts") == "hidden":
        raise Http404
    form = ContractForm(request.POST or None, initial={"owner_staff_id": viewer.staff_id})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_contract(head.row.customer_id, form.terms(), by=viewer)
        except actions.ContractRefused as refusal:
            form.add_error(None, words.refusal(refusal.code))
        else:
            return redirect("shop:contract", made)
    return render(request, "shop/contract_form.html", {"form": form, "head": head, "detail": None})


@needs("orders.view")
@require_GET
def one(request: HttpRequest, public_id: str) -> HttpResponse:
    """A contract: terms, prices, clauses with their performance, disputes, documents."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    detail = _detail(viewer, public_id)
    party = _parties(viewer, [detail.row]).get(detail.row.source_record_id)
    context = {
        "detail": detail,
        "row": detail.row,
        "party": party,
        "staff": secure.staff_names([i for i in [detail.row.owner_staff_id] if i]),
        "may_edit": viewer.can("customers.edit"),
        "bought_share": _share(detail),
        **_words(),
    }
    return render(request, "shop/contract.html", context)


@needs("customers.edit")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change the terms."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    detail = _detail(viewer, public_id)
    form = ContractForm(request.POST or None, initial=_initial(detail))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_contract(public_id, form.terms(), by=viewer)
        except actions.ContractRefused as refusal:
            form.add_error(None, words.refusal(refusal.code))
        else:
            return redirect("shop:contract", public_id)
    return render(request, "shop/contract_form.html", {"form": form, "detail": detail, "row": detail.row})


@needs("customers.edit")
@require_POST
def act(request: HttpRequest, public_id: str, what: str) -> HttpResponse:
    """One of the small acts: a price, a clause, its judgement, a dispute, its end."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    doing = _ACTS.get(what)
    if doing is None:
        raise Http404
    try:
        doing(public_id, request.POST, viewer)
    except actions.ContractRefused as refusal:
        if refusal.code == "unknown":
            raise Http404 from None
        messages.error(request, words.refusal(refusal.code))
    return redirect("shop:contract", public_id)


def _price(public_id: str, given: Any, by: Viewer) -> None:
    pieces = _number(given, "from_quantity") or 1
    actions.add_price(
        public_id,
        given.get("title", ""),
        given.get("unit_price", ""),
        by=by,
        sku=given.get("sku", ""),
        from_quantity=pieces,
    )


def _unprice(public_id: str, given: Any, by: Viewer) -> None:
    actions.remove_price(public_id, _number(given, "price"), by=by)


def _clause(public_id: str, given: Any, by: Viewer) -> None:
    due = given.get("due_on", "")
    try:
        due_on = dt.date.fromisoformat(due) if due else None
    except ValueError:
        raise actions.ContractRefused("dates") from None
    actions.add_clause(public_id, given.get("text", ""), by=by, whose=given.get("whose", "theirs"), due_on=due_on)


def _judge(public_id: str, given: Any, by: Viewer) -> None:
    clause_id = _number(given, "clause")
    actions.judge_clause(public_id, clause_id, given.get("performance", ""), given.get("note", ""), by=by)


def _dispute(public_id: str, given: Any, by: Viewer) -> None:
    clause_id = _number(given, "clause") or None
    cents = _cents(given.get("amount", ""))
    actions.open_dispute(public_id, given.get("claim", ""), by=by, clause_id=clause_id, amount_cents=cents)


def _settle(public_id: str, given: Any, by: Viewer) -> None:
    dispute_id = _number(given, "dispute")
    actions.close_dispute(public_id, dispute_id, given.get("state", ""), given.get("outcome", ""), by=by)


_ACTS = {
    "price": _price,
    "unprice": _unprice,
    "clause": _clause,
    "judge": _judge,
    "dispute": _dispute,
    "settle": _settle,
}


def _detail(viewer: Viewer, public_id: str) -> ContractDetail:
    found = queries.contract(viewer, public_id)
    if found is None:
        raise Http404
    return found


def _parties(viewer: Viewer, rows: Any) -> dict[int, Any]:
    """{house record: the customer's row} for contracts shown."""
    found: list[ContractRow] = list(rows)
    roots = customers.customers_of_records(viewer, [row.source_record_id for row in found])
    lines = customers.lines(viewer, set(roots.values()))
    return {record: lines[root] for record, root in roots.items() if root in lines}


def _initial(detail: ContractDetail) -> dict[str, Any]:
    row = detail.row
    names = ("title", "number", "state", "signed_on", "starts_on", "ends_on", "notice_days", "owner_staff_id")
    volume = f"{row.volume_cents / 100:.2f}" if row.volume_cents is not None else ""
    texts = {"volume_terms": detail.volume_terms, "payment_terms": detail.payment_terms, "subject": detail.subject}
    return {name: getattr(row, name) for name in names} | texts | {"volume": volume}


def _share(detail: ContractDetail) -> float | None:
    """How much of the agreed volume has been bought; None without an agreed one, or without sight of orders."""
    agreed, bought = detail.row.volume_cents, detail.bought_cents
    return None if not agreed or bought is None else max(0.0, bought / agreed)


def _cents(text: str) -> int | None:
    try:
        return amounts.amount(text).cents if text.strip() else None
    except ValueProblem:
        raise actions.ContractRefused("price") from None


def _number(given: Any, name: str) -> int:
    text = given.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def _words() -> dict[str, Any]:
    return {
        "states": words.STATES,
        "tones": words.TONES,
        "performances": words.PERFORMANCES,
        "performance_tones": words.PERFORMANCE_TONES,
        "dispute_states": words.DISPUTES,
        "sides": words.SIDES,
        "title_of_empty": _("No contract here"),
    }
