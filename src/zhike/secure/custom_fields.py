"""Fields a merchant defines: made, changed, put away; each change a version, audited, and in force at once everywhere.

What decides how values lie (code, kind, form, whom it is about) is fixed once a field exists; its names, group, choices,
class and mask may change. A field is never deleted: put away, it leaves pages and imports, and what was said in it stays.
"""

import dataclasses
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.functional import lazy
from django.utils.translation import get_language

from zhike.kit import clock
from zhike.secure import auditing, fields
from zhike.secure.fields.field import stated
from zhike.secure.models import CustomField, CustomFieldVersion, PolicyState
from zhike.secure.permissions import check
from zhike.secure.records import Viewer
from zhike.secure.staffing import announce_policy

MOST_FIELDS = 200
ABOUTS = ("person", "organisation", "person+organisation")
KINDS = ("text", "long", "list", "number", "date", "choice", "many", "yes_no")
MASKS = ("hidden", "handle", "name", "phone", "email", "id_number", "bank_card", "plate")
_CODE = re.compile(r"[a-z][a-z0-9_]{1,38}")
_CHOICE_CODE = re.compile(r"[a-z0-9][a-z0-9_]{0,38}")


class FieldRefused(ValueError):
    """A field cannot be defined so; `code` says why: name, code, code_taken, choices, class, form, too_many, fixed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """How a field shall read. `choices`: (code, Chinese, English) each."""

    name_zh: str
    name_en: str
    group: str = "custom"
    kind: str = "text"
    about: str = "person+organisation"
    cls: str = "internal"
    form: str = "open"
    mask: str = "hidden"
    choices: tuple[tuple[str, str, str], ...] = ()
    weight: int = 1


def define(code: str, wanted: Definition, *, by: Viewer) -> str:
    """Make a field; returns its name in the catalogue, `custom.<code>`. Raises FieldRefused, Forbidden."""
    check(by, "fields.define")
    _refuse_bad(wanted)
    if not _CODE.fullmatch(code):
        raise FieldRefused("code")
    with transaction.atomic():
        if CustomField.objects.filter(code=code).exists():
            raise FieldRefused("code_taken")
        if CustomField.objects.count() >= MOST_FIELDS:
            raise FieldRefused("too_many")
        at = clock.now()
        row = CustomField.objects.create(
            code=code, created_at=at, updated_at=at, by_staff_id=by.staff_id, **_columns(wanted)
        )
        _keep_version(row, by)
        auditing.write("field.defined", by=by, field=f"{fields.CUSTOM_PREFIX}{code}", detail={"version": 1})
        announce_policy()
    return f"{fields.CUSTOM_PREFIX}{code}"


def change(code: str, wanted: Definition, *, by: Viewer) -> None:
    """Change names, group, choices, class, mask and weight. Choices in use stay. Raises FieldRefused, Forbidden."""
    check(by, "fields.define")
    _refuse_bad(wanted)
    with transaction.atomic():
        row = _row(code)
        if (wanted.kind, wanted.form, wanted.about) != (row.kind, row.form, row.about):
            raise FieldRefused("fixed")
        if {c[0] for c in row.choices} - {c[0] for c in wanted.choices}:
            raise FieldRefused("choices_stay")
        columns = _columns(wanted)
        if all(getattr(row, name) == value for name, value in columns.items()):
            return
        CustomField.objects.filter(pk=row.pk).update(version=row.version + 1, updated_at=clock.now(), **columns)
        _keep_version(_row(code), by)
        name = f"{fields.CUSTOM_PREFIX}{code}"
        auditing.write("field.changed", by=by, field=name, detail={"version": row.version + 1})
        announce_policy()


def put_away(code: str, *, by: Viewer) -> None:
    """Take a field out of pages, imports and filters; what was said in it stays."""
    _set_archived(code, True, by=by)


def take_back(code: str, *, by: Viewer) -> None:
    """Take a field that was put away into use again."""
    _set_archived(code, False, by=by)


def definitions(*, archived: bool = True) -> list[CustomField]:
    """The defined fields in their order."""
    found = CustomField.objects.order_by("archived_at", "group", "id")
    return list(found if archived else found.filter(archived_at=None))


def definition(code: str) -> CustomField | None:
    """One defined field with its versions."""
    return CustomField.objects.prefetch_related("versions").filter(code=code).first()


def read() -> tuple[int, list[fields.Field]]:
    """The stamp of the policy and the defined fields as rows of the catalogue."""
    stamp = PolicyState.objects.filter(pk=1).values_list("version", flat=True).first() or 0
    return stamp, [_field(row) for row in CustomField.objects.order_by("id")]


def _field(row: CustomField) -> fields.Field:
    return stated(
        f"{fields.CUSTOM_PREFIX}{row.code}",
        _in_language(row.name_zh, row.name_en),
        row.group,
        row.cls,  # type: ignore[arg-type]
        about=row.about,
        kind=row.kind,  # type: ignore[arg-type]
        choices=tuple((code, _in_language(zh, en)) for code, zh, en in row.choices),
        form=row.form,  # type: ignore[arg-type]
        mask=row.mask,
        weight=row.weight,
        is_archived=row.archived_at is not None,
    )


def _in_language(zh: str, en: str) -> Any:
    return lazy(lambda: zh if (get_language() or "zh").startswith("zh") else en, str)()


def _columns(wanted: Definition) -> dict[str, Any]:
    columns = dataclasses.asdict(wanted)
    return columns | {
        "name_zh": wanted.name_zh.strip(),
        "name_en": wanted.name_en.strip(),
        "choices": _rows(wanted.choices),
    }


def _rows(choices: Sequence[Sequence[str]]) -> list[list[str]]:
    return [[part.strip() for part in choice] for choice in choices]


def _refuse_bad(wanted: Definition) -> None:
    names = (wanted.name_zh.strip(), wanted.name_en.strip())
    if not all(names) or max(map(len, names)) > 60:
        raise FieldRefused("name")
    if wanted.kind not in KINDS or wanted.about not in ABOUTS or wanted.group not in fields.GROUPS:
        raise FieldRefused("value")
    if wanted.mask not in MASKS or not 0 <= wanted.weight <= 5:
        raise FieldRefused("value")
    if wanted.cls not in ("public", "internal", "personal", "sensitive"):
        raise FieldRefused("class")
    if wanted.form not in ("open", "sealed") or (wanted.cls == "sensitive" and wanted.form == "open"):
        raise FieldRefused("form")
    _refuse_bad_choices(wanted)


def _refuse_bad_choices(wanted: Definition) -> None:
    codes = [code.strip() for code, _, _ in wanted.choices]
    needed = wanted.kind in ("choice", "many")
    if needed != bool(codes) or len(codes) != len(set(codes)) or len(codes) > 60:
        raise FieldRefused("choices")
    if not all(_CHOICE_CODE.fullmatch(code) for code in codes):
        raise FieldRefused("choices")
    if any(not word.strip() or len(word) > 60 for _, *words in wanted.choices for word in words):
        raise FieldRefused("choices")


def _keep_version(row: CustomField, by: Viewer) -> None:
    names = [f.name for f in dataclasses.fields(Definition)]
    CustomFieldVersion.objects.create(
        field=row,
        version=row.version,
        definition={name: getattr(row, name) for name in names},
        at=row.updated_at,
        by_staff_id=by.staff_id,
    )


def _set_archived(code: str, away: bool, *, by: Viewer) -> None:
    check(by, "fields.define")
    with transaction.atomic():
        row = _row(code)
        if (row.archived_at is not None) == away:
            return
        CustomField.objects.filter(pk=row.pk).update(archived_at=clock.now() if away else None, updated_at=clock.now())
        name = f"{fields.CUSTOM_PREFIX}{code}"
        auditing.write("field.archived" if away else "field.restored", by=by, field=name)
        announce_policy()


def _row(code: str) -> CustomField:
    row = CustomField.objects.select_for_update().filter(code=code).first()
    if row is None:
        raise FieldRefused("unknown")
    return row
