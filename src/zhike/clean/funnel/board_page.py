"""What the board shows: columns by stage or by class, lanes by owner, cards with what matters next."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from zhike.clean import queries
from zhike.clean.funnel import words
from zhike.customers import queries as customers
from zhike.customers.queries import BoardAsked
from zhike.customers.queries.funnel import BoardColumn, ContactLook
from zhike.customers.records import RegisterRow
from zhike.kit import clock
from zhike.secure import queries as secure
from zhike.secure.records import Viewer

CARDS, LANE_CARDS, MOST_LANES = 12, 4, 6
CLASS_ORDER = ("a", "b", "c", "")


@dataclass(frozen=True, slots=True)
class Asked:
    """How the board is looked at: columns by `stage` or `class`, whose customers, one lane an owner or none."""

    by: str = "stage"
    owner: str = ""
    lanes: bool = False

    @classmethod
    def read(cls, query: QueryDict) -> "Asked":
        """From an address; what cannot be read is left out."""
        owner = query.get("owner", "")
        by = "class" if query.get("by") == "class" else "stage"
        return cls(by, owner if owner.isdecimal() and len(owner) < 12 else "", query.get("lanes") == "1")

    @property
    def owner_id(self) -> int | None:
        """Whose customers alone are shown; 0: nobody's; None: everybody's."""
        return int(self.owner) if self.owner else None

    def text(self, **changes: str) -> str:
        """As an address writes it."""
        said = {"by": self.by, "owner": self.owner, "lanes": "1" if self.lanes else "", **changes}
        return urlencode({name: value for name, value in said.items() if value and (name, value) != ("by", "stage")})


def codes(asked: Asked) -> Sequence[str]:
    """The columns in their order."""
    return customers.STAGES if asked.by == "stage" else CLASS_ORDER


def column_of(asked: Asked, code: str, owner_id: int | None) -> BoardAsked:
    """The question a column puts."""
    if asked.by == "class":
        return BoardAsked(purchase_class=code, owner_id=owner_id)
    return BoardAsked(stage=code, owner_id=owner_id)


def page(viewer: Viewer, asked: Asked) -> dict[str, Any]:
    """Everything the board's template needs."""
    owners = lane_owners(viewer, asked)
    wanted = [(owner, code) for owner in owners for code in codes(asked)]
    limit = LANE_CARDS if asked.lanes else CARDS
    found = customers.board(viewer, [column_of(asked, code, owner) for owner, code in wanted], limit=limit)
    look = Look.of(viewer, [row for column in found for row in column.rows])
    held = dict(zip(wanted, found, strict=True))
    names = secure.staff_names()
    return {
        "asked": asked,
        "lanes": [
            {
                "name": names.get(owner or 0, "") if owner else "",
                "is_nobody": owner == 0,
                "columns": [column(asked, code, held[owner, code], owner, look) for code in codes(asked)],
            }
            for owner in owners
        ],
        "look": look,
        "more_lanes": asked.lanes and len(owners) == MOST_LANES,
        **choices(viewer, asked),
    }


def lane_owners(viewer: Viewer, asked: Asked) -> list[int | None]:
    """Whose lanes there are: the viewer's own first; at most six."""
    if not asked.lanes or asked.owner:
        return [asked.owner_id]
    scope = viewer.scope_staff_ids()
    known = [i for i in secure.staff_names() if scope is None or i in scope]
    own: list[int | None] = [i for i in known if i == viewer.staff_id]
    rest = [i for i in known if i != viewer.staff_id]
    nobody: list[int | None] = [0] if scope is None else []
    return [*own, *nobody, *rest][:MOST_LANES]


def column(asked: Asked, code: str, found: BoardColumn, owner: int | None, look: "Look") -> dict[str, Any]:
    """One column of one lane."""
    named = words.STAGES if asked.by == "stage" else words.CLASSES
    place = {"by": asked.by, "column": code or "unknown", "owner": "" if owner is None else str(owner)}
    if found.next_key:
        place["after"] = found.next_key
    return {
        "code": code or "unknown",
        "label": named[code],
        "count": found.count,
        "cards": [look.card(row) for row in found.rows],
        "more_url": f"{reverse('clean:funnel_column')}?{urlencode(place)}" if found.next_key else "",
        "list_url": f"{reverse('clean:funnel_list')}?{urlencode({k: v for k, v in place.items() if k != 'after' and v})}",
    }


def choices(viewer: Viewer, asked: Asked) -> dict[str, Any]:
    """What may be chosen on the board, and where a card may go."""
    scope = viewer.scope_staff_ids()
    owners = {i: name for i, name in secure.staff_names().items() if scope is None or i in scope}
    may = viewer.can("customers.edit")
    field = "stage" if asked.by == "stage" else "purchasing_power"
    return {
        "owners": owners,
        "may_move": may and secure.may_edit(viewer, field),
        "may_add": may,
        "may_manage": viewer.can("funnel.manage"),
        "targets": [
            (code or "unknown", label)
            for code, label in (words.STAGES if asked.by == "stage" else words.CLASSES).items()
        ],
        "steps": words.STEPS,
        "stages": words.STAGES,
        "classes": words.CLASSES,
    }


@dataclass(frozen=True, slots=True)
class Look:
    """What cards tell beside the register's row: since when, the last contact, how long alone."""

    since: Mapping[int, dt.datetime]
    contacts: Mapping[int, ContactLook]
    owners: Mapping[int, str]
    qualified: frozenset[int]  # whose fit and behavior both reach what the settings ask for
    today: dt.date

    @classmethod
    def of(cls, viewer: Viewer, rows: Sequence[RegisterRow]) -> "Look":
        """For the rows of one page: a few questions however many."""
        ids = [row.customer_id for row in rows]
        return cls(
            customers.stage_since(viewer, rows),
            customers.last_contacts(viewer, ids),
            secure.staff_names([row.owner_staff_id for row in rows if row.owner_staff_id]),
            queries.qualified(customers.lead_points(viewer, ids)),
            clock.now().date(),
        )

    def card(self, row: RegisterRow) -> dict[str, Any]:
        """One card, or one line of the list."""
        since, contact = self.since.get(row.customer_id), self.contacts.get(row.customer_id)
        next_on = contact.next_step_on if contact else None
        return {
            "row": row,
            "days": (self.today - since.date()).days if since else None,
            "contact": contact,
            "step": words.STEPS.get(contact.step, "") if contact else "",
            "next_on": next_on,
            "is_late": next_on is not None and next_on < self.today,
            "is_qualified": row.customer_id in self.qualified and row.stage in customers.BEFORE_SALE,
            "owner": self.owners.get(row.owner_staff_id or 0, ""),
            "class_code": row.purchase_class or "unknown",
        }
