"""Changing roles and the field policy; audited row by row, effective at once."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from zhike.secure import auditing, fields, permissions
from zhike.secure.models import FieldRule, Role
from zhike.secure.permissions import Forbidden, check
from zhike.secure.records import Rights, Viewer
from zhike.secure.staffing import StaffProblem, announce_policy


def set_rule(role_code: str, target: str, right: Rights | None, *, by: Viewer) -> None:
    """What a role may do with `class:<class>` or with one field; None takes a field's exception away."""
    check(by, "policy.edit")
    cls, field = _target(target)
    if cls == "secret" or (field and fields.field(field).cls == "secret"):
        raise StaffProblem("secret_is_nobodys")
    with transaction.atomic():
        role = _role(role_code)
        _not_own_role(role, by)
        before = FieldRule.objects.filter(role=role, cls=cls, field=field).first()
        detail = {"role": role_code, "target": target, "before": _word(before), "after": _word(right)}
        if right is None:
            FieldRule.objects.filter(role=role, cls=cls, field=field).delete()
        else:
            values = {"see": right.see, "reveal": right.reveal, "edit": right.edit, "export": right.export}
            FieldRule.objects.update_or_create(role=role, cls=cls, field=field, defaults=values)
        auditing.write("policy.changed", by=by, about=("role", role.pk), field=field or None, detail=detail)
        announce_policy()


def set_role(
    role_code: str,
    *,
    permission_codes: Sequence[str],
    scope: str,
    reveals_per_hour: int,
    needs_second_factor: bool,
    sessions_at_most: int = 5,
    idle_minutes: int = 0,
    by: Viewer,
) -> None:
    """What a role may do at all. The owner keeps the permissions that lead back here."""
    check(by, "policy.edit")
    unknown = set(permission_codes) - set(permissions.registry())
    if unknown or scope not in Role.SCOPES or not 0 <= reveals_per_hour <= 10_000:
        raise StaffProblem("role_value")
    if not 1 <= sessions_at_most <= 100 or not 0 <= idle_minutes <= 720:
        raise StaffProblem("role_value")
    if role_code == "owner" and not {"staff.manage", "policy.edit"} <= set(permission_codes):
        raise StaffProblem("owner_keeps_keys")
    with transaction.atomic():
        role = _role(role_code)
        _not_own_role(role, by)
        after: Mapping[str, object] = {
            "permissions": sorted(set(permission_codes)),
            "scope": scope,
            "reveals_per_hour": reveals_per_hour,
            "needs_second_factor": needs_second_factor,
            "sessions_at_most": sessions_at_most,
            "idle_minutes": idle_minutes,
        }
        changed = {name: value for name, value in after.items() if _plain(getattr(role, name)) != value}
        Role.objects.filter(pk=role.pk).update(**after)
        auditing.write("role.changed", by=by, about=("role", role.pk), detail={"role": role_code, "changed": changed})
        announce_policy()


def add_role(code: str, name_zh: str, name_en: str, *, by: Viewer) -> Role:
    """A new role that may do nothing yet."""
    check(by, "policy.edit")
    if not code.isidentifier() or not name_zh.strip() or not name_en.strip() or Role.objects.filter(code=code).exists():
        raise StaffProblem("role_value")
    with transaction.atomic():
        role = Role.objects.create(code=code, name_zh=name_zh.strip(), name_en=name_en.strip())
        auditing.write("role.changed", by=by, about=("role", role.pk), detail={"role": code, "changed": {"new": True}})
    return role


def _target(target: str) -> tuple[str, str]:
    if target.startswith("class:"):
        cls = target.removeprefix("class:")
        if cls not in fields.CLASSES:
            raise StaffProblem("role_value")
        return cls, ""
    if not fields.known(target):
        raise StaffProblem("role_value")
    return "", target


def _role(code: str) -> Role:
    role = Role.objects.select_for_update().filter(code=code).first()
    if role is None:
        raise StaffProblem("role_unknown")
    return role


def _not_own_role(role: Role, by: Viewer) -> None:
    # Only an owner may widen what they hold themselves; everybody else asks somebody.
    if not by.is_machine and role.code in by.role_codes and "owner" not in by.role_codes:
        raise Forbidden("policy.own_role")


def _word(right: FieldRule | Rights | None) -> str:
    if right is None:
        return ""
    flags = [name for name in ("reveal", "edit", "export") if getattr(right, name)]
    return " ".join([right.see, *flags])


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, list) else value
