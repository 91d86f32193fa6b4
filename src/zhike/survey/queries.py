"""Questions the survey module answers; nothing here writes."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, Max

from zhike.survey import classes as words
from zhike.survey.models import AnswerRun, Question, Questionnaire, Response
from zhike.survey.records import AnswerRunFacts, AnswerTable, LastAnswer, QuestionFacts, QuestionnaireFacts

__all__ = [
    "answer_run",
    "answer_runs",
    "answers",
    "last_answer",
    "newest_answered",
    "questionnaire",
    "questionnaires",
    "questions",
    "response_count",
    "run_facts",
    "words",
]

_MOST = 200


def questionnaires(*, most: int = _MOST) -> list[QuestionnaireFacts]:
    """Questionnaires, newest first."""
    return _facts(Questionnaire.objects.order_by("-id")[:most])


def questionnaire(public_id: str) -> QuestionnaireFacts | None:
    """One questionnaire by its public id."""
    return next(iter(_facts(Questionnaire.objects.filter(public_id=public_id))), None)


def newest_answered() -> QuestionnaireFacts | None:
    """The questionnaire of the newest answer that counts."""
    found = Response.objects.filter(run_id__in=_counting()).order_by("-answered_at", "-id")
    newest = found.values_list("questionnaire_id", flat=True).first()
    return next(iter(_facts(Questionnaire.objects.filter(id=newest))), None) if newest else None


def questions(questionnaire_id: int) -> list[QuestionFacts]:
    """The questions of a questionnaire in their order."""
    return [_question(one) for one in Question.objects.filter(questionnaire_id=questionnaire_id).order_by("place")]


def answer_runs(questionnaire_id: int, *, most: int = _MOST) -> list[AnswerRunFacts]:
    """Files of answers, newest first."""
    found = AnswerRun.objects.filter(questionnaire_id=questionnaire_id).order_by("-id")[:most]
    return [run_facts(one) for one in found]


def answer_run(public_id: str) -> AnswerRunFacts | None:
    """One file of answers."""
    found = AnswerRun.objects.filter(public_id=public_id).first()
    return run_facts(found) if found else None


def run_facts(one: AnswerRun) -> AnswerRunFacts:
    """A file of answers as others see it."""
    return AnswerRunFacts(
        one.id, one.public_id, one.questionnaire_id, one.file_name, one.state, one.counts, one.created_at
    )


def answers(questionnaire_id: int, *, until: dt.datetime) -> AnswerTable:
    """The answers that count up to a moment, oldest first. For analyses: whole tables, without names."""
    codes = [q.code for q in questions(questionnaire_id)]
    told = AnswerTable({code: [] for code in codes})
    found = Response.objects.filter(
        questionnaire_id=questionnaire_id, run_id__in=_counting(), answered_at__lte=until
    ).order_by("answered_at", "id")
    for record_id, at, given in found.values_list("source_record_id", "answered_at", "answers").iterator():
        told.source_record_ids.append(record_id)
        told.answered_at.append(at)
        for code in codes:
            told.columns[code].append(given.get(code))
    return told


def last_answer(source_record_ids: Sequence[int], *, until: dt.datetime | None = None) -> LastAnswer | None:
    """What one customer answered last: how satisfied, whether they would recommend. The caller asks who may see it."""
    given = Response.objects.filter(source_record_id__in=list(source_record_ids), run_id__in=_counting())
    if until is not None:
        given = given.filter(answered_at__lte=until)
    newest = given.order_by("-answered_at", "-id").first()
    if newest is None:
        return None
    asked = questions(newest.questionnaire_id)
    items = [q for q in asked if q.role == "item"]
    overall = [q for q in items if q.latent == "satisfaction"] or items
    felt = [index for q in overall if (index := _index(q, newest.answers.get(q.code))) is not None]
    only = overall[0] if len(overall) == 1 else None
    recommend = next((newest.answers.get(q.code) for q in asked if q.role == "recommend"), None)
    title = Questionnaire.objects.filter(id=newest.questionnaire_id).values_list("title", flat=True).first()
    return LastAnswer(
        title or "",
        newest.answered_at,
        sum(felt) / len(felt) if felt else None,
        _label(only, newest.answers.get(only.code)) if only else "",
        recommend,
    )


def _index(question: QuestionFacts, value: float | None) -> float | None:
    low, high = question.scale_values[0], question.scale_values[-1]
    return None if value is None else (value - low) / (high - low) * 100


def _label(question: QuestionFacts, value: float | None) -> str:
    known = dict(zip(question.scale_values, question.scale_labels, strict=False))
    return known.get(value, "") if value is not None else ""


def response_count() -> int:
    """How many responses count, of all questionnaires."""
    return Response.objects.filter(run_id__in=_counting()).count()


def _counting() -> Any:
    return AnswerRun.objects.filter(state=AnswerRun.RECORDED).values("id")


def _facts(found: Iterable[Questionnaire]) -> list[QuestionnaireFacts]:
    rows = list(found)
    ids = [one.id for one in rows]
    asked = dict(
        Question.objects.filter(questionnaire_id__in=ids).values_list("questionnaire_id").annotate(n=Count("id"))
    )
    answered = {
        key: (count, newest)
        for key, count, newest in Response.objects.filter(questionnaire_id__in=ids, run_id__in=_counting())
        .values_list("questionnaire_id")
        .annotate(n=Count("id"), newest=Max("answered_at"))
    }
    return [
        QuestionnaireFacts(
            id=one.id,
            public_id=one.public_id,
            title=one.title,
            method=one.method,
            model=one.model,
            weighting=one.weighting,
            judgements=tuple(tuple(row) for row in one.judgements),
            content=one.content,
            audience=one.audience,
            population_count=one.population_count,
            means=one.means,
            pilot_state=one.pilot_state,
            pilot_note=one.pilot_note,
            created_at=one.created_at,
            question_count=asked.get(one.id, 0),
            response_count=answered.get(one.id, (0, None))[0],
            last_answer_at=answered.get(one.id, (0, None))[1],
        )
        for one in rows
    ]


def _question(one: Question) -> QuestionFacts:
    return QuestionFacts(
        code=one.code, text=one.text, role=one.role, about=one.about, latent=one.latent, need_class=one.need_class,
        object_class=one.object_class, content_class=one.content_class, factor=one.factor, scale=one.scale,
        scale_values=tuple(one.scale_values), scale_labels=tuple(one.scale_labels), heading=one.heading, weight=one.weight,
    )  # fmt: skip
