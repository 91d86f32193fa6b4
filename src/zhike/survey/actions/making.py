"""Making a questionnaire and leading it through its six steps."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import get_language

from zhike.kit import chance, clock, ids
from zhike.secure import actions as secure
from zhike.secure.permissions import check
from zhike.secure.records import Viewer
from zhike.survey import classes, ready_made
from zhike.survey.models import AnswerRun, Question, Questionnaire
from zhike.survey.records import QuestionFacts
from zhike_analytics.problem import MeasureProblem
from zhike_analytics.satisfaction.weights import judged_weights

_LONGEST = 2000


class SurveyRefused(ValueError):
    """Something cannot be so; `code`: title, method, model, weighting, judgements, inconsistent, pilot, unknown, answered, class,
    no_question_column, too_many_rows, same_file, state."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """What the steps decide: content → weights → whom → means → pilot, in words where no code says it."""

    content: str = ""
    weighting: str = "equal"
    judgements: tuple[tuple[float, ...], ...] = ()
    audience: str = ""
    population_count: int | None = None
    means: str = ""
    pilot_state: str = "open"
    pilot_note: str = ""
    model: str = ""


def add_questionnaire(title: str, method: str, *, by: Viewer, is_demo: bool = False) -> str:
    """Begin a questionnaire with the ready-made questions of a method; returns its public id. Raises SurveyRefused, Forbidden."""
    check(by, "collect.import")
    if not title.strip():
        raise SurveyRefused("title")
    if method not in classes.METHODS:
        raise SurveyRefused("method")
    asked = ready_made.questions(method, chinese=(get_language() or "").startswith("zh"))
    with transaction.atomic():
        at = clock.now()
        row = Questionnaire.objects.create(
            id=ids.take("questionnaire")[0],
            public_id=chance.public_id(),
            title=title.strip()[:120],
            method=method,
            model="e_commerce" if method == "structural" else "",
            is_demo=is_demo,
            by_staff_id=by.staff_id,
            created_at=at,
            changed_at=at,
        )
        Question.objects.bulk_create(_rows(row.id, asked))
        secure.record_audit("questionnaire.added", by=by, about=("questionnaire", row.id), detail={"method": method})
    return row.public_id


def describe_steps(public_id: str, steps: Steps, *, by: Viewer) -> None:
    """Write down what the steps decided. Judgements that contradict each other are refused; a pilot is waived with a reason."""
    check(by, "collect.import")
    if steps.weighting not in classes.WEIGHTINGS:
        raise SurveyRefused("weighting")
    if steps.model not in classes.MODELS:
        raise SurveyRefused("model")
    if steps.pilot_state not in classes.PILOTS or (steps.pilot_state == "waived" and not steps.pilot_note.strip()):
        raise SurveyRefused("pilot")
    _refuse_contradicting(steps)
    with transaction.atomic():
        row = _held(public_id)
        row.content, row.audience = steps.content[:_LONGEST], steps.audience[:_LONGEST]
        row.means, row.pilot_note = steps.means[:_LONGEST], steps.pilot_note[:_LONGEST]
        row.weighting, row.judgements = steps.weighting, [list(line) for line in steps.judgements]
        row.population_count, row.pilot_state = steps.population_count, steps.pilot_state
        row.model, row.changed_at = steps.model, clock.now()
        row.save()
        secure.record_audit(
            "questionnaire.changed", by=by, about=("questionnaire", row.id), detail={"pilot": steps.pilot_state}
        )


def change_question(
    public_id: str, code: str, *, text: str, heading: str = "", weight: float | None = None, by: Viewer
) -> None:
    """Change the words of a question, its column in files and its weight. Once answers count, the words stand."""
    check(by, "collect.import")
    with transaction.atomic():
        row = _held(public_id)
        question = Question.objects.filter(questionnaire_id=row.id, code=code).first()
        if question is None or not text.strip() or (weight is not None and not 0 <= weight <= 1000):
            raise SurveyRefused("unknown")
        answered = AnswerRun.objects.filter(questionnaire_id=row.id, state=AnswerRun.RECORDED).exists()
        if answered and text.strip() != question.text:
            raise SurveyRefused("answered")
        question.text, question.heading, question.weight = text.strip()[:400], heading.strip()[:200], weight
        question.save()
        secure.record_audit("questionnaire.changed", by=by, about=("questionnaire", row.id), detail={"question": code})


def _refuse_contradicting(steps: Steps) -> None:
    if steps.weighting != "judged":
        return
    try:
        judged_weights([list(line) for line in steps.judgements])
    except MeasureProblem as problem:
        raise SurveyRefused("inconsistent" if problem.code.endswith("inconsistent") else "judgements") from None


def _held(public_id: str) -> Questionnaire:
    found = Questionnaire.objects.select_for_update().filter(public_id=public_id).first()
    if found is None:
        raise SurveyRefused("unknown")
    return found


def _rows(questionnaire_id: int, asked: tuple[QuestionFacts, ...]) -> list[Question]:
    taken = ids.take("question", len(asked))
    return [
        Question(
            id=number, questionnaire_id=questionnaire_id, place=place, code=one.code, text=one.text, role=one.role,
            about=one.about, latent=one.latent, need_class=one.need_class, object_class=one.object_class,
            content_class=one.content_class, factor=one.factor, scale=one.scale, scale_values=list(one.scale_values),
            scale_labels=list(one.scale_labels),
        )
        for place, (number, one) in enumerate(zip(taken, asked, strict=True))
    ]  # fmt: skip
