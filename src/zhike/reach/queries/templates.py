"""Templates as pages and senders see them."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Max

from zhike.reach import rendering
from zhike.reach.models import Template, TemplateVersion
from zhike.reach.wording import Wording, language_for, values_for, words
from zhike.secure.permissions import check
from zhike.secure.records import Viewer


@dataclass(frozen=True, slots=True)
class TemplateFacts:
    """A template in its newest version. `facts` are the variables a sender has to give."""

    public_id: str
    name: str
    purpose: str
    number: int
    texts: Mapping[str, Mapping[str, str]]
    samples: Mapping[str, str]
    facts: tuple[str, ...]
    made_at: dt.datetime
    is_archived: bool


def templates(viewer: Viewer, *, archived: bool = False) -> list[TemplateFacts]:
    """All templates by name; those put away only when asked for."""
    check(viewer, "reach.view")
    rows = Template.objects.order_by("name", "pk")
    rows = rows if archived else rows.filter(archived_at=None)
    newest = Template.objects.annotate(last=Max("versions__number")).values_list("pk", "last")
    last = dict(newest)
    versions = {v.template_id: v for v in TemplateVersion.objects.all() if v.number == last.get(v.template_id)}
    return [_facts(row, versions[row.pk]) for row in rows if row.pk in versions]


def template(viewer: Viewer, public_id: str) -> TemplateFacts | None:
    """One template, put away or not."""
    check(viewer, "reach.view")
    row = Template.objects.filter(public_id=public_id).first()
    return _facts(row, row.versions.order_by("-number")[0]) if row else None


def preview(
    texts: Mapping[str, Mapping[str, str]], language: str, samples: Mapping[str, str], purpose: str, *, name: str
) -> Wording:
    """A mail with samples in the place of facts. Raises TemplateFault `fact` for one without a sample."""
    spoken = language_for(texts, language)
    needed = rendering.facts_of(texts.values())
    given = {fact: samples.get(fact) or f"[{fact}]" for fact in needed}
    return words(texts, spoken, values_for(name, "K0000123", spoken, given), purpose=purpose, stop_url="")


def _facts(row: Template, version: TemplateVersion) -> TemplateFacts:
    return TemplateFacts(
        row.public_id, row.name, row.purpose, version.number, version.texts, version.samples,
        tuple(rendering.facts_of(version.texts.values())), version.made_at, row.archived_at is not None,
    )  # fmt: skip
