from zhike.survey.models.answer_run import AnswerRun, Response
from zhike.survey.models.question import Question
from zhike.survey.models.questionnaire import Questionnaire

__all__ = ["AnswerRun", "Question", "Questionnaire", "Response"]
