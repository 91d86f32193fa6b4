"""Stories of saved views: kept with columns, shared by right, ordered, made first, removed and brought back."""

import pytest
from django.test import Client

from tests.cast import hire, signed_in
from zhike.customers.models import CustomerCard
from zhike.desk.models import RegisterLayout, SavedView
from zhike.secure import policy
from zhike.secure.models import FieldRule, Role, Team

pytestmark = pytest.mark.django_db


def keep(browser: Client, name: str = "杭州", query: str = "city=杭州市&sort=-net", **more: object) -> SavedView:
    browser.post("/customers/views/", {"name": name, "query": query, **more})
    return SavedView.objects.get(name=name, removed_at=None)


def tabs(browser: Client) -> list[str]:
    body = browser.get("/customers/?view=everybody").content.decode()
    part = body.partition('class="tabs"')[2].partition("</nav>")[0]
    return [piece.rpartition(">")[2] for piece in part.split("</a>")[:-1]]


def words_of(browser: Client, address: str) -> str:
    browser.cookies["zhike_language"] = "en"
    return browser.get(address).content.decode()


def test_a_view_keeps_its_columns_and_shows_them_to_its_readers(as_owner: Client, as_agent: Client, wang: int) -> None:
    view = keep(as_owner, shared_with="all", column=["stage", "file.country"])
    body = words_of(as_agent, f"/customers/?view={view.public_id}")
    assert ">Country</th>" in body and ">Orders" not in body.partition("<thead>")[2].partition("</thead>")[0]


def test_who_may_not_share_with_everybody_shares_with_nobody(as_agent: Client, wang: int) -> None:
    answer = as_agent.post("/customers/views/", {"name": "我的", "query": "", "shared_with": "all"})
    assert answer.status_code == 403 and not SavedView.objects.exists()
    assert as_agent.post("/customers/views/", {"name": "我的", "query": ""}).status_code == 302


def test_a_team_view_is_seen_in_the_team_alone(as_agent: Client, as_operator: Client, wang: int) -> None:
    team = Team.objects.create(name="一组")
    mate = hire("agent", email="mate@zhike.example", name="同组")
    for person in (hire("agent"), mate):
        person.team = team
        person.save()
    policy.touch()
    keep(as_agent, "组里", shared_with="team")
    assert "组里" in tabs(signed_in(mate))
    assert "组里" not in tabs(as_operator)


def test_a_reader_who_may_not_see_a_facet_is_told_what_is_left_out(
    as_owner: Client, as_agent: Client, wang: int
) -> None:
    view = keep(as_owner, "重要", "class=important_value&sort=-class", shared_with="all", column=["class", "stage"])
    FieldRule.objects.create(role=Role.objects.get(code="agent"), field="rfm_class", see="hidden")
    policy.touch()
    assert "重要" in tabs(as_agent)
    body = as_agent.get("/customers/").content.decode()
    address = body.partition(f"?view={view.public_id}")[2].partition('"')[0]
    assert address == "", "neither the filter nor the order stands in the address this reader is given"
    told = words_of(as_agent, f"/customers/?view={view.public_id}").partition("Left out")[2].partition("</div>")[0]
    assert "RFM class" in told and "Order" in told
    assert "王小明" in as_agent.get(f"/customers/?view={view.public_id}").content.decode(), "the rest is shown"


def test_views_are_ordered_renamed_and_duplicated(as_owner: Client, as_agent: Client, wang: int) -> None:
    first, second = keep(as_owner, "甲", shared_with="all"), keep(as_owner, "乙")
    assert tabs(as_owner)[2:] == ["甲", "乙"]
    as_owner.post(f"/customers/views/{second.public_id}/move/", {"to": "left"})
    assert tabs(as_owner)[2:] == ["乙", "甲"]
    as_owner.post(f"/customers/views/{second.public_id}/change/", {"name": "丙", "shared_with": "all"})
    assert tabs(as_agent)[2:] == ["丙", "甲"]
    as_owner.post(f"/customers/views/{second.public_id}/change/", {"name": "甲"})
    assert SavedView.objects.get(pk=second.pk).name == "丙", "a name is taken once"
    as_agent.post(f"/customers/views/{first.public_id}/duplicate/", {"name": "我的甲"})
    copy = SavedView.objects.get(name="我的甲")
    assert (copy.query, copy.shared_with, copy.staff_id) == (first.query, "", hire("agent").pk)
    assert as_agent.post(f"/customers/views/{first.public_id}/change/", {"name": "x"}).status_code == 404


