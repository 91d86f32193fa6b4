"""Where a file comes from: its source records and merges, merging with another file, taking apart, moving a record."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhike.customers import actions as do
from zhike.customers import queries as customers
from zhike.customers.records import CustomerHeader, RegisterRow
from zhike.desk import problems, words
from zhike.desk.views.file import head_of
from zhike.kit.installation import installation
from zhike.secure import queries as secure
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer
from zhike.shop import queries as shop

CHOICES = 20


@needs("customers.view")
@require_GET
def identity(request: HttpRequest, public_id: str) -> HttpResponse:
    """The source records of a file and the history of its merges."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    head = head_of(viewer, public_id)
    merges = customers.merges_of(viewer, head.row.customer_id)
    records = customers.moves_of(viewer, head.row.customer_id)
    staff = (
        {m.by_staff_id for m in merges}
        | {m.undone_by_staff_id for m in merges}
        | {r.moved_by_staff_id for r in records}
    )
    context = {
        "row": head.row,
        "records": records,
        "movable": sum(not r.is_house for r in records),
        "merges": merges,
        "is_group": bool(head.absorbed_numbers),
        "may_merge": viewer.can("customers.merge"),
        "staff": secure.staff_names([s for s in staff if s]),
        "joined_words": words.JOINED,
        "merge_words": words.MERGED,
    }
    return render(request, "desk/identity.html", context)


@needs("customers.merge")
@require_POST
def other(request: HttpRequest, public_id: str) -> HttpResponse:
    """Find the other file: to merge with, or to which a record belongs. What is typed never stands in an address."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    head = _head(viewer, public_id)
    record_id = _number(request.POST.get("record", ""))
    typed = request.POST.get("q", "").strip()[:100]
    answer = customers.search(viewer, typed)
    lines = customers.lines(viewer, [i for i in answer.ids[: CHOICES + 1] if i != head.row.customer_id][:CHOICES])
    found = sorted(lines.values(), key=lambda r: (-(r.order_count or 0), r.customer_id))
    if len(found) == 1 and record_id is None:
        return redirect(f"{reverse('desk:merge')}?one={head.row.public_id}&other={found[0].public_id}")
    context = {
        "row": head.row,
        "rows": found,
        "record_id": record_id,
        "typed": typed,
        "refused": answer.refused,
        "classes": words.RFM_CLASSES,
        "currency": installation().currency,
    }
    return render(request, "desk/other_file.html", context)


@needs("customers.merge")
@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest) -> HttpResponse:
    """Two files side by side; which of them stays is chosen, then they are one."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    asked = request.POST if request.method == "POST" else request.GET
    one, two = (_head(viewer, asked.get(name, "")[:64]) for name in ("one", "other"))
    if one.row.customer_id == two.row.customer_id:
        messages.info(request, problems.words("merge.same", {}))
        return redirect("desk:file", one.row.public_id)
    if request.method == "POST":
        return _merge(request, viewer, one.row, two.row)
    rows = [one.row, two.row]
    context = {
        "one": one.row,
        "other": two.row,
        "sides": list(zip(rows, ("one", "other"), strict=True)),
        "stays": min(rows, key=lambda r: (-(r.order_count or 0), r.created_at, r.customer_id)).public_id,
        "lines": _beside(viewer, one.row, two.row),
        "kinds_differ": one.row.kind != two.row.kind,
        "classes": words.RFM_CLASSES,
        "kinds": words.KINDS,
        "currency": installation().currency,
    }
    return render(request, "desk/merge.html", context)


def _merge(request: HttpRequest, viewer: Viewer, one: RegisterRow, two: RegisterRow) -> HttpResponse:
    stays, goes = (one, two) if request.POST.get("stays") == one.public_id else (two, one)
    meant = request.POST.get("across_kinds") == "1"
    try:
        do.merge_customers(
            absorbed_id=goes.customer_id, survivor_id=stays.customer_id, why="by_hand", across_kinds=meant, by=viewer
        )
    except do.MergeRefused as refusal:
        messages.error(request, problems.words(f"merge.{refusal.code}", {}))
        if refusal.code != "same":
            return redirect(f"{reverse('desk:merge')}?one={one.public_id}&other={two.public_id}")
    else:
        said = _("%(number)s is part of this file now. Under “Records and merges” it can be taken out again.")
        messages.success(request, said % {"number": goes.number})
    return redirect("desk:file", stays.public_id)


