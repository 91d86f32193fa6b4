"""The audit: search, alerts, export."""

import csv
import datetime as dt
import io
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from zhike.kit.installation import installation
from zhike.secure import actions, audit_trail, fields
from zhike.secure.audit_actions import ACTIONS, OBJECT_KINDS, meant, named_objects
from zhike.secure.audit_trail import Filters
from zhike.secure.models import Staff
from zhike.secure.permissions import Forbidden, needs, signed_in
from zhike.secure.words import OUTCOMES

_PAGES = [
    ("audit.view", "secure:audit"),
    ("staff.manage", "secure:staff"),
    ("policy.edit", "secure:policy"),
    ("backup.manage", "protect:backups"),
]


@require_GET
@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """The first security page the viewer may open."""
    for permission, name in _PAGES:
        if request.viewer.can(permission):  # type: ignore[attr-defined]
            return redirect(name)
    raise Forbidden("audit.view")


@require_GET
@needs("audit.view")
def index(request: HttpRequest) -> HttpResponse:
    """Search, newest first; alerts of the last day on top."""
    zone = installation().time_zone
    filters = _filters(request.GET, zone)
    page = audit_trail.search(
        filters, older_than=_number(request.GET.get("older")), newer_than=_number(request.GET.get("newer"))
    )
    query = request.GET.copy()
    for name in ("older", "newer"):
        query.pop(name, None)
    context = {
        "page": page,
        "filters": request.GET,
        "query": query.urlencode(),
        "alerts": audit_trail.alerts(zone),
        "actions": sorted(ACTIONS.items()),
        "outcomes": OUTCOMES,
        "objects": {code: kind.words for code, kind in OBJECT_KINDS.items()},
        "named": named_objects(request.viewer, [(e.object_kind, e.object_id) for e in page.events]),  # type: ignore[attr-defined]
        "fields": fields.catalogue(),
        "people": Staff.objects.order_by("display_name"),
    }
    return render(request, "secure/audit.html", context)


@require_POST
@needs("audit.view")
def export(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """The events that match, as CSV; itself an event."""
    filters = _filters(request.POST, installation().time_zone)
    names = [
        name
        for name in ("actor", "action", "object_kind", "object_id", "field", "outcome", "since", "until")
        if request.POST.get(name)
    ]
    actions.record_audit("audit.exported", by=request.viewer, detail={"filters": names})  # type: ignore[attr-defined]
    response = StreamingHttpResponse(_csv(filters), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return response


_COLUMNS = (
    "id",
    "at",
    "actor",
    "session",
    "ip",
    "action",
    "object_kind",
    "object_id",
    "field",
    "purpose",
    "outcome",
    "detail",
)


def _csv(filters: Filters) -> Iterator[str]:
    yield "\ufeff" + ",".join(_COLUMNS) + "\r\n"
    for event in audit_trail.matching_for_export(filters):
        line = io.StringIO()
        csv.writer(line).writerow([_harmless(getattr(event, name)) for name in _COLUMNS])
        yield line.getvalue()


def _harmless(value: object) -> str:
    """Text a spreadsheet does not take for a formula."""
    text = value.isoformat() if isinstance(value, dt.datetime) else str(value if value is not None else "")
    return "'" + text if text.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")) else text


def _filters(values, zone: str) -> Filters:  # type: ignore[no-untyped-def]
    kind, object_id = meant(values.get("object_kind", "").strip(), values.get("object_id", "").strip())
    return Filters(
        actor_id=_number(values.get("actor")) or None,
        action=values.get("action", ""),
        object_kind=kind,
        object_id=object_id,
        field=values.get("field", ""),
        outcome=values.get("outcome", ""),
        since=_day(values.get("since"), zone),
        until=_day(values.get("until"), zone, days=1),
    )


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _day(text: str | None, zone: str, days: int = 0) -> dt.datetime | None:
    try:
        day = dt.date.fromisoformat(text or "")
        return dt.datetime.combine(day + dt.timedelta(days=days), dt.time(), tzinfo=ZoneInfo(zone))
    except (ValueError, OverflowError):
        return None
