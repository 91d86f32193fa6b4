"""The file of one customer."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from zhike.analyze import queries as analyze
from zhike.clean.queries import duplicates
from zhike.customers import queries as customers
from zhike.customers.records import Contender, CustomerHeader, RegisterRow
from zhike.desk import file_views, words
from zhike.desk import timeline as merged
from zhike.desk.file_parts import card_context, parts_context
from zhike.desk.file_values import empty_of, values_context
from zhike.kit import clock
from zhike.kit.installation import installation
from zhike.reach import queries as reach
from zhike.secure import actions as rights
from zhike.secure import fields
from zhike.secure import queries as secure
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer
from zhike.shop import queries as shop
from zhike.work import queries as work


@needs("customers.view")
@require_GET
def file(request: HttpRequest, public_id: str) -> HttpResponse:
    """Everything known of one customer: values, one timeline, orders, open work."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    head = head_of(viewer, public_id)
    if public_id != head.row.public_id:
        return redirect("desk:file", head.row.public_id, permanent=False)
    sees_orders = viewer.can("orders.view")
    kind = request.GET.get("kind", "")
    view, members = file_views.view_for(viewer), head.member_ids
    context = {
        "head": head,
        "row": head.row,
        **values_context(viewer, head.row.customer_id, head.row.stage, view.groups),
        **card_context(viewer, head),
        "file_view": view,
        "file_views": file_views.VIEWS,
        "panes": [f"desk/panes/{code}.html" for code in view.panes],
        **parts_context(viewer, head),
        "sees_credit": viewer.can("credit.view"),
        "orders": shop.orders_of(head.record_ids, limit=8) if sees_orders else [],
        "sees_orders": sees_orders,
        "life_cycle": _life_cycle(head),
        **_worth(viewer, head.row.customer_id),
        "contracts": shop.contracts_of(viewer, head.record_ids) if sees_orders else (),
        "sees_contracts": sees_orders and secure.sight(viewer, "contracts") != "hidden",
        "tasks": work.file_tasks(viewer, "customer", members),
        "today": f"{timezone.localtime(clock.now()):%Y-%m-%dT%H:%M}",
        "staff": secure.staff_names(),
        "all_tags": customers.tags(),
        **{name: viewer.can(permission) for name, permission in _MAY.items()},
        "duplicates": _duplicates(viewer, head.row.customer_id, members),
        "sees_segments": viewer.can("segments.view"),
        "sees_funnel": viewer.can("funnel.view") and secure.sight(viewer, "stage") == "shown",
        **timeline_context(viewer, head, kind, ""),
        **labels(),
    }
    rights.note_access(viewer, "customer", head.row.customer_id, referer=request.headers.get("Referer", ""))
    return render(request, "desk/file.html", context)


_MAY = {
    "may_tag": "customers.tag",
    "may_edit": "customers.edit",
    "may_merge": "customers.merge",
    "may_send": "reach.send",
    "may_make_task": "work.note",
    "sees_consents": "consents.view",
}


@needs("customers.view")
@require_GET
def timeline(request: HttpRequest, public_id: str) -> HttpResponse:
    """A page of the timeline, as a fragment."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    head = head_of(viewer, public_id)
    before = request.GET.get("before", "")
    context = {"row": head.row, **timeline_context(viewer, head, request.GET.get("kind", ""), before), **labels()}
    return render(request, "desk/timeline.html#items" if before else "desk/timeline.html", context)


@needs("customers.view")
@require_GET
def why(request: HttpRequest, public_id: str, field: str) -> HttpResponse:
    """Why this value: every statement of a field, the winner first."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    head = head_of(viewer, public_id)
    told = customers.why(viewer, head.row.customer_id, field)
    if not told:
        raise Http404
    acts = customers.verification_acts(viewer, head.row.customer_id, field)
    context = {
        "row": head.row,
        "field": fields.field(field),
        "contenders": told,
        "acts": acts,
        "staff": secure.staff_names([i for i in _who(told, acts) if i]),
        "whys": words.WHY_WON,
        "states": words.STATES_OF_VALUES,
        "state_tones": words.STATE_TONES,
        "state_icons": words.STATE_ICONS,
        "verify_ways": words.VERIFY_WAYS,
        "verify_url": _verify_address(viewer, head, field),
        "may_merge": viewer.can("customers.merge"),
    }
    return render(request, "desk/why.html", context)


