"""The facets of customers themselves: open fields of the card, tags, figures, other segments."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhike.customers.segments.facets import Choices, Facet, offer
from zhike.secure.records import Viewer

PERSON, ORDERS, MARKS = _("Customer"), _("Orders"), _("Tags and segments")

KINDS: Mapping[str, Promise] = {"person": _("Person"), "organisation": _("Organization")}
SEXES: Mapping[str, Promise] = {"male": _("Male"), "female": _("Female")}
CHECKED: Mapping[str, Promise] = {
    "format_valid": _("Well formed"),
    "corroborated": _("Independent sources agree"),
    "confirmed": _("Confirmed by contact"),
}
STAGES: Mapping[str, Promise] = {
    "target_market": pgettext_lazy("stage", "Target market"),
    "potential": pgettext_lazy("stage", "Potential"),
    "target": pgettext_lazy("stage", "Target"),
    "current": pgettext_lazy("stage", "Current"),
    "former": pgettext_lazy("stage", "Former"),
}
PURCHASE_CLASSES: Mapping[str, Promise] = {
    "a": _("Class A: strong means"),
    "b": _("Class B: weak means"),
    "c": _("Class C: no means for now"),
}


def listed(words: Mapping[str, Promise]) -> Choices:
    """Codes with their words, the same for every viewer."""
    return lambda viewer: list(words.items())


def _staff(viewer: Viewer) -> Sequence[tuple[Any, Any]]:
    from zhike.secure.queries import staff_names

    return list(staff_names().items())


def _sources(viewer: Viewer) -> Sequence[tuple[Any, Any]]:
    from zhike.customers.queries.sources import sources

    return [(s.id, s.name) for s in sources() if not s.is_house]


def _tags(viewer: Viewer) -> Sequence[tuple[Any, Any]]:
    from zhike.customers.queries.sources import tags

    return [(t.id, t.name) for t in tags()]


def _provinces(viewer: Viewer) -> Sequence[tuple[Any, Any]]:
    from zhike.customers.queries.sources import places

    return [(name, name) for name in places(viewer)]


def _loss_reasons(viewer: Viewer) -> Sequence[tuple[Any, Any]]:
    from zhike.customers.queries.loss_reasons import loss_reasons

    return [(reason.code, reason.name) for reason in loss_reasons()]


def _card(code: str, label: Any, field: str, kind: Any, column: str = "", **more: Any) -> Facet:
    return Facet(code, label, more.pop("group", PERSON), field, kind, "cards", column or code, **more)


def offer_own() -> None:
    """Offer them, at start-up."""
    offer(
        _card("kind", _("Kind"), "kind", "choice", choices=listed(KINDS)),
        _card("stage", _("Stage"), "stage", "choice", choices=listed(STAGES)),
        _card("purchase_class", _("Purchase class"), "purchase_class", "choice", choices=listed(PURCHASE_CLASSES)),
        _card("lead_score", _("Lead score"), "lead_score", "number", "lead_rank"),
        _card("stage_moved", _("Last moved to another stage"), "stage", "day", "stage_moved_at"),
        _card("loss_reason", _("Reason for loss"), "loss_reason", "choice", choices=_loss_reasons),
        _card("last_contact", _("Last contact"), "contact_records", "day", "last_contact_at"),
        _card("sex", _("Sex"), "sex", "choice", choices=listed(SEXES)),
        _card("country", _("Country"), "country", "words"),
        _card("province", _("Province"), "province", "words", choices=_provinces),
        _card("city", _("City"), "city", "words"),
        _card("district", _("District"), "district", "words"),
        _card("occupation", _("Occupation"), "occupation", "words"),
        _card("language", _("Language"), "language", "words"),
        _card("has_phone", _("Phone"), "phone", "flag", through_mask=True),
        _card("has_email", _("E-mail"), "email", "flag", through_mask=True),
        _card("phone_state", _("Phone verified"), "phone", "choice", choices=listed(CHECKED), through_mask=True),
        _card("email_state", _("E-mail verified"), "email", "choice", choices=listed(CHECKED), through_mask=True),
        _card("owner", _("Owner"), "owner", "choice", "owner_staff_id", choices=_staff, numbers=True),
        _card("source", _("First source"), "", "choice", "first_source_id", choices=_sources, numbers=True),
        _card("created", _("File since"), "", "day", "created_at"),
        _card("tags", _("Tags"), "tags", "labels", "tag_ids", group=MARKS, choices=_tags, numbers=True),
        Facet("segment", _("Another segment"), MARKS, "", "segment"),
        _card("order_count", _("Orders in all"), "order_count", "number", group=ORDERS),
        _card("net_amount", _("Net amount in all"), "net_amount", "number", "net_cents", group=ORDERS, unit="cents"),
        _card("first_order", _("First order"), "first_order_at", "day", "first_order_at", group=ORDERS),
        _card("last_order", _("Last order"), "last_order_at", "day", "last_order_at", group=ORDERS),
    )
