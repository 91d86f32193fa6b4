"""Acts on staff: invite, change, disable. Each is audited and works at once."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from zhike.kit import clock
from zhike.kit.events import publish
from zhike.secure import auditing, invitations, policy, sessions
from zhike.secure.events import PolicyChanged, StaffDisabled
from zhike.secure.models import Invitation, Role, Staff, Team
from zhike.secure.permissions import Forbidden, check
from zhike.secure.records import Viewer


class StaffProblem(ValueError):
    """An act on staff that cannot be; `code` is translated by the page."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def add(
    email: str,
    display_name: str,
    role_codes: Sequence[str],
    *,
    by: Viewer,
    team_id: int | None = None,
    password: str | None = None,
) -> Staff:
    """A new member of staff. Without a password they need a link (`invite`)."""
    check(by, "staff.manage")
    try:
        validate_email(email)
    except ValidationError:
        raise StaffProblem("email_invalid") from None
    if not display_name.strip():
        raise StaffProblem("name_missing")
    with transaction.atomic():
        if Staff.objects.filter(email__iexact=email).exists():
            raise StaffProblem("email_taken")
        staff = Staff.objects.create_user(email, password, display_name=display_name.strip(), team_id=team_id)
        _give_roles(staff, role_codes, by=by)
        policy.touch()
        auditing.write("staff.invited", by=by, about=("staff", staff.pk), detail={"roles": sorted(role_codes)})
    return staff


def invite(
    email: str, display_name: str, role_codes: Sequence[str], *, by: Viewer, team_id: int | None = None
) -> tuple[Staff, str]:
    """A new member of staff and the token of the link to hand them."""
    with transaction.atomic():
        staff = add(email, display_name, role_codes, by=by, team_id=team_id)
        Staff.objects.filter(pk=staff.pk).update(invited_at=clock.now())
        return staff, invitations.make(staff, "join", by=by)


def new_link(staff_id: int, *, by: Viewer) -> str:
    """A link for setting a new password (or joining, if they never did). The old password works until it is used."""
    check(by, "staff.manage")
    with transaction.atomic():
        staff = _get(staff_id)
        _only_owners_touch_owners(staff, by)
        if not staff.is_active:
            raise StaffProblem("staff_disabled")
        auditing.write("staff.reset_link", by=by, about=("staff", staff.pk))
        return invitations.make(staff, "reset" if staff.joined_at else "join", by=by)


def change(staff_id: int, *, role_codes: Sequence[str], team_id: int | None, display_name: str, by: Viewer) -> Staff:
    """New roles, team and name. Nobody changes their own roles; only owners make or unmake owners."""
    check(by, "staff.manage")
    with transaction.atomic():
        staff = _get(staff_id)
        before = sorted(staff.roles.values_list("code", flat=True))
        after = sorted(set(role_codes))
        if before != after:
            if staff.pk == by.staff_id:
                raise StaffProblem("own_roles")
            _only_owners_touch_owners(staff, by)
            _give_roles(staff, after, by=by)
            _keep_an_owner()
        if team_id is not None and not Team.objects.filter(pk=team_id).exists():
            raise StaffProblem("team_unknown")
        staff.team_id = team_id
        staff.display_name = display_name.strip() or staff.display_name
        staff.save(update_fields=["team_id", "display_name"])
        detail: dict[str, Any] = {"roles_before": before, "roles": after, "team_id": team_id}
        auditing.write("staff.changed", by=by, about=("staff", staff.pk), detail=detail)
        announce_policy()
    return staff


def disable(staff_id: int, *, by: Viewer) -> None:
    """End a person's access: account, sessions, links; at once and everywhere."""
    check(by, "staff.manage")
    with transaction.atomic():
        staff = _get(staff_id)
        if staff.pk == by.staff_id:
            raise StaffProblem("own_account")
        _only_owners_touch_owners(staff, by)
        Staff.objects.filter(pk=staff.pk).update(is_active=False, disabled_at=clock.now())
        _keep_an_owner()
        Invitation.objects.filter(staff=staff, used_at=None, revoked_at=None).update(revoked_at=clock.now())
        ended = sessions.end_all(staff)
        auditing.write("staff.disabled", by=by, about=("staff", staff.pk), detail={"sessions": ended})
        announce_policy()
        publish(StaffDisabled(staff_id=staff.pk))


def enable(staff_id: int, *, by: Viewer) -> None:
    """Give a disabled person access again; they sign in anew."""
    check(by, "staff.manage")
    with transaction.atomic():
        staff = _get(staff_id)
        _only_owners_touch_owners(staff, by)
        Staff.objects.filter(pk=staff.pk).update(is_active=True, disabled_at=None)
        auditing.write("staff.enabled", by=by, about=("staff", staff.pk))
        announce_policy()


def add_team(name: str, *, by: Viewer, parent_id: int | None = None) -> Team:
    """A new team below another, or at the top."""
    check(by, "staff.manage")
    if not name.strip() or Team.objects.filter(name=name.strip()).exists():
        raise StaffProblem("team_name")
    with transaction.atomic():
        team = Team.objects.create(name=name.strip(), parent_id=parent_id)
        auditing.write("team.changed", by=by, about=("team", team.pk))
        announce_policy()
    return team


def announce_policy() -> None:
    """Make every viewer be computed anew, and tell those who keep rendered pages."""
    policy.touch()
    publish(PolicyChanged(version=policy.version()))


def _get(staff_id: int) -> Staff:
    staff = Staff.objects.select_for_update().filter(pk=staff_id).first()
    if staff is None:
        raise StaffProblem("staff_unknown")
    return staff


def _give_roles(staff: Staff, codes: Sequence[str], *, by: Viewer) -> None:
    roles = list(Role.objects.filter(code__in=codes))
    if len(roles) != len(set(codes)):
        raise StaffProblem("role_unknown")
    if "owner" in codes and not _is_owner(by):
        raise Forbidden("staff.owner")
    staff.roles.set(roles)


def _only_owners_touch_owners(staff: Staff, by: Viewer) -> None:
    if not _is_owner(by) and staff.roles.filter(code="owner").exists():
        raise Forbidden("staff.owner")


def _is_owner(by: Viewer) -> bool:
    return by.is_machine or "owner" in by.role_codes


def _keep_an_owner() -> None:
    if not Staff.objects.filter(is_active=True, roles__code="owner").exists():
        raise StaffProblem("last_owner")
