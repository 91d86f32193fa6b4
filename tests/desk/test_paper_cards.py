"""What stands around a printed card: who printed it, the purchase class, tables that Word keeps in order; likely duplicates on the file."""

import io

import docx
import pytest
from django.test import Client

from tests.desk.test_printing import print_card, read
from zhike.clean.models import CandidatePair
from zhike.customers import actions as customers
from zhike.customers.models import Customer, CustomerCard
from zhike.kit import clock
from zhike.secure import access_notes
from zhike.secure.records import LOCAL_OPERATOR

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clean_notes() -> None:
    access_notes._held.clear()
    access_notes._last.clear()


def test_who_printed_a_card_stands_in_the_consultation_log(as_owner: Client, wang: int, address: str) -> None:
    print_card(as_owner, address)
    assert [n.what for n in access_notes._held if n.about_id == wang] == ["printed"]
    assert "打印" in as_owner.get(f"{address}access/").content.decode()


def test_the_survey_card_names_the_purchase_class(as_owner: Client, wang: int, address: str) -> None:
    customers.set_stage([wang], "potential", by=LOCAL_OPERATOR)
    CustomerCard.objects.filter(customer_id=wang).update(purchase_class="b")
    said = read(print_card(as_owner, address, "docx", kind="potential"), "docx")
    assert "购买力类别" in said and "B 类" in said


def test_the_survey_card_names_who_surveyed(as_owner: Client, wang: int, address: str) -> None:
    from tests.cast import hire
    from zhike.secure import queries as secure

    surveyor = hire("agent")
    before = as_owner.get(f"{address}card/potential/").content.decode()
    customers.edit_fields(wang, {"need": "一口轻的锅"}, by=secure.viewer_of(surveyor))
    after = as_owner.get(f"{address}card/potential/").content.decode()
    assert before.count(surveyor.display_name) + 1 == after.count(surveyor.display_name)


def test_a_word_card_keeps_rows_whole_and_repeats_the_headings_of_lists(
    as_owner: Client, wang: int, address: str
) -> None:
    customers.set_stage([wang], "current", by=LOCAL_OPERATOR)
    document = docx.Document(io.BytesIO(print_card(as_owner, address, "docx")))
    text = document.element.xml
    assert text.count("<w:cantSplit") >= sum(len(table.rows) for table in document.tables)
    assert "<w:tblHeader" in text and "<w:tblCellMar" in text
    widths = [sum(column.width.mm for column in table.columns) for table in document.tables]
    assert all(176 < width < 180 for width in widths), widths


def test_the_file_says_whose_duplicate_it_may_be_and_leads_to_the_review(
    as_owner: Client, as_operator: Client, wang: int, address: str
) -> None:
    other = customers.add_customer("person", {"name": "王小名"}, by=LOCAL_OPERATOR)
    low, high = sorted((wang, other))
    pair = CandidatePair.objects.create(
        public_id="pairofwang", low_id=low, high_id=high, weight=9.0, probability=0.97, parts=[], origin="search",
        found_at=clock.now(), updated_at=clock.now(),
    )  # fmt: skip
    page = as_owner.get(address).content.decode()
    assert "可能与王小名" in page and f"/clean/duplicates/{pair.public_id}/" in page
    there = Customer.objects.get(pk=other).public_id
    assert "可能与王小明" in as_owner.get(f"/customers/{there}/").content.decode()
    customers.merge_customers(absorbed_id=other, survivor_id=wang, why="by_hand", by=LOCAL_OPERATOR)
    assert "可能与" not in as_owner.get(address).content.decode()


@pytest.mark.parametrize("form", ["pdf", "docx", "xlsx"])
def test_a_list_with_nothing_in_it_says_so_instead_of_standing_as_headings(
    as_owner: Client, wang: int, address: str, form: str
) -> None:
    customers.set_stage([wang], "former", by=LOCAL_OPERATOR)
    said = read(print_card(as_owner, address, form, kind="former"), form)
    assert "挽回记录" in said and said.count("暂无记录。") == 2
    assert "提供内容" not in said and "查明情况" not in said
    assert as_owner.get(f"{address}card/former/").content.decode().count("暂无记录。") == 2


def test_the_card_of_a_current_customer_names_satisfaction_deputy_and_terms(
    as_owner: Client, as_analyst: Client, wang: int, address: str
) -> None:
    from tests.cast import hire
    from zhike.customers.models import FileCharge, SourceRecord
    from zhike.shop.actions import Terms, add_contract
    from zhike.survey.actions import add_questionnaire
    from zhike.survey.models import AnswerRun, Question, Questionnaire, Response

    made = Questionnaire.objects.get(public_id=add_questionnaire("茶友满意度", "simple", by=LOCAL_OPERATOR))
    asked = Question.objects.filter(questionnaire_id=made.id, role="item").order_by("place")[0]
    run = AnswerRun.objects.create(
        id=1,
        public_id="r1",
        questionnaire_id=made.id,
        file_name="a.csv",
        digest="d",
        state="recorded",
        created_at=clock.now(),
    )
    record = SourceRecord.objects.filter(customer_id=wang)[0]
    Response.objects.create(
        questionnaire_id=made.id, run_id=run.id, row_no=1, source_record_id=record.id, answered_at=clock.now(),
        answers={asked.code: asked.scale_values[-1]},
    )  # fmt: skip
    deputy = hire("agent")
    FileCharge.objects.create(customer_id=wang, deputy_staff_id=deputy.pk, changed_at=clock.now())
    terms = Terms(title="年度合同", starts_on=clock.today("Asia/Shanghai"), payment_terms="月结三十天", state="active")
    add_contract(wang, terms, by=LOCAL_OPERATOR)
    said = as_owner.get(f"{address}card/current/").content.decode()
    for word in ("满意度", "100 分（满分 100）", "茶友满意度", "副手", deputy.display_name, "月结三十天", "成交与分级"):
        assert word in said, word
    assert "茶友满意度" not in as_analyst.get(f"{address}card/current/").content.decode()
