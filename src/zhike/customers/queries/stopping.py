"""Why a customer stopped, as one viewer may read it; and the catalogue of reasons."""

from collections.abc import Sequence

from django.utils.translation import get_language

from zhike.customers.models import StopReason, StopTrace
from zhike.customers.records import StopReasonFacts, StopTraceFacts
from zhike.customers.stop_reasons import SHIPPED
from zhike.secure import queries as secure
from zhike.secure.records import Viewer


def stop_reasons(*, archived: bool = False) -> list[StopReasonFacts]:
    """The catalogue of reasons in its order, shipped ones as the house reads them; those put away only when asked for."""
    held = {r.code: r for r in StopReason.objects.all()}
    found = [_facts(r.code, r.name_zh, r.name_en, r.place, r.archived_at is not None) for r in held.values()]
    found += [_facts(r.code, r.zh, r.en, r.place, False) for r in SHIPPED if r.code not in held]
    return sorted((r for r in found if archived or not r.is_archived), key=lambda r: (r.place, r.code))


def stop_traces(viewer: Viewer, record_ids: Sequence[int], *, limit: int = 100) -> list[StopTraceFacts]:
    """What tracing found out, the newest first; nothing for whom the reason for leaving is not shown."""
    if secure.sight(viewer, "leaving_reason") != "shown":
        return []
    names = {r.code: r.name for r in stop_reasons(archived=True)}
    found = StopTrace.objects.filter(source_record_id__in=list(record_ids)).order_by("-on", "-id")[:limit]
    return [
        StopTraceFacts(t.on, t.reason, names.get(t.reason, t.reason), t.words, t.review_on, t.staff_id) for t in found
    ]


def _facts(code: str, zh: str, en: str, place: int, is_archived: bool) -> StopReasonFacts:
    name = zh if (get_language() or "").startswith("zh") else en
    return StopReasonFacts(code, name, zh, en, place, is_archived)
