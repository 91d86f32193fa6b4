"""Rules of qualification, parts of the score, the numbers of the funnel, the market sheet: kept by who manages the funnel."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F

from zhike.clean.funnel.settings import as_json, checked
from zhike.clean.models import FunnelSettings, MarketSegment, QualificationRule, ScorePart
from zhike.customers import actions as customers
from zhike.customers import queries as told
from zhike.customers.queries import segments
from zhike.kit import chance, clock, ids
from zhike.secure import actions as secure
from zhike.secure.permissions import check
from zhike.secure.records import Viewer

MANAGE = "funnel.manage"
_LONGEST_NAME, _LONGEST_WORDS, _MOST = 60, 2000, 200
_MOVES = {(a, b) for a in customers.STAGES for b in customers.STAGES if a != b}


class FunnelRefused(ValueError):
    """It cannot be kept so; `code`: name_missing, name_long, stages, segment, reason, mode, points, act, too_many, words_long,
    demand, changed_meanwhile, unknown, not_ready."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def keep_rule(given: Mapping[str, str], *, by: Viewer, public_id: str = "") -> str:
    """Make a rule, or change one; returns its public id. `given`: name, segment, from_stage, to_stage, reason, mode.

    Raises FunnelRefused, Forbidden.
    """
    check(by, MANAGE)
    values = {
        "name": _name(given.get("name", "")),
        **{name: given.get(name, "") for name in ("segment", "from_stage", "to_stage", "reason")},
        "mode": given.get("mode", QualificationRule.PROPOSE),
    }
    if (values["from_stage"], values["to_stage"]) not in _MOVES:
        raise FunnelRefused("stages")
    if values["mode"] not in (QualificationRule.PROPOSE, QualificationRule.MOVE):
        raise FunnelRefused("mode")
    _segment(by, values["segment"])
    if values["reason"] and values["reason"] not in told.loss_reason_names():
        raise FunnelRefused("reason")
    with transaction.atomic():
        row = _rule(public_id) if public_id else _new_rule(by)
        for name, value in values.items():
            setattr(row, name, value)
        row.updated_at = clock.now()
        row.save()
        detail = {"from": row.from_stage, "to": row.to_stage, "mode": row.mode}
        secure.record_audit("funnel.rule", by=by, about=("funnel_rule", row.id), detail=detail)
    return row.public_id


def archive_rule(public_id: str, *, by: Viewer) -> None:
    """Take a rule out of use; what it moved stays moved. Raises FunnelRefused, Forbidden."""
    check(by, MANAGE)
    with transaction.atomic():
        row = _rule(public_id)
        row.archived_at = clock.now()
        row.save(update_fields=["archived_at"])
        secure.record_audit("funnel.rule", by=by, about=("funnel_rule", row.id), detail={"act": "archived"})


def add_score_part(given: Mapping[str, str], *, by: Viewer) -> None:
    """Give points for a trait (`segment`) or an act (`way`, `outcome`, `step`). Raises FunnelRefused, Forbidden."""
    check(by, MANAGE)
    part = given.get("part", "")
    text = given.get("points", "").strip().replace("−", "-")
    if not text.lstrip("-").isdecimal() or not -1000 <= int(text) <= 1000 or int(text) == 0:
        raise FunnelRefused("points")
    about = {name: given.get(name, "") for name in ("segment", "way", "outcome", "step")}
    if part == ScorePart.FIT:
        _segment(by, about["segment"])
        about = {**dict.fromkeys(about, ""), "segment": about["segment"]}
    elif part == ScorePart.BEHAVIOR and _is_act(about):
        about["segment"] = ""
    else:
        raise FunnelRefused("act")
    with transaction.atomic():
        if ScorePart.objects.filter(archived_at=None).count() >= _MOST:
            raise FunnelRefused("too_many")
        made = ScorePart.objects.create(
            id=ids.take("score_part")[0], public_id=chance.public_id(), part=part, points=int(text),
            created_at=clock.now(), **about,
        )  # fmt: skip
        secure.record_audit("funnel.score", by=by, about=("score_part", made.id), detail={"points": made.points})


def archive_score_part(public_id: str, *, by: Viewer) -> None:
    """Take points out of the score. Raises FunnelRefused, Forbidden."""
    check(by, MANAGE)
    with transaction.atomic():
        row = ScorePart.objects.filter(public_id=public_id, archived_at=None).first()
        if row is None:
            raise FunnelRefused("unknown")
        row.archived_at = clock.now()
        row.save(update_fields=["archived_at"])
        secure.record_audit("funnel.score", by=by, about=("score_part", row.id), detail={"act": "archived"})


