"""Every act and every kind of thing the audit knows, with its words. Modules register theirs at start-up."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhike.secure.records import Viewer

ACTIONS: dict[str, Promise] = {
    "sign_in": _("Signed in"),
    "sign_in_failed": _("Sign-in failed"),
    "sign_on.linked": _("Linked to the identity provider"),
    "sign_on.unlinked": _("Link to the identity provider removed"),
    "sign_out": _("Signed out"),
    "password_changed": _("Password changed"),
    "password_reset": _("Password reset by link"),
    "second_factor_added": _("Second factor added"),
    "second_factor_removed": _("Second factor removed"),
    "session_ended": _("Session ended"),
    "staff.invited": _("Staff invited"),
    "staff.joined": _("Invitation accepted"),
    "staff.reset_link": _("Reset link made"),
    "staff.changed": _("Staff changed"),
    "staff.disabled": _("Staff disabled"),
    "staff.enabled": _("Staff enabled"),
    "team.changed": _("Team changed"),
    "policy.changed": _("Field policy changed"),
    "role.changed": _("Role changed"),
    "field.defined": _("Field defined"),
    "field.changed": _("Defined field changed"),
    "field.archived": _("Defined field put away"),
    "field.restored": _("Defined field taken into use again"),
    "consent.given": _("Consent noted"),
    "consent.withdrawn": _("Consent withdrawn"),
    "consent.brought": _("Consents brought in from a file"),
    "consent.swept": _("Consents forgotten whose time as proof is over"),
    "consent.taken_back": _("Consents taken back with their import"),
    "notice.made": _("Notice written"),
    "notice.changed": _("Notice changed before use"),
    "purpose.added": _("Purpose added"),
    "purpose.archived": _("Purpose put away"),
    "purpose.restored": _("Purpose taken into use again"),
    "reveal": _("Value revealed"),
    "open.batch": _("Values opened by the machine"),
    "lookup.blocked": _("Too many exact lookups"),
    "vault.alarm": _("Sealed value refused"),
    "key.rotated": _("Key rotated"),
    "key.destroyed": _("Keys destroyed"),
    "export": _("Exported"),
    "export.approved": _("Export approved"),
    "export.confirmed_alone": _("Export confirmed by its maker alone"),
    "export.refused": _("Export refused"),
    "export.rule": _("Limit of exports changed"),
    "import": _("Imported"),
    "import.undone": _("Import undone"),
    "customer.created": _("Customer created"),
    "customer.changed": _("Customer changed"),
    "customer.archived": _("Customer archived"),
    "customers.bulk": _("Many customers changed"),
    "source.changed": _("Source changed"),
    "analysis.run": _("Analysis run"),
    "worklist.noted": _("Worklist outcome noted"),
    "job.managed": _("Job stopped or restarted"),
    "settings.changed": _("Settings changed"),
    "demo.changed": _("Demo shop loaded or removed"),
    "backup.made": _("Backup made"),
    "backup.drill": _("Restore drill"),
    "backup.keyring": _("Keyring copied"),
    "restored": _("Restored from backup"),
    "audit.exported": _("Audit exported"),
    "audit.verified": _("Audit verified"),
    "view.file": _("Customer file opened"),
}


def register(code: str, label: Promise) -> None:
    """Add an act."""
    ACTIONS[code] = label


@dataclass(frozen=True, slots=True)
class Named:
    """A thing the audit speaks of, as one reader sees it: its words, and its page where the reader may open it."""

    label: str
    url: str = ""


Naming = Callable[[Viewer, Collection[str]], Mapping[str, Named]]


@dataclass(frozen=True, slots=True)
class ObjectKind:
    """A kind of thing audit events are about: its words, how ids become names, and how a name typed becomes an id."""

    words: Promise
    named: Naming | None = None
    find: Callable[[str], str | None] | None = None


OBJECT_KINDS: dict[str, ObjectKind] = {}


def register_object(
    kind: str, words: Promise, *, named: Naming | None = None, find: Callable[[str], str | None] | None = None
) -> None:
    """Say what things of a kind are called. `named(viewer, ids)` leaves out what the viewer may not see named."""
    OBJECT_KINDS[kind] = ObjectKind(words, named, find)


def named_objects(viewer: Viewer, pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Named]:
    """(kind, id) → name, for those that have one this viewer may see; one question a kind."""
    ids: dict[str, set[str]] = {}
    for kind, object_id in pairs:
        if object_id and (known := OBJECT_KINDS.get(kind)) and known.named:
            ids.setdefault(kind, set()).add(object_id)
    found: dict[tuple[str, str], Named] = {}
    for kind, wanted in ids.items():
        naming = OBJECT_KINDS[kind].named
        assert naming is not None
        found |= {(kind, object_id): name for object_id, name in naming(viewer, wanted).items()}
    return found


def meant(kind: str, typed: str) -> tuple[str, str]:
    """(kind, id) behind a number a person typed (a file number, an order number); what was typed where nothing bears it."""
    kinds = {kind: OBJECT_KINDS[kind]} if kind in OBJECT_KINDS else {} if kind else OBJECT_KINDS
    for code, one in kinds.items():
        if typed and one.find and (found := one.find(typed)):
            return code, found
    return kind, typed


def by_number(named: Callable[[Viewer, list[int]], Mapping[int, Named]]) -> Naming:
    """For things whose ids are numbers."""

    def naming(viewer: Viewer, ids: Collection[str]) -> dict[str, Named]:
        numbers = [int(one) for one in ids if one.isascii() and one.isdecimal() and len(one) < 19]
        return {str(number): name for number, name in named(viewer, numbers).items()}

    return naming
