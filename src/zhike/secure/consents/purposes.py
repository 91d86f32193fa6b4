"""Purposes 目的: what personal data is used for, on which legal basis, and whether the person has to agree."""

import re
from dataclasses import dataclass

from django.db import transaction
from django.utils.functional import Promise, lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhike.kit import clock
from zhike.secure import auditing
from zhike.secure.consents.words import BASES as BASES
from zhike.secure.models import OwnPurpose
from zhike.secure.permissions import check
from zhike.secure.records import Viewer

MOST_OWN = 60
_CODE = re.compile(r"[a-z][a-z0-9_]{1,38}")


class PurposeRefused(ValueError):
    """A purpose cannot be added so; `code`: name, code, code_taken, basis, too_many, unknown, own_only."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Purpose:
    """One purpose. Without consent as its basis it may be followed until the person objects (a withdrawal).

    `is_separate`: the law asks for a consent of its own (单独同意). `is_advertising`: quiet hours, caps and a way out in
    every message.
    """

    code: str
    label: Promise | str
    basis: str
    is_separate: bool = False
    is_advertising: bool = False
    is_own: bool = False
    is_archived: bool = False

    @property
    def needs_consent(self) -> bool:
        """Whether nothing may be done before the person agreed."""
        return self.basis == "consent"


OF_THE_PRODUCT = {
    p.code: p
    for p in (
        Purpose("service", _("Service of orders and requests"), "contract"),
        Purpose("marketing_mail", _("Advertising by e-mail"), "consent", is_advertising=True),
        Purpose("marketing_phone", _("Advertising by phone and short message"), "consent", is_advertising=True),
        Purpose("profiling", _("Profiling and recommendations"), "consent"),
        Purpose("sharing", _("Giving data to others"), "consent", is_separate=True),
    )
}


def purposes(*, archived: bool = False) -> list[Purpose]:
    """All purposes: those of the product, then the merchant's own; those put away only when asked for."""
    own = OwnPurpose.objects.order_by("id")
    return [*OF_THE_PRODUCT.values(), *(_own(r) for r in own if archived or r.archived_at is None)]


def purpose(code: str) -> Purpose | None:
    """A purpose by its code, put away or not; None when there is none."""
    if code in OF_THE_PRODUCT:
        return OF_THE_PRODUCT[code]
    row = OwnPurpose.objects.filter(code=code).first()
    return _own(row) if row else None


def add_purpose(
    code: str, *, name_zh: str, name_en: str, basis: str, is_separate: bool, is_advertising: bool, by: Viewer
) -> None:
    """Add a purpose of one's own. Raises PurposeRefused, Forbidden."""
    check(by, "notices.edit")
    names = [name_zh.strip(), name_en.strip()]
    if not all(0 < len(name) <= 60 for name in names):
        raise PurposeRefused("name")
    if not _CODE.fullmatch(code):
        raise PurposeRefused("code")
    if basis not in BASES:
        raise PurposeRefused("basis")
    with transaction.atomic():
        if purpose(code) is not None:
            raise PurposeRefused("code_taken")
        if OwnPurpose.objects.count() >= MOST_OWN:
            raise PurposeRefused("too_many")
        OwnPurpose.objects.create(
            code=code, name_zh=names[0], name_en=names[1], basis=basis, is_separate=is_separate,
            is_advertising=is_advertising, created_at=clock.now(), by_staff_id=by.staff_id,
        )  # fmt: skip
        auditing.write("purpose.added", by=by, purpose=code, detail={"basis": basis})


def archive_purpose(code: str, *, by: Viewer) -> None:
    """Put an own purpose away: it is asked no longer; what was answered stays. Raises PurposeRefused."""
    _set_archived(code, True, by)


def restore_purpose(code: str, *, by: Viewer) -> None:
    """Take a purpose into use again."""
    _set_archived(code, False, by)


def _set_archived(code: str, is_archived: bool, by: Viewer) -> None:
    check(by, "notices.edit")
    at = clock.now() if is_archived else None
    with transaction.atomic():
        if not OwnPurpose.objects.filter(code=code).update(archived_at=at):
            raise PurposeRefused("own_only" if code in OF_THE_PRODUCT else "unknown")
        auditing.write("purpose.archived" if is_archived else "purpose.restored", by=by, purpose=code)


def _own(row: OwnPurpose) -> Purpose:
    label = lazy(lambda: row.name_zh if (get_language() or "").startswith("zh") else row.name_en, str)()
    return Purpose(
        row.code, label, row.basis, row.is_separate, row.is_advertising, True, row.archived_at is not None
    )  # fmt: skip
