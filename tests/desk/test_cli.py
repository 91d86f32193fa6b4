"""Stories of `zhike why` and `zhike export`."""

import csv
import json

import pytest
from click.testing import CliRunner, Result

from tests.desk.conftest import EMAIL, PHONE
from zhike.cli import zhike
from zhike.secure.models import AuditEvent

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> Result:
    return CliRunner().invoke(zhike, list(arguments))


def test_why_lists_the_known_fields_with_masks(wang: int) -> None:
    answer = run("why", f"K{wang:07d}", "--json")
    fields = {f["field"]: f for f in json.loads(answer.output)["fields"]}
    assert fields["name"]["value"] == "王小明"
    assert PHONE not in answer.output
    assert EMAIL not in answer.output


def test_why_tells_who_said_a_value_and_which_rule_decided(wang: int) -> None:
    told = json.loads(run("why", f"K{wang:07d}", "phone", "--json").output)["statements"]
    assert told[0]["shown"] is True
    assert told[0]["why"] == "won"


def test_a_value_in_the_clear_needs_a_reason_and_is_audited(wang: int) -> None:
    assert run("why", f"K{wang:07d}", "phone", "--reveal").exit_code == 1
    assert not AuditEvent.objects.filter(action="reveal").exists()
    answer = run("why", f"K{wang:07d}", "phone", "--reveal", "--reason", "delivery", "--json")
    assert PHONE in answer.output
    assert AuditEvent.objects.filter(action="reveal", outcome="ok").count() == 1


def test_what_does_not_exist_is_said_by_exit_code_three(wang: int) -> None:
    assert run("why", "K9999999").exit_code == 3
    assert run("why", f"K{wang:07d}", "shoe_size").exit_code == 3
    assert run("why", f"K{wang:07d}", "wechat").exit_code == 3


def test_an_export_is_written_whole_masked_and_private(wang: int, tmp_path) -> None:
    target = tmp_path / "c.csv"
    answer = run(
        "export", "customers", "--out", str(target), "--reason", "review", "--filter", "orders_min=1", "--json"
    )
    assert json.loads(answer.output)["rows"] == 1
    text = target.read_text(encoding="utf-8-sig")
    assert len(list(csv.reader(text.splitlines()))) == 3
    assert "王小明" in text
    assert PHONE not in text
    assert target.stat().st_mode & 0o077 == 0
    assert AuditEvent.objects.filter(action="export").count() == 2


def test_an_existing_file_is_not_replaced_unasked(wang: int, tmp_path) -> None:
    target = tmp_path / "c.csv"
    target.write_text("mine")
    assert run("export", "orders", "--out", str(target), "--reason", "x").exit_code == 4
    assert target.read_text() == "mine"
    assert run("export", "orders", "--out", str(target), "--reason", "x", "--overwrite").exit_code == 0
    assert run("export", "orders", "--out", str(tmp_path / "d.csv"), "--reason", " ").exit_code == 1
    assert not (tmp_path / "d.csv").exists()
