"""From a register's filter to a condition on cards."""

from collections.abc import Set
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Substr
from django.db.models.lookups import Exact, GreaterThanOrEqual, In, IsNull, LessThanOrEqual

from zhike.customers.models import Customer, CustomerCard, CustomerTag
from zhike.customers.models.card import BESIDE_FIGURES, FIGURE_INDEXES
from zhike.customers.queries.consents import SUBJECT
from zhike.customers.queries.keyset import NotIndexed
from zhike.customers.queries.segments import members_filter
from zhike.customers.records import RegisterFilter
from zhike.customers.rfm_groups import CELLS_OF_GROUP
from zhike.secure import consents
from zhike.secure import queries as secure
from zhike.secure.records import Viewer

# What a filter asks and the field whose sight it needs: who may not see a field may not sift by it.
FIELD_OF = {
    "owner_ids": "owner",
    "stage": "stage",
    "purchase_class": "purchase_class",
    "tag_ids": "tags",
    "province": "province",
    "city": "city",
    "has_phone": "phone",
    "has_email": "email",
    "phone_state": "phone",
    "email_state": "email",
    "consent": "consents",
    "orders_min": "order_count",
    "orders_max": "order_count",
    "net_min_cents": "net_amount",
    "net_max_cents": "net_amount",
    "last_from": "last_order_at",
    "last_to": "last_order_at",
    "rfm_class": "rfm_class",
    "rfm_r": "rfm_class",
    "rfm_f": "rfm_class",
    "rfm_m": "rfm_class",
    "rfm_group": "rfm_class",
    "abc_class": "metrics",
    "pyramid_level": "metrics",
}
_CONDITIONS: dict[str, tuple[str, Any]] = {
    "kind": ("kind", Exact),
    "stage": ("stage", Exact),
    "purchase_class": ("purchase_class", Exact),
    "province": ("province", Exact),
    "city": ("city", Exact),
    "rfm_class": ("rfm_class", Exact),
    "abc_class": ("abc_class", Exact),
    "pyramid_level": ("pyramid_level", Exact),
    "has_phone": ("has_phone", Exact),
    "has_email": ("has_email", Exact),
    "phone_state": ("phone_state", Exact),
    "email_state": ("email_state", Exact),
    "source_id": ("first_source_id", Exact),
    "orders_min": ("order_count", GreaterThanOrEqual),
    "orders_max": ("order_count", LessThanOrEqual),
    "net_min_cents": ("net_cents", GreaterThanOrEqual),
    "net_max_cents": ("net_cents", LessThanOrEqual),
    "last_from": ("last_order_at", GreaterThanOrEqual),
    "last_to": ("last_order_at", LessThanOrEqual),
    "ids": ("customer_id", In),
}
_BEHIND_MASKS = frozenset({"has_phone", "has_email", "phone_state", "email_state"})
_WIDE = frozenset(column for column, _ in FIGURE_INDEXES)
_DIGITS = ("rfm_r", "rfm_f", "rfm_m")


def offered(viewer: Viewer, question: str) -> bool:
    """Whether a viewer may filter by something: only by what they may see (that a contact exists shows through its mask)."""
    field = FIELD_OF.get(question)
    if field is None:
        return True
    if question == "consent" and not viewer.can("consents.view"):
        return False
    sight = secure.sight(viewer, field)
    return sight == "shown" or (sight == "masked" and question in _BEHIND_MASKS)


def matching(
    viewer: Viewer, wanted: RegisterFilter, *, indexed: bool = True, sorted_by: str = ""
) -> QuerySet[CustomerCard]:
    """The cards in the viewer's scope that a filter keeps; what the viewer may not sift by keeps nobody.

    With `indexed=False` the planner may take no index for the filter, so that a walk along a sort stays that walk; only what
    is asked of the sorted column itself, `sorted_by`, is then a stretch of that walk.
    """
    if any(not offered(viewer, name) for name in _asked(wanted)):
        return CustomerCard.objects.none()
    at = _Columns(indexed, sorted_by)
    conditions = [*_scope(viewer, at), *_plain(wanted, at), *_cell(wanted, at), *_owners(wanted, at)]
    if wanted.archived != "all":
        conditions.append(Q(IsNull(at("archived_at"), wanted.archived != "only")))
    cards = CustomerCard.objects.filter(*conditions)
    for tag_id in wanted.tag_ids:
        tagged = CustomerTag.objects.filter(tag_id=tag_id).values("root_id")
        cards = cards.filter(Q(In(at("customer_id"), tagged)))
    if wanted.segment:
        cards = cards.filter(Q(In(at("customer_id"), members_filter(viewer, wanted.segment))))
    return cards.filter(*_consent(wanted, at)) if wanted.consent else cards


