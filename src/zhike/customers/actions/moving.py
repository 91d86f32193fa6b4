"""Moving a source record by hand: what a source says belongs to somebody else, or to a file of its own; with the way back."""

from django.db import transaction

from zhike.customers.actions.adding import make_customer
from zhike.customers.events import RecordMoved
from zhike.customers.identity.holding import one_at_a_time
from zhike.customers.identity.records import Moved
from zhike.customers.identity.regrouping import regroup
from zhike.customers.models import Customer, Link, Source, SourceRecord
from zhike.customers.scope import root_within
from zhike.kit import changes, clock, ids
from zhike.kit.events import publish
from zhike.secure import actions as secure
from zhike.secure.permissions import check
from zhike.secure.records import Viewer

BY_HAND = "by_hand"


class MoveRefused(ValueError):
    """A record cannot be moved; `code` says why.

    `unknown`: no such record or move. `house`: what staff entered stays with its file. `erased`: the person is gone.
    `same`: it stands there already. `only`: a file of its own is what it has. `undone`: taken back already.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def move_record(record_id: int, to_customer_id: int | None = None, *, by: Viewer) -> Moved:
    """Move a source record, with all facts that point at it, to another customer's file or (None) to a new one.

    Facts stay on their record; one pointer moves. Raises MoveRefused, Forbidden, CustomerUnknown.
    """
    check(by, "customers.merge")
    with transaction.atomic():
        one_at_a_time()
        record = _record(record_id)
        from_root = root_within(by, record.customer_id)
        to_root = _new_file(record, from_root, by) if to_customer_id is None else root_within(by, to_customer_id)
        if to_root == from_root:
            raise MoveRefused("same")
        _refuse_erased([from_root, to_root])
        link = Link(
            id=ids.take("link")[0],
            source_record_id=record.id,
            from_customer_id=record.customer_id,
            to_customer_id=to_root,
            why=BY_HAND,
            by_staff_id=by.staff_id,
            at=clock.now(),
        )
        roots = regroup([from_root, to_root], lambda: _lay(link))
        _note("record.moved", roots, link, by)
        publish(RecordMoved(link_ids=(link.id,), record_ids=(record.id,), root_ids=tuple(roots)))
    return Moved(link.id, record.id, from_root, to_root)


def undo_move(link_id: int, *, by: Viewer) -> Moved:
    """Take a move back, the newest or an earlier one: the record stands where the moves left say. Raises as `move_record`."""
    check(by, "customers.merge")
    with transaction.atomic():
        one_at_a_time()
        link = Link.objects.select_for_update().filter(pk=link_id, why=BY_HAND).first()
        if link is None:
            raise MoveRefused("unknown")
        record = _record(link.source_record_id)
        from_root = root_within(by, record.customer_id)
        if link.undone_at is not None:
            raise MoveRefused("undone")
        to_root = root_within(by, _place_without(link))
        _refuse_erased([from_root, to_root])
        link.undone_at = clock.now()
        roots = regroup([from_root, to_root], lambda: _take_back(link))
        _note("record.moved_back", roots, link, by)
        publish(RecordMoved(link_ids=(link.id,), record_ids=(record.id,), root_ids=tuple(roots)))
    return Moved(link.id, record.id, from_root, to_root)


def _record(record_id: int) -> SourceRecord:
    record = SourceRecord.objects.select_for_update().filter(pk=record_id).first()
    if record is None:
        raise MoveRefused("unknown")
    if Source.objects.filter(pk=record.source_id, is_house=True).exists():
        raise MoveRefused("house")
    if record.erased_at is not None:
        raise MoveRefused("erased")
    return record


def _new_file(record: SourceRecord, from_root: int, by: Viewer) -> int:
    """A file of its own; refused where the record is all that its file holds, since it has one then."""
    members = Customer.objects.filter(root_id=from_root)
    if not SourceRecord.objects.filter(customer_id__in=members.values("id")).exclude(pk=record.pk).exists():
        raise MoveRefused("only")
    kind = members.values_list("kind", flat=True).get(pk=from_root)
    return make_customer(kind, "", by)


def _refuse_erased(root_ids: list[int]) -> None:
    members = Customer.objects.filter(root_id__in=root_ids).values("id")
    if SourceRecord.objects.filter(customer_id__in=members, erased_at__isnull=False).exists():
        raise MoveRefused("erased")


def _lay(link: Link) -> None:
    link.save(force_insert=True)
    _stand(link.source_record_id, link.to_customer_id)


def _take_back(link: Link) -> None:
    place = _place_without(link)
    link.save(update_fields=["undone_at"])
    _stand(link.source_record_id, place)


def _stand(record_id: int, customer_id: int) -> None:
    SourceRecord.objects.filter(pk=record_id).update(customer_id=customer_id, change_seq=changes.next_seq())


def _place_without(link: Link) -> int:
    """Where a record stands by its links but for one: where the newest of them led, or where the first found it."""
    links = Link.objects.filter(source_record_id=link.source_record_id).order_by("id")
    left = [other for other in links if other.undone_at is None and other.pk != link.pk]
    if left:
        return int(left[-1].to_customer_id)
    first = links[0]
    assert first.from_customer_id is not None  # a record that joined at arrival keeps that link
    return int(first.from_customer_id)


def _note(action: str, root_ids: list[int], link: Link, by: Viewer) -> None:
    detail = {"link": link.id, "record": link.source_record_id}
    for root_id in root_ids:
        secure.record_audit(action, by=by, about=("customer", root_id), detail=detail)
