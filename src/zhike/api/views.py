"""The pages about the API: tokens, and the reference read from the very document programs get."""

import json
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from zhike.api import actions, queries
from zhike.api.assembly import document as the_document
from zhike.api.problems import KINDS
from zhike.api.reference import groups
from zhike.api.scopes import scopes
from zhike.secure import actions as secure_actions
from zhike.secure import queries as secure
from zhike.secure.permissions import needs, signed_in
from zhike.secure.records import Viewer

_REFUSALS: dict[str, Promise] = {
    "name_missing": _("The token needs a name."),
    "scope_missing": _("Choose at least one scope."),
    "days_unknown": _("One of the values is not allowed."),
    "network_invalid": _("This is not a network address, such as 203.0.113.7 or 203.0.113.0/24."),
    "too_many": _("You have too many tokens. Revoke those nobody uses."),
}


@require_GET
@needs("api.tokens")
def tokens(request: HttpRequest) -> HttpResponse:
    """The viewer's tokens, and the form that makes one."""
    return _page(request)


@require_POST
@needs("api.tokens")
def make(request: HttpRequest) -> HttpResponse:
    """Make a token and show its text, once. A session left open makes none: who signed in long ago says who they are."""
    given = request.POST
    if _must_confirm(request) and not secure_actions.confirm_person(
        request, given.get("password", ""), given.get("code", "")
    ):
        return _page(request, problem=_("Password or code is not right."), status=422)
    try:
        token, text = actions.make_token(
            given.get("name", ""),
            given.getlist("scopes"),
            days=_number(given.get("days", "")),
            networks=given.get("networks", "").replace(",", " ").split()[:20],
            requests_a_minute=_number(given.get("pace", "")),
            by=request.viewer,  # type: ignore[attr-defined]
        )
    except actions.TokenRefused as refusal:
        return _page(request, problem=_REFUSALS[refusal.code], status=422)
    return render(request, "api/made.html", {"token": token, "text": text})


@require_POST
@needs("api.tokens")
def revoke(request: HttpRequest, public_id: str) -> HttpResponse:
    """End a token."""
    actions.revoke_token(public_id, by=request.viewer)  # type: ignore[attr-defined]
    messages.success(request, now("The token is revoked. Programs that use it are refused from now on."))
    return redirect("api:tokens")


@require_GET
@signed_in
def reference(request: HttpRequest) -> HttpResponse:
    """Every operation, in the reader's language where words have one."""
    context = {"groups": groups(the_document()), "scopes": scopes(), "problems": KINDS.items()}
    return render(request, "api/reference.html", context)


@require_GET
@signed_in
def document(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document, for those who read it with a tool of their own."""
    text = json.dumps(the_document(), ensure_ascii=False, indent=1)
    return HttpResponse(text, content_type="application/json", headers={"Content-Disposition": "attachment; filename=openapi.json"})  # fmt: skip


def _must_confirm(request: HttpRequest) -> bool:
    return bool(get_adapter(request).is_reauthentication_required(app="api"))


def _page(request: HttpRequest, *, problem: Any = "", status: int = 200) -> HttpResponse:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    found = queries.tokens(viewer)
    names = secure.staff_names([token.staff_id for token in found])
    context = {
        "rows": [(token, names.get(token.staff_id, "")) for token in found],
        "sees_all": viewer.can("api.manage"),
        "scopes": [(s, s.permissions <= viewer.permissions) for s in scopes()],
        "days": actions.DAYS,
        "paces": actions.PACES,
        "typed": request.POST,
        "must_confirm": _must_confirm(request),
        "has_factor": secure.has_second_factor(viewer),
        "chosen": request.POST.getlist("scopes"),
        "problem": problem,
    }
    return render(request, "api/tokens.html", context, status=status)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else 0
