"""The Python client against the living product, over real HTTP."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api.program import fill, program
from zhike_client import Problem, Zhike

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def zhike(live_server: Any) -> Any:
    from zhike.api import pace, usage

    pace.forget()
    usage.forget()
    fill(5)
    with Zhike(live_server.url, program("keeper").text, language="en", attempts=2) as client:
        yield client


def test_a_program_reads_a_shop_from_end_to_end(zhike: Zhike) -> None:
    people = list(zhike.customers(limit=2, city="杭州", has_phone=True))
    assert [p["name"] for p in people] == [f"王小{n}" for n in (5, 4, 3, 2, 1)]
    file = zhike.customer(people[0]["id"])
    assert file["fields"]["phone"]["masked"] and file["etag"].startswith('"')
    assert zhike.search("phone", "13800000003")[0]["name"] == "王小3"
    assert {i["kind"] for i in zhike.timeline(file["id"], limit=1)} == {"order", "statement"}
    assert zhike.why(file["id"], "city")[0]["won"]
    assert [o["number"] for o in zhike.orders(limit=2)] == ["T-5", "T-4", "T-3", "T-2", "T-1"]
    assert zhike.order(next(zhike.orders())["id"])["lines"][0]["sku"] == "S1"


def test_a_program_states_edits_and_tags(zhike: Zhike) -> None:
    made = zhike.record_customer("taobao-1", ("platform_id", "C/1"), {"name": "李雷", "phone": "13911112222"})
    assert made["outcome"] == "new"
    file = zhike.customer(made["id"])
    zhike.change_customer(made["id"], {"city": "苏州"}, etag=file["etag"])
    with pytest.raises(Problem) as late:
        zhike.change_customer(made["id"], {"city": "无锡"}, etag=file["etag"])
    assert (late.value.status, late.value.code) == (412, "changed_meanwhile")
    assert zhike.add_tag(made["id"], "老 客/户") and zhike.customer(made["id"])["tags"] == ["老 客/户"]
    assert zhike.remove_tag(made["id"], "老 客/户")
    with pytest.raises(Problem) as bad:
        zhike.record_customer("taobao-1", ("platform_id", "C2"), {"phone": "12"})
    assert bad.value.errors[0]["where"] == "body.fields.phone" and "phone" in str(bad.value)


def test_a_program_sends_a_file_and_many_statements_and_waits_for_them(zhike: Zhike, tmp_path: Path) -> None:
    from zhike.kit import jobs

    file = tmp_path / "customers.csv"
    file.write_text("Customer ID,Email\n1,ann@shop.example\n2,bob@shop.example\n", encoding="utf-8")
    mapping = 'kind: customers\ncustomer:\n  keys: [{platform_id: "Customer ID"}]\n  fields: {email: "Email"}\n'
    run = zhike.upload(file)["id"]
    zhike.describe(run, "taobao-1", mapping=mapping)
    zhike.steer(run, "check")
    jobs.run_pending()
    assert zhike.wait(run)["state"] == "checked"
    zhike.steer(run, "start")
    jobs.run_pending()
    assert zhike.wait(run)["counts"]["new"] == 2 and zhike.rejects(run) == []
    items = [
        {"source": "taobao-1", "key": {"kind": "platform_id", "value": f"M{n}"}, "fields": {"name": "批"}}
        for n in range(9)
    ]
    accepted = zhike.record_customers(items, key="night-1")
    assert zhike.record_customers(items, key="night-1") == accepted
    jobs.run_pending()
    assert zhike.wait(accepted["id"])["counts"]["new"] == 9


def test_a_write_whose_answer_was_lost_is_repeated_with_the_same_key() -> None:
    sent = []

    def house(request: httpx.Request) -> httpx.Response:
        sent.append(request.headers["Idempotency-Key"])
        if len(sent) == 1:
            raise httpx.ReadError("the line broke")
        if len(sent) == 2:
            return httpx.Response(429, headers={"Retry-After": "0"})
        return httpx.Response(201, json={"id": "a", "outcome": "new", "notes": []})

    with Zhike("http://house", "zk_x", transport=httpx.MockTransport(house)) as client:
        assert client.record_customer("s", ("phone", "1"), {})["outcome"] == "new"
    assert len(sent) == 3 and len(set(sent)) == 1


def test_what_is_no_problem_document_is_still_told() -> None:
    house = httpx.MockTransport(lambda request: httpx.Response(404, text="<html>proxy</html>"))
    with Zhike("http://house", "zk_x", transport=house) as client, pytest.raises(Problem, match="404 unreadable"):
        client.customer("K1")


def test_the_client_needs_nothing_of_the_product() -> None:
    import ast

    folder = Path(__file__).resolve().parents[2] / "src" / "zhike_client"
    names = set()
    for file in folder.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                names.add((node.module or "").split(".")[0])
            elif isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
    assert names - {"zhike_client", "httpx"} <= {"time", "uuid", "collections", "pathlib", "typing", "urllib"}
