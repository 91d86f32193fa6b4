"""A card from a customer's file: head, own sections, lists, and the groups of the file in the order of a view."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zhike.collect.queries import methods_of
from zhike.customers import queries as customers
from zhike.customers.queries.charge import charge_of
from zhike.customers.records import CustomerHeader, FieldGroup, FieldValue, OldCardInFull, RegisterRow
from zhike.desk import words
from zhike.desk.cards import layout, lists, standing
from zhike.desk.cards.reader import Reader, day, label
from zhike.desk.printing.sheet import Block, Grid, Line, Sheet
from zhike.kit import clock
from zhike.kit.installation import installation
from zhike.secure import queries as secure
from zhike.secure.records import Viewer

_YEAR_DAYS = 365.25


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose card it is, and as of when: `until` is the moment a closed card was closed."""

    row: RegisterRow
    record_ids: tuple[int, ...]
    sources: tuple[str, ...]
    source_kinds: tuple[str, ...]
    absorbed_numbers: tuple[str, ...]
    groups: tuple[FieldGroup, ...]
    abc_class: str
    today: dt.date
    until: dt.datetime | None = None
    next_stage: str = ""


def subject_of(viewer: Viewer, head: CustomerHeader) -> Subject:
    """A customer as the file stands now."""
    groups = tuple(customers.field_groups(viewer, head.row.customer_id))
    abc_class = customers.value_classes(viewer, head.row.customer_id)[0]
    told = (head.sources, head.source_kinds, head.absorbed_numbers)
    return Subject(head.row, head.record_ids, *told, groups, abc_class, _today())


def closed_subject(head: CustomerHeader, old: OldCardInFull) -> Subject:
    """A customer as a closed card tells of them."""
    facts = old.facts
    return Subject(
        old.row, head.record_ids, head.sources, head.source_kinds, head.absorbed_numbers, old.groups, old.abc_class, _today(), facts.closed_at, facts.next_stage
    )  # fmt: skip


def card(reader: Reader, subject: Subject, kind: str, *, groups: Sequence[str] = ()) -> Sheet:
    """The card of a kind; `groups` are those of the view it is read in, which follow the card's own sections."""
    values = {v.name: v for group in subject.groups for v in group.fields if reader.may(v.name)}
    blocks: list[Block] = []
    for title, names in layout.SECTIONS[kind]:
        blocks += _grid(str(title), reader, _standing(values, names, layout.ALWAYS[kind], subject.row.name))
    blocks += _LISTS[kind](reader, subject)
    blocks += _of_view(reader, subject, kind, groups)
    return Sheet(
        title=str(layout.KINDS[kind]),
        head=tuple(_head(reader, subject)),
        blocks=tuple(blocks),
        signs=tuple(str(sign) for sign in layout.SIGNS[kind]),
        note=_note(subject),
    )


def _today() -> dt.date:
    return clock.today(installation().time_zone)


def _head(reader: Reader, subject: Subject) -> Iterable[Line]:
    row, viewer = subject.row, reader.viewer
    numbers = _(", ").join((row.number, *subject.absorbed_numbers))
    yield Line(label("number"), numbers)
    if reader.may("name"):
        called = pgettext("of a company", "Name") if row.kind == "organisation" else label("name")
        yield Line(called, row.name, secure.sight(viewer, "name") == "masked")
    yield Line(label("kind"), str(words.KINDS.get(row.kind, row.kind)))
    if reader.may("stage"):
        yield Line(label("stage"), str(words.STAGES.get(row.stage, row.stage)))
    if reader.may("purchase_class") and row.purchase_class:
        yield Line(label("purchase_class"), str(words.PURCHASE_CLASSES.get(row.purchase_class, row.purchase_class)))
    if reader.may("owner"):
        names = secure.staff_names([row.owner_staff_id]) if row.owner_staff_id else {}
        yield Line(label("owner"), names.get(row.owner_staff_id or 0, ""))
    if subject.until is None:
        yield from _seconds(reader, row)
    yield Line(_("Source"), _(", ").join(subject.sources))
    yield Line(_("Method of collecting"), _(", ").join(methods_of(subject.source_kinds)))
    if reader.may("tags") and row.tags:
        yield Line(label("tags"), _(", ").join(t.name for t in row.tags), is_wide=True)
    if reader.may("paper_place") and (places := customers.paper_of(viewer, row.customer_id)):
        yield Line(
            label("paper_place"),
            _("; ").join(place_text(p.shelf, p.volume, p.leaf, p.missing) for p in places),
            is_wide=True,
        )


def _seconds(reader: Reader, row: RegisterRow) -> Iterable[Line]:
    """Who stands beside the owner; of a key customer the missing one has an empty place."""
    told = charge_of(row.customer_id, limit=0)
    beside = (("deputy", told.deputy_staff_id), ("second_reader", told.reader_staff_id))
    names = secure.staff_names([i for _name, i in beside if i])
    for name, staff_id in beside:
        if reader.may(name) and (staff_id or told.key_by):
            yield Line(label(name), names.get(staff_id or 0, ""))


