"""Notices 告知: the words in which a purpose is told, in versions, per language. What somebody answered to never changes."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import get_language

from zhike.kit import clock
from zhike.kit.events import publish
from zhike.secure import auditing
from zhike.secure.consents.purposes import purpose as purpose_of
from zhike.secure.events import AskedAnew
from zhike.secure.models import Consent, Notice
from zhike.secure.permissions import check
from zhike.secure.records import Viewer

LANGUAGES = ("zh-hans", "en")
LONGEST_TITLE, LONGEST_BODY = 120, 8000
Texts = Mapping[str, Mapping[str, str]]


class NoticeRefused(ValueError):
    """A notice cannot be written so; `code`: purpose, title, body, language, used, unknown, same."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """A version of a notice as pages show it."""

    id: int
    purpose: str
    version: int
    texts: Texts
    digest: str
    asks_anew: bool
    made_at: object
    by_staff_id: int | None
    is_used: bool

    def language_for(self, wanted: str = "") -> str:
        """The language wanted (or that of whoever looks), else the first the notice has."""
        code = wanted or get_language() or ""
        fitting = [have for have in self.texts if have == code or have.startswith(code.split("-")[0])]
        return fitting[0] if fitting else next(iter(self.texts))

    @property
    def title(self) -> str:
        """The title in the language of whoever looks."""
        return self.texts[self.language_for()]["title"]

    @property
    def body(self) -> str:
        """The text in the language of whoever looks."""
        return self.texts[self.language_for()]["body"]


def make_notice(
    purpose: str, texts: Texts, *, asks_anew: bool = False, at: dt.datetime | None = None, by: Viewer
) -> int:
    """Write the next version; returns its id. `at`: since when it has been shown, if it is older than its entry here. Raises NoticeRefused (`same` when nothing changed), Forbidden."""
    check(by, "notices.edit")
    kept = _checked(purpose, texts)
    with transaction.atomic():
        last = Notice.objects.filter(purpose=purpose).order_by("-version").first()
        if last is not None and last.digest == digest_of(kept):
            raise NoticeRefused("same")
        version = last.version + 1 if last else 1
        made = Notice.objects.create(
            purpose=purpose, version=version, texts=kept, digest=digest_of(kept), asks_anew=asks_anew and version > 1,
            made_at=min(at or clock.now(), clock.now()), by_staff_id=by.staff_id,
        )  # fmt: skip
        auditing.write("notice.made", by=by, purpose=purpose, about=("notice", made.pk), detail={"version": version})
        if made.asks_anew:
            publish(AskedAnew(purpose=purpose))
    return int(made.pk)


def change_notice(notice_id: int, texts: Texts, *, asks_anew: bool = False, by: Viewer) -> None:
    """Change the newest version while nobody has answered to it. Raises NoticeRefused `used` afterwards."""
    check(by, "notices.edit")
    with transaction.atomic():
        row = Notice.objects.select_for_update().filter(pk=notice_id).first()
        if row is None:
            raise NoticeRefused("unknown")
        if Consent.objects.filter(notice_id=notice_id).exists() or _is_followed(row):
            raise NoticeRefused("used")
        kept = _checked(row.purpose, texts)
        changed = {"texts": kept, "digest": digest_of(kept), "asks_anew": asks_anew and row.version > 1}
        Notice.objects.filter(pk=notice_id).update(**changed)
        if changed["asks_anew"]:
            publish(AskedAnew(purpose=row.purpose))
        auditing.write("notice.changed", by=by, purpose=row.purpose, about=("notice", notice_id))


def forget_notices(digests: Iterable[str]) -> int:
    """Delete the notices of a demo shop, known by their digests, as far as nobody answered to them. In a transaction."""
    unanswered = Notice.objects.filter(digest__in=list(digests)).exclude(
        pk__in=Consent.objects.exclude(notice=None).values("notice_id")
    )
    return int(unanswered.delete()[0])


def notices(purpose: str) -> list[NoticeFacts]:
    """All versions of a purpose's notice, the newest first."""
    rows = list(Notice.objects.filter(purpose=purpose).order_by("-version"))
    used = set(
        Consent.objects.filter(notice_id__in=[r.pk for r in rows]).values_list("notice_id", flat=True).distinct()
    )
    return [_facts(row, row.pk in used) for row in rows]


def notice(notice_id: int) -> NoticeFacts | None:
    """One version, for ever readable as it was answered to."""
    row = Notice.objects.filter(pk=notice_id).first()
    return _facts(row, Consent.objects.filter(notice_id=notice_id).exists()) if row else None


def current_notice(purpose: str) -> NoticeFacts | None:
    """The newest version, or None before the first."""
    row = Notice.objects.filter(purpose=purpose).order_by("-version").first()
    return _facts(row, False) if row else None


def asked_anew_since(purposes: list[str] | None = None) -> dict[str, int]:
    """Per purpose the version from which on answers count."""
    rows = Notice.objects.filter(asks_anew=True).order_by("version").values_list("purpose", "version")
    return dict(rows if purposes is None else rows.filter(purpose__in=purposes))


def digest_of(texts: Texts) -> str:
    """SHA-256 of the texts in one canonical form."""
    return hashlib.sha256(json.dumps(texts, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _is_followed(row: Notice) -> bool:
    return Notice.objects.filter(purpose=row.purpose, version__gt=row.version).exists()


def _checked(purpose: str, texts: Texts) -> dict[str, dict[str, str]]:
    known = purpose_of(purpose)
    if known is None or known.is_archived:
        raise NoticeRefused("purpose")
    kept = {}
    for language, text in texts.items():
        title, body = text.get("title", "").strip(), text.get("body", "").strip().replace("\r\n", "\n")
        if language not in LANGUAGES:
            raise NoticeRefused("language")
        if not title and not body:
            continue
        if not title or len(title) > LONGEST_TITLE:
            raise NoticeRefused("title")
        if not body or len(body) > LONGEST_BODY:
            raise NoticeRefused("body")
        kept[language] = {"title": title, "body": body}
    if not kept:
        raise NoticeRefused("body")
    return kept


def _facts(row: Notice, is_used: bool) -> NoticeFacts:
    return NoticeFacts(
        row.pk, row.purpose, row.version, row.texts, row.digest, row.asks_anew, row.made_at, row.by_staff_id, is_used
    )
