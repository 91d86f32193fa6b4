"""Models of likeness, version by version: which to use, when to learn anew, and what searches came to."""

import datetime as dt
from collections.abc import Sequence

from zhike.clean.models import MatchModel, MatchRun
from zhike.clean.queries.duplicates import reviewed_by_weight
from zhike.kit import clock
from zhike_analytics.linkage.learning import Fit, for_size
from zhike_analytics.linkage.parameters import FALLBACK, Parameters

_OLDEST = dt.timedelta(days=30)
_GROWN = 1.2  # learned anew when the base has grown by a fifth


def to_use(records: int) -> tuple[Parameters | None, int | None]:
    """The model a search over the whole base uses; None where it should learn one first."""
    newest = MatchModel.objects.order_by("-id").first()
    if newest is None or newest.is_fallback:
        return None, None
    if clock.now() - newest.trained_at > _OLDEST or records > newest.records_count * _GROWN:
        return None, None
    return Parameters.from_json(newest.parameters), int(newest.pk)


def at_hand(records: int) -> tuple[Parameters, int | None]:
    """The newest model, whatever its age; before the first one the documented fallback."""
    newest = MatchModel.objects.order_by("-id").first()
    if newest is None:
        return for_size(FALLBACK, records), None
    return Parameters.from_json(newest.parameters), int(newest.pk)


def keep(fit: Fit, parameters: Parameters) -> int:
    """Keep what was learned as a new version, with how right the version before proved when people decided; its id."""
    made = MatchModel.objects.create(
        trained_at=clock.now(),
        is_fallback=fit.is_fallback,
        records_count=fit.records,
        parameters=parameters.to_json(),
        sessions=fit.sessions,
        reviewed=[[band.lowest, band.decided, band.same] for band in reviewed_by_weight()],
    )
    return int(made.pk)


def finish_run(run_id: int, counts: dict[str, int], capped: Sequence[tuple[str, int]], model_id: int | None) -> None:
    """A search ended well."""
    MatchRun.objects.filter(pk=run_id).update(
        state=MatchRun.DONE,
        error_code="",
        counts=counts,
        capped=[list(one) for one in capped],
        model_id=model_id,
        finished_at=clock.now(),
    )


def fail_run(run_id: int, code: str) -> None:
    """A search ended otherwise."""
    MatchRun.objects.filter(pk=run_id).update(state=MatchRun.FAILED, error_code=code, finished_at=clock.now())
