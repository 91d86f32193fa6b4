"""What the pages of supervision ask: results by person, a page of reviews, one review with what surrounds the look."""

from collections.abc import Collection
from dataclasses import dataclass

from django.urls import reverse

from zhike.customers import queries as customers
from zhike.kit.paging import Column, Page, Sort, page_of
from zhike.protect.models import DisclosureReview
from zhike.protect.supervision import words
from zhike.protect.supervision.actions import may_judge
from zhike.protect.supervision.rules import FOUNDED, OUTCOMES, is_doubtful, tallies
from zhike.secure import queries as secure
from zhike.secure.records import SYSTEM, Viewer
from zhike.work.records import About

_SORTS: dict[str, Sort] = {"newest": (Column("id", descending=True),)}
_CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class PersonLine:
    """What came of the looks drawn of one person; `founded_share` of the judged ones, None before any was judged."""

    staff_id: int
    name: str
    drawn: int
    open: int
    founded: int
    unfounded: int
    breach: int
    doubtful: bool

    @property
    def founded_share(self) -> float | None:
        """Of the judged looks, those with a reason; 0 to 1."""
        judged = self.founded + self.unfounded + self.breach
        return self.founded / judged if judged else None


@dataclass(frozen=True, slots=True)
class Case:
    """One look to judge: the review, the look, whose it was, what surrounds it, and the file it was about."""

    review: DisclosureReview
    look: secure.Disclosure
    name: str
    beside: secure.Beside
    number: str  # of the customer's file; empty for other things and erased files
    is_owner: bool | None  # whether the file belongs to the person; None where nobody owns it
    address: str  # public id of the file where the viewer may open it


def people(viewer: Viewer) -> list[PersonLine]:
    """Everybody within the viewer's scope of whom looks were drawn: the least founded first."""
    scope = viewer.scope_staff_ids()
    told = {i: counts for i, counts in tallies().items() if scope is None or i in scope}
    names = secure.staff_names(sorted(told))
    lines = []
    for i, counts in told.items():
        founded, unfounded, breach = (counts.get(outcome, 0) for outcome in OUTCOMES)
        drawn, to_judge = sum(counts.values()), counts.get("", 0)
        lines.append(
            PersonLine(i, names.get(i, ""), drawn, to_judge, founded, unfounded, breach, doubtful=is_doubtful(i))
        )  # fmt: skip
    return sorted(lines, key=lambda p: (p.founded_share is None, p.founded_share or 0.0, -p.open, p.staff_id))


def review_page(viewer: Viewer, *, staff_id: int | None, after: str = "", before: str = "") -> Page[DisclosureReview]:
    """A page of reviews within the viewer's scope, newest first. Raises BadPageKey."""
    rows, scope = DisclosureReview.objects.all(), viewer.scope_staff_ids()
    if scope is not None:
        rows = rows.filter(staff_id__in=scope)
    if staff_id is not None:
        rows = rows.filter(staff_id=staff_id)
    return page_of(rows, sorts=_SORTS, sort="newest", after=after, before=before, size=50)


def abouts(viewer: Viewer, review_ids: Collection[int]) -> dict[int, About]:
    """{review: who looked and when, with its page}: the page to judge it, or to answer for who looked."""
    rows = DisclosureReview.objects.filter(id__in=list(review_ids))
    names = secure.staff_names(sorted({row.staff_id for row in rows}))
    told = {}
    for row in rows:
        page = "review" if may_judge(row, viewer) else "answer" if viewer.staff_id == row.staff_id else ""
        if page:
            label = words.headline(names.get(row.staff_id, ""), row.looked_at)
            told[row.id] = About(label, reverse(f"protect:supervision_{page}", args=[row.public_id]))
    return told


def case(viewer: Viewer, public_id: str) -> Case | None:
    """One review the viewer may judge, or judged; None where there is none."""
    row = DisclosureReview.objects.filter(public_id=public_id).first()
    if row is None or not may_judge(row, viewer):
        return None
    return _case(viewer, row)


def own_case(viewer: Viewer, public_id: str) -> Case | None:
    """One look of the viewer's own that somebody asked about; None where there is none."""
    row = DisclosureReview.objects.filter(
        public_id=public_id, staff_id=viewer.staff_id or 0, asked_at__isnull=False
    ).first()
    return None if row is None else _case(viewer, row)


def _case(viewer: Viewer, row: DisclosureReview) -> Case | None:
    look = secure.disclosures([row.event_id]).get(row.event_id)
    if look is None:
        return None
    name = secure.staff_names([row.staff_id]).get(row.staff_id, "")
    number, is_owner, address = _file(viewer, look)
    return Case(row, look, name, secure.beside(look), number, is_owner, address)


def _file(viewer: Viewer, look: secure.Disclosure) -> tuple[str, bool | None, str]:
    if look.object_kind != _CUSTOMER or not look.object_id.isdecimal():
        return "", None, ""
    asked = int(look.object_id)
    root = customers.living_roots([asked]).get(asked)
    line = customers.lines(SYSTEM, [root]).get(root) if root is not None else None
    if root is None or line is None:
        return "", None, ""
    owner = line.owner_staff_id
    opens = viewer.can("customers.view") and root in customers.lines(viewer, [root])
    return line.number, None if owner is None else owner == look.staff_id, line.public_id if opens else ""


__all__ = ["FOUNDED", "Case", "PersonLine", "abouts", "case", "own_case", "people", "review_page"]
