"""Verbs of the survey module."""

from zhike.survey.actions.answering import check_answers, discard_answers, record_answers, undo_answers
from zhike.survey.actions.erasure import forget_demo, forget_who_answered
from zhike.survey.actions.making import (
    Steps,
    SurveyRefused,
    add_questionnaire,
    change_question,
    describe_steps,
)

__all__ = [
    "Steps",
    "SurveyRefused",
    "add_questionnaire",
    "change_question",
    "check_answers",
    "describe_steps",
    "discard_answers",
    "forget_demo",
    "forget_who_answered",
    "record_answers",
    "undo_answers",
]
