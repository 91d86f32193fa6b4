"""What crosses the door of the survey module."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class QuestionFacts:
    """One question as others see it; see `models/question.py` for what its codes mean."""

    code: str
    text: str
    role: str = "item"
    about: str = ""
    latent: str = ""
    need_class: str = ""
    object_class: str = ""
    content_class: str = ""
    factor: str = ""
    scale: str = "ten"
    scale_values: tuple[float, ...] = ()
    scale_labels: tuple[str, ...] = ()
    heading: str = ""
    weight: float | None = None


@dataclass(frozen=True, slots=True)
class QuestionnaireFacts:
    """A questionnaire with what was decided in its steps, and how many answered."""

    id: int
    public_id: str
    title: str
    method: str
    model: str
    weighting: str
    judgements: tuple[tuple[float, ...], ...]
    content: str
    audience: str
    population_count: int | None
    means: str
    pilot_state: str
    pilot_note: str
    created_at: dt.datetime
    question_count: int
    response_count: int
    last_answer_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class AnswerRunFacts:
    """A file of answers and what became of it."""

    id: int
    public_id: str
    questionnaire_id: int
    file_name: str
    state: str
    counts: Mapping[str, Any]
    created_at: dt.datetime


@dataclass(frozen=True, slots=True)
class LastAnswer:
    """The newest answer of one customer: `satisfaction` from 0 to 100 (the questions about it as a whole, else all), in words
    where one question asked, `recommend` from 0 to 10."""

    questionnaire: str
    answered_at: dt.datetime
    satisfaction: float | None
    level: str
    recommend: float | None


@dataclass(slots=True)
class AnswerTable:
    """Answers that count, oldest first: a column for each question, beside them whom and when."""

    columns: dict[str, list[float | None]] = field(default_factory=dict)
    source_record_ids: list[int | None] = field(default_factory=list)
    answered_at: list[dt.datetime] = field(default_factory=list)
