"""The outbox, one message with every check, and asking for a message by hand."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhike.customers import actions as do
from zhike.customers import queries as customers
from zhike.kit import chance
from zhike.kit.paging import BadPageKey
from zhike.reach import actions, queries, words
from zhike.reach.queries.outbox import VIEWS
from zhike.reach.queries.templates import TemplateFacts
from zhike.reach.records import WAITING, MessageRow
from zhike.secure import consents
from zhike.secure import queries as secure
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer


@needs("reach.view")
@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    """Messages by state, the newest first."""
    viewer, asked = _viewer(request), request.GET
    view = asked.get("view", "all")
    view = view if view in VIEWS else "all"
    about = customers.root_of(viewer, asked["customer"][:24]) if asked.get("customer") else None
    if asked.get("customer") and about is None:
        raise Http404
    wanted = {"purpose": asked.get("purpose", ""), "template": asked.get("template", "")}
    try:
        page = queries.outbox(
            viewer, view=view, customer_id=about, purpose=wanted["purpose"], template=wanted["template"],
            after=asked.get("after", ""), before=asked.get("before", ""),
        )  # fmt: skip
    except BadPageKey:
        return redirect("reach:outbox")
    context = {
        "page": page, "view": view, "views": words.VIEWS, "parties": _parties(viewer, page.items), "about": _head(viewer, about),
        "purposes": consents.purposes(archived=True), "labels": _labels(), "wanted": wanted, "asked_customer": asked.get("customer", ""),
        "templates": queries.templates(viewer, archived=True), "whys": {m.public_id: words.why(m.why) for m in page.items if m.why},
        "staff": secure.staff_names([m.by_staff_id for m in page.items if m.by_staff_id]), **_words(),
    }  # fmt: skip
    return render(request, "reach/outbox.html", context)


@needs("reach.view")
@require_GET
def message(request: HttpRequest, public_id: str) -> HttpResponse:
    """One message: how it stands and every check, with the answer that kept it back."""
    viewer = _viewer(request)
    told = queries.detail(viewer, public_id)
    if told is None:
        raise Http404
    row = told.row
    checks = [(c, words.CHECKS.get(c.code, c.code), words.why(c.why) if c.why else "") for c in told.checks]
    context = {
        "told": told, "row": row, "checks": checks, "why": words.why(row.why) if row.why else "",
        "attempts": [(a, words.OUTCOMES.get(a.outcome, a.outcome), words.why(a.code) if a.code else "") for a in told.attempts],
        "party": _parties(viewer, [row]).get(row.source_record_id), "labels": _labels(),
        "staff": secure.staff_names([row.by_staff_id] if row.by_staff_id else []),
        "can_stop": viewer.can("reach.send") and row.state in WAITING,
        "can_again": viewer.can("reach.send") and row.state not in (*WAITING, "sending", "sent"), **_words(),
    }  # fmt: skip
    return render(request, "reach/message.html", context)


@needs("reach.send")
@require_POST
def act(request: HttpRequest, public_id: str) -> HttpResponse:
    """Stop a message that waits, or let it go once more."""
    viewer = _viewer(request)
    try:
        if "again" in request.POST:
            return redirect("reach:message", actions.send_again(public_id, by=viewer))
        actions.cancel(public_id, by=viewer)
    except actions.SendRefused as refusal:
        if refusal.code == "message":
            raise Http404 from None
        messages.warning(request, words.refusal(refusal.code))
    return redirect("reach:message", public_id)


class SendForm(forms.Form):
    """A template, and what its variables stand for."""

    template = forms.ChoiceField(label=gettext_lazy("Template"))

    def __init__(self, *args: Any, offered: list[TemplateFacts], chosen: TemplateFacts | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"].choices = [(t.public_id, t.name) for t in offered]  # type: ignore[attr-defined]
        for name in chosen.facts if chosen else ():
            self.fields[f"fact_{name}"] = forms.CharField(
                label=format_html("<code>{}</code>", f"{{{{ {name} }}}}"), max_length=500
            )

    def facts(self) -> dict[str, str]:
        """What was typed for the variables."""
        return {k.removeprefix("fact_"): v for k, v in self.cleaned_data.items() if k.startswith("fact_")}


@needs("reach.send")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, customer: str) -> HttpResponse:
    """Ask for a message to one customer."""
    viewer = _viewer(request)
    root_id = customers.root_of(viewer, customer)
    head = _head(viewer, root_id)
    if root_id is None or head is None or not viewer.can("customers.view"):
        raise Http404
    offered = queries.templates(viewer)
    wanted = request.POST.get("template") or request.GET.get("template", "")
    chosen = next((t for t in offered if t.public_id == wanted), offered[0] if offered else None)
    form = SendForm(
        request.POST or None, offered=offered, chosen=chosen, initial={"template": chosen.public_id if chosen else ""}
    )
    if request.method == "POST" and chosen is not None and form.is_valid():
        try:
            key = f"hand/{request.POST.get('key', '')[:40] or chance.token(9)}"
            made = actions.send(
                to=root_id, purpose=chosen.purpose, template=chosen.public_id, key=key, facts=form.facts(), by=viewer
            )
        except actions.SendRefused as refusal:
            form.add_error(None, words.refusal(refusal.code))
        except do.CustomerUnknown:
            raise Http404 from None
        else:
            return redirect("reach:message", made)
    context = {
        "form": form, "head": head, "row": head.row, "offered": offered, "chosen": chosen, "key": chance.token(9),
        "labels": _labels(), "standing": customers.consent_for(root_id, chosen.purpose) if chosen else None,
        "states": consents.STATES, "fields": [form[name] for name in form.fields if name != "template"],
    }  # fmt: skip
    return render(request, "reach/new.html", context)


def _parties(viewer: Viewer, rows: list[MessageRow]) -> dict[int, Any]:
    """{record: line of the register} for customers the viewer may see."""
    if not viewer.can("customers.view"):
        return {}
    owners = customers.customers_of_records(viewer, [m.source_record_id for m in rows])
    lines = customers.lines(viewer, list(owners.values()))
    return {record: lines[owner] for record, owner in owners.items() if owner in lines}


def _head(viewer: Viewer, root_id: int | None) -> Any:
    return customers.header(viewer, root_id) if root_id is not None else None


def _labels() -> dict[str, Any]:
    return {p.code: p.label for p in consents.purposes(archived=True)}


def _words() -> dict[str, Any]:
    return {"states": words.STATES, "tones": words.TONES}


def _viewer(request: HttpRequest) -> Viewer:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return viewer
