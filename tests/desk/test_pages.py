"""Every page of the desk opens for those who may, in both languages."""

import pytest

from tests.desk import ground
from tests.desk.ground import Person

pytestmark = pytest.mark.django_db(transaction=True)
WANG = {"name": "王小明", "phone": "13812345678", "email": "wang@example.com", "address": "浙江省杭州市西湖区文三路1号"}


@pytest.fixture
def wang() -> int:
    ground.lay_ground()
    (customer_id,) = ground.record(ground.source(), Person("a1", WANG))
    return customer_id


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_pages_open(as_owner, wang, language):
    as_owner.cookies["zhike_language"] = language
    pid = ground.public_id(wang)
    for url in (
        "/",
        "/customers/",
        "/customers/?class=important_value&city=杭州市&sort=-net&q=王",
        f"/customers/{pid}/",
        f"/customers/{pid}/timeline/",
        f"/customers/{pid}/why/phone/",
        f"/customers/{pid}/reveal/phone/",
        f"/customers/{pid}/edit/name/",
        f"/customers/{pid}/row/name/",
        "/shop/orders/",
        "/shop/orders/without-customer/",
        "/exports/",
        "/search/?q=王",
        "/search/suggest/?q=王",
        "/settings/",
    ):
        answer = as_owner.get(url)
        assert answer.status_code == 200, (url, answer.status_code, getattr(answer, "url", ""))
