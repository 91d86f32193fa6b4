"""Keeping templates: each change is a version, and what was sent can be read as it was."""

from collections.abc import Mapping

from django.db import transaction

from zhike.kit import chance, clock
from zhike.reach import rendering
from zhike.reach.models import Template, TemplateVersion
from zhike.secure import actions as secure
from zhike.secure import consents
from zhike.secure.permissions import check
from zhike.secure.records import Viewer

LANGUAGES = ("zh-hans", "en")
Texts = Mapping[str, Mapping[str, str]]


class TemplateRefused(ValueError):
    """A template cannot be kept so; `code`: name, purpose, language, subject, body, syntax, facts, unknown, same."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def make_template(
    name: str, purpose: str, texts: Texts, *, samples: Mapping[str, str] | None = None, by: Viewer
) -> str:
    """Make a template with its first version; returns its public id. Raises TemplateRefused, Forbidden."""
    check(by, "reach.templates")
    named = _name(name)
    known = consents.purpose(purpose)
    if known is None or known.is_archived:
        raise TemplateRefused("purpose")
    kept = _checked(texts)
    with transaction.atomic():
        made = Template.objects.create(
            public_id=chance.public_id(), name=named, purpose=purpose, created_at=clock.now(), by_staff_id=by.staff_id
        )
        _version(made, 1, kept, samples or {}, by)
        secure.record_audit("template.made", by=by, about=("template", made.pk), purpose=purpose)
    return made.public_id


def change_template(
    public_id: str, name: str, texts: Texts, *, samples: Mapping[str, str] | None = None, by: Viewer
) -> int:
    """Write the next version (or only a new name); the number of the version in use. Raises TemplateRefused, Forbidden."""
    check(by, "reach.templates")
    named, kept = _name(name), _checked(texts)
    with transaction.atomic():
        row = _row(public_id)
        last = row.versions.order_by("-number")[0]
        number = last.number
        if last.texts != kept or last.samples != dict(samples or {}):
            number += 1
            _version(row, number, kept, samples or {}, by)
        Template.objects.filter(pk=row.pk).update(name=named)
        secure.record_audit("template.changed", by=by, about=("template", row.pk), detail={"version": number})
    return int(number)


def archive_template(public_id: str, *, back: bool = False, by: Viewer) -> None:
    """Put a template away, or take it into use again; what was sent with it stays readable."""
    check(by, "reach.templates")
    with transaction.atomic():
        row = _row(public_id)
        Template.objects.filter(pk=row.pk).update(archived_at=None if back else clock.now())
        secure.record_audit("template.changed", by=by, about=("template", row.pk), detail={"archived": not back})


def _row(public_id: str) -> Template:
    row = Template.objects.select_for_update().filter(public_id=public_id).first()
    if row is None:
        raise TemplateRefused("unknown")
    return row


def _name(name: str) -> str:
    if not 0 < len(name.strip()) <= 80:
        raise TemplateRefused("name")
    return name.strip()


def _checked(texts: Texts) -> dict[str, dict[str, str]]:
    kept: dict[str, dict[str, str]] = {}
    for language, said in texts.items():
        subject, body = said.get("subject", "").strip(), said.get("body", "").strip().replace("\r\n", "\n")
        if language not in LANGUAGES:
            raise TemplateRefused("language")
        if not subject and not body:
            continue
        try:
            rendering.check(subject, body)
        except rendering.TemplateFault as fault:
            raise TemplateRefused(fault.code) from None
        kept[language] = {"subject": subject, "body": body}
    if not kept:
        raise TemplateRefused("body")
    return kept


def _version(row: Template, number: int, texts: Texts, samples: Mapping[str, str], by: Viewer) -> None:
    short = {name: str(value)[: rendering.LONGEST_FACT] for name, value in samples.items()}
    TemplateVersion.objects.create(
        template=row, number=number, texts=texts, samples=short, made_at=clock.now(), by_staff_id=by.staff_id
    )
