"""Staff: who is here, who comes in, what they may, who leaves."""

import base64
import io

import qrcode
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from qrcode.image.svg import SvgPathImage

from zhike.secure import staffing
from zhike.secure.models import Role, Staff, Team
from zhike.secure.permissions import Forbidden, needs
from zhike.secure.staffing import StaffProblem
from zhike.secure.words import PROBLEMS


@require_GET
@needs("staff.manage")
def index(request: HttpRequest) -> HttpResponse:
    """The list, with the form that invites."""
    return _list(request)


@require_POST
@needs("staff.manage")
def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody and show the link to hand over, once."""
    team = request.POST.get("team", "")
    try:
        staff, token = staffing.invite(
            request.POST.get("email", "").strip(),
            request.POST.get("display_name", ""),
            request.POST.getlist("roles"),
            team_id=int(team) if team.isdecimal() else None,
            by=request.viewer,  # type: ignore[attr-defined]
        )
    except (StaffProblem, Forbidden) as problem:
        return _list(request, problem=PROBLEMS[problem.code], status=422)
    return _link(request, staff, token)


@require_POST
@needs("staff.manage")
def add_team(request: HttpRequest) -> HttpResponse:
    """A new team."""
    parent = request.POST.get("parent", "")
    try:
        staffing.add_team(
            request.POST.get("name", ""),
            parent_id=int(parent) if parent.isdecimal() and Team.objects.filter(pk=parent).exists() else None,
            by=request.viewer,  # type: ignore[attr-defined]
        )
    except StaffProblem as problem:
        return _list(request, problem=PROBLEMS[problem.code], status=422)
    return redirect("secure:staff")


@require_http_methods(["GET", "POST"])
@needs("staff.manage")
def one(request: HttpRequest, staff_id: int) -> HttpResponse:
    """One person: roles, team, name."""
    staff = get_object_or_404(Staff, pk=staff_id)
    if request.method == "GET":
        return _one(request, staff)
    team = request.POST.get("team", "")
    try:
        staffing.change(
            staff_id,
            role_codes=request.POST.getlist("roles"),
            team_id=int(team) if team.isdecimal() else None,
            display_name=request.POST.get("display_name", ""),
            by=request.viewer,  # type: ignore[attr-defined]
        )
    except (StaffProblem, Forbidden) as problem:
        return _one(request, staff, problem=PROBLEMS[problem.code], status=422)
    return redirect("secure:staff")


@require_POST
@needs("staff.manage")
def link(request: HttpRequest, staff_id: int) -> HttpResponse:
    """A link for a new password, shown once."""
    staff = get_object_or_404(Staff, pk=staff_id)
    try:
        token = staffing.new_link(staff_id, by=request.viewer)  # type: ignore[attr-defined]
    except (StaffProblem, Forbidden) as problem:
        return _one(request, staff, problem=PROBLEMS[problem.code], status=422)
    return _link(request, staff, token)


@require_POST
@needs("staff.manage")
def disable(request: HttpRequest, staff_id: int) -> HttpResponse:
    """End a person's access."""
    return _switch(request, staff_id, staffing.disable)


@require_POST
@needs("staff.manage")
def enable(request: HttpRequest, staff_id: int) -> HttpResponse:
    """Give access again."""
    return _switch(request, staff_id, staffing.enable)


def _switch(request: HttpRequest, staff_id: int, act) -> HttpResponse:  # type: ignore[no-untyped-def]
    staff = get_object_or_404(Staff, pk=staff_id)
    try:
        act(staff_id, by=request.viewer)  # type: ignore[attr-defined]
    except (StaffProblem, Forbidden) as problem:
        return _one(request, staff, problem=PROBLEMS[problem.code], status=422)
    return redirect("secure:staff_one", staff_id=staff_id)


def _list(request: HttpRequest, *, problem: object = "", status: int = 200) -> HttpResponse:
    people = Staff.objects.select_related("team").prefetch_related("roles").order_by("-is_active", "display_name", "id")
    context = {
        "people": people,
        "roles": Role.objects.order_by("id"),
        "teams": Team.objects.order_by("name"),
        "problem": problem,
    }
    return render(request, "secure/staff.html", {**context, "typed": request.POST}, status=status)


def _one(request: HttpRequest, staff: Staff, *, problem: object = "", status: int = 200) -> HttpResponse:
    context = {
        "person": staff,
        "held": set(staff.roles.values_list("code", flat=True)),
        "roles": Role.objects.order_by("id"),
        "teams": Team.objects.order_by("name"),
        "problem": problem,
    }
    return render(request, "secure/staff_one.html", context, status=status)


def _link(request: HttpRequest, staff: Staff, token: str) -> HttpResponse:
    address = request.build_absolute_uri(reverse("secure:join", args=[token]))
    out = io.BytesIO()
    qrcode.make(address, image_factory=SvgPathImage).save(out)
    picture = "data:image/svg+xml;base64," + base64.b64encode(out.getvalue()).decode()
    return render(request, "secure/staff_link.html", {"person": staff, "address": address, "picture": picture})
