"""Permissions, and the decorator without which no page is reachable.

A permission is a code; roles hold codes; what a role does not hold is refused. Field by field rights are the policy's
(`queries.sight`), not permissions.
"""

import functools
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhike.secure.records import Viewer

View = Callable[..., Any]  # answers may also be streams

_REGISTRY: dict[str, Promise] = {}


class Forbidden(PermissionDenied):
    """The viewer lacks a permission or a field right; `code` names which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def register(code: str, label: Promise) -> None:
    """Add a permission (modules at start-up)."""
    _REGISTRY[code] = label


def registry() -> dict[str, Promise]:
    """All permission codes with their labels, in the order of registration."""
    return dict(_REGISTRY)


def check(viewer: Viewer, code: str) -> None:
    """Raise Forbidden unless the viewer holds the permission."""
    if code not in _REGISTRY:
        raise KeyError(f"unknown permission {code}")
    if not viewer.can(code):
        raise Forbidden(code)


def needs(code: str, *, before_second_factor: bool = False) -> Callable[[View], View]:
    """Let a view run only for viewers with the permission; sets `request.viewer`; answers are never cached.

    An empty code means: any member of staff who is fully signed in (own profile, home). `before_second_factor` is for
    the few pages on which a required second factor is set up, and for leaving.
    """
    if code and code not in _REGISTRY:
        raise KeyError(f"unknown permission {code}")

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            from zhike.secure import queries
            from zhike.secure.auditing import acting

            viewer = queries.viewer_of(request)
            if viewer.staff_id is None:
                return _to_sign_in(request)
            if queries.is_pending(request) and not before_second_factor:
                return _go(request, reverse("mfa_activate_totp"))
            if code:
                check(viewer, code)
            request.viewer = viewer  # type: ignore[attr-defined]
            with acting(request):
                response = view(request, *args, **kwargs)
            add_never_cache_headers(response)
            return response

        guarded.zhike_needs = code  # type: ignore[attr-defined]
        return guarded

    return decorate


def by_token(request: HttpRequest, mark: str) -> AbstractContextManager[str]:
    """Around what is done for a token instead of a session: the audit tells its mark. Gives the caller's address."""
    from zhike.secure.auditing import acting_from

    return acting_from(request, mark)


signed_in = needs("")
joining = needs("", before_second_factor=True)


def public(view: View) -> View:
    """Mark a view as open to anybody; the list of such views is short and tested."""
    view.zhike_public = True  # type: ignore[attr-defined]
    return view


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return _go(request, reverse("account_login"))
    return redirect_to_login(request.get_full_path(), reverse("account_login"))


def _go(request: HttpRequest, address: str) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


for _code, _label in [
    ("customers.view", _("See customers")),
    ("customers.edit", _("Edit customers")),
    ("customers.bulk", _("Change many customers at once")),
    ("customers.export", _("Export customers")),
    ("exports.approve", _("Approve exports")),
    ("views.share", _("Share views with everybody")),
    ("customers.tag", _("Tag customers")),
    ("orders.view", _("See orders")),
    ("collect.view", _("See imports")),
    ("collect.import", _("Import files")),
    ("collect.undo", _("Undo imports")),
    ("sources.manage", _("Manage sources")),
    ("analyze.view", _("See analyses")),
    ("analyze.run", _("Run analyses")),
    ("worklist.view", _("See worklists")),
    ("worklist.note", _("Note outcomes on worklists")),
    ("jobs.view", _("See jobs")),
    ("jobs.manage", _("Stop and restart jobs")),
    ("consents.view", _("See consents and notices")),
    ("consents.edit", _("Note consents and withdrawals")),
    ("notices.edit", _("Write notices and purposes")),
    ("staff.manage", _("Manage staff")),
    ("policy.edit", _("Edit the field policy")),
    ("api.tokens", _("Make API tokens of one's own")),
    ("api.manage", _("See and end everybody's API tokens")),
    ("audit.view", _("Read the audit")),
    ("access.view", _("See who opened which file")),
    ("backup.manage", _("Back up and restore")),
    ("fields.define", _("Define fields and numbering")),
    ("settings.edit", _("Edit settings")),
    ("demo.manage", _("Load and remove the demo shop")),
    ("ui.components", _("See the component page")),
]:
    register(_code, _label)