@needs("customers.merge")
@require_http_methods(["GET", "POST"])
def take_apart(request: HttpRequest, public_id: str, merge_id: int) -> HttpResponse:
    """What came since a merge, by the file on which it will lie; then the merge is undone."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    head = _head(viewer, public_id)
    if merge_id not in {m.id for m in customers.merges_of(viewer, head.row.customer_id)}:
        raise Http404
    if request.method == "POST":
        return _unmerge(request, viewer, head, merge_id)
    try:
        since = customers.facts_since(viewer, merge_id)
    except do.CustomerUnknown:
        messages.info(request, problems.words("merge.undone", {}))
        return redirect("desk:identity", head.row.public_id)
    context = {
        "row": head.row,
        "merge": since.merge,
        "sides": [
            (side, *_orders(viewer, side.record_ids, since.merge.at)) for side in (since.restored, since.remaining)
        ],
        "since_words": words.SINCE,
        "sees_orders": viewer.can("orders.view"),
        "ways": words.WAYS,
        "attachment_words": words.ATTACHMENTS,
    }
    return render(request, "desk/take_apart.html", context)


def _unmerge(request: HttpRequest, viewer: Viewer, head: CustomerHeader, merge_id: int) -> HttpResponse:
    try:
        done = do.unmerge(merge_id, by=viewer)
    except do.MergeRefused as refusal:
        messages.error(request, problems.words(f"merge.{refusal.code}", {}))
        return redirect("desk:identity", head.row.public_id)
    restored = customers.lines(viewer, [done.restored_id]).get(done.restored_id)
    messages.success(request, _("Taken apart: two files again, each as it was and with what came for it since."))
    return redirect("desk:identity", restored.public_id if restored else head.row.public_id)


def _orders(viewer: Viewer, record_ids: Any, since: Any) -> tuple[int, list[Any]]:
    return shop.orders_since(record_ids, since) if viewer.can("orders.view") else (0, [])


@needs("customers.merge")
@require_POST
def move(request: HttpRequest, public_id: str, record_id: int) -> HttpResponse:
    """Move a source record to the file chosen, or to one of its own."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    head = _head(viewer, public_id)
    to = request.POST.get("to", "")[:64]
    target = customers.root_of(viewer, to) if to else None
    if record_id not in head.record_ids or (to and target is None):
        raise Http404
    try:
        done = do.move_record(record_id, target, by=viewer)
    except do.MoveRefused as refusal:
        messages.error(request, problems.words(f"move.{refusal.code}", {}))
        return redirect("desk:identity", head.row.public_id)
    messages.success(request, _("Moved here, with its orders. It can be taken back below."))
    there = customers.lines(viewer, [done.to_id]).get(done.to_id)
    return redirect("desk:identity", there.public_id if there else head.row.public_id)


@needs("customers.merge")
@require_POST
def move_back(request: HttpRequest, public_id: str, link_id: int) -> HttpResponse:
    """Take a move of a record back."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    head = _head(viewer, public_id)
    if link_id not in {r.moved_link_id for r in customers.moves_of(viewer, head.row.customer_id)}:
        raise Http404
    try:
        done = do.undo_move(link_id, by=viewer)
    except do.MoveRefused as refusal:
        messages.error(request, problems.words(f"move.{refusal.code}", {}))
        return redirect("desk:identity", head.row.public_id)
    messages.success(request, _("The move is taken back."))
    there = customers.lines(viewer, [done.to_id]).get(done.to_id)
    return redirect("desk:identity", there.public_id if there else head.row.public_id)


def _head(viewer: Viewer, public_id: str) -> CustomerHeader:
    if not viewer.can("customers.view"):
        raise Http404
    return head_of(viewer, public_id)


def _number(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else None


def _beside(viewer: Viewer, one: RegisterRow, two: RegisterRow) -> list[tuple[str, str, str, bool]]:
    """(label, value here, value there, whether they differ) of each field that either file knows, as the viewer may see it."""
    sides = [
        {v.name: v for group in customers.field_groups(viewer, row.customer_id) for v in group.fields if v.is_known}
        for row in (one, two)
    ]
    names = dict.fromkeys([*sides[0], *sides[1]])
    told = [(n, *(side[n].text if n in side else "" for side in sides)) for n in names]
    labels = {n: v.label for side in sides for n, v in side.items()}
    return [(labels[n], left, right, bool(left and right and left != right)) for n, left, right in told]
