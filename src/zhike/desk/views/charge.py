"""Who is in charge: the pane on a file, the page of everybody, handing over, and who looked at which file."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhike.clean.actions import file_rules
from zhike.clean.actions.file_rules import FileRuleRefused, FileRules
from zhike.customers import actions as do
from zhike.customers import queries as customers
from zhike.customers.queries import charge as asked
from zhike.customers.queries import segments
from zhike.desk.actions.bulk import BulkRefused
from zhike.desk.actions.handing import CHECKLIST, hand_over
from zhike.desk.models import HandOver
from zhike.desk.views.file import head_of
from zhike.secure import queries as secure
from zhike.secure.permissions import Forbidden, needs
from zhike.secure.records import Viewer

_PAGE = 50
REVIEWS: dict[str, Promise] = {
    "in_order": gettext_lazy("In order"),
    "updated": gettext_lazy("Brought up to date"),
    "to_archive": gettext_lazy("To be archived"),
}
PARTS = {"owner": "owner", "deputy": "deputy", "reader": "second_reader"}  # parts of who is in charge → their fields
PART_WORDS: dict[str, Promise] = {
    "owner": gettext_lazy("Owner"),
    "deputy": gettext_lazy("Deputy"),
    "reader": gettext_lazy("Second reader"),
}
CAME_FROM: dict[str, Promise] = {
    "search": gettext_lazy("search"),
    "list": gettext_lazy("a worklist"),
    "task": gettext_lazy("a task"),
    "analysis": gettext_lazy("an analysis"),
    "clean": gettext_lazy("cleaning files"),
    "order": pgettext_lazy("came from", "an order"),
    "register": gettext_lazy("the register"),
    "collect": gettext_lazy("an import"),
    "home": gettext_lazy("the home page"),
    "direct": gettext_lazy("opened directly"),
}
WHAT: dict[str, Promise] = {"file": gettext_lazy("Looked at"), "printed": gettext_lazy("Printed")}
REFUSALS: dict[str, Promise] = {
    "owner_is_deputy": gettext_lazy("The owner cannot be the deputy as well."),
    "owner_is_reader": gettext_lazy("The owner cannot be the second reader as well."),
    "deputy_is_reader": gettext_lazy("The deputy cannot be the second reader as well."),
    "reader_is_deputy": gettext_lazy("The second reader cannot be the deputy as well."),
    "nobody_there": gettext_lazy("This person is not there any more."),
    "no_owner": gettext_lazy("Give the file an owner first."),
    "days": gettext_lazy("From 0 to 3,650 days; 0 means no reviews."),
    "segment": gettext_lazy("There is no such segment for you."),
    "owner_unknown": gettext_lazy("Choose somebody else as the new owner."),
    "nobody_selected": gettext_lazy("Choose whose files are handed over."),
}


@needs("customers.view")
@require_GET
def pane(request: HttpRequest, public_id: str) -> HttpResponse:
    """Deputy, second reader, key customer, reviews and earlier owners, for the file's right pane."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    head = head_of(viewer, public_id)
    told = asked.charge_of(head.row.customer_id, limit=6)
    mentioned = {i for c in told.changes for i in (c.before, c.after, c.by)} | {
        told.deputy_staff_id,
        told.reader_staff_id,
        head.row.owner_staff_id,
    }
    seen = {part: secure.sight(viewer, name) == "shown" for part, name in PARTS.items()}
    context = {
        "row": head.row,
        "charge": told,
        "changes": [(PART_WORDS[c.part], c) for c in told.changes if seen[c.part]],
        "sees_deputy": seen["deputy"],
        "sees_reader": seen["reader"] and bool(told.key_by or told.reader_staff_id),
        "lacks_second": told.key_by
        and seen["deputy"]
        and seen["reader"]
        and not _has_both(told, head.row.owner_staff_id),
        "staff": secure.staff_names(),
        "names": secure.staff_names([i for i in mentioned if i is not None]),
        "reviews": REVIEWS,
        "may_edit": viewer.can("customers.edit"),
        "may_hand": viewer.can("charge.manage"),
        "sees_access": _sees_access(viewer, head.row.owner_staff_id),
    }
    return render(request, "desk/charge_pane.html", context)


