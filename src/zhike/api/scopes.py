"""Scopes: what a token may be made for. A scope lends permissions its maker holds; it never adds one."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Scope:
    """A part of the API, and the permissions a token needs of its maker to work there."""

    code: str
    label: Promise
    permissions: frozenset[str]


_SCOPES: dict[str, Scope] = {}


def register(code: str, label: Promise, *permissions: str) -> None:
    """Add a scope (modules with routes of their own at start-up)."""
    _SCOPES[code] = Scope(code, label, frozenset(permissions))


def scopes() -> list[Scope]:
    """All scopes, in their order."""
    return list(_SCOPES.values())


def permissions_of(codes: Iterable[str]) -> frozenset[str]:
    """The permissions these scopes may use; unknown codes give none."""
    return frozenset().union(*(_SCOPES[code].permissions for code in codes if code in _SCOPES))


register("customers:read", _("Read customers"), "customers.view")
register(
    "customers:write", _("Record and edit customers"), "customers.view", "customers.edit", "collect.view", "collect.import"
)  # fmt: skip
register(
    "verifications:write", _("Note what asking customers gave"), "customers.view", "customers.edit", "customers.verify"
)
register("customers:merge", _("Merge files and take merges apart"), "customers.view", "customers.merge")
register("tags:write", _("Tag customers"), "customers.view", "customers.tag")
register("consents:read", _("Read consents"), "customers.view", "consents.view")
register("consents:write", _("Note consents and withdrawals"), "customers.view", "consents.view", "consents.edit")
register("orders:read", _("Read orders and products"), "orders.view")
register("orders:write", _("Record orders"), "orders.view", "collect.view", "collect.import")
register("imports:read", _("Follow imports"), "collect.view")
register("imports:write", _("Import files and undo imports"), "collect.view", "collect.import", "collect.undo")
register("sources:read", _("Read sources"), "collect.view")
register("sources:write", _("Register and change sources"), "collect.view", "sources.manage")
register("insight:read", _("Read figures of analyses"), "analyze.view")
register("insight:write", _("Arrange dashboards and their reports"), "analyze.view", "views.share")
register("worklists:read", _("Read worklists"), "customers.view", "worklist.view")
register("worklists:write", _("Note outcomes on worklists"), "customers.view", "worklist.view", "worklist.note")
register("jobs:read", _("Follow jobs"), "jobs.view")
