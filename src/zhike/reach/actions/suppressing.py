"""The suppression list: addresses put on it and taken off, each time with a reason."""

from django.db import IntegrityError, transaction

from zhike.customers import queries as customers
from zhike.kit import clock, ids
from zhike.reach.models import Suppression
from zhike.secure import actions as secure
from zhike.secure import consents
from zhike.secure.permissions import check
from zhike.secure.records import SYSTEM, Viewer
from zhike_analytics.values.problem import ValueProblem

REASONS = ("complaint", "by_hand", "hard_bounce", "unsubscribed")
BY_HAND = ("complaint", "by_hand")
LIFTED_WHY = ("asked", "works_again", "mistake")


class SuppressionRefused(ValueError):
    """An address cannot be put on the list or taken off so; `code`: address, purpose, reason, known, gone."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def suppress(address: str, *, reason: str, purpose: str = "", by: Viewer) -> int:
    """Put an address on the list, for one purpose or for all. It is kept as a digest; the id of the entry is returned.

    Raises SuppressionRefused, Forbidden.
    """
    check(by, "reach.manage")
    if reason not in BY_HAND:
        raise SuppressionRefused("reason")
    if purpose and consents.purpose(purpose) is None:
        raise SuppressionRefused("purpose")
    try:
        digest = customers.mail_digest(address)
    except (ValueProblem, KeyError):
        raise SuppressionRefused("address") from None
    with transaction.atomic():
        made = put(digest, purpose, reason, None, by)
        if made is None:
            raise SuppressionRefused("known")
        detail = {"reason": reason}
        secure.record_audit("suppression.added", by=by, about=("suppression", made), purpose=purpose, detail=detail)
    return made


def lift(suppression_id: int, *, why: str, by: Viewer) -> None:
    """Take an entry off the list. Consent is asked apart from it: what was withdrawn stays withdrawn. Raises SuppressionRefused."""
    check(by, "reach.manage")
    if why not in LIFTED_WHY:
        raise SuppressionRefused("reason")
    with transaction.atomic():
        standing = Suppression.objects.filter(pk=suppression_id, lifted_at=None)
        if not standing.update(lifted_at=clock.now(), lifted_by_staff_id=by.staff_id, lifted_why=why):
            raise SuppressionRefused("gone")
        secure.record_audit("suppression.lifted", by=by, about=("suppression", suppression_id), detail={"why": why})


def note_bounce(digest: bytes, message_id: int) -> None:
    """The gateway says there is no such address: nothing goes there any more. Call inside a transaction."""
    if (made := put(digest, "", "hard_bounce", message_id, SYSTEM)) is not None:
        detail = {"reason": "hard_bounce", "message": message_id}
        secure.record_audit("suppression.added", by=SYSTEM, about=("suppression", made), detail=detail)


def put(digest: bytes, purpose: str, reason: str, message_id: int | None, by: Viewer) -> int | None:
    """The id of a new entry, or None when the address is on the list for this purpose; call inside a transaction."""
    if Suppression.objects.filter(digest=digest, purpose=purpose, lifted_at=None).exists():
        return None
    try:
        with transaction.atomic():
            made = Suppression.objects.create(
                id=ids.take("suppression")[0], digest=digest, purpose=purpose, reason=reason, message_id=message_id,
                at=clock.now(), by_staff_id=by.staff_id,
            )  # fmt: skip
    except IntegrityError:
        return None
    return int(made.id)