@needs("customers.edit")
@require_POST
def change(request: HttpRequest, public_id: str) -> HttpResponse:
    """Name a deputy or a second reader, or make the customer a key customer or an ordinary one."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    head = head_of(viewer, public_id)
    try:
        if "key" in request.POST:
            do.set_key([head.row.customer_id], request.POST["key"] == "1", by=viewer)
        else:
            part = "reader" if "reader" in request.POST else "deputy"
            name = do.set_reader if part == "reader" else do.set_deputy
            named = request.POST.get(part, "")
            name(head.row.customer_id, int(named) if named.isdecimal() and len(named) < 19 else None, by=viewer)
        messages.success(request, _("Noted."))
    except do.ChargeRefused as refusal:
        messages.error(request, str(REFUSALS[refusal.code]))
    return redirect("desk:file", head.row.public_id)


@needs("customers.view")
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Everybody in charge with their files, customers without an owner first; rules of the file; hand-overs."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    owned, keys = asked.owned_counts(viewer), asked.key_counts()
    deputies, readers = asked.deputy_counts(), asked.reader_counts()
    active = secure.staff_names()
    every = secure.staff_names(sorted({i for i in (*owned, *deputies, *active) if i is not None}))
    register = reverse("desk:register")
    rows: list[dict[str, Any]] = [
        {"id": i, "name": name, "left": i not in active, "owned": owned.get(i, 0), "keys": keys.get(i, 0),
         "deputy": deputies.get(i, 0), "reader": readers.get(i, 0), "url": f"{register}?owner={i}"}
        for i, name in every.items()
        if viewer.scope == "all" or i in owned
    ]  # fmt: skip
    handed = list(HandOver.objects.order_by("-id")[:20]) if viewer.can("charge.manage") else []
    mentioned = {i for h in handed for i in (h.from_staff_id, h.to_staff_id, h.by_staff_id) if i is not None}
    context = {
        "rows": sorted(rows, key=lambda r: (not (r["left"] and r["owned"]), -r["owned"])),
        "without_owner": owned.get(None, 0),
        "without_url": f"{register}?owner=0",
        "handed": [(h, [label for code, label in CHECKLIST.items() if not h.checklist.get(code)]) for h in handed],
        "names": secure.staff_names(sorted(mentioned)),
        "rules": file_rules.file_rules(),
        "segments": segments.segments(viewer) if viewer.can("segments.view") else [],
        "may_manage": viewer.can("charge.manage"),
    }
    return render(request, "desk/charge.html", context)


@needs("charge.manage")
@require_POST
def rules(request: HttpRequest) -> HttpResponse:
    """Change how often files are reviewed and which segment makes key customers."""
    typed = {name: request.POST.get(name, "") for name in ("key_days", "other_days")}
    days = {name: int(v) if v.isdecimal() and len(v) < 6 else -1 for name, v in typed.items()}
    try:
        wanted = FileRules(days["key_days"], days["other_days"], request.POST.get("key_segment", "")[:24])
        file_rules.change_file_rules(wanted, by=request.viewer)  # type: ignore[attr-defined]
        messages.success(request, _("The rules hold from tonight on."))
    except FileRuleRefused as refusal:
        messages.error(request, str(REFUSALS[refusal.code]))
    return redirect("desk:charge")


@needs("charge.manage")
@require_http_methods(["GET", "POST"])
def hand(request: HttpRequest) -> HttpResponse:
    """Hand over one file (`customer`) or all files of somebody (`from`)."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    given = request.POST if request.method == "POST" else request.GET
    head = head_of(viewer, given["customer"]) if given.get("customer") else None
    source = given.get("from", "")
    from_id = int(source) if source.isdecimal() and len(source) < 19 else None
    if head is None and from_id is None:
        raise Http404
    if request.method == "POST":
        to = request.POST.get("to", "")
        ticked = {code: code in request.POST.getlist("ticked") for code in CHECKLIST}
        try:
            _row, act = hand_over(
                int(to) if to.isdecimal() and len(to) < 19 else -1,
                ids=[head.row.customer_id] if head else (),
                from_staff_id=head.row.owner_staff_id if head else from_id,
                checklist=ticked,
                note=request.POST.get("note", ""),
                by=viewer,
            )
            return redirect("desk:bulk_progress", act.public_id)
        except BulkRefused as refusal:
            messages.error(request, str(REFUSALS.get(refusal.code, REFUSALS["owner_unknown"])))
    owner = head.row.owner_staff_id if head else from_id
    context = {
        "head": head,
        "from_id": from_id,
        "from_name": secure.staff_names([owner]).get(owner, "") if owner else "",
        "count": 1 if head else asked.owned_counts(viewer).get(from_id, 0),
        "staff": {i: name for i, name in secure.staff_names().items() if i != owner},
        "checklist": CHECKLIST,
    }
    return render(request, "desk/hand_over.html", context)


@needs("customers.view")
@require_GET
def access(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who looked at this file, when and coming from where; for its owner and those with the right."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    head = head_of(viewer, public_id)
    if not _sees_access(viewer, head.row.owner_staff_id):
        raise Forbidden("access.view")
    context = {"head": head, "row": head.row, **_looks(request, about=("customer", head.row.customer_id))}
    return render(request, "desk/access.html", context)


@needs("access.view")
@require_GET
def all_access(request: HttpRequest) -> HttpResponse:
    """Everybody's looks at files, the newest first; of one person where asked."""
    staff = request.GET.get("staff", "")
    staff_id = int(staff) if staff.isdecimal() and len(staff) < 19 else None
    told = _looks(request, staff_id=staff_id)
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    seen = customers.lines(viewer, [note.about_id for note in told["looks"]]) if viewer.can("customers.view") else {}
    return render(
        request,
        "desk/access.html",
        {"head": None, "seen": seen, "chosen": staff_id, "staff": secure.staff_names(), **told},
    )


def _looks(request: HttpRequest, **narrowed: Any) -> dict[str, Any]:
    place = request.GET.get("after", "")
    before = int(place) if place.isdecimal() and len(place) < 19 else None
    found = secure.looks(before_id=before, limit=_PAGE + 1, **narrowed)
    more = len(found) > _PAGE
    found = found[:_PAGE]
    return {
        "looks": found,
        "names": secure.staff_names(sorted({n.staff_id for n in found})),
        "what": WHAT,
        "came_from": CAME_FROM,
        "page": {"next_key": found[-1].id if more and found[-1].id else None, "previous_key": None},
    }


def _has_both(told: asked.ChargeFacts, owner: int | None) -> bool:
    """Whether two others than the owner stand beside them, both still there."""
    here = secure.staff_names()
    return len({told.deputy_staff_id, told.reader_staff_id} & here.keys() - {owner}) == 2


def _sees_access(viewer: Viewer, owner_staff_id: int | None) -> bool:
    return viewer.can("access.view") or (viewer.staff_id is not None and viewer.staff_id == owner_staff_id)