def place_text(shelf: str, volume: str, leaf: str, missing: str) -> str:
    """Where paper stands, in words."""
    told = [
        _("shelf %(shelf)s") % {"shelf": shelf} if shelf else "",
        _("volume %(volume)s") % {"volume": volume} if volume else "",
        _("leaf %(leaf)s") % {"leaf": leaf} if leaf else "",
        _("missing: %(leaves)s") % {"leaves": missing} if missing else "",
    ]
    return _(", ").join(part for part in told if part)


def _note(subject: Subject) -> str:
    if subject.until is None:
        return ""
    stage = words.STAGES.get(subject.next_stage, subject.next_stage)
    return _("Closed on %(day)s, when the stage became “%(stage)s”. It stands here as it was then.") % {
        "day": day(subject.until),
        "stage": stage,
    }


def _standing(
    values: dict[str, FieldValue], names: Sequence[str], always: Sequence[str], called: str
) -> list[FieldValue]:
    found = [values[name] for name in names if name in values and (values[name].is_known or name in always)]
    return [v for v in found if v.name != "company" or v.text != called]  # the name of a company stands in the head


def _grid(title: str, reader: Reader, values: Sequence[FieldValue]) -> list[Block]:
    return [Grid(title, tuple(reader.line(v) for v in values))] if values else []


def _of_view(reader: Reader, subject: Subject, kind: str, groups: Sequence[str]) -> list[Block]:
    """Of the groups of a view, what is known and does not stand on the card already."""
    by_code = {group.code: group for group in subject.groups}
    held = layout.stands_on(kind)
    blocks: list[Block] = []
    for code in groups:
        group = by_code.get(code)
        known = [v for v in group.fields if v.is_known and v.name not in held and reader.may(v.name)] if group else []
        blocks += _grid(group.label, reader, known) if group else []
    return blocks


def _potential(reader: Reader, subject: Subject) -> list[Block]:
    step = lists.first_next_step(reader, subject)
    lines = [Line(_("Next step on"), day(step))]
    if reader.may("owner"):
        surveyors = customers.entered_by(subject.record_ids, until=subject.until)
        names = secure.staff_names(surveyors)
        lines.append(Line(_("Surveyed by"), _(", ").join(names[one] for one in surveyors if one in names)))
    blocks: list[Block] = [Grid(_("Next step"), tuple(lines))]
    return [*lists.people(reader, subject), *blocks, *lists.contacts(reader, subject), *lists.evidence(reader, subject)]


def _current(reader: Reader, subject: Subject) -> list[Block]:
    made = (
        lists.contracts,
        lists.orders,
        lists.installed,
        lists.cases,
        lists.people,
        lists.plan,
        lists.contacts,
        lists.evidence,
    )
    blocks = [
        *standing.with_us(reader, subject),
        *standing.credit(reader, subject),
        *standing.satisfaction(reader, subject),
    ]
    for listing in made:
        blocks += listing(reader, subject)
    return blocks


def _former(reader: Reader, subject: Subject) -> list[Block]:
    row, currency = subject.row, installation().currency
    lines: list[Line] = []
    if reader.may("last_order_at"):
        lines.append(Line(_("Last trade"), day(row.last_order_at)))
    if reader.may("leaving_reason"):
        traces = customers.stop_traces(reader.viewer, subject.record_ids)
        lines.append(Line(_("Reason for stopping"), next((t.reason_name for t in traces if t.reason), "")))
        lines.append(Line(_("Look again on"), day(next((t.review_on for t in traces if t.review_on), None))))
    if reader.may("order_count") and row.order_count is not None:
        lines.append(Line(label("order_count"), str(row.order_count)))
    if reader.may("net_amount") and row.net_cents is not None:
        lines.append(Line(_("Bought in all"), lists.amount(row.net_cents, currency)))
        if lost := _lost_a_year(row):
            lines.append(Line(_("Value lost a year"), lists.amount(lost, currency)))
    blocks: list[Block] = [Grid(_("End of the trade"), tuple(lines))] if lines else []
    for listing in (lists.stop_traces, lists.win_back, lists.orders):
        blocks += listing(reader, subject)
    return blocks


def _lost_a_year(row: RegisterRow) -> int | None:
    """What the customer brought in a year while they bought; less than a year counts as one."""
    if not row.net_cents or row.first_order_at is None or row.last_order_at is None:
        return None
    years = max((row.last_order_at - row.first_order_at).days / _YEAR_DAYS, 1.0)
    return round(row.net_cents / years)


_LISTS = {"potential": _potential, "current": _current, "former": _former}
