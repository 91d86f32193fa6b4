"""How large a share of a collector's records is drawn: more of who is new or whose results are doubtful."""

from dataclasses import dataclass

from django.db.models import Count

from zhike.clean.models import TruthCheck, TruthRule

TRUE, DIFFERS, INVENTED, NOT_REACHED = "true", "differs", "invented", "not_reached"
OUTCOMES = (TRUE, DIFFERS, INVENTED, NOT_REACHED)
ANSWERED = (TRUE, DIFFERS, INVENTED)
USUAL, NEW, DOUBTFUL = "usual", "new", "doubtful"


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of truth checks; see the model for the units."""

    is_on: bool = True
    usual_share: float = 0.05
    doubtful_share: float = 0.2
    doubtful_below_share: float = 0.9
    new_until: int = 10
    period_days: int = 7


@dataclass(frozen=True, slots=True)
class Result:
    """What came of the checks of one collector drawn by chance: counts by outcome, and those still open."""

    counts: dict[str, int]

    def of(self, outcome: str) -> int:
        """How many came out so."""
        return self.counts.get(outcome, 0)

    @property
    def open(self) -> int:
        """How many are still to be called."""
        return self.of("")

    @property
    def answered(self) -> int:
        """Checks where somebody answered for the record: true, differs or invented."""
        return sum(self.of(outcome) for outcome in ANSWERED)

    @property
    def share_true(self) -> float | None:
        """Of the answered ones, how many were as entered."""
        return self.of(TRUE) / self.answered if self.answered else None


def rules() -> Rules:
    """The rules in force."""
    row = TruthRule.objects.filter(pk=1).first()
    return Rules(*(getattr(row, name) for name in Rules.__slots__)) if row else Rules()


def results() -> dict[int, Result]:
    """{collector: what came of the checks drawn by chance}."""
    rows = TruthCheck.objects.filter(by_chance=True).values_list("collector_staff_id", "outcome")
    told: dict[int, dict[str, int]] = {}
    for staff_id, outcome, count in rows.annotate(n=Count("id")).order_by():
        told.setdefault(staff_id, {})[outcome] = count
    return {staff_id: Result(counts) for staff_id, counts in told.items()}


def rate_of(result: Result | None, own: Rules) -> tuple[float, str]:
    """(share to draw, why): `doubtful` below the share true agreed, `new` with too few answers to tell, else `usual`."""
    share = result.share_true if result else None
    if share is not None and share < own.doubtful_below_share:
        return own.doubtful_share, DOUBTFUL
    if result is None or result.answered < own.new_until:
        return own.doubtful_share, NEW
    return own.usual_share, USUAL
