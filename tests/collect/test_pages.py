"""The import pages, as people with different rights use them."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests import at_rest
from tests.collect.importing import brought, counted, csv_bytes, source_id
from zhike.collect import queries
from zhike.collect.models import ImportRun
from zhike.kit import home as home_folder
from zhike.kit import jobs

pytestmark = pytest.mark.django_db

HEADER = [
    "订单编号",
    "买家会员名",
    "订单状态",
    "收货人姓名",
    "联系手机",
    "订单创建时间",
    "宝贝标题",
    "宝贝总数量",
    "总金额",
    "买家应付货款",
    "买家实际支付金额",
]
ROW = [
    "9001",
    "tb_canary_7",
    "交易成功",
    "张三丰",
    "13911112222",
    "2021-04-01 10:00:00",
    "锅",
    "1",
    "59.90",
    "59.90",
    "59.90",
]
BAD = [
    "9002",
    "tb_canary_8",
    "发货中啦",
    "李四光",
    "13911113333",
    "2021-04-01 10:00:00",
    "=cmd()",
    "1",
    "59.90",
    "59.90",
    "59.90",
]


def uploaded(client: Client, content: bytes, **fields: Any) -> ImportRun:
    file = io.BytesIO(content)
    file.name = "orders.csv"
    answer = client.post("/collect/imports/new/", {"file": file, **fields})
    assert answer.status_code == 302, answer.content[:500]
    return ImportRun.objects.latest("id")


def page(client: Client, run: ImportRun) -> str:
    return client.get(f"/collect/imports/{run.public_id}/", headers={"accept-language": "en"}).content.decode()


def test_a_file_goes_through_all_five_steps_in_the_browser(as_owner: Client) -> None:
    run = uploaded(as_owner, csv_bytes(HEADER, [ROW, BAD], encoding="gbk"))
    assert (run.state, run.template) == ("stored", "taobao_orders")
    as_owner.post(f"/collect/imports/{run.public_id}/describe/", {
        "template": "taobao_orders", "source": "new", "name": "我的淘宝店", "channel_kind": "shop_platform", "legal_basis": "contract", "notice_text": "店铺隐私声明",
    })  # fmt: skip
    jobs.run_pending()
    run.refresh_from_db()
    assert (run.state, run.check_result["orders"], run.check_result["rejected"]) == ("checked", 1, 1)
    assert counted("shop_order") == 0
    as_owner.post(f"/collect/imports/{run.public_id}/start/")
    jobs.run_pending()
    run.refresh_from_db()
    assert (run.state, run.counts["new"], run.counts["rejected"]) == ("done", 1, 1)
    assert "/shop/orders/without-customer/?source=" in page(as_owner, run)


def test_the_uploaded_file_lies_sealed_and_nowhere_else(as_owner: Client, home: Path) -> None:
    uploaded(as_owner, csv_bytes(HEADER, [ROW] * 3))
    held = [content for _, content in at_rest.held(home)]
    assert len(list(home_folder.path("files/imports").glob("*.sealed"))) >= 1
    assert not any(b"13911112222" in content or b"tb_canary_7" in content for content in held)


def test_the_preview_masks_what_identifies_people(as_owner: Client) -> None:
    run = uploaded(as_owner, csv_bytes(HEADER, [ROW]))
    as_owner.post(
        f"/collect/imports/{run.public_id}/describe/", {"template": "taobao_orders", "source": str(source_id())}
    )
    jobs.run_pending()
    text = page(as_owner, run)
    assert "9001" in text
    assert not any(canary in text for canary in ("tb_canary_7", "13911112222", "张三丰"))


def test_a_mapping_file_comes_along_also_with_a_large_file(as_owner: Client) -> None:
    mapping = io.BytesIO(b"kind: orders\nrow_per: line\norder: {id: a, ordered_at: b}\n")
    mapping.name = "mapping.yaml"
    run = uploaded(as_owner, b"a,b,c\n" + b"1,2021-03-01,%s\n" % (b"x" * 90) * 40_000, mapping=mapping)
    assert (run.state, run.kind, run.template, run.error_code) == ("stored", "orders", "", "")
    assert '<option value="" selected>Own mapping file' in page(as_owner, run)


def test_a_file_nobody_knows_says_so_and_offers_the_templates(as_owner: Client) -> None:
    run = uploaded(as_owner, b"a,b\n1,2\n")
    assert (run.state, run.kind) == ("stored", "")
    assert "No template knows these columns" in page(as_owner, run) and "taobao_orders" in page(as_owner, run)


@pytest.mark.parametrize(
    "content, words",
    [
        (b"%PDF-1.7", "holds no table"),
        (b"a,b\n\xff\xfe\xff,1\n", "encoding could not"),
        (b'a,"b\n1,2\n', "inside a quotation"),
    ],
)
def test_bad_files_give_friendly_words(as_owner: Client, content: bytes, words: str) -> None:
    assert words in page(as_owner, uploaded(as_owner, content))


def test_rows_kept_out_are_fetched_by_those_who_may_import_and_each_fetch_is_audited(
    as_owner: Client, as_agent: Client
) -> None:
    run = brought(csv_bytes(HEADER, [ROW, BAD]), mapping="", template="auto")
    address = f"/collect/imports/{run.public_id}/rejects.csv"
    assert as_agent.get(address).status_code == 403
    answer = as_owner.get(address)
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert "9002" in text and "9001" not in text and ",'=cmd()" in text
    assert "no-store" in answer["Cache-Control"]
    assert counted("secure_auditevent", "action = 'import.rejects'") == 1


def test_an_import_is_undone_only_by_the_name_of_its_file(as_owner: Client) -> None:
    run = brought(csv_bytes(HEADER, [ROW]), mapping="", template="auto")
    as_owner.post(f"/collect/imports/{run.public_id}/undo/", {"confirm_name": "wrong"})
    assert queries.run(run.public_id).state == "done"  # type: ignore[union-attr]
    as_owner.post(f"/collect/imports/{run.public_id}/undo/", {"confirm_name": "test.csv"})
    jobs.run_pending()
    assert queries.run(run.public_id).state == "undone"  # type: ignore[union-attr]


def test_an_agent_sees_no_import_and_starts_none(as_agent: Client) -> None:
    run = brought(csv_bytes(HEADER, [ROW]), mapping="", template="auto")
    for address in ("/collect/imports/new/", "/collect/sources/new/"):
        assert as_agent.get(address).status_code == 403
    for act in ("start", "pause", "resume", "undo", "describe"):
        assert as_agent.post(f"/collect/imports/{run.public_id}/{act}/").status_code == 403


def test_foreign_and_guessed_ids_are_not_found(as_owner: Client) -> None:
    run = brought(csv_bytes(HEADER, [ROW]), mapping="", template="auto")
    assert as_owner.get("/collect/imports/unknown-id/").status_code == 404
    assert as_owner.get(f"/collect/imports/{run.id}/").status_code == 404


def test_a_source_is_registered_changed_costed_and_archived(as_owner: Client) -> None:
    given = {
        "name": "广交会 2026",
        "channel_kind": "exhibition",
        "legal_basis": "consent",
        "notice_text": "展位告知",
        "trust_grade": "4",
        "is_direct": "on",
    }
    address = as_owner.post("/collect/sources/new/", given)["Location"]
    assert "展位告知" in as_owner.get(address).content.decode()
    as_owner.post(f"{address}costs/", {"spent_on": "2026-04-01", "kind": "展位费", "amount": "1200.50"})
    assert "1,200.50" in as_owner.get(address).content.decode()
    as_owner.post(f"{address}archive/")
    assert counted("customers_source", "archived_at IS NOT NULL") == 1
    assert "广交会" not in as_owner.get("/collect/sources/").content.decode()


def test_the_lists_show_without_anything_and_with_something(as_owner: Client) -> None:
    assert as_owner.get("/collect/imports/").status_code == as_owner.get("/collect/sources/").status_code == 200
    brought(csv_bytes(HEADER, [ROW]), mapping="", template="auto")
    assert "test.csv" in as_owner.get("/collect/imports/").content.decode()
    assert as_owner.get("/collect/").status_code in (301, 302)