def stretch(wanted: RegisterFilter, sorted_by: str) -> Q:
    """What a filter asks that the index of a sort answers alone: entries it turns away cost a walk next to nothing."""
    held = {sorted_by, *(BESIDE_FIGURES if sorted_by in _WIDE else ())}
    return Q(*_plain(wanted, _Columns(False, sorted_by), only=held))


def lies_along(wanted: RegisterFilter, sorted_by: str) -> bool:
    """Whether everything a filter asks stands in the index of a sort, so that a walk along it never touches the table."""
    return sorted_by in _WIDE and is_narrow(wanted)


def is_narrow(wanted: RegisterFilter) -> bool:
    """Whether an index by figures holds everything a filter asks, so that who matches is read from it alone."""
    if wanted.tag_ids or wanted.segment or wanted.consent:
        return False
    asked = (column for name, (column, _) in _CONDITIONS.items() if getattr(wanted, name) not in ("", None))
    return all(column in BESIDE_FIGURES for column in asked)


@dataclass(frozen=True, slots=True)
class _Columns:
    """How a condition names a column: for an index to serve it, or not."""

    indexed: bool
    sorted_by: str

    def __call__(self, name: str) -> Any:
        return F(name) if self.indexed or name == self.sorted_by else NotIndexed(F(name))


def _asked(wanted: RegisterFilter) -> list[str]:
    return [name for name in FIELD_OF if getattr(wanted, name) not in ("", None, ())]


def _scope(viewer: Viewer, at: _Columns) -> list[Q]:
    owners = viewer.scope_staff_ids()
    return [] if owners is None else [Q(In(at("owner_staff_id"), sorted(owners)))]


def _owners(wanted: RegisterFilter, at: _Columns) -> list[Q]:
    if not wanted.owner_ids:
        return []
    named = Q(In(at("owner_staff_id"), [i for i in wanted.owner_ids if i]))
    nobody = Q(IsNull(at("owner_staff_id"), True))
    return [named | nobody if 0 in wanted.owner_ids else named]


def _plain(wanted: RegisterFilter, at: _Columns, *, only: Set[str] | None = None) -> list[Q]:
    asked = ((getattr(wanted, name), column, lookup) for name, (column, lookup) in _CONDITIONS.items())
    return [
        Q(lookup(at(column), value))
        for value, column, lookup in asked
        if value not in ("", None) and (only is None or column in only)
    ]


def _cell(wanted: RegisterFilter, at: _Columns) -> list[Q]:
    """The RFM digits a heat map asks for, each at its place in the cell; and the cells of a group of the R × F map."""
    digits = ((place, getattr(wanted, name)) for place, name in enumerate(_DIGITS, start=1))
    asked = [Q(Exact(Substr(at("rfm_cell"), place, 1), Value(str(d)))) for place, d in digits if d is not None]
    if wanted.rfm_group:
        asked.append(Q(In(Substr(at("rfm_cell"), 1, 2), list(CELLS_OF_GROUP.get(wanted.rfm_group, ())))))
    return asked


def _consent(wanted: RegisterFilter, at: _Columns) -> list[Q]:
    """How a purpose stands over the whole group, the most restrictive answer first."""
    purpose, _, state = wanted.consent.partition("=")

    def among(*answers: str) -> Q:
        members = Customer.objects.filter(id__in=consents.subjects_in(SUBJECT, purpose, *answers))
        return Q(In(at("customer_id"), members.values("root_id")))

    if state == "unknown":
        return [~among()]
    stricter = consents.STRICTEST_FIRST[: consents.STRICTEST_FIRST.index(state)]
    return [among(state), *([~among(*stricter)] if stricter else [])]
