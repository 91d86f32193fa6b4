"""What customers of the demo shop answered: one questionnaire, answers of some by their file numbers and of others by nobody."""

import csv
import datetime as dt
import io
from random import Random

from django.utils import translation

from zhike.customers import queries as customers
from zhike.customers.records import RegisterFilter
from zhike.desk.demo.staff_work import some
from zhike.kit import clock
from zhike.secure.records import Viewer
from zhike.survey import actions as surveys
from zhike.survey import queries as asked_of
from zhike.survey.actions import Steps
from zhike.survey.records import QuestionFacts

_KNOWN, _ANONYMOUS = 180, 60
_TITLE = "听雨茶器 购物满意度（演示）"
# How content they are with each thing, 0 to 1: the shop packs well and ships slowly.
_MOODS = {"goods": 0.78, "site": 0.72, "service": 0.58, "value": 0.66, "expectations": 0.7, "loyalty": 0.66}


def answer_a_survey(seed: int, *, by: Viewer) -> int:
    """Ask and let them answer; how many responses count."""
    chance = Random(seed * 37)
    people = some(by, RegisterFilter(orders_min=1), _KNOWN)
    if not people:
        return 0
    with translation.override("zh-hans"):  # the shop asks in Chinese, whatever the terminal speaks
        made = surveys.add_questionnaire(_TITLE, "structural", by=by, is_demo=True)
    said = Steps(
        content="购物各环节的满意度，找出先改什么", weighting="derived", audience="近一年买过的客户",
        means="订单签收三天后发短链接", pilot_state="closed", pilot_note="试答 20 人，改了两处措辞", model="e_commerce",
    )  # fmt: skip
    surveys.describe_steps(made, said, by=by)
    found = asked_of.questionnaire(made)
    asked = asked_of.questions(found.id) if found else []
    numbers = [row.number for row in customers.lines(by, people).values()]
    run = surveys.check_answers(
        made, _file([*numbers, *[""] * _ANONYMOUS], asked, chance), "演示数据 · 答卷.csv", by=by
    )
    surveys.record_answers(run.public_id, by=by)
    return int(run.counts["responses"])


def _file(numbers: list[str], asked: list[QuestionFacts], chance: Random) -> bytes:
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["客户编号", "答题时间", *(q.code for q in asked)])
    now = clock.now()
    for number in numbers:
        lean = chance.gauss(0, 0.14)
        at = now - dt.timedelta(days=chance.randrange(1, 75), hours=chance.randrange(24))
        rows.writerow([number, at.isoformat(timespec="seconds"), *(_said(q, lean, chance) for q in asked)])
    return out.getvalue().encode("utf-8")


def _said(question: QuestionFacts, lean: float, chance: Random) -> str:
    if chance.random() < 0.02:
        return ""
    low, high = question.scale_values[0], question.scale_values[-1]
    part = _MOODS.get(question.latent, 0.68) + lean + chance.gauss(0, 0.1)
    return str(round(low + min(1.0, max(0.0, part)) * (high - low)))
