"""What the funnel stands on: rules, runs and what they found, parts of the score, the market sheet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zhike.clean.funnel import settings
from zhike.clean.funnel import words as words
from zhike.clean.funnel.settings import FunnelNumbers
from zhike.clean.models import (
    FunnelSettings,
    MarketSegment,
    ProposedMove,
    QualificationRule,
    QualificationRun,
    ScorePart,
)
from zhike.customers import queries as customers
from zhike.customers.queries import segments
from zhike.customers.records import RegisterRow
from zhike.secure.records import Viewer


@dataclass(frozen=True, slots=True)
class ScoreFacts:
    """A part of the score as a measure needs it: points for members of a segment, or for contacts of a kind."""

    id: int
    public_id: str
    part: str
    points: int
    segment: str
    way: str
    outcome: str
    step: str


@dataclass(frozen=True, slots=True)
class Found:
    """One customer a run found, with the rule that spoke."""

    row: RegisterRow
    rule: QualificationRule
    from_stage: str
    to_stage: str
    state: str


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A page of a run's finds, by customer id."""

    entries: tuple[Found, ...]
    next_key: str
    previous_key: str = ""


def numbers() -> FunnelNumbers:
    """The numbers of the funnel as they stand."""
    row = FunnelSettings.objects.filter(id=1).first()
    return settings.read(row.values if row else {})


def rules() -> list[QualificationRule]:
    """The rules in use, in their order."""
    return list(QualificationRule.objects.filter(archived_at=None).order_by("rank", "id"))


def rule(public_id: str) -> QualificationRule | None:
    """A rule in use."""
    return QualificationRule.objects.filter(public_id=public_id, archived_at=None).first()


def rule_names(ids: Sequence[int]) -> dict[int, str]:
    """{rule: name}, those out of use too: moves name them."""
    return dict(QualificationRule.objects.filter(id__in=ids).values_list("id", "name"))


def run(public_id: str) -> QualificationRun | None:
    """A run of the rules."""
    return QualificationRun.objects.filter(public_id=public_id).first()


def runs(limit: int = 20) -> list[QualificationRun]:
    """The newest runs."""
    return list(QualificationRun.objects.order_by("-id")[:limit])


def finds(viewer: Viewer, run_id: int, *, after: str = "", limit: int = 50) -> FoundPage:
    """Whom a run found, those in the viewer's scope, by customer id."""
    found = ProposedMove.objects.filter(run_id=run_id).order_by("customer_id")
    if after.isdecimal() and len(after) < 19:
        found = found.filter(customer_id__gt=int(after))
    moves = list(found[: limit + 1])
    more, moves = len(moves) > limit, moves[:limit]
    lines = customers.lines(viewer, [m.customer_id for m in moves])
    spoken = {r.id: r for r in QualificationRule.objects.filter(id__in={m.rule_id for m in moves})}
    entries = tuple(
        Found(lines[m.customer_id], spoken[m.rule_id], m.from_stage, m.to_stage, m.state)
        for m in moves
        if m.customer_id in lines and m.rule_id in spoken
    )
    return FoundPage(entries, str(moves[-1].customer_id) if more else "")


def score_parts() -> list[ScoreFacts]:
    """The parts of the score in use: traits first, greatest points first."""
    rows = ScorePart.objects.filter(archived_at=None).order_by("-part", "-points", "id")
    return [ScoreFacts(**{name: getattr(row, name) for name in ScoreFacts.__slots__}) for row in rows]


def market_segments() -> list[MarketSegment]:
    """The lines of the market sheet, greatest demand first; unknown demand last."""
    rows = MarketSegment.objects.filter(archived_at=None)
    return sorted(rows, key=lambda m: (m.demand is None, -(m.demand or 0), m.name))


def market_segment(public_id: str) -> MarketSegment | None:
    """A line of the market sheet."""
    return MarketSegment.objects.filter(public_id=public_id, archived_at=None).first()


def segments_in_use() -> set[str]:
    """The public ids of the segments that rules, traits or lines of the market sheet in use stand on."""
    models = (QualificationRule, ScorePart, MarketSegment)
    return {
        segment
        for model in models
        for segment in model.objects.filter(archived_at=None).exclude(segment="").values_list("segment", flat=True)
    }


def segment_names(viewer: Viewer) -> dict[str, str]:
    """{public id: name} of the segments a viewer may choose for a rule, a trait or a line of the market sheet."""
    return {s.public_id: s.name for s in segments.segments(viewer)}


def qualified(points: Mapping[int, tuple[int, int]]) -> frozenset[int]:
    """Of {customer: (fit, behavior)}, those who reach both thresholds: fitting, and showing it."""
    own = numbers() if points else FunnelNumbers()
    return frozenset(
        customer
        for customer, (fit, behavior) in points.items()
        if fit >= own.qualified_fit and behavior >= own.qualified_behavior
    )
