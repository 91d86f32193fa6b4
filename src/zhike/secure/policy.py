"""The policy: from roles and rules to what one viewer may do. Default deny; several roles add up."""

import hashlib
import json
import secrets
from collections import OrderedDict
from collections.abc import Iterable
from types import MappingProxyType

from django.db import transaction

from zhike.secure import fields
from zhike.secure.models import FieldRule, PolicyState, Role, Staff, Team
from zhike.secure.records import NOTHING, Rights, Viewer

_SIGHTS = ("hidden", "masked", "shown")
_SCOPES = ("own", "team", "all")
_CACHE: OrderedDict[tuple[object, ...], Viewer] = OrderedDict()
_CACHE_SIZE = 512


def version() -> int:
    """The stamp of the last change of the policy."""
    stamp = PolicyState.objects.filter(pk=1).values_list("version", flat=True).first() or 0
    fields.refresh(stamp)  # defined fields change with the policy
    return stamp


def touch() -> None:
    """Say that roles, rules, teams or staff changed: every viewer is computed anew from now on, in every process.

    The stamp is drawn, not counted: a change that is rolled back must not leave a number which the next one takes again.
    """
    stamp = secrets.randbits(62)
    with transaction.atomic():
        PolicyState.objects.update_or_create(pk=1, defaults={"version": stamp})


def viewer_of(staff: Staff) -> Viewer:
    """The viewer a member of staff is, today. A disabled one holds no right at all."""
    if not staff.is_active:
        return Viewer(staff.pk, staff.display_name)
    key = (_database(), staff.pk, staff.created_at, version())
    if key in _CACHE:
        _CACHE.move_to_end(key)
        return _CACHE[key]
    viewer = _CACHE[key] = _compute(staff)
    while len(_CACHE) > _CACHE_SIZE:
        _CACHE.popitem(last=False)
    return viewer


def _database() -> str:
    from django.db import connection

    return str(connection.settings_dict["NAME"])


def _compute(staff: Staff) -> Viewer:
    roles = list(staff.roles.prefetch_related("rules").order_by("code"))
    permissions = frozenset(code for role in roles for code in role.permissions)
    scope = max((role.scope for role in roles), key=_SCOPES.index, default="own")
    rules = _union(roles)
    return Viewer(
        staff_id=staff.pk,
        label=staff.display_name,
        role_codes=tuple(role.code for role in roles),
        permissions=permissions,
        scope=scope,  # type: ignore[arg-type]
        team_staff_ids=_team_members(staff),
        rules=MappingProxyType(rules),
        policy_fingerprint=_fingerprint(scope, permissions, rules),
        reveals_per_hour=max((role.reveals_per_hour for role in roles), default=0),
        needs_second_factor=any(role.needs_second_factor for role in roles),
        # Of several roles the strictest limit holds.
        sessions_at_most=min((role.sessions_at_most for role in roles), default=5),
        idle_minutes=min((role.idle_minutes for role in roles if role.idle_minutes), default=0),
    )


def _union(roles: Iterable[Role]) -> dict[str, Rights]:
    targets = [f"class:{cls}" for cls in fields.CLASSES] + [f.name for f in fields.catalogue()]
    result = dict.fromkeys(targets, NOTHING)
    for role in roles:
        by_class = {rule.cls: _rights(rule) for rule in role.rules.all() if rule.cls}
        by_field = {rule.field: _rights(rule) for rule in role.rules.all() if rule.field}
        for target in targets:
            cls = target.removeprefix("class:") if target.startswith("class:") else fields.field(target).cls
            right = by_field.get(target) or by_class.get(cls) or NOTHING
            result[target] = add(result[target], right if cls != "secret" else NOTHING)
    return result


def _rights(rule: FieldRule) -> Rights:
    hidden = rule.see == "hidden"
    # What is hidden can be neither revealed nor edited nor exported, whatever the row says.
    return Rights(rule.see, rule.reveal and not hidden, rule.edit and not hidden, rule.export and not hidden)  # type: ignore[arg-type]


def add(one: Rights, other: Rights) -> Rights:
    """The union of two rights."""
    see = max(one.see, other.see, key=_SIGHTS.index)
    return Rights(see, one.reveal or other.reveal, one.edit or other.edit, one.export or other.export)


def _team_members(staff: Staff) -> frozenset[int]:
    if staff.team_id is None:
        return frozenset()
    children: dict[int | None, list[int]] = {}
    for team_id, parent_id in Team.objects.values_list("id", "parent_id"):
        children.setdefault(parent_id, []).append(team_id)
    inside, todo = set(), [staff.team_id]
    while todo:
        team_id = todo.pop()
        if team_id not in inside:
            inside.add(team_id)
            todo += children.get(team_id, [])
    return frozenset(Staff.objects.filter(team_id__in=inside).values_list("id", flat=True))


def _fingerprint(scope: str, permissions: frozenset[str], rules: dict[str, Rights]) -> str:
    text = json.dumps(
        [scope, sorted(permissions), sorted((name, r.see, r.reveal, r.edit, r.export) for name, r in rules.items())]
    )
    return hashlib.sha256(text.encode()).hexdigest()[:16]
