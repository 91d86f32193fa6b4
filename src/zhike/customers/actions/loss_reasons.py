"""The merchant's own reasons for loss: added, put away, taken out again."""

from django.db import transaction

from zhike.customers.models import LossReason
from zhike.customers.queries.loss_reasons import SHIPPED, loss_reasons
from zhike.kit import chance, clock
from zhike.secure import actions as secure
from zhike.secure.permissions import check
from zhike.secure.records import Viewer

_MOST = 60


class ReasonRefused(ValueError):
    """A reason cannot be kept: `empty`, `too_long`, `taken`, `too_many` or `unknown`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def add_loss_reason(name: str, *, by: Viewer) -> str:
    """Add a reason; returns its code. Raises ReasonRefused, Forbidden."""
    check(by, "funnel.manage")
    calm = " ".join(name.split())
    if not calm:
        raise ReasonRefused("empty")
    if len(calm) > 60:
        raise ReasonRefused("too_long")
    with transaction.atomic():
        known = loss_reasons()
        if len(known) >= _MOST:
            raise ReasonRefused("too_many")
        if any(str(reason.name) == calm for reason in known):
            raise ReasonRefused("taken")
        code = f"own_{chance.public_id()[:12].lower()}"
        LossReason.objects.create(code=code, name=calm, created_at=clock.now())
        secure.record_audit("settings.changed", by=by, detail={"what": "loss_reason", "act": "added"})
    return code


def archive_loss_reason(code: str, *, is_archived: bool, by: Viewer) -> None:
    """Put a reason away (it is no longer offered; moves that name it stay), or take it out again."""
    check(by, "funnel.manage")
    at = clock.now()
    with transaction.atomic():
        if code in SHIPPED:
            LossReason.objects.get_or_create(code=code, defaults={"created_at": at})
        changed = LossReason.objects.filter(code=code).update(archived_at=at if is_archived else None)
        if not changed:
            raise ReasonRefused("unknown")
        act = "put_away" if is_archived else "taken_out"
        secure.record_audit("settings.changed", by=by, detail={"what": "loss_reason", "act": act})
