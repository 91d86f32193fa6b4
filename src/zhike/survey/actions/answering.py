"""Answers out of a file: checked first, counted when somebody says so, taken back as a whole.

What was checked lies as responses of a run that does not count yet: the file itself, with telephone numbers and addresses, is
not kept.
"""

import datetime as dt
import hashlib
from typing import Any

from django.db import transaction

from zhike.collect import queries as collect
from zhike.customers import actions as customers
from zhike.customers import queries as customer_queries
from zhike.customers.records import Statement
from zhike.kit import bulk, chance, clock, ids
from zhike.kit.installation import installation
from zhike.secure import actions as secure
from zhike.secure.permissions import check
from zhike.secure.records import Viewer
from zhike.survey import queries
from zhike.survey.actions.making import SurveyRefused
from zhike.survey.models import AnswerRun, Response
from zhike.survey.reading import Read, read
from zhike.survey.records import AnswerRunFacts, QuestionnaireFacts

MOST_ROWS = 100_000
MOST_BYTES = 16 << 20
_COLUMNS = ("id", "questionnaire_id", "run_id", "row_no", "source_record_id", "answered_at", "answers")


def check_answers(public_id: str, content: bytes, file_name: str, *, by: Viewer) -> AnswerRunFacts:
    """Read a file of answers (CSV, XLSX) and say what would count; nothing counts before `record_answers`.

    A row means a customer by file number, telephone or e-mail where exactly one file answers to it; all others are anonymous.
    Raises SurveyRefused, FileProblem, Forbidden.
    """
    check(by, "collect.import")
    found = queries.questionnaire(public_id)
    if found is None:
        raise SurveyRefused("unknown")
    digest = hashlib.sha256(content).hexdigest()
    runs = AnswerRun.objects.filter(questionnaire_id=found.id)
    if runs.filter(digest=digest, state=AnswerRun.RECORDED).exists():
        raise SurveyRefused("same_file")
    headings, rows = collect.small_table(content)
    if len(rows) > MOST_ROWS or len(content) > MOST_BYTES:
        raise SurveyRefused("too_many_rows")
    told = read(headings, rows, queries.questions(found.id), installation().time_zone)
    if not told.questions:
        raise SurveyRefused("no_question_column")
    meant = _meant(told)
    return _keep(found, told, meant, file_name, digest, len(rows), by)


def record_answers(public_id: str, *, by: Viewer) -> None:
    """Let the answers of a checked file count. Raises SurveyRefused, Forbidden."""
    _decide(public_id, AnswerRun.CHECKED, AnswerRun.RECORDED, "answers.recorded", by)


def undo_answers(public_id: str, *, by: Viewer) -> None:
    """Let the answers of a file count no longer. Raises SurveyRefused, Forbidden."""
    _decide(public_id, AnswerRun.RECORDED, AnswerRun.UNDONE, "answers.undone", by)


def discard_answers(public_id: str, *, by: Viewer) -> None:
    """Forget a file that was only checked."""
    check(by, "collect.import")
    with transaction.atomic():
        run = AnswerRun.objects.select_for_update().filter(public_id=public_id, state=AnswerRun.CHECKED).first()
        if run is None:
            raise SurveyRefused("state")
        Response.objects.filter(run_id=run.id).delete()
        run.delete()


def _decide(public_id: str, before: str, after: str, act: str, by: Viewer) -> None:
    check(by, "collect.import")
    with transaction.atomic():
        run = AnswerRun.objects.select_for_update().filter(public_id=public_id, state=before).first()
        if run is None:
            raise SurveyRefused("state")
        run.state, run.decided_at = after, clock.now()
        run.save(update_fields=["state", "decided_at"])
        detail = {"responses": run.counts.get("responses", 0)}
        secure.record_audit(act, by=by, about=("answer_run", run.id), detail=detail)


def _meant(told: Read) -> list[int | None]:
    """The root each row means; None where it names nobody, or more than one file answers."""
    at = clock.now()
    by_number = customer_queries.roots_of_numbers(
        {who["number"].upper() for _, _, who, _ in told.rows if "number" in who}
    )
    found = [by_number.get(who.get("number", "").upper()) for _, _, who, _ in told.rows]
    asked: list[tuple[int, Statement]] = []
    for place, (number, _values, who, _at) in enumerate(told.rows):
        kind = next((kind for kind in ("phone", "email") if who.get(kind)), None)
        if found[place] is None and kind is not None:
            known = {name: who[name] for name in ("phone", "email") if who.get(name)}
            asked.append((place, Statement((kind, who[kind]), at, known, number)))
    roots = customer_queries.roots_meant(None, [statement for _, statement in asked])
    for (place, _statement), root in zip(asked, roots, strict=True):
        found[place] = root
    return found


def _keep(
    about: QuestionnaireFacts, told: Read, meant: list[int | None], file_name: str, digest: str, rows: int, by: Viewer
) -> AnswerRunFacts:  # fmt: skip
    now = clock.now()
    run_id = ids.take("answer_run")[0]
    taken = ids.take("response", max(1, len(told.rows)))
    counts: dict[str, Any] = {
        "rows": rows,
        "responses": len(told.rows),
        "identified": sum(root is not None for root in meant),
        "empty": told.empty,
        "unreadable": dict(told.unreadable),
        "questions": told.questions,
        "identifiers": told.identifiers,
        "unused": told.unused[:50],
        "without_day": sum(at is None for *_, at in told.rows),
    }
    with transaction.atomic():
        run = AnswerRun.objects.create(
            id=run_id, public_id=chance.public_id(), questionnaire_id=about.id, file_name=_bare(file_name), digest=digest,
            counts=counts, by_staff_id=by.staff_id, created_at=now,
        )  # fmt: skip
        records = customers.house_record_ids({root for root in meant if root is not None})
        ready = [
            (number, about.id, run_id, row_no, None if root is None else records[root], _day(at, now), values)
            for number, (row_no, values, _who, at), root in zip(taken, told.rows, meant, strict=False)
        ]
        bulk.insert_many("survey_response", _COLUMNS, ready)
        secure.record_audit("answers.checked", by=by, about=("answer_run", run_id), detail={"rows": rows})
    return queries.run_facts(run)


def _day(at: dt.datetime | None, now: dt.datetime) -> dt.datetime:
    # A file without days was answered by now at the latest; days to come are slips of the pen.
    return now if at is None or at > now else at


def _bare(file_name: str) -> str:
    bare = file_name.replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in bare if c.isprintable())[-200:] or "answers.csv"
