"""Verifying values: somebody asked the customer, looked at a paper or sent a code, and a value is right or wrong."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from zhike.customers import cards, house, normalizing
from zhike.customers.actions.editing import EditRefused, edit_fields
from zhike.customers.actions.finish import retoken
from zhike.customers.actions.withdrawal import derive_cards
from zhike.customers.events import ValueVerified
from zhike.customers.models import CustomerCard, SourceRecord, SourceVersion, Verification, VerifiedStatement
from zhike.customers.scope import root_within
from zhike.customers.verifying import WAYS, ValueState, mark_of, value_states
from zhike.kit import bulk, clock, ids
from zhike.kit.events import publish
from zhike.secure import actions as secure
from zhike.secure import cutting
from zhike.secure import queries as policy
from zhike.secure.permissions import Forbidden, check
from zhike.secure.records import Viewer

MOST_NOTE = 1000  # characters


class VerifyRefused(ValueError):
    """A result cannot be kept; `code`: changed (somebody was faster), nothing, way, note_too_long, same_as_wrong, unknown."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def verify_value(
    customer_id: int,
    field: str,
    found: Mapping[int, bool],
    *,
    by: Viewer,
    way: str,
    note: str = "",
    new_text: str = "",
    seen: str = "",
    task_id: int | None = None,
) -> list[int]:
    """Keep what asking gave: by version id, whether the value that version states is right; and the right value, if told.

    The finding holds for the value, whoever states it now or later; a new value carries none over. A value told anew is
    entered on the house record and counts as found right. `seen` is the mark of the values as the page showed them
    (`mark_of`): when they changed meanwhile nothing is kept. Raises VerifyRefused, EditRefused, Forbidden, CustomerUnknown.
    """
    check(by, "customers.verify")
    if policy.sight(by, field) == "hidden" or not normalizing.is_stated(field):
        raise Forbidden(f"verify.{field}")
    _refuse_bad(found, new_text, way, note)
    root_id = root_within(by, customer_id)
    with transaction.atomic():
        CustomerCard.objects.select_for_update().get(pk=root_id)
        states = value_states([v for _, v in cards.live_versions([root_id])], field)
        if seen and seen != mark_of(states):
            raise VerifyRefused("changed")
        judged = _judged(states, found)
        told = edit_fields(root_id, {field: new_text}, by=by) if new_text.strip() else None
        if told is not None:
            judged.append((_entered(root_id, field, told, judged), True))
        record_id = house.house_record_id(root_id)
        act = _Act(record_id, field, way, cutting.cut(note.strip())[0], task_id, by.staff_id, told)
        made = [_keep(act, state, is_right) for state, is_right in judged]
        detail = {"right": sum(r for _, r in judged), "wrong": sum(not r for _, r in judged), "way": way}
        secure.record_audit("value.verified", by=by, about=("customer", root_id), field=field, detail=detail)
        derive_cards({root_id})
        settled = any(is_right for _, is_right in judged)
        publish(ValueVerified(customer_id=root_id, field=field, is_settled=settled))
    retoken({record_id})
    return made


def withdraw_verification(verification_id: int, *, by: Viewer) -> None:
    """Take a finding back: noted on the wrong file, or by mistake. Raises VerifyRefused `unknown`, Forbidden, CustomerUnknown."""
    check(by, "customers.verify")
    with transaction.atomic():
        act = Verification.objects.select_for_update().filter(pk=verification_id, withdrawn_at=None).first()
        record = SourceRecord.objects.filter(pk=act.source_record_id).first() if act else None
        if act is None or record is None or policy.sight(by, act.field) == "hidden":
            raise VerifyRefused("unknown")
        root_id = root_within(by, record.customer_id)
        act.withdrawn_at, act.withdrawn_by_staff_id = clock.now(), by.staff_id
        act.save(update_fields=["withdrawn_at", "withdrawn_by_staff_id"])
        secure.record_audit("value.verification_withdrawn", by=by, about=("customer", root_id), field=act.field)
        derive_cards({root_id})
    retoken({record.id})


def forget_verifications(record_ids: Iterable[int]) -> None:
    """Delete what was verified on records that are erased or never were; repeatable, inside the caller's transaction."""
    found = [i for (i,) in bulk.fetch_in(_OF_RECORDS, sorted(set(record_ids)))]
    for start in range(0, len(found), 500):
        part = found[start : start + 500]
        VerifiedStatement.objects.filter(verification_id__in=part).delete()
        Verification.objects.filter(id__in=part).delete()


_OF_RECORDS = "SELECT id FROM customers_verification WHERE source_record_id IN {values}"


def _refuse_bad(found: Mapping[int, bool], new_text: str, way: str, note: str) -> None:
    if way not in WAYS:
        raise VerifyRefused("way")
    if not found and not new_text.strip():
        raise VerifyRefused("nothing")
    if len(note) > MOST_NOTE:
        raise VerifyRefused("note_too_long")


def _judged(states: Sequence[ValueState], found: Mapping[int, bool]) -> list[tuple[ValueState, bool]]:
    of_version = {v.id: state for state in states for v in state.versions}
    if not set(found) <= set(of_version):
        raise VerifyRefused("changed")
    judged: dict[str, tuple[ValueState, bool]] = {}
    for version_id, is_right in found.items():
        state = of_version[version_id]
        if judged.setdefault(state.key, (state, is_right))[1] != is_right:
            raise VerifyRefused("changed")
    return list(judged.values())


def _entered(root_id: int, field: str, told: int, judged: Sequence[tuple[ValueState, bool]]) -> ValueState:
    """The state of a value told anew, now that it stands on the house record."""
    after = value_states([v for _, v in cards.live_versions([root_id])], field)
    entered = next((s for s in after if any(v.id == told for v in s.versions)), None)
    if entered is None:
        raise EditRefused("text.blank")
    if any(state.key == entered.key and not is_right for state, is_right in judged):
        raise VerifyRefused("same_as_wrong")
    return entered


@dataclass(frozen=True, slots=True)
class _Act:
    record_id: int
    field: str
    way: str
    note: str
    task_id: int | None
    by_staff_id: int | None
    told: int | None  # the version entered because of the finding: it proves nobody's accuracy


def _keep(act: _Act, state: ValueState, is_right: bool) -> int:
    row = Verification.objects.create(
        id=ids.take("verification")[0],
        source_record_id=act.record_id,
        field=act.field,
        value_key=state.key,
        is_right=is_right,
        way=act.way,
        note=act.note,
        task_id=act.task_id,
        by_staff_id=act.by_staff_id,
        at=clock.now(),
    )
    own = [v for v in state.versions if v.id != act.told and act.field not in v.facts.get("_weak", ())]
    collectors = dict(SourceVersion.objects.filter(id__in=[v.id for v in own]).values_list("id", "by_staff_id"))
    columns = ["verification_id", "version_id", "source_id", "collector_staff_id"]
    rows = [(row.id, v.id, v.source_id, collectors.get(v.id)) for v in own]
    bulk.insert_many("customers_verifiedstatement", columns, rows)
    return row.id
