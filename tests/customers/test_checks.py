"""Stories of the doctor who looks whether cards still say what the rules give."""

import pytest

from tests.customers.story import Record, says
from zhike.customers.checks import cards_follow_rules
from zhike.customers.models import CustomerCard
from zhike.customers.records import SourceFacts

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def test_the_doctor_is_content_while_cards_follow_the_rules(taobao: SourceFacts, record: Record) -> None:
    record(taobao, says("a", name="王小明"), says("b", 2, name="李秀英"))
    assert cards_follow_rules().state == "ok"


def test_the_doctor_names_a_file_whose_card_was_tampered_with(taobao: SourceFacts, record: Record) -> None:
    record(taobao, says("a", name="王小明"))
    card = CustomerCard.objects.get()
    CustomerCard.objects.update(origins={**card.origins, "name": card.origins["name"] + 99})
    finding = cards_follow_rules()
    assert finding.state == "failed" and card.number in finding.text
