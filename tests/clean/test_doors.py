"""Duplicates by page, by program and by command: the same pairs, the same rights, nothing a role may not see."""

import json

import pytest
from click.testing import CliRunner

from tests.api.program import program
from tests.customers.story import says

pytestmark = pytest.mark.django_db(transaction=True)
HOME = "浙江省杭州市西湖区文三路478号12幢301室"


@pytest.fixture
def pair(taobao, shopify, record, search):
    from zhike.clean.models import CandidatePair

    record(taobao, says("a", name="王晓明", phone="14012345678", address=HOME, birth_date="1988-12-03"))
    record(shopify, says("b", name="王小明", phone="14012345687", address=HOME, birth_date="1988-12-03"), run_id=2)
    search()
    return CandidatePair.objects.get()


def test_a_program_lists_pairs_decides_and_takes_back(pair):
    till = program("keeper")
    listed = till.get("duplicates").json()
    assert [item["pair"] for item in listed["items"]] == [pair.public_id]
    assert {"comparison": "phone", "level": "one_digit"}.items() <= {
        p["comparison"]: p for p in listed["items"][0]["parts"]
    }["phone"].items()
    survivor = listed["items"][0]["customers"][1]
    decided = till("POST", f"duplicates/{pair.public_id}/decision", {"decision": "merge", "survivor": survivor})
    assert (decided.status_code, decided.json()["state"]) == (200, "merged")
    again = till("POST", f"duplicates/{pair.public_id}/decision", {"decision": "not_same"})
    assert again.status_code == 409
    assert till("POST", f"duplicates/{pair.public_id}/decision", {"decision": "take_back"}).json()["state"] == "open"
    assert till.get("duplicates/nosuchpair").status_code == 404


def test_who_may_not_see_a_field_is_told_nothing_of_its_comparison(pair):
    from zhike.secure import policy
    from zhike.secure.models import FieldRule, Role

    role = Role.objects.get(code="operator") if Role.objects.filter(code="operator").exists() else None
    till = program("operator")
    role = role or Role.objects.get(code="operator")
    assert "phone" in {p["comparison"] for p in till.get("duplicates").json()["items"][0]["parts"]}
    for field in ("phone", "other_phone"):
        FieldRule.objects.create(role=role, field=field, see="hidden", reveal=False, edit=False, export=False)
    policy.touch()
    assert "phone" not in {p["comparison"] for p in till.get("duplicates").json()["items"][0]["parts"]}


def test_pages_of_the_queue_keep_to_the_rights(pair, as_agent, as_operator, as_keeper):
    assert as_agent.get("/clean/duplicates/").status_code == 403
    seen = as_operator.get(f"/clean/duplicates/{pair.public_id}/").content.decode()
    assert "14012345678" not in seen
    assert 'value="merge"' not in seen
    assert as_operator.post(f"/clean/duplicates/{pair.public_id}/decide/", {"decision": "merge"}).status_code == 403
    page = as_keeper.get(f"/clean/duplicates/{pair.public_id}/").content.decode()
    assert 'value="merge"' in page
    assert "1988-12-03" not in page


def test_two_clerks_on_one_pair_and_the_second_is_told_who_was_faster(pair, as_keeper, as_supervisor):
    address = f"/clean/duplicates/{pair.public_id}/decide/"
    as_supervisor.post(address, {"decision": "same_household"})
    told = as_keeper.post(address, {"decision": "merge", "survivor": "low"}, follow=True).content.decode()
    assert "周主管" in told and "已先判定" in told


def test_commands_find_list_and_measure(pair):
    from zhike.cli import zhike

    def said(*words: str) -> dict:
        done = CliRunner().invoke(zhike, [*words, "--json"])
        assert done.exit_code == 0, done.output
        return json.loads(done.output.splitlines()[-1])

    assert said("duplicates", "find")["candidates"] == 1
    assert [p["pair"] for p in said("duplicates", "list")["pairs"]] == [pair.public_id]
    assert said("duplicates", "measure")["bands"][0] == {"from": 0.0, "decided": 0, "one_customer": 0}


def test_empty_pages_say_what_to_do_next(vault_ready, as_keeper, as_owner):
    told = as_owner.get("/clean/duplicates/").content.decode()
    assert "导入" in told
    for tab in ("skipped", "decided"):
        assert as_keeper.get(f"/clean/duplicates/?tab={tab}").status_code == 200
    assert as_keeper.get("/clean/duplicates/?tab=nonsense").status_code == 404
    assert as_keeper.get("/clean/duplicates/nosuchpair/").status_code == 404
    assert as_keeper.get("/clean/duplicates/bulk/?at_least=nonsense").status_code == 200