def set_numbers(given: Mapping[str, str], *, by: Viewer) -> None:
    """Keep the numbers of the funnel. Raises SettingsRefused, Forbidden."""
    check(by, MANAGE)
    values = as_json(checked(given))
    with transaction.atomic():
        kept = {"values": values, "changed_at": clock.now(), "by_staff_id": by.staff_id}
        FunnelSettings.objects.update_or_create(id=1, defaults=kept)
        secure.record_audit("funnel.score", by=by, detail={"act": "numbers"})


def keep_market_segment(given: Mapping[str, str], *, by: Viewer, public_id: str = "", revision: int = 0) -> str:
    """Make a line of the market sheet, or change one as it was seen at `revision`. Raises FunnelRefused, Forbidden."""
    check(by, MANAGE)
    values: dict[str, Any] = {"name": _name(given.get("name", "")), "demand": _demand(given.get("demand", ""))}
    for name in ("who", "needs", "rivals", "position", "offer"):
        values[name] = given.get(name, "").strip()
        if len(values[name]) > _LONGEST_WORDS:
            raise FunnelRefused("words_long")
    values["demand_unit"] = given.get("demand_unit", "").strip()[:24]
    values["segment"] = given.get("segment", "")
    if values["segment"]:
        _segment(by, values["segment"])
    at = clock.now()
    with transaction.atomic():
        if public_id:
            line = MarketSegment.objects.filter(public_id=public_id, archived_at=None)
            if not line.exists():
                raise FunnelRefused("unknown")
            if not line.filter(revision=revision).update(**values, updated_at=at, revision=F("revision") + 1):
                raise FunnelRefused("changed_meanwhile")
        else:
            if MarketSegment.objects.filter(archived_at=None).count() >= _MOST:
                raise FunnelRefused("too_many")
            public_id = chance.public_id()
            new_id = ids.take("market_segment")[0]
            MarketSegment.objects.create(
                id=new_id, public_id=public_id, by_staff_id=by.staff_id, created_at=at, updated_at=at, **values
            )
        secure.record_audit("funnel.market", by=by)
    return public_id


def archive_market_segment(public_id: str, *, by: Viewer) -> None:
    """Take a line off the market sheet. Raises FunnelRefused, Forbidden."""
    check(by, MANAGE)
    with transaction.atomic():
        if not MarketSegment.objects.filter(public_id=public_id, archived_at=None).update(archived_at=clock.now()):
            raise FunnelRefused("unknown")
        secure.record_audit("funnel.market", by=by, detail={"act": "archived"})


def _new_rule(by: Viewer) -> QualificationRule:
    if QualificationRule.objects.filter(archived_at=None).count() >= _MOST:
        raise FunnelRefused("too_many")
    made = {"id": ids.take("funnel_rule")[0], "public_id": chance.public_id(), "created_at": clock.now()}
    rank = QualificationRule.objects.count() + 1
    return QualificationRule(**made, rank=rank, by_staff_id=by.staff_id)


def _rule(public_id: str) -> QualificationRule:
    row = QualificationRule.objects.select_for_update().filter(public_id=public_id, archived_at=None).first()
    if row is None:
        raise FunnelRefused("unknown")
    return row


def _name(text: str) -> str:
    calm = " ".join(text.split())
    if not calm:
        raise FunnelRefused("name_missing")
    if len(calm) > _LONGEST_NAME:
        raise FunnelRefused("name_long")
    return calm


def _segment(by: Viewer, public_id: str) -> None:
    """A rule others depend on stands on a segment everybody may know of, or at least its maker."""
    if not public_id or segments.segment(by, public_id) is None:
        raise FunnelRefused("segment")


def _is_act(about: Mapping[str, str]) -> bool:
    return (
        about["way"] in ("", *customers.WAYS)
        and about["outcome"] in ("", *customers.OUTCOMES)
        and about["step"] in ("", *customers.PRESALE_STEPS)
        and any(about[name] for name in ("way", "outcome", "step"))
    )


def _demand(text: str) -> int | None:
    calm = text.strip().replace(",", "").replace("，", "")
    if not calm:
        return None
    if not calm.isdecimal() or len(calm) > 15:
        raise FunnelRefused("demand")
    return int(calm)
