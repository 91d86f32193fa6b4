"""Questionnaires and answers out of files: checked, counted, undone; whom a row means; what a person answered without them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone, translation

from tests.cast import hire, signed_in
from zhike.customers import actions as customers
from zhike.customers.models import Customer
from zhike.kit import home as home_folder
from zhike.kit.installation import set_up
from zhike.secure import vault
from zhike.secure.permissions import Forbidden
from zhike.secure.records import LOCAL_OPERATOR as BY
from zhike.secure.records import Viewer
from zhike.survey import actions, queries
from zhike.survey.actions import Steps, SurveyRefused
from zhike.survey.models import Response
from zhike.survey.reading import read
from zhike.survey.ready_made import questions

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def _own_home(tmp_path, monkeypatch):
    monkeypatch.setattr(home_folder, "home", lambda: tmp_path)
    monkeypatch.setenv("ZHIKE_HOME", str(tmp_path))
    vault.setup()
    set_up(name="Shop", time_zone="Asia/Shanghai", currency="CNY")


def questionnaire(method="simple"):
    with translation.override("zh-hans"):
        made = actions.add_questionnaire("满意度", method, by=BY)
    return made, queries.questionnaire(made)


def csv_of(*rows):
    return "\n".join(",".join(row) for row in rows).encode("utf-8")


def test_a_file_is_checked_first_counts_when_somebody_says_so_and_is_taken_back():
    made, found = questionnaire()
    known = customers.add_customer("person", {"name": "王小明", "phone": "13812340017"}, by=BY)
    number = Customer.objects.get(id=known).number
    content = csv_of(
        ["手机号", "客户编号", "提交时间", "1、总体满意度", "recommend", "备注"],
        ["13812340017", "", "2026-06-01 10:00", "8", "9", "x"],
        ["", number.lower(), "2026-06-02 10:00", "9", "10", ""],
        ["", "", "", "11", "7", ""],
        ["", "", "", "", "", "只有备注"],
    )
    run = actions.check_answers(made, content, "答卷.csv", by=BY)
    assert run.counts["responses"] == 3
    assert run.counts["identified"] == 2
    assert run.counts["unreadable"] == {"satisfaction_1": 1}
    assert (run.counts["empty"], run.counts["unused"], run.counts["without_day"]) == (1, ["备注"], 1)
    now = timezone.now()
    assert queries.answers(found.id, until=now).answered_at == []
    actions.record_answers(run.public_id, by=BY)
    told = queries.answers(found.id, until=timezone.now())
    assert sorted(v for v in told.columns["satisfaction_1"] if v is not None) == [8, 9]
    assert queries.questionnaire(made).response_count == 3
    with pytest.raises(SurveyRefused, match="same_file"):
        actions.check_answers(made, content, "答卷.csv", by=BY)
    actions.undo_answers(run.public_id, by=BY)
    assert queries.answers(found.id, until=timezone.now()).answered_at == []
    with pytest.raises(SurveyRefused, match="state"):
        actions.record_answers(run.public_id, by=BY)


def test_who_is_erased_stays_in_the_counts_and_is_nobody():
    made, found = questionnaire()
    known = customers.add_customer("person", {"name": "李雷", "phone": "13912340039"}, by=BY)
    run = actions.check_answers(made, csv_of(["手机", "recommend"], ["13912340039", "3"]), "a.csv", by=BY)
    actions.record_answers(run.public_id, by=BY)
    assert Response.objects.get().source_record_id is not None
    actions.forget_who_answered(known)
    assert Response.objects.get().source_record_id is None
    assert queries.answers(found.id, until=timezone.now()).columns["recommend"] == [3]


def test_a_file_without_any_question_is_refused_and_a_checked_one_can_be_discarded():
    made, _found = questionnaire()
    with pytest.raises(SurveyRefused, match="no_question_column"):
        actions.check_answers(made, csv_of(["颜色"], ["红"]), "a.csv", by=BY)
    run = actions.check_answers(made, csv_of(["recommend"], ["3"]), "a.csv", by=BY)
    actions.discard_answers(run.public_id, by=BY)
    assert Response.objects.count() == 0
    with pytest.raises(Forbidden):
        actions.check_answers(made, b"", "a.csv", by=Viewer(1, "nobody"))


def test_steps_refuse_contradicting_judgements_and_a_pilot_waived_without_a_reason():
    made, _found = questionnaire()
    with pytest.raises(SurveyRefused, match="inconsistent"):
        actions.describe_steps(
            made, Steps(weighting="judged", judgements=((1, 9, 1 / 9), (1 / 9, 1, 9), (9, 1 / 9, 1))), by=BY
        )
    with pytest.raises(SurveyRefused, match="pilot"):
        actions.describe_steps(made, Steps(pilot_state="waived"), by=BY)
    actions.describe_steps(made, Steps(weighting="judged", judgements=((1, 2), (0.5, 1)), pilot_state="closed"), by=BY)
    assert queries.questionnaire(made).judgements == ((1, 2), (0.5, 1))


def test_the_words_of_a_question_stand_once_answers_count():
    made, found = questionnaire()
    actions.change_question(made, "recommend", text="您会推荐本店吗", heading="推荐", by=BY)
    run = actions.check_answers(made, csv_of(["推荐"], ["10"]), "a.csv", by=BY)
    actions.record_answers(run.public_id, by=BY)
    with pytest.raises(SurveyRefused, match="answered"):
        actions.change_question(made, "recommend", text="换一个说法", by=BY)
    actions.change_question(made, "recommend", text="您会推荐本店吗", weight=2, by=BY)
    assert next(q for q in queries.questions(found.id) if q.code == "recommend").weight == 2


def test_headings_of_survey_services_and_words_of_scales_are_understood():
    asked = questions("simple", chinese=True)
    told = read(
        ["Q1. 总体满意度", "第2题：与期望相比的满意度"], [(2, ["10分", "7"]), (3, ["零", "0"])], asked, "Asia/Shanghai"
    )
    assert list(told.questions) == ["satisfaction_1", "satisfaction_2"]
    assert told.rows[0][1] == {"satisfaction_1": 10, "satisfaction_2": 7}
    assert (told.empty, sum(told.unreadable.values())) == (1, 2)


def test_an_operator_makes_a_questionnaire_on_the_page_and_brings_answers_in():
    client = signed_in(hire("operator"))
    assert client.get(reverse("survey:questionnaires")).status_code == 200
    answer = client.post(reverse("survey:new"), {"title": "春季", "method": "double"})
    page = client.get(answer.url)
    assert page.status_code == 200
    public_id = queries.questionnaires()[0].public_id
    steps = {
        "content": "我们想知道先改什么",
        "weighting": "equal",
        "pilot_state": "waived",
        "pilot_note": "去年试过",
        "model": "",
    }
    assert client.post(answer.url, steps).status_code == 302
    assert client.post(answer.url, {**steps, "weighting": "judged", "judgements": "1 2 3"}).status_code == 422
    empty = client.get(reverse("survey:template", args=[public_id]))
    heads = empty.content.decode("utf-8-sig").splitlines()[0]
    file = SimpleUploadedFile(
        "a.csv",
        (heads + "\n" + "," * heads.count(",") + "\nK0000001,," + ",".join(["5"] * (heads.count(",") - 1))).encode(),
    )
    client.post(reverse("survey:bring_in", args=[public_id]), {"answers": file})
    run = queries.answer_runs(queries.questionnaire(public_id).id)[0]
    assert (run.state, run.counts["responses"]) == ("checked", 1)
    client.post(reverse("survey:decide", args=[run.public_id, "record"]))
    assert queries.questionnaire(public_id).response_count == 1
    analyst = signed_in(hire("analyst"))
    assert analyst.get(answer.url).status_code == 200
    assert analyst.post(reverse("survey:new"), {"title": "x", "method": "simple"}).status_code == 403
