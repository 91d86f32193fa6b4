"""Roles and the field policy: an editable table of role by class of field, with exceptions for single fields."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from zhike.secure import fields, permissions, policy_changes
from zhike.secure.models import FieldRule, Role
from zhike.secure.permissions import Forbidden, needs
from zhike.secure.records import NOTHING, Rights
from zhike.secure.staffing import StaffProblem
from zhike.secure.words import PROBLEMS


@require_GET
@needs("policy.edit")
def index(request: HttpRequest) -> HttpResponse:
    """The overview: every role's sight of every class."""
    return _overview(request)


@require_POST
@needs("policy.edit")
def add_role(request: HttpRequest) -> HttpResponse:
    """A new role, without rights yet."""
    code = request.POST.get("code", "").strip()
    try:
        policy_changes.add_role(
            code,
            request.POST.get("name_zh", ""),
            request.POST.get("name_en", ""),
            by=request.viewer,  # type: ignore[attr-defined]
        )
    except (StaffProblem, Forbidden) as problem:
        return _overview(request, problem=PROBLEMS[problem.code], status=422)
    return redirect("secure:policy_role", role_code=code)


@needs("policy.edit")
def role(request: HttpRequest, role_code: str) -> HttpResponse:
    """One role: what it may do (saved by POST), and its table of fields."""
    if request.method != "POST":
        return _one(request, role_code)
    return _try(
        request,
        role_code,
        lambda: policy_changes.set_role(
            role_code,
            permission_codes=request.POST.getlist("permissions"),
            scope=request.POST.get("scope", ""),
            reveals_per_hour=_number(request, "reveals_per_hour"),
            needs_second_factor="needs_second_factor" in request.POST,
            sessions_at_most=_number(request, "sessions_at_most"),
            idle_minutes=_number(request, "idle_minutes"),
            by=request.viewer,  # type: ignore[attr-defined]
        ),
    )


@require_POST
@needs("policy.edit")
def rules(request: HttpRequest, role_code: str) -> HttpResponse:
    """Save the table: only rows that differ are written and audited."""

    def save() -> None:
        held = {row["target"]: row["right"] for row in _rows(get_object_or_404(Role, code=role_code))}
        for target, before in held.items():
            after = _typed(request, target)
            if after is not None and after != before:
                policy_changes.set_rule(role_code, target, after, by=request.viewer)  # type: ignore[attr-defined]

    return _try(request, role_code, save)


@require_POST
@needs("policy.edit")
def exception(request: HttpRequest, role_code: str) -> HttpResponse:
    """Add a field of its own rule, or take it away."""
    target = request.POST.get("field", "")

    def save() -> None:
        if not fields.known(target):
            raise StaffProblem("role_value")
        right = None if "remove" in request.POST else Rights("masked")
        policy_changes.set_rule(role_code, target, right, by=request.viewer)  # type: ignore[attr-defined]

    return _try(request, role_code, save)


def _try(request: HttpRequest, role_code: str, act: Any) -> HttpResponse:
    try:
        act()
    except (StaffProblem, Forbidden) as problem:
        return _one(request, role_code, problem=PROBLEMS[problem.code], status=422)
    return redirect("secure:policy_role", role_code=role_code)


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isdecimal() else -1


def _typed(request: HttpRequest, target: str) -> Rights | None:
    see = request.POST.get(f"{target}.see", "")
    if see not in FieldRule.SIGHTS:
        return None
    flags = [f"{target}.{name}" in request.POST for name in ("reveal", "edit", "export")]
    return Rights(see, *flags)  # type: ignore[arg-type]


def _rows(role: Role) -> list[dict[str, Any]]:
    held = {(r.cls, r.field): Rights(r.see, r.reveal, r.edit, r.export) for r in role.rules.all()}  # type: ignore[arg-type]
    rows = [
        {
            "target": f"class:{cls}",
            "label": fields.CLASS_LABELS[cls],
            "right": held.get((cls, ""), NOTHING),
            "field": "",
        }
        for cls in fields.CLASSES
        if cls != "secret"
    ]
    for f in fields.catalogue():
        if ("", f.name) in held:
            rows.append(
                {"target": f.name, "label": f.label, "right": held["", f.name], "field": f.name, "sealed": f.sealed}
            )
    return rows


def _overview(request: HttpRequest, *, problem: object = "", status: int = 200) -> HttpResponse:
    roles = list(Role.objects.prefetch_related("rules", "members").order_by("id"))
    table = [
        {"role": role, "rows": [r for r in _rows(role) if not r["field"]], "people": len(role.members.all())}
        for role in roles
    ]
    labels = [fields.CLASS_LABELS[cls] for cls in fields.CLASSES if cls != "secret"]
    return render(request, "secure/policy.html", {"table": table, "labels": labels, "problem": problem}, status=status)


def _one(request: HttpRequest, role_code: str, *, problem: object = "", status: int = 200) -> HttpResponse:
    role = get_object_or_404(Role.objects.prefetch_related("rules"), code=role_code)
    rows = _rows(role)
    taken = {row["field"] for row in rows}
    context = {
        "role": role,
        "rows": rows,
        "sights": FieldRule.SIGHTS,
        "free": [f for f in fields.catalogue() if f.name not in taken and f.cls != "secret"],
        "classes": fields.CLASS_LABELS,
        "permissions": [(code, label, code in role.permissions) for code, label in permissions.registry().items()],
        "scopes": Role.SCOPES,
        "roles": Role.objects.order_by("id"),
        "problem": problem,
    }
    return render(request, "secure/policy_role.html", context, status=status)