@needs("customers.view")
@require_GET
def goods_pane(request: HttpRequest, public_id: str) -> HttpResponse:
    """The next need, products to recommend and what is guessed of a customer: asked for after the file stands, so that the file does not wait for them."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    root_id = head_of(viewer, public_id).row.customer_id
    told = {
        "next_need": analyze.next_need(viewer, root_id),
        "recommended": analyze.recommended(viewer, root_id),
        "portrait": analyze.portrait(viewer, root_id),
    }
    return render(request, "desk/goods_pane.html", told)


@needs("customers.edit")
@require_GET
def empty_fields(request: HttpRequest, public_id: str, group: str) -> HttpResponse:
    """What may be filled in of one group: eighty buttons that stand behind a heading until somebody opens it."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    head = head_of(viewer, public_id)
    context = {"row": head.row, "empty": empty_of(viewer, head.row.customer_id, group)}
    return render(request, "desk/values.html#empty", context)


def _who(told: list[Contender], acts: list[customers.VerificationAct]) -> list[int | None]:
    return [*(c.by_staff_id for c in told), *(a.by_staff_id for a in acts)]


def _verify_address(viewer: Viewer, head: CustomerHeader, field: str) -> str:
    may = viewer.can("customers.verify") and viewer.can("customers.edit")
    return reverse("clean:verify", args=[head.row.public_id, field]) if may else ""


def head_of(viewer: Viewer, public_id: str) -> CustomerHeader:
    """The head of a file. A file out of scope answers exactly as one that does not exist."""
    root_id = customers.root_of(viewer, public_id)
    head = customers.header(viewer, root_id) if root_id is not None else None
    if head is None:
        raise Http404
    return head


def _duplicates(viewer: Viewer, customer_id: int, members: Sequence[int]) -> list[tuple[RegisterRow, str, str]]:
    """(other file, its pair, how likely in words) of files that may be the same customer, the likeliest first; at most three."""
    if not viewer.can("clean.view"):
        return []
    pairs = duplicates.of_customer(viewer, members, limit=3)
    return [
        (
            p.high if p.low.customer_id == customer_id else p.low,
            p.public_id,
            str(duplicates.likelihood(p.probability)[0]),
        )
        for p in pairs
    ]


def _worth(viewer: Viewer, customer_id: int) -> dict[str, Any]:
    """What is to come of the customer, and what they left so far."""
    return {"outlook": analyze.outlook(viewer, customer_id), "contribution": analyze.contribution(viewer, customer_id)}


def _life_cycle(head: CustomerHeader) -> str:
    """How far the customer has come with us, in words; what staff stated on the file stands beside it."""
    row = head.row
    if row.order_count is None:
        return ""
    code = customers.life_cycle(row.order_count, row.first_order_at, row.last_order_at, clock.now())
    return fields.words(fields.field("life_cycle"), code)


def timeline_context(viewer: Viewer, head: CustomerHeader, kind: str, before: str) -> dict[str, Any]:
    """What the timeline's template needs."""
    kinds = [
        (code, label)
        for code, label in merged.kinds()
        if (code not in ("order", "contract") or viewer.can("orders.view"))
        and (code != "message" or viewer.can("reach.view"))
        and (code != "visit" or secure.sight(viewer, "visits") == "shown")
    ]
    wanted = kind if kind in dict(kinds) else ""
    shown = merged.page(
        viewer,
        head.record_ids,
        wanted,
        before,
        with_orders=viewer.can("orders.view"),
        with_messages=viewer.can("reach.view"),
    )
    return {"timeline": shown, "timeline_kinds": kinds, "timeline_kind": wanted}


def labels() -> dict[str, Any]:
    """Codes in words, for the file's templates."""
    return {
        "classes": words.RFM_CLASSES,
        "stages": words.STAGES,
        "kinds": words.KINDS,
        "sexes": words.SEXES,
        "order_states": shop.words.ORDER_STATES,
        "order_kinds": shop.words.ORDER_KINDS,
        "order_tones": shop.words.ORDER_TONES,
        "ways": words.WAYS,
        "outcomes": words.OUTCOMES,
        "presale_steps": words.PRESALE_STEPS,
        "list_kinds": words.LIST_KINDS,
        "purposes_of_contacts": words.PURPOSES,
        "attachment_words": words.ATTACHMENTS,
        "contract_states": shop.contract_words.STATES,
        "contract_tones": shop.contract_words.TONES,
        "dispute_states": shop.contract_words.DISPUTES,
        "message_states": reach.words.STATES,
        "message_tones": reach.words.TONES,
        "currency": installation().currency,
    }
