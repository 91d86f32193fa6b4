"""Questions about rights: who is looking, what may they see, and how a value looks to them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.translation import get_language

from zhike.secure import fields, masking, opening, policy
from zhike.secure.access_notes import looks as looks
from zhike.secure.disclosures import Beside as Beside
from zhike.secure.disclosures import Disclosure as Disclosure
from zhike.secure.disclosures import beside as beside
from zhike.secure.disclosures import disclosures as disclosures
from zhike.secure.disclosures import disclosures_between as disclosures_between
from zhike.secure.models import Role, Staff, Team
from zhike.secure.opened import Opened
from zhike.secure.records import EVERYTHING, NOBODY, NOTHING, Colleague, Rights, SealedRef, Sight, Viewer
from zhike.secure.slips import SlipGone as SlipGone
from zhike.secure.slips import slip_of as slip_of
from zhike.secure.slips import words_on as words_on


def viewer_of(who: HttpRequest | Staff) -> Viewer:
    """The viewer behind a request or a member of staff.

    Nobody signed in: NOBODY. Signed in without the second factor their role requires: a viewer without any right.
    """
    if isinstance(who, Staff):
        return policy.viewer_of(who)
    staff = getattr(who, "user", None)
    if staff is None or isinstance(staff, AnonymousUser) or not staff.is_active:
        return NOBODY
    known = who.__dict__.get("_zhike_viewer")
    if known is None:
        viewer = policy.viewer_of(staff)
        pending = viewer.needs_second_factor and not has_second_factor(viewer) and not _provider_vouches(who)
        known = who._zhike_viewer = (Viewer(staff.pk, staff.display_name) if pending else viewer, pending)  # type: ignore[attr-defined]
    return known[0]


def _provider_vouches(request: HttpRequest) -> bool:
    from zhike.secure import single_sign_on

    return single_sign_on.vouches(request)


def is_pending(request: HttpRequest) -> bool:
    """Whether the signed-in person still owes the second factor their role requires."""
    viewer_of(request)
    return request.__dict__.get("_zhike_viewer", (None, False))[1]


def rights(viewer: Viewer, field_name: str) -> Rights:
    """Everything the viewer may do with a field; unknown fields and missing rules give nothing."""
    if viewer.is_machine:
        return EVERYTHING
    right = viewer.rules.get(field_name)
    if right is None and fields.known(field_name):
        right = viewer.rules.get(f"class:{fields.field(field_name).cls}")
    return right or NOTHING


def sight(viewer: Viewer, field_name: str) -> Sight:
    """How the viewer sees a field: shown, masked or hidden.

    A sealed field is never plainly shown: its text leaves through the audited reveal alone.
    """
    seen = rights(viewer, field_name).see
    return "masked" if seen == "shown" and fields.known(field_name) and fields.field(field_name).sealed else seen


def may_edit(viewer: Viewer, field_name: str) -> bool:
    """Whether the viewer may enter or change the field."""
    return rights(viewer, field_name).edit


def may_export(viewer: Viewer, field_name: str) -> bool:
    """Whether the field may stand in the viewer's exports, in the form the viewer sees it."""
    return rights(viewer, field_name).export and fields.known(field_name) and fields.field(field_name).export


def may_reveal(viewer: Viewer, field_name: str) -> bool:
    """Whether the viewer may ask to see the field's value, with a reason."""
    return rights(viewer, field_name).reveal


def may_facet(viewer: Viewer, field_name: str) -> bool:
    """Whether the viewer may filter and sort by the field: only by what they see in full, or the order tells it."""
    return fields.field(field_name).facet and sight(viewer, field_name) == "shown"


def show(viewer: Viewer, field_name: str, value: Any) -> str:
    """An open value as the viewer may see it: itself, its mask, or nothing."""
    seen = sight(viewer, field_name)
    if seen == "hidden" or value in (None, ""):
        return ""
    return str(value) if seen == "shown" else masking.mask(field_name, str(value), wide=may_reveal(viewer, field_name))


