"""Ask the cube: a question goes to the warm child by a job; its answer is kept for the day, for all who see the same."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from zhike.analyze import queries, snapshot, warm_child
from zhike.analyze.cubes.question import Question, check_sight
from zhike.analyze.models import CubeAnswer
from zhike.kit import clock, jobs
from zhike.kit.installation import installation
from zhike.secure import actions as secure
from zhike.secure.permissions import check
from zhike.secure.records import Viewer

KEPT_FOR = dt.timedelta(hours=26)  # a day, and those who ask at its end
Cell = Sequence[tuple[str, str]]


def stored(
    viewer: Viewer, question: Question, *, at: Cell | None = None, after: tuple[int, int] | None = None
) -> dict[str, Any]:
    """The question as the child reads it: with the viewer's scope and the day of the shop."""
    owners = viewer.scope_staff_ids()
    asked: dict[str, Any] = {
        "question": question.as_json(),
        "owners": None if owners is None else sorted(owners),
        "as_of": clock.today(installation().time_zone).isoformat(),
    }
    if at is not None:
        asked |= {"at": [list(part) for part in at], "after": list(after) if after else None}
    return asked


def key_of(question: Question, asked: dict[str, Any]) -> str:
    """The name of an answer: another scope, day, cell or nightly run is another answer."""
    newest = queries.latest_run()
    rest = {name: value for name, value in asked.items() if name != "question"}
    return question.key(rest, newest.public_id if newest else "")


def ask(
    question: Question,
    *,
    by: Viewer,
    at: Cell | None = None,
    after: tuple[int, int] | None = None,
    is_fresh: bool = False,
) -> str:
    """Ask for the cells, or the customers of the cell `at` from `after` on; returns the answer's key.

    What was answered today is not asked again, unless `is_fresh`: then what changed since is read first.
    Raises Forbidden, QuestionRefused.
    """
    check(by, "analyze.view")
    check_sight(by, question)
    if at is not None:
        check(by, "customers.view")
    asked = stored(by, question, at=at, after=after)
    key = key_of(question, asked)
    with transaction.atomic():
        CubeAnswer.objects.filter(asked_at__lt=clock.now() - KEPT_FOR).delete()
        row, is_new = CubeAnswer.objects.select_for_update().get_or_create(
            key=key, defaults={"asked": asked, "asked_at": clock.now(), "is_fresh": is_fresh}
        )
        if not is_new and row.answer is not None and (is_fresh or "error" in row.answer):
            row.answer, row.is_fresh, row.asked_at = None, is_fresh, clock.now()
            row.save()
        if row.answer is None:
            jobs.enqueue("analyze.answer_cube", unique_key=f"analyze.answer_cube:{key}", by=by, key=key)
    return key


def answer_to(
    viewer: Viewer, question: Question, *, at: Cell | None = None, after: tuple[int, int] | None = None
) -> dict[str, Any] | None:
    """The answer to what somebody asks, if it is there; None while nobody asked or it is being counted.

    Raises QuestionRefused where the viewer may not be told by what is asked.
    """
    check_sight(viewer, question)
    row = CubeAnswer.objects.filter(key=key_of(question, stored(viewer, question, at=at, after=after))).first()
    return row.answer if row else None


def answer(key: str) -> dict[str, Any]:
    """Answer a question; for the job. Returns the seconds it took, or an error code."""
    row = CubeAnswer.objects.filter(key=key).first()
    if row is None or row.answer is not None:
        return {}
    if row.is_fresh:
        snapshot.take()
    told = reckon(row.asked)
    CubeAnswer.objects.filter(key=key).update(answer=told)
    return {name: told[name] for name in ("seconds", "error") if name in told}


def reckon(asked: dict[str, Any]) -> dict[str, Any]:
    """Let the warm child answer; an empty lake is filled first."""
    told = warm_child.CHILD.ask({"cube": asked})
    if told.get("error") == "lake_empty":
        snapshot.take()
        told = warm_child.CHILD.ask({"cube": asked})
    return told


def note_download(question: Question, rows: int, *, by: Viewer) -> None:
    """Audit that the cells of a question leave the house, before they do. Raises Forbidden."""
    check(by, "customers.export")
    with transaction.atomic():
        detail = {"what": "cube", "form": "csv", "rows": rows, "by": [*question.rows, *question.columns]}
        secure.record_audit("export", by=by, detail=detail)