def test_a_removal_is_taken_back(as_owner: Client, as_agent: Client, wang: int) -> None:
    view = keep(as_owner, shared_with="all")
    assert as_agent.post(f"/customers/views/{view.public_id}/remove/").status_code == 404
    answer = as_owner.post(f"/customers/views/{view.public_id}/remove/")
    assert "杭州" not in tabs(as_owner)
    assert f"/customers/views/{view.public_id}/restore/" in as_owner.get(answer.url).content.decode()
    assert f"{view.public_id}/restore/" not in as_agent.get(answer.url).content.decode()
    as_owner.post(f"/customers/views/{view.public_id}/restore/")
    assert "杭州" in tabs(as_owner)


def test_the_register_opens_with_the_first_view(as_owner: Client, wang: int) -> None:
    view = keep(as_owner)
    as_owner.post("/customers/views/first/", {"view": view.public_id})
    answer = as_owner.get("/customers/")
    assert answer.status_code == 302 and f"view={view.public_id}" in answer.url and "sort=-net" in answer.url
    assert as_owner.get("/customers/?view=everybody").status_code == 200
    assert RegisterLayout.objects.get().columns, "choosing a first view changes no column"
    as_owner.post(f"/customers/views/{view.public_id}/remove/")
    assert as_owner.get("/customers/").status_code == 200, "a view that is gone opens nothing"


def test_columns_come_from_the_catalogue_and_from_what_was_bought(
    as_owner: Client, as_analyst: Client, wang: int
) -> None:
    as_owner.post("/customers/columns/", {"column": ["file.province", "file.language", "last_product", "products"]})
    body = as_owner.get("/customers/").content.decode()
    assert "雪平锅" in body
    CustomerCard.objects.filter(customer_id=wang).update(values={"language": "zh"})
    as_owner.post("/customers/columns/", {"column": ["file.occupation", "file.language"]})
    assert ">zh" in as_owner.get("/customers/").content.decode()
    offered = words_of(as_analyst, "/customers/columns/choices/")
    assert 'value="name"' in offered
    assert "file.employer" not in offered, "what one may not see is no column"
    assert "phone" not in offered.replace('"contact"', "")


def test_more_columns_ask_no_question_per_row(as_owner: Client, wang: int) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    as_owner.post("/customers/columns/", {"column": ["file.language", "file.country", "products", "last_product"]})
    counts = []
    # One sort, since those without an order are a stretch of their own when sorted by the last one.
    for query in ("sort=-created&orders_min=1", "sort=-created&orders_min=0"):
        as_owner.get(f"/customers/?{query}")
        with CaptureQueriesContext(connection) as asked:
            as_owner.get(f"/customers/?{query}")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_watermark_lies_over_the_list(as_owner: Client, wang: int) -> None:
    assert 'class="watermark"' in as_owner.get("/customers/").content.decode()


def test_a_list_is_counted_to_its_end_by_a_job(as_owner: Client, as_agent: Client, wang: int) -> None:
    from zhike.desk.models import ExactCount
    from zhike.kit import jobs

    answer = as_owner.post("/customers/count/", {"query": "orders_min=1"})
    assert "counting" in words_of(as_owner, answer.url)
    jobs.run_pending()
    assert ExactCount.objects.get().number == 1
    assert "exactly 1 customer" in words_of(as_owner, answer.url)
    assert as_agent.get(answer.url).status_code == 404


def test_columns_of_goods_say_what_a_catalogue_says(as_owner: Client, wang: int) -> None:
    from zhike.shop.models import Product

    said = {"材质": "不锈钢", "Color": "银色", "设计师": "柳宗理"}
    Product.objects.filter(title="雪平锅").update(attributes=said, brand="吉川", category="锅具")
    as_owner.post(
        "/customers/columns/",
        {"column": ["goods.material", "goods.color", "goods.designer", "goods.brand", "goods.category"]},
    )
    body = as_owner.get("/customers/").content.decode()
    assert all(text in body for text in ("不锈钢", "银色", "柳宗理", "吉川", "锅具"))