def masked(viewer: Viewer, refs: Sequence[SealedRef], field_name: str) -> list[str]:
    """The masks of a sealed field in many records, in order; an empty text where the field is hidden, absent or unreadable.

    Values are opened inside `secure` and only masks come out, also for viewers whose policy says shown: plain text leaves
    through the audited `actions.open_sealed` alone.
    """
    if sight(viewer, field_name) == "hidden":
        return [""] * len(refs)
    wide = may_reveal(viewer, field_name)
    return [
        masking.mask(field_name, value, wide=wide) if value else ""
        for value in opening.values_for_masks(refs, field_name)
    ]


def masks(viewer: Viewer, wanted: Mapping[str, SealedRef]) -> dict[str, str]:
    """The masks of several sealed fields of one file, {field: mask}; each sealed part is opened once."""
    seen = {name: ref for name, ref in wanted.items() if sight(viewer, name) != "hidden"}
    values = opening.fields_for_masks(seen)
    return {
        name: masking.mask(name, values[name], wide=may_reveal(viewer, name)) if values[name] else "" for name in seen
    }


def refresh_fields() -> None:
    """Read the fields the merchant defined anew if anything changed; for jobs, which no page brings up to date."""
    policy.version()


def purposes() -> list[tuple[str, Any]]:
    """The reasons a reveal may have: (code, label)."""
    from zhike.secure.purposes import PURPOSES

    return list(PURPOSES.items())


def viewer_of_staff(staff_id: int | None) -> Viewer:
    """The viewer a member of staff is today, for a job that works in their name; NOBODY when there is none such."""
    person = Staff.objects.filter(pk=staff_id).first() if staff_id is not None else None
    return policy.viewer_of(person) if person else NOBODY


def staff_names(staff_ids: Sequence[int] | None = None) -> dict[int, str]:
    """Display names by id: of the staff asked for (disabled ones too), or of all who are active, by name."""
    found = Staff.objects.filter(is_active=True) if staff_ids is None else Staff.objects.filter(pk__in=staff_ids)
    return dict(found.order_by("display_name", "pk").values_list("pk", "display_name"))


def colleague(staff_id: int) -> Colleague | None:
    """Somebody of the staff, disabled ones too; None where there never was such a one."""
    found = Staff.objects.filter(pk=staff_id).values_list("pk", "display_name", "locale", "is_active").first()
    return Colleague(*found) if found else None


def mailbox(staff_id: int) -> Opened | None:
    """The address an active member of staff signs in with, closed until the call of a gateway; None where there is none."""
    found = Staff.objects.filter(pk=staff_id, is_active=True).values_list("email", flat=True).first()
    return Opened("email", found) if found else None


def teams() -> dict[int, str]:
    """The teams of the house by name: {id: name}."""
    return dict(Team.objects.order_by("name").values_list("pk", "name"))


def team_of(viewer: Viewer) -> int | None:
    """The team the viewer sits in."""
    if viewer.staff_id is None:
        return None
    return Staff.objects.filter(pk=viewer.staff_id).values_list("team_id", flat=True).first()


def staff_who_can(permission: str) -> dict[int, str]:
    """Active staff who can sign in and whose roles hold a permission: {id: name}; an open invitation is nobody yet."""
    people = [p for p in Staff.objects.filter(is_active=True).prefetch_related("roles") if _can_come(p)]
    return {p.pk: p.display_name for p in people if any(permission in role.permissions for role in p.roles.all())}


def role_names() -> dict[str, str]:
    """Every role in the reader's language: {code: name}."""
    return {role.code: role.label(get_language() or "en") for role in Role.objects.order_by("id")}


def _can_come(person: Staff) -> bool:
    return bool(person.joined_at or person.last_login or person.has_usable_password())


def has_second_factor(viewer: Viewer) -> bool:
    """Whether the viewer signs in with a second factor."""
    from allauth.mfa.utils import is_mfa_enabled

    person = Staff.objects.filter(pk=viewer.staff_id).first() if viewer.staff_id is not None else None
    return person is not None and is_mfa_enabled(person)
